package gitsource

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Exports that nobody uses go, and those of killed processes.
func TestSweep(t *testing.T) {
	o := newOrigin(t)
	o.write("shop/sub/main.hcl", "")
	used := o.commit()
	unused := o.commit()
	r := o.here()
	if _, err := r.Fetch(t.Context(), "main"); err != nil {
		t.Fatal(err)
	}
	for _, commit := range []string{used, unused} {
		if _, err := r.Export(t.Context(), commit, "shop", "shop"); err != nil {
			t.Fatal(err)
		}
	}
	staged := filepath.Join(r.home.exportsOf("shop"), stagedPrefix+"1")
	if err := os.MkdirAll(staged, 0o700); err != nil {
		t.Fatal(err)
	}
	inUse := func(commit string) bool { return commit == used }
	for _, c := range []struct {
		now   time.Time
		there bool
	}{{time.Now(), true}, {time.Now().Add(2 * time.Hour), false}} {
		if err := r.Sweep(t.Context(), "shop", inUse, "", c.now); err != nil {
			t.Fatal(err)
		}
		_, isUsed := r.home.Exported("shop", used)
		_, isUnused := r.home.Exported("shop", unused)
		_, err := os.Stat(staged)
		_, kept := r.local(t.Context(), "rev-parse", "--verify", keptRefs+unused)
		if !isUsed || isUnused != c.there || (err == nil) != c.there || (kept == nil) != c.there {
			t.Errorf("used %v, unused %v, staged %v, kept %v", isUsed, isUnused, err, kept)
		}
	}
	if err := r.Sweep(t.Context(), "none", inUse, "", time.Now()); err != nil {
		t.Error(err)
	}
}

// Of commits that were refused, and however many come, nothing stays: each of them can be a gigabyte.
func TestSweepOfRefusedCommits(t *testing.T) {
	o := newOrigin(t)
	o.write("main.hcl", "")
	refused := o.commit()
	r := o.here()
	if _, err := r.Fetch(t.Context(), "main"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ used, there bool }{{true, true}, {false, false}} {
		if _, err := r.Export(t.Context(), refused, ".", "shop"); err != nil {
			t.Fatal(err)
		}
		if err := r.Sweep(t.Context(), "shop", func(string) bool { return c.used }, refused, time.Now()); err != nil {
			t.Fatal(err)
		}
		if _, there := r.home.Exported("shop", refused); there != c.there {
			t.Errorf("in use %v: there %v", c.used, there)
		}
	}
	if left, err := os.ReadDir(r.home.exportsOf("shop")); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
}

// Whoever pushes one commit after the other gets no more of the disk than one workspace may
// have: what is not in use goes at once, and what is leaves no room.
func TestExportsAreBounded(t *testing.T) {
	o := newOrigin(t)
	o.write("main.hcl", "")
	first := o.commit()
	second := o.commit()
	third := o.commit()
	r := o.here()
	if _, err := r.Fetch(t.Context(), "main"); err != nil {
		t.Fatal(err)
	}
	for _, commit := range []string{first, second, third} {
		dir, err := r.Export(t.Context(), commit, ".", "shop")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		large, err := os.Create(filepath.Join(dir, "large.csv")) // with a hole, so that no disk is filled
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(large.Truncate(mostBytes), large.Close()); err != nil {
			t.Skip(err)
		}
	}
	if err := r.home.roomFor("shop", []file{{size: mostBytes}}); err != nil {
		t.Error(err)
	}
	var full *RefusedError
	if err := r.home.roomFor("shop", []file{{size: mostBytes}, {size: 1}}); !errors.As(err, &full) || !strings.Contains(full.Reason, "are larger than 4096 MiB") {
		t.Errorf("%v", err)
	}
	if err := r.Sweep(t.Context(), "shop", func(commit string) bool { return commit == third }, "", time.Now()); err != nil {
		t.Fatal(err)
	}
	for commit, want := range map[string]bool{first: false, second: false, third: true} {
		if _, there := r.home.Exported("shop", commit); there != want {
			t.Errorf("%s: there %v", commit, there)
		}
	}
}

// What belonged to workspaces that the machine has no more goes, and what another agent still looks at
// stays.
func TestSweepOthers(t *testing.T) {
	o := newOrigin(t)
	o.write("main.hcl", "")
	commit := o.commit()
	r := o.here()
	if _, err := r.Fetch(t.Context(), "main"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"shop", "former"} {
		if _, err := r.Export(t.Context(), commit, ".", name); err != nil {
			t.Fatal(err)
		}
	}
	nothing := func(string) bool { return true }
	week := time.Now().Add(deserted + time.Hour)
	for _, c := range []struct {
		what        string
		names, urls []string
		looked      bool // that others look at the former one
		removed     int
	}{
		{"all are its own", []string{"shop", "former"}, []string{r.url}, false, 0},
		{"another agent has it", []string{"shop"}, []string{r.url}, true, 0},
		{"nobody has it", []string{"shop"}, []string{r.url}, false, 1},
		{"nor the repository", []string{"shop"}, nil, false, 1},
	} {
		if c.looked {
			if err := r.Sweep(t.Context(), "former", nothing, "", week); err != nil {
				t.Fatal(err)
			}
		}
		removed, err := r.home.SweepOthers(c.names, c.urls, week)
		if err != nil || len(removed) != c.removed {
			t.Errorf("%s: %v, %v", c.what, removed, err)
		}
		if c.looked {
			week = week.Add(deserted + time.Hour)
		}
	}
	if _, there := r.home.Exported("shop", commit); !there {
		t.Error("the machine's own is gone")
	}
	for _, left := range []string{r.home.exportsOf("former"), r.dir, r.dir + lockSuffix} {
		if _, err := os.Lstat(left); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: %v", left, err)
		}
	}
	// It comes back.
	if _, err := r.Fetch(t.Context(), "main"); err != nil || !r.Has(t.Context(), commit) {
		t.Error(err)
	}
}
