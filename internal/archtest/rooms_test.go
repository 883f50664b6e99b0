package archtest

// module is the prefix of every room's import path.
const module = "github.com/gdfctl/gdfctl"

// A room is one package. It may be imported by the rooms named here, which
// stand on floors above its own, and by the program at the top. Tests may
// import whatever stands below them.
type room struct {
	floor  int
	usedBy []string
	tests  bool // for tests only: no part of the program
}

const program = "cmd/gdfctl"

var rooms = map[string]room{
	program: {floor: 9},

	// Where the commands show what they found. It knows no flags.
	"internal/screen": {floor: 8},

	// Each view shows what a report says, and takes little else: the events of a
	// run, the places of diagnostics, the lines of the audit log.
	"internal/view/text":       {floor: 7, usedBy: []string{"internal/screen"}},
	"internal/view/json":       {floor: 7, usedBy: []string{"internal/screen"}},
	"internal/view/csv":        {floor: 7, usedBy: []string{"internal/screen"}},
	"internal/view/markdown":   {floor: 7, usedBy: []string{"internal/screen"}},
	"internal/view/html":       {floor: 7, usedBy: []string{"internal/screen"}},
	"internal/view/junit":      {floor: 7, usedBy: []string{"internal/screen"}},
	"internal/view/prometheus": {floor: 7, usedBy: []string{"internal/screen"}},
	"internal/view/annotate":   {floor: 7, usedBy: []string{"internal/screen"}},

	// What every command line, terminal and build is like: no command of its own.
	"internal/commandline": {floor: 7},
	"internal/completion":  {floor: 7},
	"internal/present":     {floor: 7, usedBy: []string{"internal/screen"}},
	"internal/console":     {floor: 1, usedBy: []string{"internal/screen", "internal/agent"}},
	"internal/build":       {floor: 7},

	// What runs by itself is a caller of the use cases, as the command line is.
	"internal/agent": {floor: 7},

	// The use cases and the models of what they report do not know each other.
	"internal/reconcile": {floor: 6, usedBy: []string{"internal/screen", "internal/agent", "internal/completion", "internal/present"}},

	"internal/report": {floor: 6, usedBy: []string{
		"internal/screen",
		"internal/agent",
		"internal/view/samples",
		"internal/view/html",
		"internal/commandline", "internal/build", "internal/present",
		"internal/view/annotate",
		"internal/view/text", "internal/view/json", "internal/view/csv", "internal/view/markdown", "internal/view/junit", "internal/view/prometheus",
	}},
	"internal/apply":   {floor: 5, usedBy: []string{"internal/screen", "internal/view/samples", "internal/view/html", "internal/view/annotate", "internal/reconcile", "internal/report", "internal/view/text", "internal/view/junit", "internal/view/markdown"}},
	"internal/plan":    {floor: 4, usedBy: []string{"internal/screen", "internal/explain", "internal/view/samples", "internal/view/html", "internal/reconcile", "internal/apply", "internal/report", "internal/view/text", "internal/view/junit", "internal/view/markdown"}},
	"internal/watch":   {floor: 4, usedBy: []string{"internal/view/html", "internal/screen", "internal/present", "internal/view/samples", "internal/reconcile", "internal/report", "internal/view/text", "internal/view/junit", "internal/view/prometheus"}},
	"internal/doctor":  {floor: 4, usedBy: []string{"internal/reconcile", "internal/report", "internal/view/text"}},
	"internal/layout":  {floor: 4},
	"internal/explain": {floor: 5, usedBy: []string{"internal/reconcile", "internal/report", "internal/view/text"}},
	"internal/config":  {floor: 3, usedBy: []string{"internal/reconcile", "internal/layout"}},

	// The file of a machine names what runs there. It is read without a configuration.
	"internal/gitsource": {floor: 2, usedBy: []string{"internal/agent"}},
	"internal/machine":   {floor: 3, usedBy: []string{"internal/agent"}},
	"internal/webfile":   {floor: 0, usedBy: []string{"internal/agent"}},

	// What is wanted, as plain values: everybody above may speak of it.
	"internal/spec": {floor: 2, usedBy: []string{"internal/agent", "internal/explain", "internal/present", "internal/view/samples", "internal/view/html", "internal/view/annotate", "internal/view/junit", "internal/config", "internal/reconcile", "internal/plan", "internal/doctor", "internal/apply", "internal/watch", "internal/report", "internal/view/text"}},
	"internal/diag": {floor: 0, usedBy: []string{"internal/machine", "internal/lang", "internal/agent", "internal/layout", "internal/config", "internal/spec", "internal/reconcile", "internal/plan", "internal/report", "internal/view/text"}},

	// A configuration is read without a state, an API or a network: config is
	// in none of these lists. Who is told is the program's to put together.
	// Rows and queries: what is in them, the agent knows.
	"internal/agentdb": {floor: 3, usedBy: []string{"internal/agent"}},

	"internal/notify": {floor: 2, usedBy: []string{"internal/reconcile"}},
	"internal/state":  {floor: 3, usedBy: []string{"internal/explain", "internal/view/samples", "internal/state/statetest", "internal/reconcile", "internal/plan", "internal/apply", "internal/report"}},
	"internal/memory": {floor: 2, usedBy: []string{"internal/reconcile", "internal/plan", "internal/doctor", "internal/watch", "internal/report", "internal/view/text"}},
	"internal/audit":  {floor: 2, usedBy: []string{"internal/explain", "internal/state/statetest", "internal/reconcile", "internal/state", "internal/report", "internal/view/text", "internal/view/json", "internal/view/csv"}},
	"internal/disk":   {floor: 0, usedBy: []string{"internal/screen", "internal/machine", "internal/gitsource", "internal/agent", "internal/agentdb", "internal/commandline", "internal/state/shared", "internal/layout", "internal/state/statetest", "internal/reconcile", "internal/state", "internal/state/backend", "internal/state/local", "internal/audit", "internal/memory", "internal/state/gitlog"}},

	// A backend knows the seam, and the state knows no backend.
	"internal/state/local":     {floor: 2, usedBy: []string{"internal/state/statetest", "internal/reconcile"}},
	"internal/state/backend":   {floor: 1, usedBy: []string{"internal/present", "internal/apply", "internal/state/shared", "internal/state/statetest", "internal/reconcile", "internal/state", "internal/state/local", "internal/state/gitlog", "internal/state/pglog", "internal/state/s3log", "internal/plan", "internal/report"}},
	"internal/state/gitlog":    {floor: 2, usedBy: []string{"internal/reconcile"}},
	"internal/state/shared":    {floor: 2, usedBy: []string{"internal/state/statetest", "internal/reconcile"}},
	"internal/state/pglog":     {floor: 2, usedBy: []string{"internal/reconcile"}},
	"internal/postgres":        {floor: 1, usedBy: []string{"internal/agentdb", "internal/state/pglog", "internal/pglimit"}},
	"internal/pglimit":         {floor: 2, usedBy: []string{"internal/agent", "internal/agentdb"}},
	"internal/state/s3log":     {floor: 2, usedBy: []string{"internal/reconcile"}},
	"internal/state/sharedlog": {floor: 0, usedBy: []string{"internal/state/statetest", "internal/state/shared", "internal/state/gitlog", "internal/state/pglog", "internal/state/s3log", "internal/state/sharedlog/placetest", "internal/state/sharedlog/memlog", "internal/published", "internal/reconcile"}},
	// What others published proves nothing: it is read as a log, and judged above.
	"internal/checkout":   {floor: 1, usedBy: []string{"internal/machine", "internal/gitsource", "internal/present", "internal/reconcile", "internal/state/gitlog"}},
	"internal/published":  {floor: 1, usedBy: []string{"internal/reconcile"}},
	"internal/godatafeed": {floor: 1, usedBy: []string{"internal/pglimit", "internal/reconcile", "internal/plan", "internal/doctor", "internal/apply", "internal/watch", "internal/report", "internal/view/text", "internal/view/csv"}},

	"internal/lang":       {floor: 2, usedBy: []string{"internal/machine", "internal/config", "internal/commandline", "internal/reconcile"}},
	"internal/table":      {floor: 1, usedBy: []string{"internal/layout", "internal/lang", "internal/config"}},
	"internal/preset":     {floor: 1, usedBy: []string{"internal/config", "internal/reconcile"}},
	"internal/listing":    {floor: 1, usedBy: []string{"internal/plan", "internal/reconcile", "internal/watch", "internal/doctor"}},
	"internal/feedfile":   {floor: 1, usedBy: []string{"internal/watch"}},
	"internal/rules":      {floor: 1, usedBy: []string{"internal/view/samples", "internal/view/annotate", "internal/reconcile", "internal/report", "internal/plan", "internal/config", "internal/spec", "internal/view/text"}},
	"internal/uptake":     {floor: 1, usedBy: []string{"internal/view/samples", "internal/view/text", "internal/explain", "internal/apply", "internal/plan", "internal/report"}},
	"internal/carrier":    {floor: 0, usedBy: []string{"internal/explain", "internal/ordername", "internal/audit", "internal/uptake", "internal/lang", "internal/plan", "internal/rules", "internal/config", "internal/spec", "internal/state"}},
	"internal/ordername":  {floor: 1, usedBy: []string{"internal/explain", "internal/audit", "internal/reconcile"}},
	"internal/neworder":   {floor: 1, usedBy: []string{"internal/config", "internal/reconcile"}}, // the one room that holds a buyer
	"internal/provenance": {floor: 1, usedBy: []string{"internal/screen", "internal/present", "internal/view/samples", "internal/state/statetest", "internal/reconcile", "internal/state", "internal/audit", "internal/report"}},

	// The host of the repository: it knows pull requests, and neither plans nor orders.
	"internal/forge": {floor: 2, usedBy: []string{"internal/screen", "internal/present", "internal/reconcile", "internal/report", "internal/view/text"}},

	// The language and the tables know nothing of orders. That of carriers is a
	// table of names and numbers.
	"internal/order": {floor: 0, usedBy: []string{
		"internal/machine", "internal/agent",
		"internal/explain", "internal/ordername",
		"internal/view/samples",
		"internal/view/html",
		"internal/uptake",
		"internal/state/statetest", "internal/reconcile", "internal/report", "internal/view/text", "internal/view/markdown", "internal/apply", "internal/plan", "internal/doctor", "internal/config", "internal/spec", "internal/state", "internal/audit", "internal/godatafeed", "internal/rules", "internal/notify", "internal/neworder",
	}},
	"internal/endpoint": {floor: 0, usedBy: []string{"internal/forge", "internal/notify", "internal/state/s3log", "internal/reconcile", "internal/report", "internal/view/text", "internal/plan", "internal/config", "internal/doctor", "internal/spec", "internal/state", "internal/godatafeed"}},
	"internal/safetext": {floor: 0, usedBy: []string{
		"internal/screen",
		"internal/agent", "internal/agentdb", "internal/machine",
		"internal/plan",
		"internal/view/html",
		"internal/uptake",
		"internal/checkout", "internal/gitsource", "internal/commandline", "internal/console",
		"internal/forge",
		"internal/view/annotate",
		"internal/reconcile", "internal/report", "internal/view/text", "internal/view/json", "internal/view/csv", "internal/view/markdown", "internal/view/junit", "internal/view/prometheus", "internal/config", "internal/spec", "internal/lang", "internal/state", "internal/audit", "internal/godatafeed", "internal/table", "internal/provenance", "internal/notify",
		"internal/watch", "internal/state/backend", "internal/state/local", "internal/state/shared", "internal/state/gitlog", "internal/postgres", "internal/state/s3log",
	}},

	"internal/schedule": {floor: 0, usedBy: []string{"internal/agent", "internal/spec", "internal/config"}},
	"internal/calendar": {floor: 0, usedBy: []string{"internal/report", "internal/view/text", "internal/apply", "internal/plan", "internal/config", "internal/spec", "internal/lang", "internal/rules"}},

	"internal/words": {floor: 0, usedBy: []string{"internal/screen", "internal/gitsource", "internal/machine", "internal/agent", "internal/view/html", "internal/view/annotate", "internal/forge", "internal/reconcile", "internal/report", "internal/view/text", "internal/view/markdown", "internal/apply", "internal/plan", "internal/watch", "internal/doctor", "internal/config", "internal/spec", "internal/notify", "internal/audit", "internal/godatafeed", "internal/table", "internal/bench"}},

	"internal/compilation": {floor: 0, usedBy: []string{"internal/godatafeed", "internal/memory", "internal/watch"}},
	"internal/jsonformat":  {floor: 0, usedBy: []string{"internal/report", "internal/apply", "internal/notify"}},
	"internal/nearest":     {floor: 0, usedBy: []string{"internal/agent", "internal/machine", "internal/neworder", "internal/commandline", "internal/plan", "internal/reconcile", "internal/config", "internal/spec", "internal/lang", "internal/table"}},

	// The texts that people copy are those that the program writes.
	"examples/ci":      {floor: 0, usedBy: []string{"internal/starter"}},
	"internal/starter": {floor: 1, usedBy: []string{"internal/reconcile"}},

	// The simulator shares no code with what it is to judge.
	"internal/sandbox": {floor: 0, usedBy: []string{"internal/commandline", "internal/starter", "internal/reconcile", "internal/canary"}},

	"internal/view":                 {floor: 8, tests: true}, // prints one report in every form
	"internal/view/samples":         {floor: 7, tests: true},
	"internal/browser":              {floor: 0, tests: true},
	"internal/acceptance":           {floor: 2, tests: true},
	"internal/acceptance/apiserver": {floor: 0, usedBy: []string{"internal/bench"}, tests: true},
	"internal/acceptance/stores":    {floor: 0, usedBy: []string{"internal/bench"}, tests: true},
	"internal/acceptance/forges":    {floor: 0, tests: true},
	"internal/archtest":             {floor: 0, tests: true},
	"internal/bench":                {floor: 1, tests: true},
	"internal/canary":               {floor: 1, tests: true},
	"internal/mutants":              {floor: 0, tests: true},
	"internal/state/statetest":      {floor: 4, tests: true},

	"internal/state/sharedlog/memlog":    {floor: 1, tests: true},
	"internal/state/sharedlog/placetest": {floor: 1, tests: true},

	// What operators give to other programs, and its tests.
	"deploy": {floor: 8, tests: true},

	"internal/notice":  {floor: 0, tests: true},
	"internal/picture": {floor: 0, tests: true},
}

