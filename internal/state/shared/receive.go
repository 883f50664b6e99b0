package shared

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// Keeps implements backend.Target: an incoming says what is owed.
func (b *Backend) Keeps() bool { return true }

// Ready implements backend.Target.
func (b *Backend) Ready(ctx context.Context, m *backend.Move) ([]string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	there, err := b.arrivingLocked(ctx, m)
	if err != nil || there {
		return nil, err
	}
	if err := b.place.Prepare(ctx); err != nil {
		return nil, err
	}
	return b.place.Prove(ctx)
}

// arrivingLocked reads what is here: nothing, or what an earlier try of the same move
// brought.
func (b *Backend) arrivingLocked(ctx context.Context, m *backend.Move) (there bool, err error) {
	first, err := b.log.First(ctx)
	if errors.Is(err, sharedlog.ErrNoLog) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if m.To.State != "" && first.Lineage != m.To.State {
		return true, b.occupied(fmt.Sprintf("keeps another state, %q", first.Lineage))
	}
	b.receiving, b.opts.Lineage, b.opts.Former, b.opts.Stray = true, first.Lineage, "", nil
	err = b.pullLocked(ctx)
	if moved, ok := errors.AsType[*backend.MovedError](err); ok {
		return true, b.occupied("kept a state that moved to " + safetext.Line(moved.Move.To.Place) + ", and takes nothing more")
	}
	if err != nil {
		return true, err
	}
	switch is := b.view.Incoming; {
	case is == nil:
		return true, b.occupied("keeps a state already")
	case is.From.Place != m.From.Place || is.From.Backend != m.From.Backend || is.From.State != m.From.State || m.Origin != "" && is.Origin != m.Origin:
		return true, b.occupied("is what another state is on its way to, from " + safetext.Line(is.From.Place))
	}
	m.To.State = first.Lineage
	return true, nil
}

func (b *Backend) occupied(holds string) error {
	return &backend.OccupiedError{Place: b.place.String(), Holds: holds}
}

// Receive implements backend.Target. The log is on its way from its first record on, so
// that there is no moment in which a state without orders could be taken for it. All
// parts come in one record, which takes the place of another try's; whoever appends it
// has read what is behind that, and held the lease of the former place since.
func (b *Backend) Receive(ctx context.Context, m *backend.Move, by backend.Holder, from backend.Contents, held func() error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	there, err := b.arrivingLocked(ctx, m)
	if err != nil {
		return err
	}
	writer := sharedlog.Writer(by)
	if !there {
		m.To.State = cmp.Or(m.To.State, newLineage())
		if err := b.announceLocked(ctx, *m, &writer, held); err != nil {
			return err
		}
	}
	r, err := movedRecord(sharedlog.Incoming, *m, &writer)
	if err != nil {
		return err
	}
	r.LeftMS, r.Terms = m.Owed.QuietMS, &sharedlog.Terms{LeaseMS: m.Owed.LeaseMS, SettleMS: m.Owed.SettleMS}
	for _, p := range backend.Moving {
		c, err := b.putPart(ctx, p, from)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("copying the %s: %w", partNames[p], err)
		}
		r.Content = append(r.Content, c)
	}
	if len(m.Owed.Notes) > 0 {
		values, err := b.putLines(ctx, bytes.NewReader(m.Owed.Notes))
		if err != nil {
			return fmt.Errorf("copying the %s: %w", notesName, err)
		}
		r.Content = append(r.Content, sharedlog.Content{Part: notesName, Values: values})
	}
	if err := held(); err != nil {
		return err
	}
	if err := b.appendLocked(ctx, r); err != nil {
		return another(err)
	}
	return b.copiedLocked(ctx, r)
}

// announceLocked appends record 0 of a log that a state is on its way to.
func (b *Backend) announceLocked(ctx context.Context, m backend.Move, by *sharedlog.Writer, held func() error) error {
	r, err := movedRecord(sharedlog.Init, m, by)
	if err != nil {
		return err
	}
	r.Version, r.Lineage, r.At = sharedlog.Carried, m.To.State, b.clock.Wall().UTC()
	if err := held(); err != nil {
		return err
	}
	if _, err := b.log.Append(ctx, sharedlog.Before, r); err != nil {
		return another(err)
	}
	_, err = b.arrivingLocked(ctx, &m)
	return err
}

