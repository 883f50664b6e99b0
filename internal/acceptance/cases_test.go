package acceptance

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
)

// heldCase is one input that people really had, in a folder of shared/cases
// beside the repository, and the right result of it. The folder is copied into a
// configuration's directory. What an expectation leaves empty is not looked at.
//
// Cases of one kind stand in a table of their own, in a file of their own, which
// hands it to runCases.
type heldCase struct {
	folder string
	name   string         // tells two tests of one folder apart
	change func(w *world) // of what was copied, before the first run
	feed   string         // the file of the folder that is served as its one feed
	items  int            // of the feed, by the API's count
	orders []apiserver.Order

	validate outcome
	plan     outcome
	changes  []string // of the plan: "NUMBER ACTIONS TRACKING", in any order; nil: not looked at
	held     []string // likewise: "NUMBER CODE"
	feeds    outcome  // of feeds check
	then     func(t *testing.T, w *world)
}

// outcome is how a command must end. run is set where a code of 0 is expected.
type outcome struct {
	run  bool
	code int
	says []string
	not  []string
}

func (o outcome) wanted() bool { return o.run || o.code != 0 || len(o.says)+len(o.not) > 0 }

// valid is the outcome of a command that ends well.
func valid(says ...string) outcome { return outcome{run: true, says: says} }

// refused is the outcome of a command that ends with an error.
func refused(says ...string) outcome { return outcome{code: 1, says: says} }

// none is an empty list of changes or held orders, which is looked at.
var none = []string{}

func runCases(t *testing.T, cases []heldCase) {
	t.Helper()
	t.Parallel()
	for _, c := range cases {
		t.Run(strings.TrimSuffix(c.folder+"/"+c.name, "/"), func(t *testing.T) {
			t.Parallel()
			folder := caseFolder(t, c.folder)
			o := apiserver.Options{Orders: c.orders}
			if c.feed != "" {
				o.Feeds = []apiserver.Feed{caseFeed(t, c, folder)}
			}
			w := newWorld(t, o)
			if err := os.CopyFS(w.dir, os.DirFS(folder)); err != nil {
				t.Fatal(err)
			}
			w.writable()
			if c.change != nil {
				c.change(w)
			}
			c.check(t, w)
		})
	}
}

func (c heldCase) check(t *testing.T, w *world) {
	t.Helper()
	if c.validate.wanted() {
		w.run("validate").ends(c.validate)
	}
	if c.plan.wanted() {
		w.run("plan").ends(c.plan)
	}
	if c.changes != nil || c.held != nil {
		changes, held := w.planFacts()
		compareFacts(t, "changes", c.changes, changes)
		compareFacts(t, "held", c.held, held)
	}
	if c.feeds.wanted() {
		w.run("feeds", "check").ends(c.feeds)
	}
	if c.then != nil {
		c.then(t, w)
	}
}

// ends fails the test unless the program ended like this.
func (r result) ends(o outcome) {
	r.t.Helper()
	r.exits(o.code).says(o.says...)
	text := strings.Join(strings.Fields(r.all()), " ")
	for _, part := range o.not {
		if strings.Contains(text, part) {
			r.t.Errorf("gdfctl %s says %q:\n%s", strings.Join(r.args, " "), part, r.all())
		}
	}
}

func compareFacts(t *testing.T, what string, want, got []string) {
	t.Helper()
	if want == nil {
		return
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(want)), append([]string{}, got...)); diff != "" && len(want)+len(got) > 0 {
		t.Errorf("%s (-want +got)\n%s", what, diff)
	}
}

// planFacts is what a plan for programs does to which order, and which it
// holds, each as one line.
func (w *world) planFacts() (changes, held []string) {
	w.t.Helper()
	r := w.run("plan", "--json")
	var d struct {
		Changes []struct {
			Address string   `json:"address"`
			Actions []string `json:"actions"`
			After   struct {
				Tracking *string `json:"tracking_number"`
			} `json:"after"`
		} `json:"changes"`
		Held []struct {
			Address string `json:"address"`
			Code    string `json:"code"`
		} `json:"held_back"`
	}
	if err := json.Unmarshal([]byte(r.stdout), &d); err != nil {
		w.t.Fatalf("plan --json: %s\n%s", err, r.all())
	}
	for _, c := range d.Changes {
		fact := keyOf(c.Address) + " " + strings.Join(c.Actions, "+")
		if c.After.Tracking != nil {
			fact += " " + *c.After.Tracking
		}
		changes = append(changes, fact)
	}
	for _, h := range d.Held {
		held = append(held, keyOf(h.Address)+" "+h.Code)
	}
	slices.Sort(changes)
	slices.Sort(held)
	return changes, held
}

// keyOf is the order's number in an address, without the marketplace.
func keyOf(address string) string {
	_, key, _ := strings.Cut(address, `["`)
	key = strings.TrimSuffix(key, `"]`)
	if _, number, ok := strings.Cut(key, "/"); ok {
		key = number
	}
	return key
}

// caseFeed is a healthy feed with the file of a case.
func caseFeed(t *testing.T, c heldCase, folder string) apiserver.Feed {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(folder, c.feed))
	if err != nil {
		t.Fatal(err)
	}
	items := c.items
	if items == 0 {
		items = 2
	}
	now := time.Now().UTC().Truncate(time.Second)
	return apiserver.Feed{
		ID: "ZmVlZA==", Name: c.folder, Status: "Completed", FileName: c.feed, Compiled: now.Add(-10 * time.Minute),
		Submitted: now.Add(-5 * time.Minute), Total: items, Valid: items, File: string(file),
	}
}

// caseFolder is a folder of shared/cases, which stands beside the repository
// and is not part of it.
func caseFolder(t *testing.T, name string) string {
	t.Helper()
	root, err := stores.ModuleRoot()
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(root, "..", "shared", "cases", name)
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("the cases beside the repository are not there: %s", folder)
	}
	return folder
}

// writable lets the copies of read-only files be changed.
func (w *world) writable() {
	w.t.Helper()
	err := filepath.WalkDir(w.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.Chmod(path, 0o755)
		}
		return os.Chmod(path, 0o644)
	})
	if err != nil {
		w.t.Fatal(err)
	}
}
