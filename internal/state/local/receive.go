package local

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// Keeps implements backend.Target: a lock on files of one machine owes nothing to the
// one before it.
func (b *Backend) Keeps() bool { return false }

// Ready implements backend.Target.
func (b *Backend) Ready(_ context.Context, m *backend.Move) ([]string, error) {
	if err := b.free(m); err != nil {
		return nil, err
	}
	if b.notice() != nil {
		return nil, nil
	}
	return nil, b.Check()
}

// free is an error unless nothing is here but what an earlier try of the same move
// brought.
func (b *Backend) free(m *backend.Move) error {
	occupied := func(holds string) error { return &backend.OccupiedError{Place: b.State, Holds: holds} }
	n := b.notice()
	switch {
	case n != nil && n.Moved != nil:
		return occupied("kept a state that moved to " + safetext.Line(n.Moved.To.Place) + ", and takes nothing more")
	case n != nil && (n.Incoming == nil || n.Incoming.From.Place != m.From.Place || n.Incoming.From.Backend != m.From.Backend ||
		n.Incoming.From.State != m.From.State || m.Origin != "" && n.Incoming.Origin != m.Origin):
		return occupied("is what another state is on its way to")
	case n != nil:
		return nil
	}
	left, err := b.leftAudits()
	if err != nil {
		return err
	}
	for _, name := range append([]string{b.State, b.Backup(), b.Journal, b.Closed, b.Audit, b.Head}, left...) {
		if disk.Exists(b.files, name) {
			return &backend.OccupiedError{Place: name, Holds: "is there already"}
		}
	}
	return nil
}

// Receive implements backend.Target. The notice comes first, so that there is no moment
// in which a part of the state could be taken for it; the orders wait beside it.
func (b *Backend) Receive(ctx context.Context, m *backend.Move, by backend.Holder, from backend.Contents, held func() error) error {
	if err := b.takeLock(ctx, by); err != nil {
		return err
	}
	if err := b.free(m); err != nil {
		return err
	}
	if err := held(); err != nil {
		return err
	}
	if err := b.put(b.State, (&notice{Incoming: m}).writeTo); err != nil {
		return err
	}
	for _, p := range backend.Moving {
		path := b.Name(p)
		if p == backend.Snapshot {
			path = b.Arriving()
		}
		r, size, err := from(p)
		if missing(err) {
			if err := disk.RemoveIfThere(b.files, path); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		err = b.put(path, func(w io.Writer) error {
			_, err := io.Copy(w, io.NewSectionReader(r, 0, size))
			return err
		})
		if err = errors.Join(err, r.Close()); err != nil {
			return err
		}
	}
	return nil
}

func (b *Backend) put(path string, write func(io.Writer) error) error {
	staged, err := disk.Stage(b.files, path, write)
	if err != nil {
		return err
	}
	return disk.Publish(b.files, staged, path)
}

// takeLock keeps the lock from the copying to the end of the move.
func (b *Backend) takeLock(ctx context.Context, by backend.Holder) (err error) {
	if b.arrives == nil {
		b.arrives, _, err = acquire(ctx, b.Lockfile, by, 0, time.Second)
	}
	return err
}

// Received implements backend.Target.
func (b *Backend) Received(p backend.Part) (disk.Reader, int64, error) {
	if p == backend.Snapshot {
		return b.files.Open(b.Arriving())
	}
	return b.files.Open(b.Name(p))
}

// Activate implements backend.Target: the orders take the place of the notice.
func (b *Backend) Activate(ctx context.Context, m backend.Move, by backend.Holder, before func() error) error {
	if err := b.takeLock(ctx, by); err != nil {
		return err
	}
	if is := b.arriving(); is == nil || is.ID != m.ID {
		return &backend.OccupiedError{Place: b.State, Holds: "does not hold what moved there"}
	}
	if before != nil {
		if err := before(); err != nil {
			return err
		}
	}
	l := &lease{b, b.arrives}
	if !disk.Exists(b.files, b.Arriving()) {
		return l.Remove(backend.Snapshot) // no order was ever saved
	}
	if err := b.files.Rename(b.Arriving(), b.State); err != nil {
		return err
	}
	return l.syncFolder()
}
