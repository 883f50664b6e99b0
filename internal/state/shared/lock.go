package shared

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

func randomID() string { return rand.Text() }

// Lock implements backend.Backend.
func (b *Backend) Lock(ctx context.Context, req backend.Request) (backend.Lease, backend.Holder, error) {
	fresh, err := b.saveLeft(ctx, req.Warn)
	if err != nil {
		return nil, backend.Holder{}, err
	}
	w := b.waiter(req)
	w.fresh = fresh
	return w.wait(ctx)
}

// waiter waits for the lease.
type waiter struct {
	*Backend
	req   backend.Request
	lease time.Duration
	poll  time.Duration

	fresh   bool // the log was read a moment ago: the first look need not
	began   moment
	watched watched
	since   moment // when the answer came that showed what is watched
	free    bool   // the lease was free at the last look
	freed   moment // since when
	asked   bool
	told    string    // who people know has the lease
	toldAt  time.Time // since when
}

// watched is what a holder's lease is counted by: while it stays as it is, the holder
// says nothing.
type watched struct {
	last     sharedlog.Position
	timeline string
}

func (b *Backend) waiter(req backend.Request) *waiter {
	if req.Call <= 0 {
		req.Call = defaultCall
	}
	if req.Settle <= 0 {
		req.Settle = defaultSettle
	}
	return &waiter{Backend: b, req: req, lease: max(leaseTime, req.Call+margin+certainAtLeast), poll: pollTime}
}

func (w *waiter) wait(ctx context.Context) (backend.Lease, backend.Holder, error) {
	w.began = w.clock.moment()
	for first := true; ; first = false {
		if err := w.look(ctx); err != nil && (first || ctx.Err() != nil || !passing(err)) {
			return nil, backend.Holder{}, err
		} else if err == nil && w.may() {
			lease, previous, err := w.acquire(ctx)
			taken, elsewhere := (*sharedlog.TakenError)(nil), (*sharedlog.TimelineError)(nil)
			if err == nil || !errors.As(err, &taken) && !errors.As(err, &elsewhere) {
				return lease, previous, err
			}
			continue // somebody was first: look again
		}
		waited := w.clock.Steady().Sub(w.began.steady)
		if waited >= w.req.Wait {
			return nil, backend.Holder{}, &backend.LockedError{Path: w.place.String(), Holder: w.holder()}
		}
		if err := w.ask(ctx); err != nil {
			return nil, backend.Holder{}, err
		}
		select {
		case <-ctx.Done():
			return nil, backend.Holder{}, ctx.Err()
		case <-time.After(min(w.poll, w.req.Wait-waited)):
		}
	}
}

// passing reports whether an error of a look may be gone at the next one: what the
// log itself says does not pass.
func passing(err error) bool {
	for _, lasting := range []any{
		new(*sharedlog.RolledBackError), new(*sharedlog.DamagedError), new(*sharedlog.NewerError), new(*sharedlog.RefusedError),
		new(*WrongLineageError), new(*backend.MovedError),
	} {
		if errors.As(err, lasting) {
			return false
		}
	}
	return true
}

// look reads the log and notes since when it has been as it is.
func (w *waiter) look(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.fresh || w.view == nil {
		if err := w.pullLocked(ctx); err != nil {
			return err
		}
	}
	w.fresh = false
	now := w.clock.moment() // after the answer
	if is := (watched{w.view.last, w.view.timeline}); is != w.watched {
		w.watched, w.since = is, now
		w.tellLocked()
	}
	if w.clock.least(w.since) < 0 { // the wall clock was set back: nothing is known of what passed
		w.since = now
	}
	free := !w.view.held()
	if free && !w.free {
		w.freed = now
	}
	w.free = free
	return nil
}

// takesOver is how long the holder must say nothing.
func (w *waiter) takesOver() time.Duration { return max(w.lease, w.view.fold.lease()) }

// may reports whether the lease may be acquired behind what was read.
func (w *waiter) may() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.free {
		return w.clock.least(w.since) >= w.takesOver()
	}
	yields := w.req.Wait > 0 && w.view.before(w.req.Holder.ID, w.req.Calls)
	return !yields || w.clock.Steady().Sub(w.freed.steady) >= yieldTime
}

func (w *waiter) holder() backend.Holder {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.view == nil {
		return backend.Holder{}
	}
	return backend.Holder(w.view.fold.Holder)
}

