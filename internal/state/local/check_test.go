package local

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/state/backend"
)

func TestCheckLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "gdfctl.state.json")
	must(t, New(path).Check())
	if entries, err := os.ReadDir(dir); len(entries) > 0 || err != nil {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
}

func TestCheckWhileARunHoldsTheState(t *testing.T) {
	b := New(filepath.Join(t.TempDir(), "gdfctl.state.json"))
	lease, _, err := b.Lock(t.Context(), backend.Request{Holder: backend.Holder{ID: "x"}})
	must(t, err)
	must(t, b.Check())
	must(t, lease.Release())
}

func TestCheckWhereNothingCanBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	if err := New(filepath.Join(file, "none", "gdfctl.state.json")).Check(); err == nil || !strings.Contains(err.Error(), "not a directory") {
		t.Errorf("error %v", err)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
