package main

import (
	"bytes"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/canary"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/screen"
)

// Each directory of examples is validated, planned and applied, and wants
// nothing more afterwards. The one about feeds has no orders.
func TestExamples(t *testing.T) {
	dirs, err := filepath.Glob("../../examples/*")
	if err != nil || len(dirs) == 0 {
		t.Fatal("no examples", err)
	}
	for _, dir := range dirs {
		if base := filepath.Base(dir); base == "feeds" || base == "ci" || base == "phone-orders" || base == "agent" { // they have tests of their own
			continue
		}
		t.Run(filepath.Base(dir), func(t *testing.T) {
			p := newExample(t, dir)
			p.expect(0, "The configuration is valid", "validate")
			p.expect(0, "", "fmt", "--check")
			does := "to ship"
			if filepath.Base(dir) == "acknowledge" {
				does = "1 to acknowledge"
			}
			p.expect(exitChanges, does, "plan", "--detailed-exitcode")
			p.expect(0, "Apply done", "apply", "--auto-approve")
			p.expect(0, "No changes", "plan", "--detailed-exitcode")
			p.expect(0, "No changes", "apply", "--auto-approve")
			p.expect(0, "The audit log is intact", "audit", "verify")
			noLeaks(t, p.dir)
		})
	}
}

func TestTheExampleOfNewOrders(t *testing.T) {
	p := newExample(t, "../../examples/phone-orders")
	p.expect(0, "3 orders", "validate")
	p.expect(0, "", "fmt", "--check")
	p.expect(exitChanges, "2 to insert; 0 as wanted; 1 deferred", "plan", "--detailed-exitcode")
	p.expect(0, "2 applied", "apply", "--auto-approve")
	p.expect(exitChanges, "1 to ship; 2 as wanted", "plan", "--detailed-exitcode")
	p.expect(0, "1 applied", "apply", "--auto-approve")
	p.expect(0, "No changes; 3 as wanted", "plan", "--detailed-exitcode")
	p.expect(0, "The audit log is intact", "audit", "verify")
	noLeaks(t, p.dir)
	for _, name := range []string{"Quill", "Vellum", "Inkwell", "Parchment", "@example.com"} {
		what, err := canary.FindInFiles(p.dir, func(file string) bool { return strings.HasPrefix(file, "private") }, name)
		if err != nil || what != "" {
			t.Error(what, err)
		}
	}
}

func TestTheExampleOfFeeds(t *testing.T) {
	p := newExample(t, "../../examples/feeds")
	p.expect(0, "2 watches", "validate")
	p.expect(0, "", "fmt", "--check")
	p.expect(0, "not checked yet", "plan")
	p.expect(0, "0 fail, 0 warnings, 6 partly unknown, 0 pass", "feeds", "check")
	p.now = p.now.Add(15 * time.Minute)
	p.expect(0, "0 fail, 0 warnings, 0 partly unknown, 6 pass", "feeds", "check")
	p.expect(exitFeeds, "✗ max_age", "feeds", "check", "--var", "max_age=1m")
	p.expect(0, "Feeds, as seen", "plan", "--detailed-exitcode")
	noLeaks(t, p.dir)
}

// example is a copy of an example's directory with a world around it, on a
// clock at which the dates in its tables are fresh.
type example struct {
	t   *testing.T
	dir string
	env map[string]string
	now time.Time

	answer string // to questions at a terminal; empty: there is none
}

func newExample(t *testing.T, from string) *example {
	p := &example{t: t, dir: t.TempDir(), now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	if err := os.CopyFS(p.dir, withoutRuns{os.DirFS(from)}); err != nil {
		t.Fatal(err)
	}
	api, err := sandbox.New(sandbox.Options{Orders: -1, Now: func() time.Time { return p.now }})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sandbox.Samples() {
		if _, err := api.AddOrder(sandbox.NewOrder{Source: s.Source, Number: s.Number, Status: s.Status, CreatedInSource: p.now.AddDate(0, 0, -4)}); err != nil {
			t.Fatal(err)
		}
	}
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	p.env = map[string]string{"GDF_ENDPOINT": server.URL, "GDF_CONSUMER_KEY": sandbox.DefaultConsumerKey, "GDF_CACHE_DIR": t.TempDir()}
	return p
}

// expect runs a command in the example's directory and checks its exit code
// and a part of what it says.
func (p *example) expect(code int, says string, args ...string) {
	p.t.Helper()
	var out, errs bytes.Buffer
	program := &program{Screen: screen.Screen{
		In: strings.NewReader(""), Out: &out, Err: &errs, Now: func() time.Time { return p.now },
		Env: func(name string) string { return p.env[name] },
	}}
	got := run(program, append(args, "--chdir", p.dir))
	if what := canary.Find(out.String() + errs.String()); what != "" {
		p.t.Errorf("gdfctl %s printed %s", strings.Join(args, " "), what)
	}
	if got != code || !strings.Contains(out.String(), says) {
		p.t.Fatalf("gdfctl %s: exit %d, want %d and %q\n%s%s", strings.Join(args, " "), got, code, says, out.String(), errs.String())
	}
}

// withoutRuns leaves out what a run in the example's own directory made.
type withoutRuns struct{ fs.FS }

func (f withoutRuns) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(f.FS, name)
	kept := entries[:0]
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".gdfctl") && !strings.HasPrefix(e.Name(), "gdfctl.") {
			kept = append(kept, e)
		}
	}
	return kept, err
}
