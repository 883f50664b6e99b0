package shared

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/disk"
)

// together does something in many goroutines at once, as an agent makes several runs of
// one workspace, and collects what goes wrong.
func together(t *testing.T, do func(n int) error) {
	t.Helper()
	begin := make(chan struct{})
	var all sync.WaitGroup
	for n := range 16 {
		all.Go(func() {
			<-begin
			if err := do(n); err != nil {
				t.Error(err)
			}
		})
	}
	close(begin)
	all.Wait()
}

// The folder of a state is made by whichever runs of a process need it first.
func TestTheFolderOfAStateIsMadeByManyAtOnce(t *testing.T) {
	for range 20 {
		dir := t.TempDir()
		together(t, func(int) error {
			_, err := folderFor(dir, "5812eb29")
			return err
		})
		if text, err := os.ReadFile(filepath.Join(dir, ".gdfctl", ".gitignore")); err != nil || string(text) != "*\n" {
			t.Fatalf("%q, %v", text, err)
		}
	}
}

// What other runs read is always what one of them wrote, whole: without it, a log that
// lost records would be believed.
func TestAFileThatManyRunsReplaceIsAlwaysWhole(t *testing.T) {
	dir, folder := t.TempDir(), t.TempDir()
	path := filepath.Join(dir, "seen.json")
	together(t, func(n int) error {
		for range 50 {
			if err := disk.ReplaceFrom(folder, path, bytes.Repeat([]byte{byte('a' + n)}, 10_000)); err != nil {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if len(text) != 10_000 || strings.Trim(string(text), string(text[:1])) != "" {
				t.Errorf("%d bytes are not what one run wrote", len(text))
			}
		}
		return nil
	})
	for dir, want := range map[string]int{dir: 1, folder: 0} {
		if left, err := os.ReadDir(dir); err != nil || len(left) != want {
			t.Errorf("files are left: %v, %v", left, err)
		}
	}
}

// What a run is about to put in the place of a file goes with the run, however that ends.
// What former versions left beside the file goes too, but nothing that a run of theirs
// may be writing.
func TestKilledRunsLeaveNothingBesideWhatWasRead(t *testing.T) {
	f, err := folderFor(t.TempDir(), "5812eb29")
	if err != nil {
		t.Fatal(err)
	}
	killed, err := f.workspace()
	if err != nil {
		t.Fatal(err)
	}
	for name, age := range map[string]time.Duration{
		f.seen(): 2 * time.Hour, f.seen() + ".OLD": 2 * time.Hour, f.seen() + ".YOUNG": time.Minute, filepath.Join(killed.dir, "staged-1"): 0,
	} {
		if err := os.WriteFile(name, []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Now().Add(-age)
		if err := os.Chtimes(name, at, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := killed.lock.Release(); err != nil {
		t.Fatal(err)
	}
	next, err := f.workspace()
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	entries, _ := os.ReadDir(string(f))
	for _, e := range entries {
		left = append(left, e.Name())
	}
	slices.Sort(left)
	if want := []string{"seen.json", "seen.json.YOUNG", "values", filepath.Base(next.dir)}; !slices.Equal(left, want) {
		t.Errorf("left are %v, want %v", left, want)
	}
	if err := f.writeSeen(next, seen{}); err != nil {
		t.Error(err)
	}
	if err := next.remove(); err != nil {
		t.Error(err)
	}
}
