package deploy

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
)

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// altered is a copy of a file, beside copies of those in its folder, in which something is
// wrong.
func altered(t *testing.T, name, from, to string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Dir(name))); err != nil {
		t.Fatal(err)
	}
	text := read(t, name)
	if !strings.Contains(text, from) {
		t.Fatalf("%s has no %q", name, from)
	}
	path := filepath.Join(dir, filepath.Base(name))
	if err := os.WriteFile(path, []byte(strings.Replace(text, from, to, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// decoded is what deployfiles prints, whose main.go says what that is.
func decoded[T any](t *testing.T, stdin string, args ...string) (content T) {
	t.Helper()
	cmd := exec.Command(stores.Tool(t, "deployfiles"), args...)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("deployfiles %q: %v\n%s", args, err, failure(err))
	}
	if err := json.Unmarshal(out, &content); err != nil {
		t.Fatal(err)
	}
	return content
}

// refused says why deployfiles does not take a file.
func refused(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command(stores.Tool(t, "deployfiles"), args...).CombinedOutput()
	if err == nil {
		t.Fatalf("deployfiles %q takes it", args)
	}
	return string(out)
}

func failure(err error) string {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return string(exit.Stderr)
	}
	return ""
}

// An expression is what deployfiles says of one in PromQL.
type expression struct {
	Error   string
	Metrics []struct {
		Name   string
		Labels []string
	}
	Labels []string
}

func expressions(t *testing.T, all []string) []expression {
	t.Helper()
	lines := make([]string, len(all))
	for i, e := range all {
		lines[i] = strings.ReplaceAll(e, "\n", " ")
	}
	parsed := decoded[[]expression](t, strings.Join(lines, "\n"), "expressions")
	if len(parsed) != len(all) {
		t.Fatalf("%d of %d expressions were read", len(parsed), len(all))
	}
	return parsed
}
