package local

import (
	"errors"
	"io/fs"
	"os"

	"github.com/gdfctl/gdfctl/internal/disk"
)

// foreignJournal refuses a journal that no run can have begun here: a run takes
// the lock first, whose file is never removed. One that was copied into an empty
// directory would become its state, and the orders that it speaks of may have
// been changed since by a state elsewhere.
func (b *Backend) foreignJournal() error {
	if !disk.Exists(b.files, b.Journal) || disk.Exists(b.files, b.State) || disk.Exists(b.files, b.Backup()) {
		return nil
	}
	if _, err := os.Lstat(b.Lockfile); !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return &disk.DamagedError{
		Path:   b.Journal,
		Reason: "no run began it here: there is neither a state nor a lock file beside it",
		Remedy: "Nothing was changed. Bring the other files of its state here too, or move it away with: mv " + b.Journal + " " + b.Journal +
			".foreign\nIf it is this directory's own, and only the lock file was removed, make that again with: touch " + b.Lockfile,
	}
}