// realTime is where processes, and in agents a database, run on the machine's own clock: there alone may
// a test, or what serves it, sleep.
var realTime = []string{"internal/acceptance/", "internal/agent/shop_test.go", "internal/agent/restarts_test.go", "internal/agent/shared_test.go"}

// outside names what only some rooms may import from the standard library and
// other modules, packages below it included; tests aside.
var outside = map[string][]string{
	"github.com/fatih/color":                {"internal/view/text"},
	"github.com/spf13/cobra":                {"cmd/gdfctl", "internal/commandline", "internal/completion"},
	"github.com/spf13/pflag":                {"cmd/gdfctl", "internal/commandline", "internal/completion"},
	"github.com/mattn/go-isatty":            {"internal/screen"},
	"golang.org/x/term":                     {"internal/screen"},
	"github.com/aws/aws-sdk-go-v2":          {"internal/state/s3log"},
	"github.com/aws/smithy-go":              {"internal/state/s3log"},
	"github.com/riverqueue/river":           {"internal/agent", "internal/agentdb"},
	"modernc.org/sqlite":                    {"internal/agentdb"},
	"github.com/jackc/pgx/v5":               {"internal/agentdb", "internal/postgres", "internal/pglimit", "internal/state/pglog", "internal/acceptance/stores"},
	"golang.org/x/crypto":                   {"internal/webfile"},
	"go.yaml.in/yaml/v3":                    {"internal/webfile"},
	"golang.org/x/mod":                      {"internal/build", "internal/audit"},
	"github.com/zclconf/go-cty":             {"internal/machine", "internal/lang", "internal/config", "internal/table"},
	"github.com/hashicorp/hcl/v2":           {"internal/machine", "internal/layout", "internal/lang", "internal/config"}, // sources are formatted
	"github.com/hashicorp/hcl/v2/hclsyntax": {"internal/machine", "internal/lang", "internal/config"},

	"net/http": {"internal/webfile", "internal/agent", "internal/godatafeed", "internal/state/s3log", "internal/notify", "internal/forge", "internal/acceptance/forges", "internal/sandbox", "internal/acceptance/apiserver", "internal/acceptance/stores", "internal/bench"},
	// Deciding, executing and showing open no file.
	"os":      {"internal/webfile", "internal/gitsource", "internal/postgres", "internal/machine", "internal/agent", "internal/agentdb", "internal/browser", "internal/commandline", "internal/present", "internal/screen", "internal/state/shared", "cmd/gdfctl", "internal/console", "internal/acceptance/stores", "internal/layout", "internal/bench", "internal/canary", "internal/disk", "internal/godatafeed", "internal/lang", "internal/mutants", "internal/notice", "internal/provenance", "internal/reconcile", "internal/sandbox", "internal/config", "internal/state", "internal/state/local", "internal/state/gitlog", "internal/table", "internal/checkout"},
	"os/exec": {"internal/gitsource", "internal/browser", "internal/acceptance/stores", "internal/bench", "internal/mutants", "internal/notice", "internal/state/gitlog", "internal/checkout"}, // gdfctl starts no program but git
	"log":     {"internal/agent", "cmd/gdfctl", "internal/sandbox"},                                                                                                                            // to silence what others write there

	// With it, the linker keeps every exported method of every type: see the test of
	// the program's size.
	"text/template": {},
	"html/template": {},

	"math/rand": {}, // math/rand/v2 instead, from a seed or as a field
	"reflect":   {"internal/lang", "internal/sandbox", "internal/view/json"},
	"unsafe":    {},
}

