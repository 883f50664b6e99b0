package local

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/gdfctl/gdfctl/internal/disk"
)

// Check finds out whether a state can be kept here: whether a file can be
// written, synced and locked beside it. It touches no file of the state, takes
// no lock that a run could want, and leaves nothing behind but the folder, which a
// run would make too.
func (b *Backend) Check() (err error) {
	if err := b.stands(); err != nil {
		return err
	}
	if err := disk.MakeFolder(filepath.Dir(b.State)); err != nil {
		return err
	}
	name := fmt.Sprintf("%s.check.%d", b.State, os.Getpid())
	staged, err := disk.Stage(b.files, name, func(w io.Writer) error {
		_, err := io.WriteString(w, "gdfctl doctor\n")
		return err
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, disk.RemoveIfThere(b.files, staged)) }()
	return disk.CheckLocks(staged)
}
