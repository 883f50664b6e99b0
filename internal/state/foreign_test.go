package state

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/disk"
)

// A journal of a first run elsewhere does not become the state of an empty
// directory, however often it is tried.
func TestAForeignJournalIsNotAdopted(t *testing.T) {
	_, foreign := journalOf(t)
	s := newTestStore(t.TempDir(), disk.OS{})
	must(t, os.WriteFile(files(s).Journal, foreign, 0o600))
	for range 2 {
		_, _, readErr := s.Read()
		_, lockErr := s.Lock(t.Context(), LockRequest{Operation: "apply"})
		for _, err := range []error{readErr, lockErr} {
			var damaged *disk.DamagedError
			if !errors.As(err, &damaged) || damaged.Path != files(s).Journal || !strings.Contains(err.Error(), "mv "+files(s).Journal) {
				t.Errorf("it is adopted: %v", err)
			}
		}
	}
	if _, err := os.Stat(files(s).Lockfile); err == nil {
		t.Error("a lock file was made, that says it is this directory's own")
	}
	// The way back for a journal whose lock file alone was removed.
	must(t, os.WriteFile(files(s).Lockfile, nil, 0o600))
	x := mustLock(t, s)
	if e, ok := x.State().Entry(testKey(1)); !ok || e.Applied == nil {
		t.Errorf("order 1: %+v", e)
	}
	must(t, x.Close())
}

// The folder of a state is made, and the lock file is its owner's whatever mode
// it had.
func TestTheFolderOfAStateIsMade(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "shops", "us")
	s := newTestStore(dir, disk.OS{})
	if _, _, err := s.Read(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("reading made a folder")
	}
	must(t, mustLock(t, s).Close())
	info, err := os.Stat(dir)
	must(t, err)
	if info.Mode().Perm() != 0o700 {
		t.Errorf("the folder has the mode %o", info.Mode().Perm())
	}
	must(t, os.Chmod(files(s).Lockfile, 0o444))
	must(t, mustLock(t, s).Close())
	if info, err = os.Stat(files(s).Lockfile); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the lock file has the mode %v, %v", info.Mode().Perm(), err)
	}
}
