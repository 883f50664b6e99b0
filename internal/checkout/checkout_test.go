package checkout

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// repository is a new one with a history: a, b, a branch with c, and the merge of it.
func repository(t *testing.T) (dir string, commits map[string]string) {
	t.Helper()
	dir, commits = t.TempDir(), map[string]string{}
	run(t, dir, "init", "-q", "-b", "main")
	commit := func(name string) {
		run(t, dir, "commit", "-q", "--allow-empty", "-m", name)
		commits[name] = run(t, dir, "rev-parse", "HEAD")
	}
	commit("a")
	commit("b")
	run(t, dir, "checkout", "-q", "-b", "pr")
	commit("c")
	run(t, dir, "checkout", "-q", "main")
	run(t, dir, "merge", "-q", "--no-ff", "-m", "merge", "pr")
	commits["merge"] = run(t, dir, "rev-parse", "HEAD")
	return dir, commits
}

func run(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func TestHistory(t *testing.T) {
	dir, commits := repository(t)
	c := At(dir)
	if head, err := c.Head(t.Context()); err != nil || head != commits["merge"] {
		t.Errorf("%s, %v", head, err)
	}
	if err := c.Whole(t.Context()); err != nil {
		t.Error(err)
	}
	since, err := c.Since(t.Context(), commits["b"])
	if want := []string{commits["merge"], commits["c"]}; err != nil || !slices.Equal(want, since) {
		t.Errorf("%v, %v; want %v", since, err, want)
	}
	if all, err := c.Since(t.Context(), ""); err != nil || len(all) != 4 {
		t.Errorf("%v, %v", all, err)
	}
	mainline, err := c.Mainline(t.Context(), commits["a"])
	if err != nil || len(mainline) != 2 || mainline[0].Hash != commits["merge"] || mainline[1].Hash != commits["b"] || time.Since(mainline[0].At).Abs() > time.Hour {
		t.Errorf("%v, %v", mainline, err)
	}
	for name, want := range map[string]bool{commits["a"]: true, commits["merge"]: true, strings.Repeat("ab", 20): false, "HEAD": false, "": false} {
		if got, err := c.Contains(t.Context(), name); err != nil || got != want {
			t.Errorf("contains %s: %v, %v", name, got, err)
		}
	}
	run(t, dir, "checkout", "-q", commits["b"])
	if later, err := c.Contains(t.Context(), commits["merge"]); err != nil || later {
		t.Errorf("an older checkout contains a later commit: %v", err)
	}
}

// Where commits are missing, that is said; there is no short answer.
func TestAShallowCheckout(t *testing.T) {
	dir, _ := repository(t)
	shallow := filepath.Join(t.TempDir(), "shallow")
	run(t, dir, "clone", "-q", "--depth", "1", "file://"+dir, shallow)
	if err := At(shallow).Whole(t.Context()); !errors.Is(err, ErrShallow) {
		t.Error(err)
	}
}

func TestNoRepository(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("GIT_CEILING_DIRECTORIES", filepath.Dir(dir))
	if _, err := At(dir).Head(t.Context()); err == nil || !strings.Contains(err.Error(), "not a git repository") {
		t.Error(err)
	}
}

// The caller's environment can be that of a hook, which is about another repository, or
// have git print all that it does. Neither changes what is found out.
func TestTheCallersGitVariablesAreLeftOut(t *testing.T) {
	dir, commits := repository(t)
	other, _ := repository(t)
	run(t, other, "checkout", "-q", "--orphan", "none")
	trace := filepath.Join(t.TempDir(), "trace")
	for name, value := range map[string]string{
		"GIT_DIR": filepath.Join(other, ".git"), "GIT_WORK_TREE": other, "GIT_INDEX_FILE": filepath.Join(other, "index"), "GIT_NAMESPACE": "x",
		"GIT_OBJECT_DIRECTORY": other, "GIT_TRACE": trace, "GIT_TRACE2_EVENT": trace, "GIT_REDIRECT_STDERR": "2>&1",
	} {
		t.Setenv(name, value)
	}
	if head, err := At(dir).Head(t.Context()); err != nil || head != commits["merge"] {
		t.Errorf("the head is %s: %v", head, err)
	}
	if text, err := os.ReadFile(trace); err == nil {
		t.Errorf("git wrote down what it did:\n%s", text)
	}
}

// What git tracks came with the repository, however its name is written.
func TestTracks(t *testing.T) {
	dir, _ := repository(t)
	below := filepath.Join(dir, "shop")
	if err := os.MkdirAll(filepath.Join(below, ".GdfCtl"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{".GdfCtl/a", ".GdfCtl/b"} {
		if err := os.WriteFile(filepath.Join(below, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tracks := func(want bool) {
		t.Helper()
		if is, err := At(below).Tracks(t.Context(), ".gdfctl"); err != nil || is != want {
			t.Errorf("%v, %v", is, err)
		}
	}
	tracks(false)
	run(t, below, "add", "-f", ".GdfCtl/b")
	tracks(true)
	if is, err := At(t.TempDir()).Tracks(t.Context(), ".gdfctl"); is || err != nil {
		t.Errorf("outside of a repository: %v, %v", is, err)
	}
}

// A repository without a commit is said to be one, in other words than git's.
func TestNothingWasCommitted(t *testing.T) {
	dir := t.TempDir()
	run(t, dir, "init", "-q")
	if _, err := At(dir).Head(t.Context()); err == nil || !strings.Contains(err.Error(), "nothing was committed yet") {
		t.Error(err)
	}
}

// What is changed and not committed is what a commit does not hold of a directory.
func TestChanged(t *testing.T) {
	dir, _ := repository(t)
	shop := filepath.Join(dir, "shop")
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"README", "shop/main.hcl", "shop/orders.csv", "shop/other.csv", "shop/gone.csv"} {
		write(name, "kept\n")
	}
	write(".gitignore", "ignored.hcl\n")
	run(t, dir, "add", "-A")
	run(t, dir, "commit", "-q", "-m", "shop")
	if changed, err := At(shop).Changed(t.Context(), ".hcl"); err != nil || len(changed) != 0 {
		t.Errorf("%q, %v", changed, err)
	}
	for _, name := range []string{"README", "shop/orders.csv", "shop/export.csv", "shop/new.hcl", "shop/ignored.hcl", "shop/below/other.hcl"} {
		write(name, "changed\n")
	}
	write("shop/other.csv", "staged\n")
	run(t, dir, "add", "shop/other.csv")
	if err := os.Remove(filepath.Join(shop, "gone.csv")); err != nil {
		t.Fatal(err)
	}
	changed, err := At(shop).Changed(t.Context(), ".hcl")
	slices.Sort(changed)
	if want := []string{"gone.csv", "new.hcl", "orders.csv", "other.csv"}; err != nil || !slices.Equal(changed, want) {
		t.Errorf("%q, %v; want %q", changed, err, want)
	}
	if _, err := At(t.TempDir()).Changed(t.Context(), ".hcl"); err == nil {
		t.Error("there is no repository")
	}
}
