package shared

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// batch is what is made durable at once.
type batch struct {
	changes []sharedlog.Change
	saves   bool     // the orders are among it
	journal *records // that is removed: nothing is flushed to it until that is recorded
}

// Together implements backend.Lease. A commit becomes one record, which has all parts
// as values: the next reader begins with it.
func (l *lease) Together(write func() error) error {
	l.mu.Lock()
	if l.batch != nil {
		l.mu.Unlock()
		return write()
	}
	l.mu.Unlock()
	l.saving.Lock()
	defer l.saving.Unlock()
	b := &batch{}
	l.mu.Lock()
	l.batch = b
	l.mu.Unlock()
	err := write()
	l.mu.Lock()
	l.batch = nil
	l.mu.Unlock()
	if len(b.changes) == 0 {
		return err
	}
	ctx, cancel := l.bounded()
	defer cancel()
	return errors.Join(err, l.record(ctx, b))
}

// alone keeps a long run from making a snapshot between a change of the working
// copies and its record. Within Together that is so already.
func (l *lease) alone() (done func()) {
	l.mu.Lock()
	within := l.batch != nil
	l.mu.Unlock()
	if within {
		return func() {}
	}
	l.saving.Lock()
	return l.saving.Unlock
}

// change makes a change to a part durable that the working copies have already.
func (l *lease) change(c sharedlog.Change, journal *records) error {
	l.Busy(0)
	l.mu.Lock()
	b, saves := l.batch, c.Part == sharedlog.StatePart
	if b != nil {
		b.changes, b.saves = append(b.changes, c), b.saves || saves
		if journal != nil {
			b.journal = journal
		}
	}
	l.mu.Unlock()
	if b != nil {
		return nil
	}
	ctx, cancel := l.bounded()
	defer cancel()
	return l.record(ctx, &batch{changes: []sharedlog.Change{c}, journal: journal})
}

// record appends changes.
func (l *lease) record(ctx context.Context, b *batch) error {
	if b.journal != nil {
		defer b.journal.flushing.Unlock()
	}
	build := func() (*sharedlog.Record, error) {
		return &sharedlog.Record{Kind: sharedlog.Parts, Changes: b.changes}, nil
	}
	if b.saves {
		taken, err := l.takeSnapshot(ctx)
		if err != nil {
			return err
		}
		build = func() (*sharedlog.Record, error) { return taken.record(b.changes) }
	}
	err := l.append(ctx, build, func() error {
		if b.journal != nil {
			b.journal.drop()
		}
		return nil
	})
	if err != nil {
		l.mu.Lock()
		l.dirty = true
		l.mu.Unlock()
		return err
	}
	if b.saves {
		l.trimOnce()
	}
	return nil
}

// Replace implements backend.Lease.
func (l *lease) Replace(p backend.Part, write func(io.Writer) error) error {
	if err := l.gone(); err != nil {
		return err
	}
	name := partNames[p]
	l.b.mu.Lock()
	path := l.b.view.work.file(name)
	l.b.mu.Unlock()
	if err := writeFile(path, write); err != nil {
		_ = os.Remove(path) // it is a working copy
		return err
	}
	defer l.alone()()
	ctx, cancel := l.bounded()
	defer cancel()
	c := sharedlog.Change{Part: name, Do: sharedlog.Replace}
	size, err := l.describe(ctx, path, &c)
	if err != nil {
		_ = os.Remove(path)
		return err
	}
	l.b.mu.Lock()
	l.b.view.adopt(name, path, size, c.Values)
	l.b.mu.Unlock()
	return l.change(c, nil)
}

// describe makes a file the content of a change: its text where it is short, and else
// values. The orders are always values, which people find under a name.
func (l *lease) describe(ctx context.Context, path string, c *sharedlog.Change) (size int64, err error) {
	r, size, err := disk.OS{}.Open(path)
	if err != nil {
		return 0, err
	}
	defer r.Close() //nolint:errcheck // only read
	if size <= shortText && c.Part != sharedlog.StatePart {
		text := make([]byte, size)
		_, err := io.ReadFull(r, text)
		if err == nil {
			said := addition(c.Part, text)
			c.Text, c.Bytes = said.Text, said.Bytes
		}
		return size, err
	}
	c.Values, err = l.putFile(ctx, r, 0, size)
	return size, err
}

