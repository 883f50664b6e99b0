package agent

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/machine"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/reconcile"
)

// A workspace with variables of its own sees no others, neither by name nor in what its
// state's place gets.
func TestAWorkspaceSeesItsOwnVariablesAlone(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"a.env": "GDF_CONSUMER_KEY=key-of-a\nSHARED=a\n", "b.env": "KEY_OF_B=key-of-b\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	process := map[string]string{"PGPASSWORD": "of the process", "SHARED": "of the process", "GDF_ALLOWED_HOSTS": "everywhere"}
	all := NewMachine(&machine.Machine{Directory: dir, Workspaces: []machine.Workspace{
		{Name: "a", Dir: filepath.Join(dir, "a"), EnvFile: filepath.Join(dir, "a.env"), Allow: []order.Action{order.Ship}, PolicyDir: "/policy", MinEvery: time.Minute},
		{Name: "b", Dir: filepath.Join(dir, "b"), EnvFile: filepath.Join(dir, "b.env")},
		{Name: "c", Dir: filepath.Join(dir, "c")},
	}}, reconcile.Deps{Env: func(name string) string { return process[name] }}, nil)

	a, err := all.At(t.Context(), "a", "")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"GDF_CONSUMER_KEY": "key-of-a", "SHARED": "a", "KEY_OF_B": "", "PGPASSWORD": "", "GDF_ALLOWED_HOSTS": "", "GDF_CACHE_DIR": filepath.Join(dir, "cache"),
	} {
		if got := a.Deps.Env(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if slices.Sort(a.Deps.Environ); !slices.Equal(a.Deps.Environ, []string{"GDF_CONSUMER_KEY=key-of-a", "SHARED=a"}) {
		t.Errorf("%q", a.Deps.Environ)
	}
	if !slices.Equal(a.Allow, []order.Action{order.Ship}) || !slices.Equal(a.PolicyDirs, []string{"/policy"}) || a.MinEvery != time.Minute {
		t.Errorf("%+v", a)
	}
	if got := a.Deps.Command("verify"); got != "gdfctl verify --chdir "+filepath.ToSlash(filepath.Join(dir, "a")) {
		t.Error(got)
	}
	c, err := all.At(t.Context(), "c", "")
	if err != nil || c.Deps.Env("SHARED") != "of the process" || c.Deps.Environ != nil {
		t.Errorf("%+v, %v", c, err)
	}
	// A file that can't be read is no empty environment.
	if err := os.Remove(filepath.Join(dir, "a.env")); err != nil {
		t.Fatal(err)
	}
	if _, err := all.At(t.Context(), "a", ""); err == nil || !strings.Contains(err.Error(), "workspace a can't be read") {
		t.Error(err)
	}
	if _, err := all.At(t.Context(), "d", ""); err == nil {
		t.Error("there is no d")
	}
}
