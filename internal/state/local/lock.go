package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// lock is the kernel's lock on a file whose content says who holds it.
type lock struct {
	*disk.Lock
	path   string
	holder backend.Holder
	named  bool // the content could be written
}

// acquire also returns the holder before, if it ended without releasing.
func acquire(ctx context.Context, path string, holder backend.Holder, timeout, poll time.Duration) (*lock, backend.Holder, error) {
	kernel, err := disk.WaitLock(ctx, path, timeout, poll)
	switch {
	case err != nil && errors.Is(err, ctx.Err()):
		return nil, backend.Holder{}, err
	case err != nil:
		return nil, backend.Holder{}, fmt.Errorf("locking the state: %w", err)
	case kernel == nil:
		return nil, backend.Holder{}, &backend.LockedError{Path: path, Holder: readHolder(path)}
	}
	previous := readHolder(path)
	l := &lock{Lock: kernel, path: path, holder: holder}
	// A lock that can't say whose it is, on a full disk, still locks.
	l.named = writeHolder(path, &holder) == nil
	return l, previous, nil
}

// fenced returns a *backend.FencedError if the lock is not this one's any more.
func (l *lock) fenced() error {
	if l.InPlace() && (!l.named || readHolder(l.path).ID == l.holder.ID) {
		return nil
	}
	return &backend.FencedError{Path: l.path, Holder: readHolder(l.path)}
}

// release clears the content, unless it is another's, and frees the lock.
func (l *lock) release() error {
	var err error
	if l.named && l.fenced() == nil {
		err = writeHolder(l.path, nil)
	}
	return errors.Join(err, l.Lock.Release())
}

// readHolder returns the zero backend.Holder where the content says nothing.
func readHolder(path string) backend.Holder {
	f, err := disk.OpenPlain(path, os.O_RDONLY)
	if err != nil {
		return backend.Holder{}
	}
	defer f.Close()
	var h backend.Holder
	if err := json.NewDecoder(io.LimitReader(f, 1<<16)).Decode(&h); err != nil {
		return backend.Holder{}
	}
	return h
}

func writeHolder(path string, h *backend.Holder) error {
	f, err := disk.OpenPlain(path, os.O_WRONLY)
	if err != nil {
		return err
	}
	err = f.Truncate(0) // not while opening: a link that was put there would lose its target's content
	if err == nil && h != nil {
		err = json.NewEncoder(f).Encode(h)
	}
	return errors.Join(err, f.Close())
}
