package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/sandbox"
)

// README shows what plan and apply of the quickstart print.
func TestReadmeShowsWhatIsPrinted(t *testing.T) {
	if commands := runPage(t, "../../README.md", quickstartWorld); commands != 3 {
		t.Errorf("%d commands found", commands)
	}
}

// quickstartWorld is a copy of the examples on the simulator. Where README
// says that something is wrong, it is.
func quickstartWorld(t *testing.T, d *desk) *example {
	p := &example{t: t, dir: d.dir, now: time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC), env: map[string]string{"GDF_CACHE_DIR": t.TempDir()}}
	if err := os.CopyFS(filepath.Join(d.dir, "examples"), withoutRuns{os.DirFS("../../examples")}); err != nil {
		t.Fatal(err)
	}
	t.Chdir(d.dir)
	if strings.Contains(t.Name(), "wrong") {
		misspell(t, "examples/quickstart/shipments/today.csv", "9400111899223197428497,USPS", "9400111899223197428497,Royal Mail")
		cancelByBuyer(t, p, "examples/quickstart/.gdfctl/sandbox.json", "112-7654321-7654321")
	}
	return p
}

func misspell(t *testing.T, path, from, to string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(text), from) {
		t.Fatalf("%s has no %s: %v", path, from, err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), from, to, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

func cancelByBuyer(t *testing.T, p *example, world, number string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(world), 0o700); err != nil {
		t.Fatal(err)
	}
	api, err := sandbox.New(sandbox.Options{File: world, ConsumerKey: reconcile.InsideKey, Now: func() time.Time { return p.now }})
	if err != nil {
		t.Fatal(err)
	}
	status := sandbox.StatusCanceled
	if err := api.Drift(sandbox.Drift{Order: number, Status: &status}); err != nil {
		t.Fatal(err)
	}
	if err := api.Close(); err != nil {
		t.Fatal(err)
	}
}
