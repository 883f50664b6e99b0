package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/provenance"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

// variableFlags are the flags that give variables their values.
type variableFlags struct {
	vars  []string
	files []string
}

func (f *variableFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.vars, "var", nil, "a variable's value, as `name=value` (repeatable)")
	cmd.Flags().StringArrayVar(&f.files, "var-file", nil, "a `file` of variables' values, HCL or JSON (repeatable)")
}

func (f *variableFlags) values() (map[string]string, error) {
	values := map[string]string{}
	for _, v := range f.vars {
		name, value, ok := strings.Cut(v, "=")
		if !ok || name == "" {
			return nil, usagef("--var takes name=value, for example --var carrier=UPS")
		}
		values[name] = value
	}
	return values, nil
}

// madeWith names what gave variables their values, without the values.
func (f *variableFlags) madeWith() []string {
	var flags []string
	for _, v := range f.vars {
		name, _, _ := strings.Cut(v, "=")
		flags = append(flags, "--var "+name)
	}
	for _, file := range f.files {
		flags = append(flags, "--var-file "+file)
	}
	return flags
}

// workspace is a configuration with what a command needs to act on it.
type workspace struct {
	p       *program
	cfg     *spec.Config
	store   *state.Store
	learned *state.Learned

	calls atomic.Int64 // made by its clients, those for tokens aside

	mu        sync.Mutex
	clients   map[string]*godatafeed.Client // by account name, made when first used
	sandboxes []*sandbox.Sandbox
}

// open loads the configuration of --chdir. Diagnostics are printed; an error
// among them ends the command.
func (p *program) open(ctx context.Context, vars variableFlags) (*workspace, error) {
	return p.openAt(ctx, vars, p.now)
}

// openAt is open for a configuration whose functions take the time from now.
func (p *program) openAt(ctx context.Context, vars variableFlags, now func() time.Time) (*workspace, error) {
	cfg, diags, err := p.loadAt(vars, false, now)
	if err != nil {
		return nil, err
	}
	if diags.HasErrors() {
		// what is wrong with the tables is told now too, not after the next try
		_, more := cfg.Wishes(ctx)
		text.Diagnostics(p.stderr, p.styleErr, append(diags, more...), cfg.Files)
		cfg.Close()
		return nil, &saidError{exitError}
	}
	return p.workspace(cfg, diags), nil
}

// openToLook is open for commands that only look at the API: without a
// configuration, the account is the environment's.
func (p *program) openToLook(vars variableFlags) (*workspace, error) {
	cfg, diags, err := p.load(vars, true)
	if err != nil {
		return nil, err
	}
	if diags.HasErrors() {
		text.Diagnostics(p.stderr, p.styleErr, diags, cfg.Files)
		cfg.Close()
		return nil, &saidError{exitError}
	}
	return p.workspace(cfg, diags), nil
}

// openRecords is open for commands about the state and the audit record: a
// mistake in the configuration must not stand between people and these, as
// long as it is known where they are.
func (p *program) openRecords(vars variableFlags) (*workspace, error) {
	cfg, diags, err := p.load(vars, false)
	if err != nil {
		return nil, err
	}
	if cfg.Backend.Path == "" {
		text.Diagnostics(p.stderr, p.styleErr, diags, cfg.Files)
		cfg.Close()
		return nil, &saidError{exitError}
	}
	for _, d := range diags {
		d.Severity = hcl.DiagWarning // the command goes on
	}
	return p.workspace(cfg, diags), nil
}

func (p *program) workspace(cfg *spec.Config, diags hcl.Diagnostics) *workspace {
	text.Diagnostics(p.stderr, p.styleErr, diags, cfg.Files)
	paths := state.PathsFor(filepath.Join(p.chdir, cfg.Backend.Path))
	w := &workspace{p: p, cfg: cfg, store: p.storeAt(paths), clients: map[string]*godatafeed.Client{}}
	learned, notices := state.LoadLearned(paths.Feeds)
	w.learned = learned
	p.notices(notices)
	return w
}

func (p *program) load(vars variableFlags, allowEmpty bool) (*spec.Config, hcl.Diagnostics, error) {
	return p.loadAt(vars, allowEmpty, p.now)
}

func (p *program) loadAt(vars variableFlags, allowEmpty bool, now func() time.Time) (*spec.Config, hcl.Diagnostics, error) {
	values, err := vars.values()
	if err != nil {
		return nil, nil, err
	}
	cfg, diags := spec.Load(p.chdir, spec.Options{Vars: values, VarFiles: vars.files, Env: p.configEnv, Now: now, Version: version, AllowEmpty: allowEmpty})
	return cfg, diags, nil
}

func (p *program) storeAt(paths state.Paths) *state.Store {
	return state.NewStore(paths, state.Options{Now: p.now, Provenance: provenance.Detect(provenance.Process()), Version: version})
}

func (p *program) notices(notices []state.Notice) {
	for _, n := range notices {
		text.Warning(p.stderr, p.styleErr, n.String())
	}
}

func (w *workspace) close() {
	for _, s := range w.sandboxes {
		if err := s.Close(); err != nil {
			text.Warning(w.p.stderr, w.p.styleErr, fmt.Sprintf("the sandbox could not be saved: %s", err))
		}
	}
	w.cfg.Close()
}

// client returns the client of an account. Its key is only asked for here, so
// that accounts which are not used need none.
func (w *workspace) client(a *spec.Account) (*godatafeed.Client, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c, ok := w.clients[a.Name]; ok {
		return c, nil
	}
	options, err := w.clientOptions(a)
	if err != nil {
		return nil, err
	}
	c, err := godatafeed.New(options)
	if err != nil {
		return nil, fmt.Errorf("account %s: %w", a.Name, err)
	}
	w.clients[a.Name] = c
	return c, nil
}