// linked names what only some rooms may link: what they import, and what that
// imports in turn. Rooms of this module stand here by their names.
var linked = map[string][]string{
	// What is wanted is plain values to everybody but those who read it. So deciding
	// and sending changes, and showing them, need no parser.
	"github.com/hashicorp/hcl/v2": {"internal/machine", "internal/agent", "cmd/gdfctl", "internal/present", "internal/screen", "internal/completion", "internal/commandline", "internal/layout", "internal/reconcile", "internal/config", "internal/lang"},
	"github.com/zclconf/go-cty":   {"internal/machine", "internal/agent", "cmd/gdfctl", "internal/present", "internal/screen", "internal/completion", "internal/commandline", "internal/layout", "internal/reconcile", "internal/config", "internal/lang", "internal/table"},
	"internal/config":             {"internal/agent", "cmd/gdfctl", "internal/present", "internal/screen", "internal/completion", "internal/layout", "internal/reconcile"},
	"internal/lang":               {"internal/machine", "internal/agent", "cmd/gdfctl", "internal/present", "internal/screen", "internal/completion", "internal/commandline", "internal/layout", "internal/reconcile", "internal/config"},

	"github.com/hashicorp/hcl/v2/hclwrite": {"cmd/gdfctl", "internal/present", "internal/screen", "internal/completion", "internal/layout"}, // for the command fmt

	// The use cases know nothing of the command line and of how a report looks.
	"github.com/spf13/cobra": {"cmd/gdfctl", "internal/commandline", "internal/completion"},
	"github.com/fatih/color": {"cmd/gdfctl", "internal/screen", "internal/view/text"},
}
