package gitsource

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// filling puts a git before the real one that brings a branch named big without an end, and
// says how often it was asked to.
func (o *origin) filling(r *Repository) (asked func() int) {
	o.Helper()
	if runtime.GOOS == "windows" {
		o.Skip("a script stands for git")
	}
	git, err := exec.LookPath("git")
	if err != nil {
		o.Skip(err)
	}
	dir := o.TempDir()
	mark := filepath.Join(dir, "asked")
	script := fmt.Sprintf("#!/bin/sh\ncase \"$*\" in *fetch*refs/heads/big:*)\n  echo x >> %q\n  head -c 3000000 /dev/zero > %q\n  exec sleep 20;;\nesac\nexec %q \"$@\"\n",
		mark, filepath.Join(r.dir, "objects", "pack", "tmp_pack_x"), git)
	if err := os.WriteFile(filepath.Join(dir, "git"), []byte(script), 0o700); err != nil {
		o.Fatal(err)
	}
	o.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
	return func() int {
		text, _ := os.ReadFile(mark)
		return strings.Count(string(text), "x")
	}
}

// A branch that would fill the disk is cut off, refused, and not asked for again at once. The others
// come.
func TestAFetchIsBounded(t *testing.T) {
	o := newOrigin(t)
	first := o.commit()
	o.git("checkout", "-q", "-b", "big")
	large := o.commit()
	r := o.within(1 << 20)
	asked := o.filling(r)
	for range 2 {
		tips, err := r.Fetch(t.Context(), "main", "big")
		if err != nil || tips["main"] != first || tips["big"] != large || asked() != 2 { // together, and alone
			t.Fatalf("%v, %v, asked for %d times", tips, err, asked())
		}
		if err := r.Arrived(t.Context(), first); err != nil {
			t.Error(err)
		}
		var refused *RefusedError
		if err := r.Arrived(t.Context(), large); !errors.As(err, &refused) || !strings.HasSuffix(refused.Reason, " would make the repository larger than 1 MiB on this machine") {
			t.Errorf("%v", err)
		}
		if err := r.Bring(t.Context(), large, "big"); !errors.As(err, &refused) {
			t.Errorf("%v", err)
		}
		if left, _ := filepath.Glob(filepath.Join(r.dir, "objects", "pack", "tmp_*")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
		o.commit() // whatever is pushed meanwhile
	}
}

// What was pushed away with force makes room.
func TestWhatIsNotUsedMakesRoom(t *testing.T) {
	o := newOrigin(t)
	o.commit()
	r := o.within(800 << 10)
	for range 4 {
		o.git("reset", "-q", "--hard", o.git("rev-list", "--max-parents=0", "HEAD"))
		var large [300 << 10]byte
		rand.Read(large[:])
		o.write("large.csv", string(large[:]))
		o.commit()
		if _, err := r.Fetch(t.Context(), "main"); err != nil {
			t.Fatal(err)
		}
	}
	last := o.commit()
	if _, err := r.Fetch(t.Context(), "main"); err != nil {
		t.Fatal(err)
	}
	if err := r.Arrived(t.Context(), last); err != nil {
		t.Error(err)
	}
}

// A small pack can stand for a file that no machine has the memory for.
func TestAFetchIsBoundedInMemory(t *testing.T) {
	o := newOrigin(t)
	o.write("zeros.csv", strings.Repeat("0", 5<<20))
	commit := o.commit()
	r := o.here()
	r.home.memory = "1m"
	if _, err := r.Fetch(t.Context(), "main"); err == nil { // a server that is a path has that limit too, and whichever meets it first says so
		t.Error("5 MiB came")
	}
	r.home.memory = mostMemory
	if _, err := r.Fetch(t.Context(), "main"); err != nil || !r.Has(t.Context(), commit) {
		t.Error(err)
	}
}
