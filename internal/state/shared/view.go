package shared

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// view is a state as of one record of the log: what the records come to, and the
// working copies of the parts.
type view struct {
	fold
	parts
	at       sharedlog.Position
	timeline string // that the place was on when it was read last

	base    []sharedlog.Content // of the snapshot that the view began with, until it is copied
	pending []sharedlog.Entry   // whose changes the working copies don't have yet
	named   map[string]bool     // values that the last snapshot names
	since   int                 // bytes of records since the last snapshot
	records int                 // likewise, how many
	arrived int64               // what was added to Late since it was asked for
}

func newView(work *workspace) *view {
	return &view{parts: parts{work: work, all: map[string]*part{}}, at: sharedlog.Before, named: map[string]bool{}}
}

// take adds records that were read. Their changes wait for the copies to be needed:
// who only waits for a lease needs none.
func (v *view) take(place string, entries []sharedlog.Entry) error {
	for _, e := range entries {
		if err := v.note(place, e); err != nil {
			return err
		}
		if len(e.Changes) > 0 || e.Begins() {
			v.pending = append(v.pending, e)
		}
	}
	return nil
}

// note adds what a record says beside its changes.
func (v *view) note(place string, e sharedlog.Entry) error {
	if err := v.apply(e); err != nil {
		return &sharedlog.DamagedError{Place: place, N: e.N, Reason: err.Error()}
	}
	v.at = e.Position
	v.since += e.Size
	v.records++
	v.Begun = v.Begun || slices.ContainsFunc(e.Changes, savesOrders)
	if e.Begins() {
		v.since, v.records = 0, 0
		v.named = map[string]bool{}
		for _, c := range e.Content {
			for _, value := range c.Values {
				v.named[value.Hash] = true
			}
		}
	}
	return nil
}

// long reports whether a reader has much to read that no snapshot holds.
func (v *view) long() bool { return v.since > longBytes || v.records > longRecords }

// savesOrders reports whether a change replaces the orders.
func savesOrders(c sharedlog.Change) bool {
	return c.Part == sharedlog.StatePart && c.Do == sharedlog.Replace
}

// begin begins the view with a snapshot, and the records behind it.
func (v *view) begin(place string, entries []sharedlog.Entry) error {
	first := entries[0]
	if first.Kind == sharedlog.Snapshot {
		f, err := decodeFold(first.Fold)
		if err != nil {
			return &sharedlog.DamagedError{Place: place, N: first.N, Reason: err.Error()}
		}
		v.fold, v.base = f, first.Content
	}
	if first.Kind == sharedlog.Incoming { // what was before it said only that
		m, err := moveOf(first)
		if err != nil {
			return &sharedlog.DamagedError{Place: place, N: first.N, Reason: err.Error()}
		}
		v.Incoming, v.base = m, first.Content
	}
	if err := v.note(place, first); err != nil {
		return err
	}
	return v.take(place, entries[1:])
}

// copy makes the working copies as of the view. The error is a *valueError if a value
// of the snapshot that the view began with is damaged.
func (v *view) copy(ctx context.Context, from *values) error {
	if len(v.base) > 0 {
		from.prefetch(ctx, v.base)
	}
	for _, c := range v.base {
		if err := v.copyContent(ctx, from, c); err != nil {
			return err
		}
	}
	v.base = nil
	saved := v.lastSaved(ctx, from)
	for i, e := range v.pending {
		if err := v.change(ctx, from, e, i <= saved); err != nil {
			return err
		}
	}
	v.pending = nil
	return nil
}

func (v *view) copyContent(ctx context.Context, from *values, c sharedlog.Content) error {
	path := v.work.file(c.Part)
	err := writeFile(path, func(w io.Writer) error {
		if err := from.copyTo(ctx, w, c.Values); err != nil {
			return err
		}
		_, err := w.Write(added(&sharedlog.Change{Text: c.Text, Bytes: c.Bytes}))
		return err
	})
	if err != nil {
		return err
	}
	v.adopt(c.Part, path, sizeOf(c.Values)+int64(len(c.Text)+len(c.Bytes)), c.Values)
	return nil
}

// lastSaved is the last pending record that replaces the orders with values that are
// all there. Where those of a later one are damaged, the orders stay as they were
// before it, and the journals since then stay too: they lead to the same.
func (v *view) lastSaved(ctx context.Context, from *values) int {
	for i := len(v.pending) - 1; i >= 0; i-- {
		for _, c := range v.pending[i].Changes {
			if !savesOrders(c) {
				continue
			}
			err := from.copyTo(ctx, io.Discard, c.Values)
			if damaged := (*valueError)(nil); !errors.As(err, &damaged) {
				return i // any other error shows again where it is copied
			}
		}
	}
	return -1
}

// change applies the changes of one record. whole says that the orders are as the
// record, or a later one, has them.
func (v *view) change(ctx context.Context, from *values, e sharedlog.Entry, whole bool) error {
	if e.Kind == sharedlog.Incoming {
		return v.receive(ctx, from, e.Content)
	}
	whole = whole || !slices.ContainsFunc(e.Changes, savesOrders)
	for i := range e.Changes {
		c := &e.Changes[i]
		if !whole && (c.Part == sharedlog.StatePart || c.Part == journalName && c.Do != sharedlog.Add || c.Part == lateName) {
			continue
		}
		if err := v.changePart(ctx, from, c); err != nil {
			return fmt.Errorf("record %d: %w", e.N, err)
		}
	}
	if e.Kind == sharedlog.Snapshot && whole {
		v.nameValues(e.Content)
	}
	return nil
}

const (
	journalName = "journal"
	lateName    = "late"
	auditName   = "audit"
	closedName  = "closed"
)

func (v *view) changePart(ctx context.Context, from *values, c *sharedlog.Change) error {
	switch c.Do {
	case sharedlog.Create:
		if v.all[c.Part] != nil && c.Part == journalName {
			return nil // that of the run before goes on: its orders could not be saved
		}
		_, err := v.create(c.Part)
		return err
	case sharedlog.Add:
		text := added(c)
		if len(c.Values) > 0 {
			var whole bytes.Buffer
			if err := from.copyTo(ctx, &whole, c.Values); err != nil {
				return err
			}
			text = whole.Bytes()
		}
		if c.Part == lateName {
			v.arrived += int64(len(text))
		}
		return v.add(c.Part, text)
	case sharedlog.Truncate:
		return v.truncate(c.Part, c.Size)
	case sharedlog.Drop:
		return v.drop(c.Part, c.Size)
	case sharedlog.Replace:
		return v.copyContent(ctx, from, sharedlog.Content{Part: c.Part, Values: c.Values, Text: c.Text, Bytes: c.Bytes})
	case sharedlog.Remove:
		v.remove(c.Part)
		return nil
	}
	return fmt.Errorf("what it does to %s is not known", c.Part)
}

// receive makes the copies what a move brought, and nothing else.
func (v *view) receive(ctx context.Context, from *values, content []sharedlog.Content) error {
	for name := range v.all {
		v.remove(name)
	}
	for _, c := range content {
		if err := v.copyContent(ctx, from, c); err != nil {
			return err
		}
	}
	return nil
}

// nameValues notes which values of a snapshot the copies consist of.
func (v *view) nameValues(content []sharedlog.Content) {
	for _, c := range content {
		if p := v.all[c.Part]; p != nil {
			p.values = c.Values
		}
	}
}
