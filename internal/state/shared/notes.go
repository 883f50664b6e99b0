package shared

import (
	"bytes"
	"context"
	"errors"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// notesName is the part of what runs learned. Records of a kind of its own change it,
// which need no lease: a check of feeds must not wait until an apply ends, nor hold one
// up.
const notesName = "feeds"

var _ backend.Notes = (*Backend)(nil)

// Noted implements backend.Notes.
func (b *Backend) Noted(ctx context.Context) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.view == nil {
		if err := b.refreshLocked(ctx); err != nil {
			return nil, err
		}
	}
	return b.notedLocked(ctx)
}

func (b *Backend) notedLocked(ctx context.Context) ([]byte, error) {
	if err := b.copyLocked(ctx); err != nil {
		return nil, err
	}
	text, _, err := disk.ReadAll(b.view.open(notesName))
	return text, err
}

// Note implements backend.Notes.
func (b *Backend) Note(ctx context.Context, by backend.Holder, build func(now []byte) (backend.Note, error)) error {
	if err := b.note(ctx, build); err != nil {
		return err
	}
	b.shorten(ctx, by)
	return nil
}

func (b *Backend) note(ctx context.Context, build func(now []byte) (backend.Note, error)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for behind := b.view == nil; ; behind = true {
		if behind {
			if err := b.pullLocked(ctx); err != nil {
				return err
			}
		}
		now, err := b.notedLocked(ctx)
		if err != nil {
			return err
		}
		note, err := build(now)
		if err != nil || len(note.Text) == 0 && !note.Whole {
			return err
		}
		change, err := b.noting(ctx, note)
		if err != nil {
			return err
		}
		err = b.appendLocked(ctx, &sharedlog.Record{Kind: sharedlog.Note, Changes: []sharedlog.Change{change}})
		if taken := (*sharedlog.TakenError)(nil); !errors.As(err, &taken) {
			return err
		}
	}
}

// noting is the change of the part that a note is.
func (b *Backend) noting(ctx context.Context, note backend.Note) (sharedlog.Change, error) {
	change := addition(notesName, note.Text)
	if len(note.Text) > shortText {
		values, err := b.putLines(ctx, bytes.NewReader(note.Text))
		if err != nil {
			return change, err
		}
		change = sharedlog.Change{Part: notesName, Do: sharedlog.Add, Values: values}
	}
	if note.Whole {
		change.Do = sharedlog.Replace
	}
	return change, nil
}

// shorten makes a snapshot where none was made for long: where nobody applies, only
// notes are added to the log, and each reader would read all of them. A run that was cut
// off is left to the next one that applies. What fails is tried again by the next note.
func (b *Backend) shorten(ctx context.Context, by backend.Holder) {
	b.mu.Lock()
	v := b.view
	due := v != nil && v.long() && (v.Epoch == 0 || v.Ended == released)
	b.mu.Unlock()
	if !due {
		return
	}
	w := b.waiter(backend.Request{Holder: by})
	held, _, err := w.wait(ctx)
	if err != nil {
		return
	}
	l := held.(*lease)
	l.snapshotIfLong()
	l.trimOnce()
	_ = l.Release()
}
