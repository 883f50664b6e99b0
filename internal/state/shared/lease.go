package shared

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// lease is the right to write, as an epoch of the log.
type lease struct {
	b        *Backend
	epoch    int64
	holder   sharedlog.Writer
	timeline string
	lasts    time.Duration // as its acquire says
	certain  time.Duration // since it began its last append
	terms    backend.Terms
	acquired moment
	reason   string // of what people change

	ctx     context.Context // ends with the lease
	cancel  context.CancelFunc
	last    context.Context // of what is under way: ends a while after the lease
	abort   context.CancelFunc
	cutOff  context.CancelCauseFunc // abort, and why
	hurry   chan struct{}           // closed when nothing may wait any more that can do without
	hurried sync.Once
	tasks   sync.WaitGroup // renewing, recording and trimming

	turn  gate // one append of this holder at a time; guards the two below
	pace  pace
	doubt *doubt

	saving gate            // held while parts are changed, until that is recorded
	fresh  map[string]bool // values that were put since the last snapshot; guarded by b.mu

	mu      sync.Mutex // guards what follows
	began   moment     // the last append that succeeded
	lost    error      // why nothing may be written any more
	ended   bool       // it was released, or that was tried
	busy    time.Time  // until when it is renewed
	batch   *batch     // what Together does; nil outside
	records *records   // of the journal under way
	dirty   bool       // the working copies hold what the log does not
	trimmed bool       // trimming was begun
}

// newLease begins the epoch whose acquire is the last record of the view.
func newLease(w *waiter, began moment, quiet time.Duration) *lease {
	v := w.view
	acquired := w.clock.moment()
	now := acquired.steady
	l := &lease{
		b: w.Backend, epoch: v.Epoch, holder: v.fold.Holder, timeline: v.Timeline, lasts: w.lease, certain: w.lease - w.req.Call - margin,
		terms: backend.Terms{
			Window: 64, Span: windowSpan, Patience: windowPatience,
			Acquired: now, Quiet: quiet, Settle: milliseconds(v.SettleMS), Lossy: true,
		},
		turn: newGate(), saving: newGate(), acquired: acquired, reason: w.req.Reason, began: began, fresh: map[string]bool{}, hurry: make(chan struct{}),
	}
	l.busy = now.Add(l.terms.Quiet + l.terms.Settle + idleTime)
	l.pace = pace{every: hastenPace(w.place.Pace())}
	l.last, l.cutOff = context.WithCancelCause(context.Background())
	l.abort = func() { l.cutOff(errReleased) }
	l.ctx, l.cancel = context.WithCancel(l.last)
	l.tasks.Go(l.renew)
	return l
}

// Terms implements backend.Lease.
func (l *lease) Terms() backend.Terms { return l.terms }

// errReleased says that a lease was given back, or that this was tried.
var errReleased = errors.New("the lease on the state was released")

// Held implements backend.Lease. It is the last thing that is asked before bytes go to
// the API, so it waits for nothing.
func (l *lease) Held() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.lost != nil:
		return l.lost
	case l.ended:
		return errReleased
	case l.b.log.Unclear():
		return l.uncertain("its last record had no answer yet")
	}
	if age := l.b.clock.most(l.began); age >= l.certain {
		return l.uncertain(fmt.Sprintf("its last record is %s old", age.Truncate(time.Second)))
	}
	return nil
}

func (l *lease) uncertain(reason string) error {
	return &backend.UncertainError{Path: l.b.place.String(), Reason: reason}
}

// gone returns an error if nothing more can be appended.
func (l *lease) gone() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lost
}

// lose notes that the lease is lost, and returns the error that says so.
func (l *lease) lose(e *backend.FencedError) error {
	e.Path = l.b.place.String()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lost == nil {
		l.lost, l.dirty = e, true
	}
	return l.lost
}

// Busy implements backend.Lease.
func (l *lease) Busy(wait time.Duration) {
	until := l.b.clock.Steady().Add(wait + idleTime)
	l.mu.Lock()
	defer l.mu.Unlock()
	if until.After(l.busy) {
		l.busy = until
	}
}

