package disk

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Lock is the kernel's lock on a file. The file is never removed: removing it
// would let two processes hold locks on two files of one name.
type Lock struct {
	path   string
	kernel *kernelLock
	file   os.FileInfo
}

// WaitLock waits up to timeout for the lock on a file, which it makes with the
// folders above it. It returns nil if another process holds the lock for all
// that time. It looks every poll, and at least once.
func WaitLock(ctx context.Context, path string, timeout, poll time.Duration) (*Lock, error) {
	if err := MakeFolder(filepath.Dir(path)); err != nil {
		return nil, err
	}
	deadline := time.Now().Add(timeout)
	for {
		l, err := TryLock(path)
		if err != nil || l != nil {
			return l, err
		}
		left := time.Until(deadline)
		if left <= 0 {
			return nil, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(min(poll, left)):
		}
	}
}

// TryLock returns nil if another process holds the lock.
func TryLock(path string) (*Lock, error) {
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return nil, &os.PathError{Op: "open", Path: path, Err: ErrLink}
	}
	kernel := newKernelLock(path)
	for {
		held, err := kernel.TryLock()
		if err != nil || !held {
			return nil, err
		}
		file, err := kernel.Stat()
		if err != nil {
			return nil, errors.Join(err, kernel.Close())
		}
		l := &Lock{path: path, kernel: kernel, file: file}
		if l.InPlace() {
			if err := l.ownersAlone(); err != nil {
				return nil, errors.Join(err, kernel.Close())
			}
			return l, nil
		}
		// Somebody removed the file between opening and locking it: what is
		// locked now is nobody's.
		if err := kernel.Close(); err != nil {
			return nil, err
		}
	}
}

// ownersAlone gives the file its mode whatever the umask was when it was made:
// without it not even its owner could say who holds the lock.
func (l *Lock) ownersAlone() error {
	if !hasModes || l.file.Mode().Perm() == fileMode {
		return nil
	}
	root, err := os.OpenRoot(filepath.Dir(l.path)) // a link that was put there since would be followed otherwise
	if err != nil {
		return err
	}
	return errors.Join(root.Chmod(filepath.Base(l.path), fileMode), root.Close())
}

// InPlace reports whether the locked file is the one that others would lock.
func (l *Lock) InPlace() bool {
	there, err := os.Lstat(l.path)
	return err == nil && os.SameFile(l.file, there)
}

// Release frees the lock.
func (l *Lock) Release() error { return l.kernel.Close() }

// ErrNoLocks says that the file system would let two runs write at a time.
var ErrNoLocks = errors.New("the file system gives one lock to two holders: keep the state on a local disk")

// CheckLocks finds out with a file that nobody else uses whether the file
// system's locks exclude one another.
func CheckLocks(path string) (err error) {
	one, other := newKernelLock(path), newKernelLock(path)
	defer func() { err = errors.Join(err, one.Close(), other.Close()) }()
	if _, err := one.TryLock(); err != nil {
		return fmt.Errorf("files can't be locked here: %w", err)
	}
	if both, err := other.TryLock(); both || err != nil {
		return errors.Join(ErrNoLocks, err)
	}
	return nil
}
