package shared

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// pullLocked reads what was appended since the last time. It makes no copies.
func (b *Backend) pullLocked(ctx context.Context) error {
	if b.view == nil {
		return b.startLocked(ctx)
	}
	entries, timeline, err := b.log.Since(ctx, b.view.at)
	if errors.Is(err, sharedlog.ErrTrimmed) {
		return b.startLocked(ctx)
	}
	if err != nil {
		return err
	}
	if err := b.view.take(b.place.String(), entries); err != nil {
		b.view = nil // a part of them is in it
		return err
	}
	b.view.timeline = timeline
	return b.standsLocked()
}

// startLocked reads the log from the newest snapshot on.
func (b *Backend) startLocked(ctx context.Context) error {
	head, err := b.openLocked(ctx)
	if err != nil {
		return err
	}
	if head.Whole {
		entries := head.Entries
		for i, e := range entries {
			if e.Kind == sharedlog.Snapshot {
				entries = head.Entries[i:]
			}
		}
		return b.beginLocked(ctx, entries, head.Timeline)
	}
	for range trimmedPatience {
		start, err := b.place.Start(ctx)
		if err != nil {
			return b.missing(err)
		}
		_, err = b.startAtLocked(ctx, start)
		if !errors.Is(err, sharedlog.ErrTrimmed) {
			return err
		}
	}
	return sharedlog.ErrTrimmed
}

// trimmedPatience is how often a reader begins again because what it was about to
// read was trimmed meanwhile.
const trimmedPatience = 5

// startAtLocked reads the log from a record on that a reader can begin with, and
// returns it.
func (b *Backend) startAtLocked(ctx context.Context, n int64) (sharedlog.Entry, error) {
	entries, timeline, err := b.log.From(ctx, n)
	if err != nil {
		return sharedlog.Entry{}, err
	}
	if len(entries) == 0 {
		return sharedlog.Entry{}, b.missing(sharedlog.ErrNoLog)
	}
	return entries[0], b.beginLocked(ctx, entries, timeline)
}

// beginLocked begins the view with records, the first of which a reader can begin with.
func (b *Backend) beginLocked(ctx context.Context, entries []sharedlog.Entry, timeline string) error {
	b.rollback = nil
	if err := b.sameAsSeenLocked(ctx, entries); err != nil {
		return err
	}
	v := newView(b.work)
	if err := v.begin(b.place.String(), entries); err != nil {
		return err
	}
	v.timeline = timeline
	b.view = v
	b.rollback.endsWith(entries[len(entries)-1], v)
	return b.standsLocked()
}

// copyLocked makes the working copies as of the view. Where a value of the snapshot
// that the view began with is damaged, it begins with an older one.
func (b *Backend) copyLocked(ctx context.Context) error {
	err := b.view.copy(ctx, b.values)
	damaged := (*valueError)(nil)
	if !errors.As(err, &damaged) {
		return err
	}
	start, startErr := b.place.Start(ctx)
	for startErr == nil {
		var first sharedlog.Entry
		if first, startErr = b.startAtLocked(ctx, start); startErr != nil {
			break
		}
		copyErr := b.view.copy(ctx, b.values)
		if copyErr == nil {
			return nil
		}
		if !errors.As(copyErr, &damaged) || first.Kind != sharedlog.Snapshot {
			break
		}
		start = first.Older
	}
	b.view = nil
	return err
}

// standsLocked remembers how far the log was read, and refuses one that is not the
// state's.
func (b *Backend) standsLocked() error {
	if err := b.rememberLocked(); err != nil {
		return err
	}
	return b.liveLocked()
}

// liveLocked refuses what was read if the state is elsewhere, or if it is not the
// state's.
func (b *Backend) liveLocked() error {
	v, o := b.view, &b.opts
	switch {
	case v.Moved != nil:
		return &backend.MovedError{Place: b.place.String(), Move: *v.Moved}
	case v.Incoming != nil && !b.receiving:
		return &backend.MovedError{Place: b.place.String(), Move: *v.Incoming, Incoming: true}
	case o.Former != "" && o.Former != b.place.String() && !slices.Contains(v.Former, o.Former):
		return o.Stray // a copy of the log, or another state
	}
	return nil
}

// openLocked finds out whether the place keeps this state, and makes the folders of
// this machine. It returns what it read for that.
func (b *Backend) openLocked(ctx context.Context) (sharedlog.Head, error) {
	head, err := b.log.Head(ctx)
	if err != nil {
		return head, b.missing(err)
	}
	first := head.Entries[0]
	if first.Kind != sharedlog.Init || first.Lineage != b.opts.Lineage {
		return head, cmp.Or(b.opts.Stray, error(&WrongLineageError{Place: b.place.String(), Want: b.opts.Lineage, Found: first.Lineage, Unconfigured: b.opts.Lineage == ""}))
	}
	if b.dir != "" {
		return head, nil
	}
	dir, err := folderFor(b.opts.Dir, b.opts.Lineage)
	if err != nil {
		return head, err
	}
	if b.work, err = dir.workspace(); err != nil {
		return head, err
	}
	b.dir, b.values = dir, &values{place: b.place, dir: dir, work: b.work}
	return head, nil
}

func (b *Backend) missing(err error) error {
	if errors.Is(err, sharedlog.ErrNoLog) {
		return cmp.Or(b.opts.Stray, error(&WrongLineageError{Place: b.place.String(), Want: b.opts.Lineage, Unconfigured: b.opts.Lineage == ""}))
	}
	return err
}
