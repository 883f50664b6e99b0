package disk

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
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

// ReplaceFrom puts data instead of path, for other processes to read at once. It is
// written in a folder of the same file system that goes when its process has ended,
// however that ends: nothing is left of it. It is not synced.
func ReplaceFrom(folder, path string, data []byte) error {
	staged := filepath.Join(folder, "staged-"+rand.Text()) // several runs of one process may do so at once
	err := os.WriteFile(staged, data, 0o600)
	if err == nil {
		err = replace(staged, path)
	}
	if err != nil {
		_ = os.Remove(staged) // the first error matters
	}
	return err
}

// staleAfter is how old a file is that nobody is about to put in another one's place.
const staleAfter = time.Hour

// RemoveStaged removes what killed processes left beside path, which they were about to
// replace: files whose names begin like this, and that are old.
func RemoveStaged(path, prefix string) {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return // who needs the folder says so
	}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && info.Mode().IsRegular() && strings.HasPrefix(e.Name(), prefix) && time.Since(info.ModTime()) >= staleAfter {
			_ = os.Remove(filepath.Join(filepath.Dir(path), e.Name()))
		}
	}
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

// KeepUnversioned says in a folder that nothing in it is for a repository. Several
// processes may do so at once, and several runs of one.
func KeepUnversioned(folder string) error {
	ignore := filepath.Join(folder, ".gitignore")
	if _, err := os.Lstat(ignore); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return Swap(ignore, 0o600, func(f *os.File) error {
		_, err := f.WriteString("*\n")
		return err
	})
}
