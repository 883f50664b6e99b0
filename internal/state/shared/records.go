package shared

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// records is the journal of a run. Its lines are kept in a file of this machine
// first, and recorded in the log: those that Sync is called for at once, others as
// soon as the append before them is through.
type records struct {
	l    *lease
	path string
	kept chan struct{} // something was kept that is to be recorded

	flushing gate // one flush at a time

	mu      sync.Mutex // guards what follows
	file    disk.Writer
	head    []byte // the first line
	pending []byte // written and not recorded
	flushed int    // how much of pending is in the record that is being appended
	unkept  []byte // the end of pending, not in the file yet
	create  bool   // that the part is there is not recorded yet
	dropped bool   // the state holds all of it
}

// Create implements backend.Lease, for the journal. That it is there is recorded with
// its first lines.
func (l *lease) Create(p backend.Part) (backend.Records, error) {
	if p != backend.Journal {
		return nil, fmt.Errorf("%s is not written line by line", l.b.Name(p))
	}
	if err := l.gone(); err != nil {
		return nil, err
	}
	l.b.mu.Lock()
	defer l.b.mu.Unlock()
	if l.b.view.all[journalName] != nil {
		return nil, &fs.PathError{Op: "create", Path: l.b.Name(p), Err: fs.ErrExist}
	}
	l.mu.Lock()
	former := l.records // the state holds it
	l.mu.Unlock()
	if err := former.forget(); err != nil {
		return nil, err
	}
	path := l.b.dir.unsaved(fmt.Sprintf("%d-%s", l.epoch, filepath.Base(l.b.work.dir)))
	file, err := disk.OS{}.Create(path)
	if err == nil {
		err = l.b.begin(file, path)
	}
	if err != nil {
		return nil, fmt.Errorf("outcomes could not be kept on this machine: %w", err)
	}
	if _, err := l.b.view.create(journalName); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	r := &records{l: l, path: path, kept: make(chan struct{}, 1), file: file, create: true, flushing: newGate()}
	l.mu.Lock()
	l.records = r
	l.mu.Unlock()
	l.tasks.Go(r.record)
	return r, nil
}

func (r *records) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.head == nil {
		r.head = bytes.Clone(p[:bytes.IndexByte(p, '\n')+1])
	}
	r.pending, r.unkept = append(r.pending, p...), append(r.unkept, p...)
	return len(p), nil
}

// keep writes what was written into the file of this machine.
func (r *records) keep() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.unkept) == 0 {
		return nil
	}
	_, err := r.file.Write(r.unkept)
	if err == nil {
		err = r.file.Sync()
	}
	if err != nil {
		return fmt.Errorf("outcomes could not be kept on this machine: %w", err)
	}
	r.unkept = nil
	return nil
}

// Keep implements backend.Records.
func (r *records) Keep() error {
	r.l.Busy(0)
	if err := r.keep(); err != nil {
		return err
	}
	select {
	case r.kept <- struct{}{}:
	default: // it is known already
	}
	return nil
}

// Sync implements backend.Records.
func (r *records) Sync() error {
	r.l.Busy(0)
	if err := r.keep(); err != nil {
		return err
	}
	ctx, cancel := r.l.bounded()
	defer cancel()
	return r.flush(ctx, true)
}

// InPlace implements backend.Records: whether the lines are where others look for
// them says the append.
func (r *records) InPlace() bool { return true }

// Close implements backend.Records. Lines that are not recorded yet are the lease's to
// record.
func (r *records) Close() error { return nil }

// record records what was kept, one append after the other.
func (r *records) record() {
	for {
		select {
		case <-r.l.ctx.Done():
			return
		case <-r.kept:
		}
		if r.l.pace.every > 0 {
			r.l.rest(gatherTime)
		}
		for r.l.ctx.Err() == nil {
			ctx, cancel := r.l.bounded()
			err := r.flush(ctx, true)
			cancel()
			if err == nil || r.l.gone() != nil {
				break
			}
			r.l.rest(pollTime)
		}
		if r.l.gone() != nil || r.l.ctx.Err() != nil {
			return
		}
		r.l.snapshotIfLong()
	}
}

// flush records what was written. It waits for the place's pace if paced.
func (r *records) flush(ctx context.Context, paced bool) error {
	if r == nil {
		return nil
	}
	if paced && !r.recorded() {
		if err := r.l.await(ctx); err != nil {
			return err
		}
	}
	r.flushing.Lock()
	defer r.flushing.Unlock()
	if r.recorded() {
		return nil
	}
	return r.l.append(ctx, r.lines, r.recordedLines)
}

// lines is the record of what was written and not recorded.
func (r *records) lines() (*sharedlog.Record, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var changes []sharedlog.Change
	if r.create {
		changes = append(changes, sharedlog.Change{Part: journalName, Do: sharedlog.Create})
	}
	r.flushed = len(r.pending)
	return &sharedlog.Record{Kind: sharedlog.Lines, Changes: append(changes, addition(journalName, bytes.Clone(r.pending)))}, nil
}

// recordedLines notes that the record of lines is in the log.
func (r *records) recordedLines() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	text := r.pending[:r.flushed]
	r.pending, r.create = r.pending[r.flushed:], false
	return r.l.b.view.add(journalName, text)
}

// recorded reports whether the log, or the state, holds all lines.
func (r *records) recorded() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.dropped || len(r.pending) == 0
}

func (r *records) isDropped() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.dropped
}

// drop notes that the state holds all lines.
func (r *records) drop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.dropped, r.pending = true, nil
}

// forget removes the file of this machine, if nothing of it is left to record.
func (r *records) forget() error {
	if r == nil {
		return nil
	}
	err := r.file.Close()
	if !r.recorded() {
		return errors.Join(err, fmt.Errorf("outcomes of this run could not be recorded in %s. They are kept in %s, and the next command here that writes to the state records them",
			r.l.b.place, r.path))
	}
	return errors.Join(err, os.Remove(r.path))
}

// await waits for the place's pace. The end of a run is not held up by it.
func (l *lease) await(ctx context.Context) error {
	for {
		l.turn.Lock()
		wait := l.pace.wait(l.b.clock.Steady())
		l.turn.Unlock()
		if wait == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-l.ctx.Done():
			return nil
		case <-l.hurry:
			return nil
		case <-time.After(wait):
		}
	}
}