// Append implements backend.Lease.
func (l *lease) Append(p backend.Part) (disk.Writer, error) {
	if err := l.gone(); err != nil {
		return nil, err
	}
	name := partNames[p]
	l.b.mu.Lock()
	defer l.b.mu.Unlock()
	w := &adding{l: l, name: name}
	if l.b.view.all[name] == nil {
		if err := l.b.view.add(name, nil); err != nil {
			return nil, err
		}
		w.created = true
	}
	return w, nil
}

// adding is a part that is added to. What is written is recorded by Sync.
type adding struct {
	l       *lease
	name    string
	created bool // that it is there is not recorded
	text    []byte
}

func (w *adding) Write(p []byte) (int, error) {
	w.l.b.mu.Lock()
	defer w.l.b.mu.Unlock()
	if err := w.l.b.view.add(w.name, p); err != nil {
		return 0, err
	}
	w.l.b.view.all[w.name].unrecorded += int64(len(p))
	w.text = append(w.text, p...)
	return len(p), nil
}

func (w *adding) Sync() error {
	if len(w.text) == 0 && !w.created {
		return nil
	}
	defer w.l.alone()()
	c := addition(w.name, w.text)
	if len(w.text) > shortText {
		ctx, cancel := w.l.bounded()
		defer cancel()
		values, err := w.l.putText(ctx, w.text)
		if err != nil {
			return err
		}
		c = sharedlog.Change{Part: w.name, Do: sharedlog.Add, Values: values}
	}
	if err := w.l.change(c, nil); err != nil {
		return err
	}
	w.l.b.mu.Lock()
	defer w.l.b.mu.Unlock()
	if p := w.l.b.view.all[w.name]; p != nil {
		p.unrecorded -= int64(len(w.text))
	}
	w.text, w.created = nil, false
	return nil
}

// Close leaves what was not synced to whoever reads the log.
func (w *adding) Close() error {
	if len(w.text) > 0 {
		w.l.mu.Lock()
		w.l.dirty = true
		w.l.mu.Unlock()
	}
	return nil
}

// Truncate implements backend.Lease.
func (l *lease) Truncate(p backend.Part, size int64) error {
	defer l.alone()()
	err := l.locally(func(v *view) error { return v.truncate(partNames[p], size) })
	if err != nil {
		return err
	}
	return l.change(sharedlog.Change{Part: partNames[p], Do: sharedlog.Truncate, Size: size}, nil)
}

// RotateAudit implements backend.Lease: the audit log is values of the shared log, of
// which none is written twice.
func (l *lease) RotateAudit(time.Time, int) (string, error) { return "", backend.ErrNoFiles }

// Remove implements backend.Lease.
func (l *lease) Remove(p backend.Part) error {
	defer l.alone()()
	name := partNames[p]
	var journal *records
	l.mu.Lock()
	if p == backend.Journal && l.records != nil && !l.records.isDropped() {
		journal = l.records
	}
	l.mu.Unlock()
	if journal != nil {
		journal.flushing.Lock()
	}
	there := false
	err := l.locally(func(v *view) error {
		there = v.all[name] != nil
		v.remove(name)
		return nil
	})
	if err != nil || !there {
		if journal != nil {
			journal.flushing.Unlock()
		}
		return err
	}
	return l.change(sharedlog.Change{Part: name, Do: sharedlog.Remove}, journal)
}

// Arrived implements backend.Lease.
func (l *lease) Arrived() []byte {
	l.b.mu.Lock()
	defer l.b.mu.Unlock()
	v := l.b.view
	if v == nil || v.arrived == 0 {
		return nil
	}
	n := v.arrived
	v.arrived = 0
	r, size, err := v.open(lateName)
	if err != nil {
		return nil // the next session finds it
	}
	defer r.Close() //nolint:errcheck // only read
	text := make([]byte, min(n, size))
	if _, err := r.ReadAt(text, size-int64(len(text))); err != nil && !errors.Is(err, io.EOF) {
		return nil
	}
	return text
}

// DropLate implements backend.Lease.
func (l *lease) DropLate(size int64) error {
	if size == 0 {
		return nil
	}
	defer l.alone()()
	if err := l.locally(func(v *view) error { return v.drop(lateName, size) }); err != nil {
		return err
	}
	return l.change(sharedlog.Change{Part: lateName, Do: sharedlog.Drop, Size: size}, nil)
}

// locally changes the working copies, unless the lease is lost.
func (l *lease) locally(change func(*view) error) error {
	if err := l.gone(); err != nil {
		return err
	}
	l.b.mu.Lock()
	defer l.b.mu.Unlock()
	if l.b.view == nil {
		return fmt.Errorf("%s: %w", l.b.place, errReleased)
	}
	return change(l.b.view)
}
