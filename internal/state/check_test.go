package state

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheckLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "gdfctl.state.json")
	must(t, NewStore(PathsFor(path), Options{}).Check())
	if entries, err := os.ReadDir(dir); len(entries) > 0 || err != nil {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
}

func TestCheckWhileARunHoldsTheState(t *testing.T) {
	store := NewStore(PathsFor(filepath.Join(t.TempDir(), "gdfctl.state.json")), Options{})
	session, err := store.Lock(t.Context(), "apply", 0)
	must(t, err)
	must(t, store.Check())
	must(t, session.Close())
}

func TestCheckWhereNothingCanBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	store := NewStore(PathsFor(filepath.Join(file, "none", "gdfctl.state.json")), Options{})
	if err := store.Check(); err == nil || !strings.Contains(err.Error(), "not a directory") {
		t.Errorf("error %v", err)
	}
}