// clientOptions is how an account's client is made. It is called with mu held.
func (w *workspace) clientOptions(a *spec.Account) (godatafeed.Options, error) {
	options := godatafeed.Options{
		Endpoint: a.Endpoint, ConsumerKey: godatafeed.Secret(a.ConsumerKey), Token: godatafeed.Secret(a.Token),
		UserAgent: "gdfctl/" + version, Now: w.p.now, Account: a.Name,
		OnCall: func(c godatafeed.Call) {
			if c.Op != godatafeed.OpAuthorize {
				w.calls.Add(1)
			}
		},
	}
	bucketKey := a.ConsumerKey + a.Token
	if a.Sandbox() {
		s, err := w.sandbox(a)
		if err != nil {
			return options, err
		}
		options.Endpoint, options.Transport = "http://localhost", s.Transport()
		options.ConsumerKey, options.Token = insideKey, ""
		dir, _ := filepath.Abs(w.p.chdir) // only to tell sandboxes apart
		bucketKey = dir
	} else if err := w.keyUsable(a); err != nil {
		return options, err
	}
	limiter := godatafeed.LimiterOptions{Burst: a.Burst, PerSecond: a.PerSec, Reserve: 2}
	if dir, err := w.p.cacheDir(); err == nil {
		limiter.Path = godatafeed.BucketPath(dir, a.Endpoint, bucketKey)
	}
	options.Limiter = godatafeed.NewLimiter(limiter)
	return options, nil
}

func (w *workspace) keyUsable(a *spec.Account) error {
	if a.ConsumerKey == "" && a.Token == "" {
		if a.KeyNamed {
			return fmt.Errorf("account %s has no credentials: what its consumer_key or token names is not set in the environment", a.Name)
		}
		return fmt.Errorf("account %s has no credentials: set GDF_CONSUMER_KEY (or GDF_TOKEN) in the environment", a.Name)
	}
	if err := godatafeed.KeyAllowed(a.Endpoint, a.KeyFromOutside, w.p.env); err != nil {
		return fmt.Errorf("account %s: %w", a.Name, err)
	}
	return nil
}

// insideKey is the consumer key between the client and the simulator inside the
// process: any value that no message could hold by chance.
const insideKey = "gdfctl-simulator-in-process"

// sandbox runs the simulator inside the process. Its world is kept beside the
// configuration, so that an apply and the next plan see the same one.
func (w *workspace) sandbox(a *spec.Account) (*sandbox.Sandbox, error) {
	name := "sandbox.json"
	if len(w.cfg.Accounts) > 1 {
		name = "sandbox-" + a.Name + ".json"
	}
	s, err := sandbox.New(sandbox.Options{ConsumerKey: insideKey, File: filepath.Join(w.p.chdir, ".gdfctl", name), Now: w.p.now, Burst: -1})
	if err != nil {
		return nil, fmt.Errorf("account %s: the sandbox can't be opened: %w", a.Name, err)
	}
	w.sandboxes = append(w.sandboxes, s)
	return s, nil
}

// cacheDir is where the levels of call limits are kept for all processes of
// the machine.
func (p *program) cacheDir() (string, error) {
	if dir := p.env("GDF_CACHE_DIR"); dir != "" {
		return dir, nil
	}
	return os.UserCacheDir()
}

// wishes reads the tables and prints what is wrong with them.
func (w *workspace) wishes(ctx context.Context) (*spec.Wishes, error) {
	wishes, diags := w.cfg.Wishes(ctx)
	if ctx.Err() != nil {
		return nil, errInterrupted
	}
	text.Diagnostics(w.p.stderr, w.p.styleErr, diags, w.cfg.Files)
	if diags.HasErrors() {
		return nil, &saidError{exitError}
	}
	return wishes, nil
}

// errInterrupted ends a command that was stopped before it changed anything.
var errInterrupted = errors.New("interrupted; nothing was changed")

// known is what was learned of the API by earlier commands.
func (w *workspace) known() plan.Learned {
	known := plan.Learned{}
	for _, a := range w.cfg.Accounts {
		known[a.Name], _ = w.learned.Account(a.Endpoint, a.Name)
	}
	return known
}

// learn keeps what a reading found out about pages.
func (w *workspace) learn(caps map[string]int) {
	found := map[*spec.Account]state.LearnedAccount{}
	for _, a := range w.cfg.Accounts {
		known, _ := w.learned.Account(a.Endpoint, a.Name)
		if seen := caps[a.Name]; seen > 0 && seen != known.PageCap {
			known.PageCap, known.At = seen, w.p.now()
			found[a] = known
		}
	}
	w.keep(found)
}

// keep replaces what is known of the API as some accounts see it. What other
// commands found out meanwhile about others stays. That nothing can be kept is
// no reason to stop: it only saves calls.
func (w *workspace) keep(found map[*spec.Account]state.LearnedAccount) {
	if len(found) == 0 {
		return
	}
	set := func(l *state.Learned) {
		for a, known := range found {
			l.SetAccount(a.Endpoint, a.Name, known)
		}
	}
	set(w.learned) // the rest of this command goes by it even if it can't be kept
	if err := state.UpdateLearned(w.store.Paths().Feeds, set); err != nil {
		text.Warning(w.p.stderr, w.p.styleErr, fmt.Sprintf("what was learned of the API could not be kept: %s", err))
	}
}

// tellEmpty says which batches have no rows: that is no mistake, but not what
// somebody expects who forgot to put the export there.
func (w *workspace) tellEmpty(wishes *spec.Wishes) {
	for _, batch := range wishes.Empty {
		text.Warning(w.p.stderr, w.p.styleErr, batch+" has no rows: its table is empty, or no file is there")
	}
}
