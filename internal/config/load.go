package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/lang"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// Options are what a configuration needs from outside.
type Options struct {
	Vars     map[string]string // from --var and the environment, as written
	VarFiles []string          // read in order, before Vars
	Env      func(string) string
	Now      func() time.Time
	Version  string // of the running program, for required_version

	Source spec.Source // of the policy, if it is not read to be carried out

	// OnlyPolicy reads nothing but the policy, the limits of batches, and the schedules that
	// can be used. What else is wrong is not reported, unless the policy needs it.
	OnlyPolicy bool

	// AllowEmpty takes a directory without configuration as one with the
	// account that the environment gives, for commands that only look.
	AllowEmpty bool
}

// Load reads the configuration of a directory, without its tables. With errors
// among the diagnostics, the Config holds what could be read: enough for
// Wishes to find more that is wrong, and nothing to act on. It is never nil,
// and must be closed.
func Load(dir string, opts Options) (*Config, diag.List) {
	cfg := &Config{Config: spec.Config{Dir: dir}, Files: map[string]*diag.Source{}}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return cfg, diag.List{{
			Severity: diag.Error, Summary: "No such directory",
			Detail: fmt.Sprintf("The directory %q can't be opened: %s. Check --chdir and --policy-dir.", dir, reason(err)),
		}}
	}
	cfg.root = root
	l := &loader{opts: opts, cfg: cfg, partSize: lang.PartSize, accountAt: map[*spec.Account]hcl.Range{}}
	return cfg, limited(l.load())
}

// loader carries one directory's blocks from parsing to the checked Config.
type loader struct {
	opts      Options
	cfg       *Config
	partSize  int
	sources   []*source
	held      int                     // tokens of all blocks but orders
	blocks    map[string][]*hcl.Block // by type; orders are never held as syntax
	named     blocksSeen
	accountAt map[*spec.Account]hcl.Range // of their blocks
	replaces  []replaces
	keys      map[string]bool // environment variables that hold keys
	secrets   map[string]bool // those, and what notify blocks take from the environment

	fromFiles map[string]bool                                // var.x and local.x that hold the text of a file
	functions map[*spec.Account]map[string]function.Function // made once an account: there are a hundred of them
	work      workload
}

func (l *loader) load() hcl.Diagnostics {
	diags, broken := l.parse()
	if broken {
		return diags
	}
	if l.opts.OnlyPolicy {
		return l.onlyPolicy()
	}
	// Each step needs what the one before it made, but goes on as far as it
	// can, so that all mistakes are told at once.
	l.keys = environmentNames(l.blocks["account"], "consumer_key", "token")
	l.keys["GDF_CONSUMER_KEY"], l.keys["GDF_TOKEN"] = true, true
	l.secrets = environmentNames(l.blocks["notify"], fromEnvironment["notify"]...)
	maps.Copy(l.secrets, l.keys)
	diags = append(diags, l.variables()...)
	diags = append(diags, l.settings()...)
	diags = append(diags, l.accounts()...)
	diags = append(diags, l.policy()...)
	diags = append(diags, l.notifyBlocks()...)
	diags = append(diags, l.watchBlocks()...)
	more, broken := l.orderBlocks()
	if broken {
		// the other blocks might not say what they were meant to
		*l.cfg = Config{Config: spec.Config{Dir: l.cfg.Dir}, Files: l.cfg.Files, root: l.cfg.root}
		return more
	}
	for _, s := range l.sources {
		l.cfg.Files[s.name].Block = (&navigator{source: s}).block
	}
	diags = append(diags, more...)
	diags = append(diags, l.batchBlocks()...)
	diags = append(diags, l.standingBlocks()...)
	diags = append(diags, l.newOrdersBlocks()...)
	diags = append(diags, l.releaseBlocks()...)
	diags = append(diags, l.scheduleBlocks()...)
	diags = append(diags, l.replacements()...)
	return diags
}

// rootSchema lists every block of the language.
var rootSchema = &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
	{Type: "gdfctl"},
	{Type: "account", LabelNames: []string{"name"}},
	{Type: "variable", LabelNames: []string{"name"}},
	{Type: "locals"},
	{Type: "order", LabelNames: []string{"label"}},
	{Type: "batch", LabelNames: []string{"name"}},
	{Type: "standing", LabelNames: []string{"name"}},
	{Type: "new_orders", LabelNames: []string{"name"}},
	{Type: "release", LabelNames: []string{"label"}},
	{Type: "policy"},
	{Type: "watch", LabelNames: []string{"name"}},
	{Type: "notify", LabelNames: []string{"name"}},
	{Type: "schedule", LabelNames: []string{"name"}},
}}