// another says that something else was appended meanwhile.
func another(err error) error {
	if taken := (*sharedlog.TakenError)(nil); errors.As(err, &taken) {
		return fmt.Errorf("another `gdfctl state migrate` is under way: %w", err)
	}
	return err
}

// putPart puts a part of another place as values.
func (b *Backend) putPart(ctx context.Context, p backend.Part, from backend.Contents) (sharedlog.Content, error) {
	r, size, err := from(p)
	if err != nil {
		return sharedlog.Content{}, err
	}
	defer r.Close() //nolint:errcheck // only read
	values, err := b.putLines(ctx, io.NewSectionReader(r, 0, size))
	return sharedlog.Content{Part: partNames[p], Values: values}, err
}

// putLines puts lines as values, without a lease.
func (b *Backend) putLines(ctx context.Context, r io.Reader) ([]sharedlog.Value, error) {
	return putLines(r, func(text []byte) (sharedlog.Value, error) { return b.values.put(ctx, text) })
}

// copiedLocked reads from the place itself what was appended.
func (b *Backend) copiedLocked(ctx context.Context, r *sharedlog.Record) error {
	found, err := b.log.At(ctx, r.N)
	if err != nil {
		return err
	}
	if found.Position != b.view.at {
		return fmt.Errorf("%s has another record %d than was appended", b.place, r.N)
	}
	for _, c := range found.Content {
		if err := inOrder(ctx, io.Discard, c.Values, b.values.fetch); err != nil {
			return err
		}
	}
	return b.copyLocked(ctx)
}

// Received implements backend.Target.
func (b *Backend) Received(p backend.Part) (disk.Reader, int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.view == nil {
		return nil, 0, fs.ErrNotExist
	}
	return b.view.open(partNames[p])
}

// Activate implements backend.Target.
func (b *Backend) Activate(ctx context.Context, m backend.Move, by backend.Holder, before func() error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.receiving, b.opts.Former, b.opts.Stray, b.opts.Lineage = true, "", nil, m.To.State
	for {
		if err := b.pullLocked(ctx); err != nil {
			return err
		}
		switch v := b.view; {
		case v.Incoming == nil && v.Arrived == m.ID:
			return nil
		case v.Incoming == nil || v.Incoming.ID != m.ID || !v.Received:
			return b.occupied("does not hold what moved there")
		}
		if before != nil {
			if err := before(); err != nil {
				return err
			}
		}
		writer := sharedlog.Writer(by)
		r, err := movedRecord(sharedlog.Active, m, &writer)
		if err != nil {
			return err
		}
		err = b.appendLocked(ctx, r)
		if taken := (*sharedlog.TakenError)(nil); !errors.As(err, &taken) {
			return err
		}
	}
}

// Owes implements backend.Lease.
func (l *lease) Owes(m *backend.Move) {
	l.b.mu.Lock()
	defer l.b.mu.Unlock()
	v := l.b.view
	if v == nil {
		return
	}
	m.Former = v.Former
	notes, _, err := disk.ReadAll(v.open(notesName))
	if err != nil {
		notes = nil // they only save calls
	}
	// Nobody's clock is compared with another machine's: what is owed now is owed then.
	m.Owed = backend.Owed{QuietMS: l.terms.Quiet.Milliseconds(), SettleMS: v.SettleMS, LeaseMS: v.fold.LeaseMS, Notes: notes}
}

// Leave implements backend.Lease.
func (l *lease) Leave(m backend.Move) error {
	ctx, cancel := l.bounded()
	defer cancel()
	err := l.append(ctx, func() (*sharedlog.Record, error) {
		if v := l.b.view; v.all[lateName] != nil || len(v.pending) > 0 {
			return nil, backend.ErrArrived
		}
		return movedRecord(sharedlog.Moved, m, &l.holder)
	}, nil)
	if err != nil {
		return err
	}
	l.mu.Lock()
	l.ended = true
	l.mu.Unlock()
	l.cancel()
	defer l.abort()
	l.tasks.Wait()
	return nil
}
