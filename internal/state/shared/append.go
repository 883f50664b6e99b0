package shared

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// append appends a record of the holder. One that loses only to who waits, or to
// outcomes of former holders, is made again behind them: build makes it for the end of
// the log as it is then. Losing to anything else is losing the lease. done is called
// when the record is in the log, be it found out only by a later append; it can be nil.
func (l *lease) append(ctx context.Context, build func() (*sharedlog.Record, error), done func() error) error {
	l.turn.Lock()
	defer l.turn.Unlock()
	if err := l.settle(ctx); err != nil {
		return err
	}
	for {
		if err := l.gone(); err != nil {
			return err
		}
		began := l.b.clock.moment()
		l.b.mu.Lock()
		r, prev, err := l.buildLocked(build)
		l.b.mu.Unlock()
		if err != nil {
			return err
		}
		r.Epoch, r.Timeline, r.At = l.epoch, l.timeline, l.b.clock.Wall().UTC()
		at, err := l.b.log.Append(ctx, prev, r)
		l.pace.took(l.b.clock.Steady())
		taken, elsewhere, unclear := (*sharedlog.TakenError)(nil), (*sharedlog.TimelineError)(nil), (*sharedlog.UnclearError)(nil)
		switch {
		case err == nil:
			return l.appended(&doubt{r, began, done}, at)
		case errors.As(err, &unclear):
			l.doubt = &doubt{r, began, done}
			return err
		case errors.As(err, &taken):
			if err := l.readOthers(ctx); err != nil {
				return err
			}
		case errors.As(err, &elsewhere):
			return l.lose(&backend.FencedError{Reason: elsewhere.Error()})
		default:
			return err
		}
	}
}

// buildLocked makes a record for the end of the log as it was read. Whatever reads the
// log meanwhile can have read that the lease is lost.
func (l *lease) buildLocked(build func() (*sharedlog.Record, error)) (*sharedlog.Record, sharedlog.Position, error) {
	v := l.b.view
	switch {
	case v == nil:
		return nil, sharedlog.Position{}, fmt.Errorf("%s could not be read", l.b.place)
	case v.Epoch != l.epoch:
		return nil, v.at, l.lose(&backend.FencedError{Holder: backend.Holder(v.fold.Holder)})
	case !v.held():
		return nil, v.at, l.lose(&backend.FencedError{Holder: backend.Holder(v.Breaker)})
	case v.timeline != l.timeline:
		return nil, v.at, l.lose(l.failedOver(v.timeline))
	}
	r, err := build()
	return r, v.at, err
}

func (l *lease) failedOver(to string) *backend.FencedError {
	return &backend.FencedError{Reason: (&sharedlog.TimelineError{Place: l.b.place.String(), Was: l.timeline, Is: to}).Error()}
}

// doubt is an append of which it is not known whether the record is in the log.
type doubt struct {
	r     *sharedlog.Record
	began moment
	done  func() error
}

// settle finds out what became of an append that was unclear.
func (l *lease) settle(ctx context.Context) error {
	if l.doubt == nil {
		return nil
	}
	at, appended, err := l.b.log.Settle(ctx)
	if err != nil {
		return err
	}
	was := l.doubt
	l.doubt = nil
	if !appended {
		return nil
	}
	return l.appended(was, at)
}

// appended notes what was appended.
func (l *lease) appended(a *doubt, at sharedlog.Position) error {
	l.mu.Lock()
	l.began = a.began
	l.mu.Unlock()
	size := 0
	for i := range a.r.Changes {
		size += len(a.r.Changes[i].Text)
	}
	l.b.mu.Lock()
	defer l.b.mu.Unlock()
	if err := l.b.view.note(l.b.place.String(), sharedlog.Entry{Record: a.r, Position: at, Size: size}); err != nil {
		return err
	}
	if a.r.Kind == sharedlog.Snapshot {
		l.b.view.nameValues(a.r.Content)
		clear(l.fresh)
	}
	_ = l.b.rememberLocked() // the record is in the log all the same
	if a.done == nil {
		return nil
	}
	return a.done()
}

// readOthers reads what came first, and finds out whether the lease is lost by it.
func (l *lease) readOthers(ctx context.Context) error {
	for {
		err := l.readOthersOnce(ctx)
		if err == nil || l.gone() != nil || ctx.Err() != nil || !passing(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(time.Second):
		}
	}
}

func (l *lease) readOthersOnce(ctx context.Context) error {
	b := l.b
	b.mu.Lock()
	defer b.mu.Unlock()
	entries, timeline, err := b.log.Since(ctx, b.view.at)
	rolledBack := (*sharedlog.RolledBackError)(nil)
	switch {
	case errors.Is(err, sharedlog.ErrTrimmed):
		return l.lose(&backend.FencedError{Reason: "another run trimmed the log"})
	case errors.As(err, &rolledBack):
		return l.lose(&backend.FencedError{Reason: rolledBack.Error()})
	case err != nil:
		return err
	case timeline != l.timeline:
		return l.lose(l.failedOver(timeline))
	}
	var by *sharedlog.Writer
	for _, e := range entries {
		if !e.Kind.OfNoLease() {
			by = e.By
			if by == nil {
				by = &sharedlog.Writer{}
			}
		}
	}
	if by != nil {
		return l.lose(&backend.FencedError{Holder: backend.Holder(*by)})
	}
	if err := b.view.take(b.place.String(), entries); err != nil {
		return err
	}
	return b.view.copy(ctx, b.values)
}
