package state

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/gofrs/flock"
)

// lock is the kernel's lock on a file whose content says who holds it. The file
// is never removed: removing it would let two processes hold locks on two files
// of one name.
type lock struct {
	path   string
	kernel *flock.Flock
	file   os.FileInfo
	holder Holder
	named  bool // the content could be written
}

// acquireLock also returns the holder before, if it ended without releasing.
func acquireLock(ctx context.Context, path string, holder Holder, timeout, poll time.Duration) (*lock, Holder, error) {
	l, err := waitLock(ctx, path, timeout, poll)
	switch {
	case err != nil && errors.Is(err, ctx.Err()):
		return nil, Holder{}, err
	case err != nil:
		return nil, Holder{}, fmt.Errorf("locking the state: %w", err)
	case l == nil:
		return nil, Holder{}, &LockedError{Path: path, Holder: readHolder(path)}
	}
	previous := readHolder(path)
	l.holder = holder
	// A lock that can't say whose it is, on a full disk, still locks.
	l.named = writeHolder(path, &holder) == nil
	return l, previous, nil
}

// waitLock returns nil if another process holds the lock for all of timeout. It
// looks every poll, and at least once.
func waitLock(ctx context.Context, path string, timeout, poll time.Duration) (*lock, error) {
	if err := makeFolder(filepath.Dir(path)); err != nil {
		return nil, err
	}
	deadline := time.Now().Add(timeout)
	for {
		l, err := tryLock(path)
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

// tryLock returns nil if another process holds the lock.
func tryLock(path string) (*lock, error) {
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return nil, &os.PathError{Op: "open", Path: path, Err: errLink}
	}
	kernel := flock.New(path, flock.SetPermissions(fileMode))
	for {
		held, err := kernel.TryLock()
		if err != nil || !held {
			return nil, err
		}
		file, err := kernel.Stat()
		if err != nil {
			return nil, errors.Join(err, kernel.Close())
		}
		l := &lock{path: path, kernel: kernel, file: file}
		if l.inPlace() {
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
func (l *lock) ownersAlone() error {
	if runtime.GOOS == "windows" || l.file.Mode().Perm() == fileMode {
		return nil
	}
	root, err := os.OpenRoot(filepath.Dir(l.path)) // a link that was put there since would be followed otherwise
	if err != nil {
		return err
	}
	return errors.Join(root.Chmod(filepath.Base(l.path), fileMode), root.Close())
}

// inPlace reports whether the locked file is the one that others would lock.
func (l *lock) inPlace() bool {
	there, err := os.Lstat(l.path)
	return err == nil && os.SameFile(l.file, there)
}

// fenced returns a *FencedError if the lock is not this one's any more.
func (l *lock) fenced() error {
	if l.inPlace() && (!l.named || readHolder(l.path).ID == l.holder.ID) {
		return nil
	}
	return &FencedError{Path: l.path, Holder: readHolder(l.path)}
}

// release clears the content, unless it is another's, and frees the lock.
func (l *lock) release() error {
	var err error
	if l.named && l.fenced() == nil {
		err = writeHolder(l.path, nil)
	}
	return errors.Join(err, l.kernel.Close())
}

// readHolder returns the zero Holder where the content says nothing.
func readHolder(path string) Holder {
	f, err := openPlain(path, os.O_RDONLY)
	if err != nil {
		return Holder{}
	}
	defer f.Close()
	var h Holder
	if err := json.NewDecoder(io.LimitReader(f, 1<<16)).Decode(&h); err != nil {
		return Holder{}
	}
	return h
}

func writeHolder(path string, h *Holder) error {
	f, err := openPlain(path, os.O_WRONLY)
	if err != nil {
		return err
	}
	err = f.Truncate(0) // not while opening: a link that was put there would lose its target's content
	if err == nil && h != nil {
		err = json.NewEncoder(f).Encode(h)
	}
	return errors.Join(err, f.Close())
}
