package archtest

// module is the prefix of every room's import path.
const module = "github.com/gdfctl/gdfctl"

// A room is one package. It may import rooms on floors below its own, but for
// those that it knows nothing of.
type room struct {
	floor int
	never []string // rooms below that it knows nothing of
	only  []string // where set, the only rooms that may import it; tests aside
}

var rooms = map[string]room{
	"cmd/gdfctl": {floor: 7},

	// How a value is shown doesn't depend on how it came to be.
	"internal/view": {floor: 6, never: []string{"internal/lang", "internal/provenance", "internal/sandbox", "internal/table"}},

	// A plan is all that apply knows of a configuration.
	"internal/apply": {floor: 5, never: []string{"internal/lang", "internal/provenance", "internal/rules", "internal/sandbox", "internal/table"}},

	"internal/plan": {floor: 4, never: []string{"internal/lang", "internal/provenance", "internal/sandbox", "internal/table"}},

	// A configuration can be read without an API, a state or a network.
	"internal/spec": {floor: 3, never: []string{"internal/godatafeed", "internal/provenance", "internal/rules", "internal/sandbox", "internal/state"}},

	"internal/lang":  {floor: 2, never: []string{"internal/godatafeed", "internal/order", "internal/provenance", "internal/rules", "internal/sandbox"}},
	"internal/state": {floor: 2, never: []string{"internal/godatafeed", "internal/rules", "internal/sandbox", "internal/table"}},

	"internal/godatafeed": {floor: 1, never: []string{"internal/sandbox"}},
	"internal/provenance": {floor: 1, never: []string{"internal/order", "internal/sandbox"}},
	"internal/rules":      {floor: 1, never: []string{"internal/sandbox"}},
	"internal/table":      {floor: 1, never: []string{"internal/order", "internal/sandbox"}},

	"internal/order":    {floor: 0},
	"internal/safetext": {floor: 0},
	// The simulator shares no code with what it is to judge.
	"internal/sandbox": {floor: 0, only: []string{"cmd/gdfctl"}},

	"internal/archtest": {floor: 0, only: []string{}},
}

// outside names what only some rooms may import from the standard library and
// other modules, packages below it included; tests aside.
var outside = map[string][]string{
	"github.com/fatih/color":      {"internal/view"},
	"github.com/spf13/cobra":      {"cmd/gdfctl"},
	"github.com/spf13/pflag":      {"cmd/gdfctl"},
	"github.com/mattn/go-isatty":  {"cmd/gdfctl"},
	"golang.org/x/term":           {"cmd/gdfctl"},
	"github.com/zclconf/go-cty":   {"internal/lang", "internal/spec", "internal/table"},
	"github.com/hashicorp/hcl/v2": {"cmd/gdfctl", "internal/lang", "internal/plan", "internal/spec", "internal/view"},
	// plan only places diagnostics, and view only shows them.
	"github.com/hashicorp/hcl/v2/hclsyntax": {"internal/lang", "internal/spec"},

	"net/http": {"internal/godatafeed", "internal/sandbox"},
	// Deciding, executing and showing open no file.
	"os":      {"cmd/gdfctl", "internal/godatafeed", "internal/lang", "internal/provenance", "internal/sandbox", "internal/spec", "internal/state", "internal/table"},
	"os/exec": {}, // gdfctl starts no program
	"log":     {"internal/sandbox"}, // net/http's server asks for one

	"math/rand": {}, // math/rand/v2 instead, from a seed or as a field
	"reflect":   {"internal/lang", "internal/sandbox"},
	"unsafe":    {},
}
