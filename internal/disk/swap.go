package disk

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Swap writes a file beside path and then renames it: whoever reads path
// meanwhile, as a collector of metrics does, reads the one before, and so does
// everybody after a crash. A file that is there keeps its permissions; a new
// one gets these, under the umask.
func Swap(path string, mode fs.FileMode, write func(*os.File) error) error {
	before, err := os.Lstat(path)
	keep := err == nil && before.Mode().IsRegular()
	if keep {
		mode = before.Mode().Perm()
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+"."+rand.Text()[:12]), os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	if keep {
		err = SetMode(f, mode)
	}
	if err == nil {
		err = write(f)
	}
	if err == nil {
		err = f.Sync()
	}
	// Windows renames no open file.
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = replace(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // the first error matters
	}
	return err
}

// ReplaceFile is Swap with errors that name the path. What write returns is
// returned as it is.
func ReplaceFile(path string, mode fs.FileMode, write func(*os.File) error) error {
	var wrote error
	err := Swap(path, mode, func(f *os.File) error {
		wrote = write(f)
		return wrote
	})
	if wrote != nil || err == nil {
		return wrote
	}
	return fmt.Errorf("%s can't be written: %w", path, Cause(err))
}

// SetMode gives a file its permissions whatever the umask is. A file system
// that has none is not asked in vain.
func SetMode(f *os.File, mode fs.FileMode) error {
	info, err := f.Stat()
	if err != nil || info.Mode().Perm() == mode {
		return err
	}
	return f.Chmod(mode)
}