// Wanted implements backend.Lease.
func (l *lease) Wanted() bool {
	if l.b.clock.Steady().Sub(l.terms.Acquired) < wantedAfter {
		return false
	}
	l.b.mu.Lock()
	defer l.b.mu.Unlock()
	return l.b.view != nil && l.b.view.wanted(l.holder.ID)
}

// renew appends a record where none came for a while, as long as the holder works or
// waits.
func (l *lease) renew() {
	for {
		select {
		case <-l.ctx.Done():
			return
		case <-time.After(l.untilRenewal()):
		}
		if l.untilRenewal() > 0 || l.idle() {
			continue
		}
		ctx, cancel := l.bounded()
		err := l.append(ctx, func() (*sharedlog.Record, error) { return &sharedlog.Record{Kind: sharedlog.Renew}, nil }, nil)
		cancel()
		if l.gone() != nil {
			return
		}
		if err != nil { // it is said by what is written next
			l.rest(pollTime)
		}
	}
}

// bounded bounds one append: after a lease without an answer another one can have
// taken over.
func (l *lease) bounded() (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(l.last, l.lasts, errNoAnswer)
}

var (
	errNoAnswer = errors.New("no answer came for as long as the lease lasts")
	errInTime   = errors.New("no answer came before the run had to end")
)

// caused is the error of what ended with its context: why that ended, where it did.
func caused(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// EndWithin implements backend.Lease.
func (l *lease) EndWithin(d time.Duration) {
	l.hurried.Do(func() {
		close(l.hurry)
		timer := time.AfterFunc(d, func() { l.cutOff(errInTime) })
		context.AfterFunc(l.last, func() { timer.Stop() })
	})
}

// rest waits, unless the lease ends.
func (l *lease) rest(d time.Duration) {
	select {
	case <-l.ctx.Done():
	case <-time.After(d):
	}
}

func (l *lease) untilRenewal() time.Duration {
	l.mu.Lock()
	began := l.began
	l.mu.Unlock()
	left := renewTime - l.b.clock.most(began)
	if left <= 0 && l.idle() {
		return renewTime
	}
	return left
}

func (l *lease) idle() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.clock.Steady().After(l.busy)
}

// Release implements backend.Lease. From its first moment on nothing may be sent,
// whatever becomes of the record.
func (l *lease) Release() error {
	l.mu.Lock()
	if l.ended {
		l.mu.Unlock()
		return nil
	}
	l.ended = true
	l.mu.Unlock()
	l.cancel()
	defer time.AfterFunc(endTime, func() { l.cutOff(errInTime) }).Stop()
	defer l.abort()
	l.tasks.Wait()
	err := l.end(l.last)
	l.b.mu.Lock()
	defer l.b.mu.Unlock()
	if l.dirty || err != nil {
		l.b.view = nil // read again by who asks
	}
	return err
}

// end records what is left to record, and gives the lease back.
func (l *lease) end(ctx context.Context) error {
	err := l.gone()
	if err == nil {
		err = l.records.flush(ctx, false)
	}
	if err == nil {
		err = l.append(ctx, func() (*sharedlog.Record, error) {
			left := l.terms.Quiet - l.b.clock.least(l.acquired)
			return &sharedlog.Record{Kind: sharedlog.Release, LeftMS: max(left, 0).Milliseconds()}, nil
		}, nil)
	}
	if l.gone() != nil {
		return l.saveLate(ctx)
	}
	if err != nil {
		err = fmt.Errorf("that this run gave the state back could not be recorded, and others wait for it for up to %s: %w", l.lasts, err)
	}
	return errors.Join(err, l.records.forget())
}

// pace is how often lines are appended: a few at once, and then at the place's pace.
type pace struct {
	every time.Duration
	next  time.Time // when the bucket is full again, counted back by its size
}

// burst is how many appends may follow one another without a pause.
const burst = 3

// wait is how long the next append has to wait.
func (p *pace) wait(now time.Time) time.Duration {
	return max(0, p.next.Add(-(burst-1)*p.every).Sub(now))
}

// took notes an append.
func (p *pace) took(now time.Time) {
	if p.next.Before(now) {
		p.next = now
	}
	p.next = p.next.Add(p.every)
}
