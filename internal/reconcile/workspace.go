package reconcile

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gdfctl/gdfctl/internal/config"
	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// workspace is a configuration with what a use case needs to act on it.
type workspace struct {
	Deps
	source   Source
	observe  Observer // is called one at a time
	cfg      *config.Config
	home     *home
	store    *state.Store  // nil where it is not known how to reach the state
	unplaced error         // why not
	memory   memory.Memory // of all machines that share the state
	own      memory.Memory // of this machine: the same for a state in files
	learned  *memory.Learned
	others   func() *memory.Learned                  // learned, by any of these machines
	found    map[*spec.Account]memory.LearnedAccount // by this command

	gathered *spec.Wishes // that this use case has read already; mostly nil

	calls atomic.Int64 // made by its clients, those for tokens aside

	mu        sync.Mutex                    // guards the fields below
	clients   map[string]*godatafeed.Client // by account name, made when first used
	limiters  map[string]*godatafeed.Limiter
	sandboxes []*sandbox.Sandbox
}

// strict opens a workspace whose configuration has no errors. What is wrong
// with its tables is reported together with them, not after the next try. now
// is the time for the configuration's functions.
func (d Deps) strict(ctx context.Context, s Source, o Observer, now func() time.Time) (*workspace, error) {
	cfg, at, diags := d.load(s, false, now)
	if diags.HasErrors() {
		_, more := cfg.Wishes(ctx)
		return nil, unusable(cfg, append(diags, more...))
	}
	return d.expected(d.workspace(s, o, cfg, at, diags))
}

// toLook opens a workspace for use cases that only look at the API: without a
// configuration, the account is the environment's.
func (d Deps) toLook(s Source, o Observer) (*workspace, error) {
	cfg, at, diags := d.load(s, true, d.Now)
	if diags.HasErrors() {
		return nil, unusable(cfg, diags)
	}
	return d.workspace(s, o, cfg, at, diags), nil
}

// forRecords opens a workspace for use cases about the state and the audit log:
// a mistake in the configuration must not stand between people and these, as
// long as it is known where they are.
func (d Deps) forRecords(s Source, o Observer) (*workspace, error) {
	cfg, at, diags := d.load(s, false, d.Now)
	if at == nil || at.unnamed != nil {
		return nil, unusable(cfg, diags)
	}
	for _, d := range diags {
		d.Severity = diag.Warning // the use case goes on
	}
	return d.expected(d.workspace(s, o, cfg, at, diags))
}

// onRecord is forRecords for what a person does to a state by hand, which stands in
// the audit log with the reason.
func (d Deps) onRecord(s Source, reason string, o Observer) (*workspace, error) {
	if err := reasonGiven(reason); err != nil {
		return nil, err
	}
	return d.forRecords(s, o.inTurn())
}

// reasonGiven refuses what goes on record without a reason.
func reasonGiven(reason string) error {
	if strings.TrimSpace(reason) == "" {
		return requestf("reason", "is required: say why, for the audit log")
	}
	return nil
}

// load reads a configuration, and finds where its state is kept: nil if that is not
// certain.
func (d Deps) load(s Source, allowEmpty bool, now func() time.Time) (*config.Config, *home, diag.List) {
	cfg, at, diags := d.loadUnnamed(s, allowEmpty, now)
	if at != nil && at.unnamed != nil {
		diags = append(diags, at.unnamed)
	}
	return cfg, at, diags
}

// loadUnnamed is load for a backend block that need not say which state it is.
func (d Deps) loadUnnamed(s Source, allowEmpty bool, now func() time.Time) (*config.Config, *home, diag.List) {
	cfg, diags := config.Load(s.dir(), config.Options{
		Vars: s.Vars, VarFiles: s.VarFiles, Env: d.configEnv, Now: now, Version: d.Version, AllowEmpty: allowEmpty,
	})
	at, more := d.homeOf(s.home(), cfg.Backend)
	return cfg, at, append(append(diags, more...), at.tooSlow(cfg.Backend, cfg.Accounts)...)
}

// unusable closes a configuration and says what is wrong with it.
func unusable(cfg *config.Config, diags diag.List) error {
	files := cfg.Files
	cfg.Close()
	return &ConfigError{Diagnostics: diags, Files: files}
}

func (d Deps) workspace(s Source, o Observer, cfg *config.Config, at *home, diags diag.List) *workspace {
	w := &workspace{Deps: d, source: s, observe: o, cfg: cfg, home: at, own: ownMemory(at), found: map[*spec.Account]memory.LearnedAccount{}, clients: map[string]*godatafeed.Client{}, limiters: map[string]*godatafeed.Limiter{}}
	place, err := d.backendOf(at)
	if w.unplaced = err; err == nil {
		w.store = d.storeOf(place)
	}
	w.memory, w.others = w.sharedMemory(), sync.OnceValue(w.othersLearned)
	w.diagnosed(diags)
	learned, err := w.own.Learned()
	w.learned = learned
	w.forgot(err)
	return w
}

// diagnosed tells of diagnostics that let the use case go on.
func (w *workspace) diagnosed(diags diag.List) {
	if len(diags) > 0 {
		w.observe(Diagnosed{Diagnostics: diags, Files: w.cfg.Files})
	}
}

// warnf tells of something that went wrong and lets the use case go on.
func (w *workspace) warnf(format string, args ...any) { w.observe.warnf(format, args...) }

func (o Observer) warnf(format string, args ...any) { o(Warned{Text: fmt.Sprintf(format, args...)}) }

// forgot tells that what earlier runs learned can't be read: the use case goes on
// without it.
func (w *workspace) forgot(err error) {
	if err != nil {
		w.warnf("%s", err)
	}
}

func (w *workspace) notices(notices []state.Notice) { w.observe.notices(notices) }

func (o Observer) notices(notices []state.Notice) {
	for _, n := range notices {
		o(Warned{Text: n.String()})
	}
}

func (w *workspace) close() {
	for _, l := range w.limiters {
		l.Close()
	}
	for _, s := range w.sandboxes {
		if err := s.Close(); err != nil {
			w.warnf("the simulator could not be saved: %s", err)
		}
	}
	if w.store != nil {
		w.observe.closing(w.store.Close)
	}
	w.cfg.Close()
}

// wishes reads the tables, and tells what is wrong with them.
func (w *workspace) wishes(ctx context.Context) (*spec.Wishes, error) {
	if w.gathered != nil {
		return w.gathered, nil
	}
	return w.wishesSeen(ctx, nil)
}

// wishesSeen is wishes for who looks at every row too.
func (w *workspace) wishesSeen(ctx context.Context, see func(config.SeenRow)) (*spec.Wishes, error) {
	wishes, diags := w.cfg.WishesSeen(ctx, see)
	switch {
	case ctx.Err() != nil:
		return nil, ErrInterrupted
	case diags.HasErrors():
		return nil, &ConfigError{Diagnostics: diags, Files: w.cfg.Files}
	}
	w.diagnosed(diags)
	return wishes, nil
}
