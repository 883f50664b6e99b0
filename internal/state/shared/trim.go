package shared

import (
	"context"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

const (
	// keepTime is how long records stay that no reader needs to begin with, and values
	// that nothing names.
	keepTime = 7 * 24 * time.Hour
	// sweepTime is between two looks for such values.
	sweepTime = 24 * time.Hour
	// trimTime is how long the end of a short run is held up by it.
	trimTime = 3 * time.Second
)

// trimOnce trims once in a lease, while it goes on: it is nobody's business but the
// holder's.
func (l *lease) trimOnce() {
	l.mu.Lock()
	begun := l.trimmed || l.ended
	l.trimmed = true
	l.mu.Unlock()
	if !begun {
		ctx, cancel := context.WithCancel(l.last)
		context.AfterFunc(l.ctx, func() { time.AfterFunc(trimTime, cancel) })
		l.tasks.Go(func() {
			defer cancel()
			_ = l.trim(ctx) // what is left is the next holder's
		})
	}
}

// trim removes the records before a snapshot that is older than all that is kept: the
// last two snapshots, all since the older one, and everything younger than a week.
func (l *lease) trim(ctx context.Context) error {
	before := l.trimsBefore()
	if before > 0 {
		if err := l.b.place.Trim(ctx, before); err != nil {
			return err
		}
		l.b.mu.Lock()
		if v := l.b.view; v != nil {
			v.Snapshots = slices.DeleteFunc(slices.Clone(v.Snapshots), func(s snapshot) bool { return s.N < before })
		}
		l.b.mu.Unlock()
	}
	return l.sweep(ctx)
}

// trimsBefore is the number of the first record that is kept, 0 if nothing is to be
// trimmed.
func (l *lease) trimsBefore() int64 {
	l.b.mu.Lock()
	defer l.b.mu.Unlock()
	v := l.b.view
	if v == nil || len(v.Snapshots) < 3 {
		return 0
	}
	old := l.b.clock.Wall().Add(-keepTime)
	var before int64
	for i, s := range v.Snapshots[:len(v.Snapshots)-1] {
		if i > 0 && s.At.Before(old) { // everything before it is older still
			before = s.N
		}
	}
	return before
}

// sweep removes the values that nothing names and that are old.
func (l *lease) sweep(ctx context.Context) error {
	now := l.b.clock.Wall()
	l.b.mu.Lock()
	v := l.b.view
	due := v != nil && len(v.Snapshots) > 1 && now.Sub(v.Swept) >= sweepTime
	var older int64
	if due {
		older = v.Snapshots[0].N
	}
	l.b.mu.Unlock()
	if !due {
		return nil
	}
	entries, _, err := l.b.log.From(ctx, older)
	if err != nil {
		return err
	}
	named := namedBy(entries)
	if err := l.b.place.Sweep(ctx, func(hash string) bool { return named[hash] }, now.Add(-keepTime)); err != nil {
		return err
	}
	l.b.mu.Lock()
	defer l.b.mu.Unlock()
	if v := l.b.view; v != nil {
		v.Swept = now.UTC() // the next snapshot says so
	}
	l.b.values.forget(named)
	return nil
}

// namedBy are the values that records name.
func namedBy(entries []sharedlog.Entry) map[string]bool {
	named := map[string]bool{}
	note := func(values []sharedlog.Value) {
		for _, v := range values {
			named[v.Hash] = true
		}
	}
	for _, e := range entries {
		for _, c := range e.Content {
			note(c.Values)
		}
		for i := range e.Changes {
			note(e.Changes[i].Values)
		}
	}
	return named
}
