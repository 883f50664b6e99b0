package checkout

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// pushed is a clone in which main has a shop, and the branch that is checked out changed
// it.
func pushed(t *testing.T) (dir string) {
	t.Helper()
	origin := t.TempDir()
	run(t, origin, "init", "-q", "-b", "main")
	write := func(dir, name, text string) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	write(origin, "shop/a.hcl", "policy {}\n")
	write(origin, "shop/data/ä b.csv", "id\n")
	write(origin, "vars.hcl", "x = 1\n")
	if err := os.Symlink("a.hcl", filepath.Join(origin, "shop", "link.hcl")); err != nil {
		t.Skip(err)
	}
	run(t, origin, "add", "-A")
	run(t, origin, "commit", "-q", "-m", "a")
	dir = filepath.Join(t.TempDir(), "clone")
	run(t, origin, "clone", "-q", origin, dir)
	run(t, dir, "checkout", "-q", "-b", "pr")
	write(dir, "shop/a.hcl", "policy { max_held = 9 }\n")
	write(dir, "shop/b.hcl", "\n")
	run(t, dir, "add", "-A")
	run(t, dir, "commit", "-q", "-m", "b")
	return dir
}

// The files of another commit are read as they are there, and nothing here changes.
func TestFilesOfAnotherCommit(t *testing.T) {
	dir := pushed(t)
	c := At(filepath.Join(dir, "shop"))
	commit, err := c.Named(t.Context(), "origin/main")
	if err != nil || commit != run(t, dir, "rev-parse", "refs/remotes/origin/main") {
		t.Fatalf("%s, %v", commit, err)
	}
	files, err := c.Files(t.Context(), commit)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range files {
		text, err := c.Read(t.Context(), f)
		if err != nil || f.Size != int64(len(text)) {
			t.Errorf("%+v: %q, %v", f, text, err)
		}
		if !f.Regular {
			text = "link to " + text
		}
		got[f.Path] = text
	}
	if diff := cmp.Diff(map[string]string{"a.hcl": "policy {}\n", "data/ä b.csv": "id\n", "link.hcl": "link to a.hcl"}, got); diff != "" {
		t.Error(diff)
	}
	if status := run(t, dir, "status", "--porcelain"); status != "" {
		t.Error(status)
	}
	if f, there, tracked, err := c.Find(t.Context(), commit, filepath.Join(dir, "vars.hcl")); !there || !tracked || err != nil || f.Size != 6 {
		t.Errorf("%+v, %v, %v, %v", f, there, tracked, err)
	}
	for path, want := range map[string]bool{filepath.Join(dir, "shop", "b.hcl"): true, filepath.Join(t.TempDir(), "x"): false} {
		if _, there, tracked, err := c.Find(t.Context(), commit, path); there || tracked != want || err != nil {
			t.Errorf("%s: %v, %v, %v", path, there, tracked, err)
		}
	}
}

// A name that could mean something else than people think is refused: whoever can push
// can push a tag that is called like the branch.
func TestNames(t *testing.T) {
	dir := pushed(t)
	c := At(dir)
	main := run(t, dir, "rev-parse", "origin/main")
	for _, name := range []string{"main", "origin/main", "refs/remotes/origin/main", main, "HEAD^"} {
		if got, err := c.Named(t.Context(), name); err != nil || got != main {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
	for _, name := range []string{"", "none", "--all", "origin/none", strings.Repeat("ab", 20), "a\nb", "main..pr", "origin/main:shop"} {
		if got, err := c.Named(t.Context(), name); !errors.Is(err, ErrNoCommit) {
			t.Errorf("%q: %s, %v", name, got, err)
		}
	}
	run(t, dir, "tag", "origin/main", "pr")
	if got, err := c.Named(t.Context(), "origin/main"); !errors.Is(err, ErrAmbiguous) || !strings.Contains(err.Error(), "refs/remotes/origin/main") {
		t.Errorf("%s, %v", got, err)
	}
	if got, err := c.Named(t.Context(), "refs/remotes/origin/main"); err != nil || got != main {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := At(t.TempDir()).Named(t.Context(), "main"); err == nil || errors.Is(err, ErrNoCommit) {
		t.Errorf("without a repository: %v", err)
	}
}

// Git looks for a name that is not there at further places, and anybody who can push can
// push a tag to one of them.
func TestNoTagStandsInForABranch(t *testing.T) {
	dir := pushed(t)
	run(t, dir, "tag", "refs/remotes/origin/gone")
	run(t, dir, "tag", "origin/main")
	c := At(dir)
	for name, want := range map[string]error{
		"refs/remotes/origin/gone":   ErrNoCommit,
		"refs/remotes/origin/gone~0": ErrNoCommit,
		"origin/main":                ErrAmbiguous,
		"origin/main~0":              ErrAmbiguous,
		"origin/main^{commit}":       ErrAmbiguous,
		"origin/main@{0}":            ErrAmbiguous,
		"refs/remotes/origin/main~0": nil,
		"refs/remotes/origin/main":   nil,
		"HEAD~1":                     nil,
	} {
		commit, err := c.Named(t.Context(), name)
		if !errors.Is(err, want) || want == nil && commit != run(t, dir, "rev-parse", "refs/remotes/origin/main") {
			t.Errorf("%s is %q, %v; want %v", name, commit, err, want)
		}
	}
}