// tellLocked says who holds the lease, and until when at most: of another holder at once,
// and of a later time now and then. A holder that works writes every few seconds.
func (w *waiter) tellLocked() {
	if w.req.Waiting == nil || !w.view.held() || w.req.Wait <= 0 {
		return
	}
	now := w.clock.Steady()
	if w.told == w.view.fold.Holder.ID && now.Sub(w.toldAt) < tellTime {
		return
	}
	w.told, w.toldAt = w.view.fold.Holder.ID, now
	w.req.Waiting(backend.Waiting{
		Holder: backend.Holder(w.view.fold.Holder), Until: w.clock.Wall().Add(w.takesOver() - w.clock.least(w.since)),
	})
}

// ask records, once, that somebody waits. It takes nothing from the holder: where it
// can't be recorded, the holder is not asked.
func (w *waiter) ask(ctx context.Context) error {
	if w.asked || w.req.Wait < pollTime {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.view == nil || !w.view.held() {
		return nil
	}
	by := sharedlog.Writer(w.req.Holder)
	err := w.appendLocked(ctx, &sharedlog.Record{Kind: sharedlog.Want, By: &by, Calls: w.req.Calls})
	w.asked = err == nil
	return ctx.Err()
}

// appendLocked appends a record that is not the holder's, behind what was read: where
// the state is live alone, also when a reading before this one has said that it is not.
func (b *Backend) appendLocked(ctx context.Context, r *sharedlog.Record) error {
	if err := b.liveLocked(); err != nil {
		return err
	}
	r.At, r.Timeline = b.clock.Wall().UTC(), b.view.timeline
	at, err := b.log.Append(ctx, b.view.at, r)
	if err != nil {
		return err
	}
	if err := b.view.take(b.place.String(), []sharedlog.Entry{{Record: r, Position: at}}); err != nil {
		return err
	}
	_ = b.rememberLocked() // the record is in the log all the same
	return nil
}

// lag is how late reads can show calls of which the log says nothing, because its last
// records are lost or can be; 0 where none are.
func (w *waiter) lag() time.Duration {
	switch {
	case w.opts.Recovering:
		return w.opts.ReadLag
	case w.view.timeline != w.view.Timeline:
		return w.req.Lag
	}
	return 0
}

// acquire appends an acquire behind what was read.
func (w *waiter) acquire(ctx context.Context) (backend.Lease, backend.Holder, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	quiet, left := w.view.quiet(w.view.timeline, w.lease, w.req.Settle), int64(0)
	if lag := w.lag(); lag > 0 {
		quiet = max(quiet, w.view.recovered(w.lease, max(w.req.Settle, lag)))
		left = quiet.Milliseconds()
	}
	var previous backend.Holder
	if w.view.Epoch > 0 && w.view.Ended != released {
		previous = backend.Holder(w.view.fold.Holder)
	}
	by := sharedlog.Writer(w.req.Holder)
	began := w.clock.moment()
	err := w.appendLocked(ctx, &sharedlog.Record{Kind: sharedlog.Acquire, By: &by, LeftMS: left, Terms: &sharedlog.Terms{
		LeaseMS: w.lease.Milliseconds(), CallMS: w.req.Call.Milliseconds(), SettleMS: w.req.Settle.Milliseconds(),
	}})
	if err != nil {
		return nil, backend.Holder{}, err
	}
	l := newLease(w, began, quiet)
	if err := w.copyLocked(ctx); err != nil {
		w.mu.Unlock()
		err = errors.Join(err, l.Release())
		w.mu.Lock()
		return nil, backend.Holder{}, err
	}
	w.view.arrived = 0
	return l, previous, nil
}

// Break implements backend.Backend: it ends an epoch from outside. The holder's next
// append loses.
func (b *Backend) Break(ctx context.Context, by backend.Holder, only, reason string) (backend.Holder, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for {
		if err := b.pullLocked(ctx); err != nil {
			return backend.Holder{}, err
		}
		if !b.view.held() {
			return backend.Holder{}, nil
		}
		was := backend.Holder(b.view.fold.Holder)
		if only != "" && only != was.ID {
			return backend.Holder{}, &backend.LockedError{Path: b.place.String(), Holder: was}
		}
		writer := sharedlog.Writer(by)
		err := b.appendLocked(ctx, &sharedlog.Record{Kind: sharedlog.Break, By: &writer, Reason: reason})
		taken := (*sharedlog.TakenError)(nil)
		if !errors.As(err, &taken) {
			return was, err
		}
	}
}