// parse reads the files, and holds all blocks but orders, which can be very
// many and come last. The second result says that the files can't be made sense
// of: whatever else would be found then might not be true.
func (l *loader) parse() (hcl.Diagnostics, bool) {
	names, err := ConfigFiles(l.cfg.root)
	if err != nil {
		return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "The directory can't be read", Detail: reason(err)}}, true
	}
	if len(names) == 0 && !l.opts.AllowEmpty {
		return hcl.Diagnostics{{
			Severity: hcl.DiagError, Summary: "No configuration",
			Detail: fmt.Sprintf("There is no .hcl file in %q. Write one, or let `gdfctl init` write a commented one to start from.", l.cfg.Dir),
		}}, true
	}
	var diags hcl.Diagnostics
	for _, name := range names {
		diags = append(diags, l.read(name)...)
	}
	if diags.HasErrors() {
		return append(diags, l.faults()...), true
	}
	l.blocks, l.named = map[string][]*hcl.Block{}, blocksSeen{}
	more, broken := l.eachBlock(func(kind string) bool { return kind != "order" }, func(b *hcl.Block) hcl.Diagnostics {
		l.blocks[b.Type] = append(l.blocks[b.Type], b)
		return nil
	})
	if broken {
		return more, true
	}
	return append(diags, more...), false
}

// mostMistakes is after how many mistakes reading blocks ends: a message takes
// more memory than the few bytes that can make it.
const mostMistakes = 10_000

// eachBlock hands on the blocks of the wanted kinds, in the order of the files,
// and gathers what is wrong with them. The second result says that there is a
// fault of syntax: then only that is told.
func (l *loader) eachBlock(wanted func(kind string) bool, use func(*hcl.Block) hcl.Diagnostics) (hcl.Diagnostics, bool) {
	var diags hcl.Diagnostics
	mistakes := 0
	add := func(more hcl.Diagnostics) {
		for _, d := range more {
			if d.Severity == hcl.DiagError {
				mistakes++
			}
		}
		diags = append(diags, more...)
	}
	ok := l.eachPart(wanted, func(body *hclsyntax.Body) {
		if mistakes > mostMistakes {
			return
		}
		content, more := contentOf(body, rootSchema)
		add(more)
		add(environmentMisuse(body))
		for _, b := range content.Blocks {
			add(l.named.duplicate(b))
			add(use(b))
		}
	})
	if !ok {
		return l.faults(), true
	}
	if mistakes > mostMistakes {
		diags = append(diags, &hcl.Diagnostic{
			Severity: hcl.DiagError, Summary: "Too many mistakes",
			Detail: fmt.Sprintf("After %d mistakes, gdfctl stopped reading. Correct these first.", mostMistakes),
		})
	}
	return diags, false
}

// ConfigFiles lists the HCL files of a directory in name order, without
// hidden ones.
func ConfigFiles(root *os.Root) ([]string, error) {
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if name := e.Name(); !e.IsDir() && strings.HasSuffix(name, ".hcl") && !strings.HasPrefix(name, ".") {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names, nil
}

// reason is the bare cause of a file error: the path is named by the message
// around it.
func reason(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}

// scope evaluates attributes: which names may be used, and what they hold.
type scope struct {
	ctx   *hcl.EvalContext
	roots []string
	work  *workload // of the whole configuration; nil where it is not counted
	hint  string    // behind what is said of a value of the wrong type or out of range
}

// scopeOf is a scope in which times without a zone mean the account's.
func (l *loader) scopeOf(a *spec.Account, roots ...string) scope {
	s := l.scope(roots...)
	s.ctx = s.ctx.NewChild()
	s.ctx.Functions = l.functionsOf(a)
	return s
}

func (l *loader) scope(roots ...string) scope {
	return scope{ctx: l.cfg.base, roots: roots, work: &l.work}
}

// functionsOf are the functions of an account's blocks: times without a zone
// are in the account's.
func (l *loader) functionsOf(a *spec.Account) map[string]function.Function {
	all, ok := l.functions[a]
	if !ok {
		all = lang.Functions(lang.Options{Root: l.cfg.root, Now: l.opts.Now, Location: a.Timezone})
		if l.functions == nil {
			l.functions = map[*spec.Account]map[string]function.Function{}
		}
		l.functions[a] = all
	}
	return all
}
