package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
)

// casesOfPlans are held cases about plans, flags and files: each has its right
// result here, since its own is in words.
var casesOfPlans = map[string]func(w *world, orders []apiserver.Order){
	"empty-plan-twice": func(w *world, _ []apiserver.Order) {
		w.write("main.hcl", unlimited)
		w.run("plan", "--out", "n.plan").exits(0)
		w.run("apply", "n.plan").exits(0).says("no changes")
		w.run("apply", "n.plan").exits(0).says("already carried out")
	},
	"plan-from-the-future": func(w *world, _ []apiserver.Order) {
		lines := strings.SplitAfter(w.read("f.plan"), "\n")
		ahead := time.Now().Add(5*24*time.Hour + time.Minute).UTC().Format(time.RFC3339) // the case's own date comes
		lines[0] = strings.NewReplacer("2026-12-02T00:49:17Z", ahead, `"file_version":1`, `"file_version":2`).Replace(lines[0])
		w.write("f.plan", resealed(lines[:len(lines)-2]...))
		w.run("apply", "f.plan").exits(1).says("f.plan was made 5 days from now", "one of the two clocks is wrong")
		w.untouched()
	},
	"single-dash-flags": func(w *world, _ []apiserver.Order) {
		w.run("plan", "-out=p.plan").exits(64).says("unknown flag -out; flags have two dashes: --out=p.plan")
		w.run("apply", "-auto-approve").exits(64).says("flags have two dashes: --auto-approve")
		w.run("-chdir=x", "plan").exits(64).says("flags have two dashes: --chdir=x")
		w.untouched()
	},
	"state-folder-missing": func(w *world, orders []apiserver.Order) {
		config := w.read("main.hcl")
		w.write("main.hcl", config+unlimited+shipBatch)
		w.shipments(orders)
		w.run("plan").exits(0)
		w.apply()
		w.shippedOnce(orders)
		w.private("state/main.state.json", "state/main.audit.jsonl")
	},
	"crlf-record": func(w *world, orders []apiserver.Order) {
		w.apply()
		for _, name := range []string{"gdfctl.audit.jsonl", "gdfctl.state.json"} {
			good := w.read(name)
			w.write(name, strings.ReplaceAll(good, "\n", "\r\n"))
			says := []string{"line ends were changed to CR LF", `sed -i 's/\r$//' ` + name, name + " -text"}
			w.run("apply", "--auto-approve").exits(1).says(says...)
			if name == "gdfctl.audit.jsonl" {
				w.run("audit", "verify").exits(1).says(says...)
			}
			w.write(name, good)
		}
		w.run("plan", "--out", "release.plan").exits(0)
		w.write("release.plan", strings.ReplaceAll(w.read("release.plan"), "\n", "\r\n"))
		w.run("apply", "release.plan").exits(1).says("line ends were changed to CR LF")
		w.shippedOnce(orders)
	},
	"var-file-json-bom": func(w *world, _ []apiserver.Order) {
		w.run("validate", "--var-file", "v.json").exits(0)
	},
}

func TestCasesOfPlans(t *testing.T) {
	t.Parallel()
	for name, check := range casesOfPlans {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := caseDir(t, name)
			orders := apiserver.Generate(60, 3, apiserver.New)
			w := newWorld(t, apiserver.Options{Orders: orders})
			files, err := os.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				text, err := os.ReadFile(filepath.Join(dir, f.Name()))
				if err != nil {
					t.Fatal(err)
				}
				w.write(f.Name(), string(text))
			}
			if !w.exists("main.hcl") {
				w.write("main.hcl", unlimited+shipBatch)
				w.shipments(orders)
			}
			check(w, orders)
		})
	}
}

// caseDir is the folder of a held case, which stands beside the repository.
func caseDir(t *testing.T, name string) string {
	t.Helper()
	root, err := stores.ModuleRoot()
	if err != nil {
		t.Fatal(err)
	}
	for _, near := range []string{"../shared/cases", "../../shared/cases"} { // of a worktree, too
		dir := filepath.Join(root, near, name)
		if _, err := os.Stat(dir); err == nil {
			return dir
		}
	}
	t.Skipf("the held cases are not there: ../shared/cases/%s", name)
	return ""
}
