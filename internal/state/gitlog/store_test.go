package gitlog

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// Several processes work in one directory: a run that waits, and plans meanwhile.
func TestProcessesOfOneDirectory(t *testing.T) {
	g := stores.NewGit(t)
	dir := t.TempDir()
	open := func() *Place {
		p := place(t, dir, map[string]string{"remote": g.URL()})
		p.loose = 1 // as one with many objects: each packs them
		return p
	}
	writer := open()
	prev := add(t, writer, sharedlog.Before, "first")
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				p := open()
				page, err := p.Read(t.Context(), -1)
				if err != nil || len(page.Records) == 0 {
					t.Errorf("%d records, %v", len(page.Records), err)
				}
				if err := p.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for n := range 10 {
		prev = add(t, writer, prev, fmt.Sprint(n))
	}
	close(done)
	wg.Wait()
}

// What is on this machine is only a copy: without it, or with half of it, the log
// is read all the same.
func TestAStoreThatIsDamaged(t *testing.T) {
	g := stores.NewGit(t)
	for name, damage := range map[string]func(t *testing.T, store string){
		"removed": func(t *testing.T, store string) {
			if err := os.RemoveAll(store); err != nil {
				t.Fatal(err)
			}
		},
		"without objects": func(t *testing.T, store string) {
			if err := os.RemoveAll(filepath.Join(store, "objects")); err != nil {
				t.Fatal(err)
			}
		},
		"of another commit": func(t *testing.T, store string) {
			if err := os.WriteFile(filepath.Join(store, "last"), []byte(strings.Repeat("a", 40)+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"not a commit": func(t *testing.T, store string) {
			if err := os.WriteFile(filepath.Join(store, "last"), []byte("--upload-pack=touch\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			attributes := map[string]string{"remote": g.URL(), "name": strings.ReplaceAll(name, " ", "-")}
			p := place(t, dir, attributes)
			prev := add(t, p, sharedlog.Before, "first")
			prev = add(t, p, prev, "second")
			store := p.store.dir
			if err := p.Close(); err != nil {
				t.Fatal(err)
			}
			if left, _ := filepath.Glob(filepath.Join(store, "process-*")); len(left) > 0 {
				t.Errorf("a closed place leaves %v", left)
			}
			add(t, place(t, t.TempDir(), attributes), prev, "of another machine")
			damage(t, store)
			p = place(t, dir, attributes)
			page, err := p.Read(t.Context(), -1)
			if err != nil || len(page.Records) != 3 {
				t.Fatalf("%d records, %v", len(page.Records), err)
			}
			add(t, p, page.Records[2].Position(), "more")
		})
	}
}

func TestAnObjectThatIsMissingIsFetchedAgain(t *testing.T) {
	g := stores.NewGit(t)
	dir := t.TempDir()
	p := place(t, dir, map[string]string{"remote": g.URL()})
	hash := sharedlog.HashOf([]byte("value"))
	if err := p.Put(t.Context(), hash, []byte("value")); err != nil {
		t.Fatal(err)
	}
	prev := add(t, p, sharedlog.Before, "first")
	add(t, p, prev, "second")
	for _, path := range []string{p.tip.log[0].path, p.tip.values[hash]} {
		object := p.tip.files[path]
		if err := os.Remove(filepath.Join(p.store.objects(), object[:2], object[2:])); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range []*Place{p, place(t, dir, map[string]string{"remote": g.URL()})} {
		if page, err := p.Read(t.Context(), -1); err != nil || len(page.Records) != 2 {
			t.Errorf("%d records, %v", len(page.Records), err)
		}
		if got, err := p.Get(t.Context(), hash); err != nil || string(got) != "value" {
			t.Errorf("the value is %q, %v", got, err)
		}
	}
}

// A process that waits for days is not taken for one that was killed.
func TestRepositoriesOfKilledProcessesAreRemoved(t *testing.T) {
	g := stores.NewGit(t)
	dir := t.TempDir()
	waits := place(t, dir, map[string]string{"remote": g.URL()})
	prev := add(t, waits, sharedlog.Before, "first")
	killed := filepath.Join(waits.store.dir, "process-1")
	if err := os.Mkdir(killed, 0o700); err != nil {
		t.Fatal(err)
	}
	staged := filepath.Join(waits.store.dir, ".last.OLD") // by a former version
	if err := os.WriteFile(staged, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{killed, staged, waits.store.own} {
		old := time.Now().Add(-72 * time.Hour)
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := place(t, dir, map[string]string{"remote": g.URL()}).Read(t.Context(), -1); err != nil {
		t.Fatal(err)
	}
	if there(killed) || there(staged) {
		t.Error("what a killed process left is still there")
	}
	add(t, waits, prev, "second")
}

// A machine that applies for years must not drown in small files.
func TestOldObjectsArePacked(t *testing.T) {
	g := stores.NewGit(t)
	dir := t.TempDir()
	p := place(t, dir, map[string]string{"remote": g.URL()})
	prev := sharedlog.Before
	for n := range 12 {
		prev = add(t, p, prev, fmt.Sprint(n))
	}
	if err := p.Trim(t.Context(), 10); err != nil {
		t.Fatal(err)
	}
	prev = add(t, p, prev, "trimmed")
	before := p.store.dir
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-48 * time.Hour)
	objects := func() (single, packs int) {
		err := filepath.WalkDir(before, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil || d.IsDir():
				return err
			case filepath.Ext(path) == ".pack":
				packs++
			case len(d.Name()) == 38:
				single++
			}
			return os.Chtimes(path, old, old)
		})
		if err != nil {
			t.Fatal(err)
		}
		return single, packs
	}
	if single, _ := objects(); single < 60 {
		t.Fatalf("only %d objects", single)
	}
	p = place(t, dir, map[string]string{"remote": g.URL()})
	p.loose = 0
	if err := p.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	if single, packs := objects(); single > 0 || packs != 1 {
		t.Errorf("%d objects and %d packs are left", single, packs)
	}
	add(t, p, prev, "more")
	if page, err := p.Read(t.Context(), 9); err != nil || len(page.Records) != 4 {
		t.Errorf("%d records, %v", len(page.Records), err)
	}
}
