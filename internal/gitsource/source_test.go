package gitsource

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFetch(t *testing.T) {
	o := newOrigin(t)
	first := o.commit()
	o.git("branch", "other")
	r := o.here()
	tips, err := r.Fetch(t.Context(), "main", "other", "none", "main")
	if diff := cmp.Diff(map[string]string{"main": first, "other": first}, tips); err != nil || diff != "" {
		t.Fatalf("%v\n%s", err, diff)
	}
	second := o.commit()
	// Names that end in the same way, and tags, are others.
	o.git("update-ref", "refs/heads/refs/heads/main", first)
	o.git("tag", "main")
	if tips, err = r.Fetch(t.Context(), "main"); err != nil || tips["main"] != second {
		t.Errorf("%v, %v; want %s", tips, err, second)
	}
	for _, c := range []struct {
		commit, before string
		want           bool
	}{{second, first, true}, {first, second, false}, {first, first, true}, {second, strings.Repeat("ab", 20), false}} {
		if got, err := r.Follows(t.Context(), c.commit, c.before); got != c.want || err != nil {
			t.Errorf("%s after %s: %v, %v", c.commit, c.before, got, err)
		}
	}
}

// A branch whose name was that of a folder of branches before, or the other way around, is one like any other.
func TestABranchInThePlaceOfAnother(t *testing.T) {
	o := newOrigin(t)
	o.commit()
	r := o.here()
	for _, name := range []string{"release", "release/1", "release"} {
		o.git("branch", "-m", "between")
		o.git("branch", "-m", name)
		commit := o.commit()
		if tips, err := r.Fetch(t.Context(), name); err != nil || tips[name] != commit {
			t.Errorf("%s: %v, %v", name, tips, err)
		}
	}
}

