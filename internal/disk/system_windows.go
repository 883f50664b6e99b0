package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// openFile is os.OpenFile, but lets others rename, replace and remove the file
// while it is open, as they can elsewhere: os.Root opens files so.
func openFile(name string, flag int, mode fs.FileMode) (*os.File, error) {
	root, err := os.OpenRoot(filepath.Dir(name))
	if err != nil {
		return nil, err
	}
	f, err := root.OpenFile(filepath.Base(name), flag, mode)
	return f, errors.Join(err, root.Close())
}

// rename puts a file instead of another one of the same folder. os.Root
// replaces it even while somebody reads it. What is read-only is replaced too,
// as elsewhere.
func rename(from, to string) error {
	if info, err := os.Lstat(to); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o200 == 0 {
		if err := os.Chmod(to, 0o600); err != nil {
			return err
		}
	}
	root, err := os.OpenRoot(filepath.Dir(to))
	if err != nil {
		return err
	}
	return errors.Join(root.Rename(filepath.Base(from), filepath.Base(to)), root.Close())
}

// remove removes a file even while somebody reads it.
func remove(name string) error {
	root, err := os.OpenRoot(filepath.Dir(name))
	if err != nil {
		return err
	}
	return errors.Join(root.Remove(filepath.Base(name)), root.Close())
}

// inUse reports whether a file can't be replaced because another program, like
// a virus scanner or a backup, has it open at this moment.
func inUse(err error) bool {
	return errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_ACCESS_DENIED)
}

// syncDir does nothing: Windows has no such call, and NTFS keeps renames in the
// order in which they were made.
func syncDir(string) error { return nil }

// folderOfOthers: there is no root here.
func folderOfOthers(string) (uid, gid int, others bool) { return 0, 0, false }

// hasModes is whether the permissions of a file are those of its mode: here a
// file has those of its folder.
const hasModes = false

// kernelLock is the lock of a single byte far behind whatever the file holds. A
// lock of Windows keeps others from reading what it covers, and they have to
// read who holds it.
type kernelLock struct {
	path string
	file *os.File // nil: not held
}

func newKernelLock(path string) *kernelLock { return &kernelLock{path: path} }

// TryLock reports whether the lock is held now.
func (k *kernelLock) TryLock() (bool, error) {
	f, err := openFile(k.path, os.O_RDWR|os.O_CREATE, fileMode)
	if err != nil {
		return false, err
	}
	const now = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	err = windows.LockFileEx(windows.Handle(f.Fd()), now, 0, 1, 0, &windows.Overlapped{OffsetHigh: 1 << 30})
	if err == nil {
		k.file = f
		return true, nil
	}
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_IO_PENDING) {
		err = nil
	}
	return false, errors.Join(err, f.Close())
}

func (k *kernelLock) Stat() (fs.FileInfo, error) { return k.file.Stat() }

// Close frees the lock.
func (k *kernelLock) Close() error {
	f := k.file
	if k.file = nil; f == nil {
		return nil
	}
	return f.Close()
}
