package state

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// errNoLocks is a file system on which two runs could write at a time.
var errNoLocks = errors.New("the file system gives one lock to two holders: keep the state on a local disk")

// Check finds out whether a state can be kept here: whether a file can be
// written, synced and locked beside it. It touches no file of the state, takes
// no lock that a run could want, and leaves nothing behind but the folder, which a
// run would make too.
func (s *Store) Check() (err error) {
	if err := makeFolder(filepath.Dir(s.paths.State)); err != nil {
		return err
	}
	name := fmt.Sprintf("%s.check.%d", s.paths.State, os.Getpid())
	staged, err := stage(s.fs, name, func(w io.Writer) error {
		_, err := io.WriteString(w, "gdfctl doctor\n")
		return err
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, removeIfThere(s.fs, staged)) }()
	one, other := flock.New(staged), flock.New(staged)
	defer func() { err = errors.Join(err, one.Close(), other.Close()) }()
	if _, err := one.TryLock(); err != nil {
		return fmt.Errorf("files can't be locked here: %w", err)
	}
	if both, err := other.TryLock(); both || err != nil {
		return errors.Join(errNoLocks, err)
	}
	return nil
}