// What was pushed away with force is another history, and stays here as long as it is used.
func TestAForcePush(t *testing.T) {
	o := newOrigin(t)
	o.commit()
	o.write("main.hcl", "old")
	old := o.commit()
	r := o.here()
	if _, err := r.Fetch(t.Context(), "main"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Export(t.Context(), old, ".", "shop"); err != nil {
		t.Fatal(err)
	}
	o.git("reset", "-q", "--hard", "HEAD~1")
	o.write("main.hcl", "new")
	forced := o.commit()
	o.git("reflog", "expire", "--expire=now", "--all")
	o.git("gc", "-q", "--prune=now")
	tips, err := r.Fetch(t.Context(), "main")
	if err != nil || tips["main"] != forced {
		t.Fatalf("%v, %v", tips, err)
	}
	if follows, err := r.Follows(t.Context(), forced, old); follows || err != nil {
		t.Errorf("it follows what it replaced: %v", err)
	}
	if _, err := r.local(t.Context(), "gc", "--quiet", "--prune=now"); err != nil {
		t.Fatal(err)
	}
	if !r.Has(t.Context(), old) {
		t.Error("the commit in force is gone")
	}
	// Another machine can't get it any more.
	if err := o.here().Bring(t.Context(), old, "main"); err == nil {
		t.Error("it is nowhere")
	}
	if err := o.here().Bring(t.Context(), forced, "main"); err != nil {
		t.Error(err)
	}
}

func TestNothingToFetchFrom(t *testing.T) {
	r := New(t.TempDir(), 0).Repository("file://" + filepath.Join(t.TempDir(), "none"))
	_, err := r.Fetch(t.Context(), "main")
	if refused := (*RefusedError)(nil); err == nil || errors.As(err, &refused) || !strings.Contains(err.Error(), "git ls-remote: fatal") {
		t.Errorf("%v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Fetch(ended, "main"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// Plain files arrive as they were committed, whatever the repository says of them.
func TestExport(t *testing.T) {
	o := newOrigin(t)
	for name, text := range map[string]string{
		"shop/main.hcl": "a\r\n", "shop/exports/day 1.csv": "b\x00c", "shop/empty.csv": "", "other/main.hcl": "d",
		"shop/.hidden/secret": "e", "shop/.env": "f",
		".gitattributes": "*.hcl text eol=lf export-ignore ident\n*.csv filter=evil\n",
	} {
		o.write(name, text)
	}
	o.git("config", "core.autocrlf", "false")
	o.git("-c", "core.attributesFile=/dev/null", "add", "-A")
	commit := o.commit()
	r := o.here()
	if _, err := r.Fetch(t.Context(), "main"); err != nil {
		t.Fatal(err)
	}
	dir, err := r.Export(t.Context(), commit, "shop", "seller")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"main.hcl": o.git("show", commit+":shop/main.hcl") + "\n", "exports/day 1.csv": "b\x00c", "empty.csv": ""}
	if diff := cmp.Diff(want, read(t, dir)); diff != "" {
		t.Error(diff)
	}
	if info, err := os.Stat(filepath.Join(dir, "main.hcl")); err != nil || info.Mode().Perm() != 0o400 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if again, err := r.Export(t.Context(), commit, "shop", "seller"); err != nil || again != dir {
		t.Errorf("%s, %v", again, err)
	}
	whole, err := r.Export(t.Context(), commit, ".", "all")
	if err != nil || len(read(t, whole)) != 4 {
		t.Errorf("%v, %v", read(t, whole), err)
	}
}

// What is not a plain file refuses the commit, and leaves nothing behind.
func TestRefusedCommits(t *testing.T) {
	for name, c := range map[string]struct {
		make   func(o *origin)
		folder string
		want   string
	}{
		"a link":                {func(o *origin) { o.link("/etc/passwd", "shop/orders.csv") }, "shop", "orders.csv is a symbolic link"},
		"a link to a folder":    {func(o *origin) { o.link("../other", "shop/exports") }, "shop", "exports is a symbolic link"},
		"a link as the folder":  {func(o *origin) { o.link("other", "shop2") }, "shop2", `it has no folder "shop2"`},
		"a link on the way":     {func(o *origin) { o.link(".", "shop2") }, "shop2/shop", `it has no folder "shop2/shop"`},
		"a submodule":           {func(o *origin) { o.submodule("shop/tables") }, "shop", "tables is a submodule"},
		"no such folder":        {func(*origin) {}, "seller", `it has no folder "seller"`},
		"a file for the folder": {func(*origin) {}, "shop/main.hcl", `it has no folder "shop/main.hcl"`},
		"only hidden files":     {func(o *origin) { o.write("bare/.gitkeep", "") }, "bare", `there are no files in "bare"`},
		"LFS":                   {func(o *origin) { o.write("shop/a.csv", lfsPointer+"v1\noid sha256:00\nsize 1\n") }, "shop", "a.csv is kept in LFS"},
		"a backslash":           {func(o *origin) { o.write(`shop/a\..\x.csv`, "") }, "shop", "has a name that can't be used"},
		"a line break":          {func(o *origin) { o.write("shop/a\nb.csv", "") }, "shop", "has a name that can't be used"},
		"a very long name":      {func(o *origin) { o.write("shop/"+strings.Repeat("a", 230), "") }, "shop", "has a name that can't be used"},
		"too many files": {func(o *origin) {
			blob := o.git("hash-object", "-w", "--stdin")
			var index strings.Builder
			for i := range mostFiles + 1 {
				index.WriteString("100644 " + blob + "\tshop/f" + strings.Repeat("x", i%7) + time.Duration(i).String() + "\n")
			}
			cmd := exec.Command("git", "update-index", "--index-info")
			cmd.Dir, cmd.Stdin = o.dir, strings.NewReader(index.String())
			if out, err := cmd.CombinedOutput(); err != nil {
				o.Fatalf("%v\n%s", err, out)
			}
		}, "shop", "more than 20000 files"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOrigin(t)
			o.write("shop/main.hcl", "")
			o.write("other/main.hcl", "")
			o.git("add", "-A")
			c.make(o)
			if name != "too many files" {
				o.git("add", "-A")
			}
			o.git("commit", "-q", "-m", "x")
			commit := o.git("rev-parse", "HEAD")
			r := o.here()
			if _, err := r.Fetch(t.Context(), "main"); err != nil {
				t.Fatal(err)
			}
			_, err := r.Export(t.Context(), commit, c.folder, "shop")
			refused := (*RefusedError)(nil)
			if !errors.As(err, &refused) || !strings.Contains(refused.Reason, c.want) || refused.Remedy == "" {
				t.Errorf("%v, want %s", err, c.want)
			}
			if left, _ := filepath.Glob(filepath.Join(r.home.exportsOf("shop"), "*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
			if left, _ := filepath.Glob(filepath.Join(r.home.exportsOf("shop"), ".*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func (o *origin) link(to, name string) {
	o.Helper()
	if err := os.Symlink(to, filepath.Join(o.dir, filepath.FromSlash(name))); err != nil {
		o.Skip(err)
	}
}

func (o *origin) submodule(name string) {
	o.Helper()
	o.git("update-index", "--add", "--cacheinfo", "160000,"+strings.Repeat("ab", 20)+","+name)
	if err := os.MkdirAll(filepath.Join(o.dir, filepath.FromSlash(name)), 0o700); err != nil {
		o.Fatal(err)
	}
}

// Nothing that is committed or configured is run.
func TestNothingIsRun(t *testing.T) {
	o := newOrigin(t)
	mark := filepath.Join(t.TempDir(), "ran")
	script := "#!/bin/sh\necho $0 >> " + mark + "\ncat\n"
	o.write("shop/main.hcl", "")
	o.write("shop/a.csv", "x")
	o.write(".gitattributes", "* filter=evil diff=evil\n")
	o.write("hooks/run.sh", script)
	commit := o.commit()
	r := o.here()
	if err := r.make(t.Context()); err != nil {
		t.Fatal(err)
	}
	run := filepath.Join(o.dir, "hooks", "run.sh")
	for _, dir := range []string{filepath.Join(r.dir, "hooks"), filepath.Join(o.dir, ".git", "hooks")} {
		for _, hook := range []string{"post-checkout", "post-merge", "reference-transaction", "pre-auto-gc", "post-index-change", "post-rewrite"} {
			if err := os.MkdirAll(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, hook), []byte(script), 0o700); err != nil {
				t.Fatal(err)
			}
		}
	}
	config := filepath.Join(t.TempDir(), "gitconfig")
	if err := os.WriteFile(config, []byte("[filter \"evil\"]\n\tsmudge = "+run+"\n\tprocess = "+run+"\n[core]\n\tfsmonitor = "+run+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GIT_CONFIG_GLOBAL", config)
	if _, err := r.Fetch(t.Context(), "main"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Export(t.Context(), commit, ".", "shop"); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(mark); err == nil {
		t.Errorf("it ran:\n%s", text)
	}
}
