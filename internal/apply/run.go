package apply

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/jsonformat"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// API is what Run needs of one account's client. A write makes one attempt: it
// waits for room under the call limit, calls before, and sends only if that
// returned nil. godatafeed.OutcomeOf says what an error means for its effect.
type API interface {
	plan.Reader
	Ship(ctx context.Context, id string, s godatafeed.Shipment, before godatafeed.BeforeSend) error
	Cancel(ctx context.Context, id string, before godatafeed.BeforeSend) error
	Acknowledge(ctx context.Context, id, number string, before godatafeed.BeforeSend) error
	Insert(ctx context.Context, body []byte, before godatafeed.BeforeSend) error
}

// Journal is where a run's intents and outcomes are made durable. What it
// returns without error is on disk.
type Journal interface {
	State() *state.State
	Intend(state.Intent) (seq uint64, err error)
	// IntendWindow writes down several calls ahead of their turns, where Terms ask for
	// that. One that comes back without a number must not be sent.
	IntendWindow([]state.Intent) ([]state.Intent, error)
	RecordOutcome(id state.IntentID, out state.Outcome) error
	// Pull remembers a parcel that must not be handed over.
	Pull(k state.Key, ref order.Ref, parcel order.Parcel, at time.Time) (fresh bool)
	// Held returns an error if nothing may be sent now. It answers at once.
	Held() error
	// Terms are what the run keeps to; they don't change.
	Terms() backend.Terms
	// Busy says that the run does something, or waits for that long.
	Busy(wait time.Duration)
	// Wanted reports whether the run is to end soon, because another one waits.
	Wanted() bool
}

// Options are one run.
type Options struct {
	Plan     *plan.Plan
	Passed   []Passed // changes that are not in Plan any more
	Accounts []*spec.Account
	APIs     map[string]API // by account name
	Journal  Journal
	RunID    string
	Turns    []string                     // run IDs of the turns before this one: their open calls are this process's own
	Found    map[state.IntentID]time.Time // as the turn before this one returned it
	Policy   spec.Policy                  // its rules are evaluated again before each change
	Learned  plan.Learned
	// Body reads what an insert sends, when it is sent: nothing before that holds it. The
	// error is a *RowError if it is not what was planned. Nil where the plan inserts nothing.
	Body func(context.Context, *plan.Change) ([]byte, error)

	Parallelism int           // calls of one account under way at once; 0: see lane.parallelism
	First       int           // begin only this many changes; 0 for all
	MaxFailures int           // stop after this many; each lane can add what it has under way; 0 for no limit
	Deadline    time.Duration // stop sending after this; 0 for none
	Grace       time.Duration // how long calls under way may take to end after an interrupt; default 8 s, half of it where the journal is far away

	Now    func() time.Time
	Wall   func() time.Time // the wall clock, for tests in which it goes another way than Now; nil: Now
	Events func(Event)      // called by one goroutine at a time; may be nil
}

// CI runners kill ten seconds after their first signal.
const defaultGrace = 8 * time.Second

// Run executes the plan until everything had its turn or ctx is done. Then
// nothing more is sent, and what is under way has the grace period to end. The
// Result says how each action ended; an error means that the run could not go
// on, mostly because an outcome could not be written to disk, and comes with
// the Result of what happened before.
func Run(ctx context.Context, o Options) (*Result, error) {
	if o.Grace <= 0 {
		o.Grace = defaultGrace
		if o.Journal.Terms().Lossy { // what ended is to be recorded far away, in what is left
			o.Grace /= 2
		}
	}
	if o.Events == nil {
		o.Events = func(Event) {}
	}
	if o.Wall == nil {
		o.Wall = o.Now
	}
	r := &run{Options: o, clock: clock{o.Now, o.Wall}, result: &Result{Counts: map[ItemResult]int{}}, lastProgress: o.Now(), outlooks: map[*lane]outlook{}}
	ctx = godatafeed.OnWait(ctx, func(w godatafeed.Wait) {
		r.emit(Event{Type: Progress, Account: w.Account, Message: w.String()})
	})
	var stop context.CancelFunc
	r.soft, stop = context.WithCancel(ctx)
	defer stop()
	r.stop = stop
	if o.Deadline > 0 {
		timer := time.AfterFunc(o.Deadline, func() { r.halt(deadlineReached) })
		defer timer.Stop()
	}
	hard, abort := context.WithCancel(context.WithoutCancel(ctx))
	defer abort()
	r.hard = hard
	r.gone, r.leave = context.WithCancel(context.Background())
	defer r.leave()
	release := context.AfterFunc(r.soft, func() { time.AfterFunc(o.Grace, abort) })
	defer release()

	r.began = r.moment()
	lanes := r.lanes()
	r.countPassed()
	r.emit(Event{Type: ApplyStart, Format: jsonformat.Version})
	r.pass()
	var wg sync.WaitGroup
	for _, l := range lanes {
		wg.Go(l.work)
	}
	wg.Wait()
	r.result.Interrupted = ctx.Err() != nil
	r.result.Events, r.result.Done, r.result.Total = r.seq, r.done, r.total
	for _, l := range lanes {
		r.collect(l)
	}
	r.result.Found = r.Found
	r.result.GaveWay = r.result.Undone > 0 || len(r.result.Unsettled) > 0
	slices.SortFunc(r.result.Items, func(a, b Item) int {
		return cmp.Or(cmp.Compare(a.Result, b.Result), cmp.Compare(a.Address, b.Address))
	})
	return r.result, r.fatal
}

// run is shared by the lanes.
type run struct {
	Options
	clock
	began moment
	soft  context.Context // done: send nothing more
	hard  context.Context // done: abandon what is under way
	stop  context.CancelFunc
	gone  context.Context // done: another run waits, and what is not sent yet is not sent
	leave context.CancelFunc

	mu           sync.Mutex // guards everything below
	result       *Result
	fatal        error
	seq          int
	total        int
	done, failed int
	begun        map[*plan.Change]bool
	lastProgress time.Time
	lastDone     int
	looked       int // at orders whose change was refused
	outlooks     map[*lane]outlook
	givesWay     bool // another run waits: nothing more is taken up
}

// lanes makes one lane for each account that has something to do.
func (r *run) lanes() []*lane {
	byAccount := map[string]*lane{}
	var lanes []*lane
	for _, a := range r.Accounts {
		l := newLane(r, a)
		byAccount[a.Name] = l
		lanes = append(lanes, l)
	}
	for i := range r.Plan.Changes {
		c := &r.Plan.Changes[i]
		l := byAccount[c.Account]
		l.queue.tasks = append(l.queue.tasks, tasksOf(c, state.Key{Endpoint: l.account.Endpoint, Account: c.Account, ID: c.Order.ID})...)
	}
	open := openCalls(lanes, r.Journal.State())
	r.begun = map[*plan.Change]bool{}
	for _, l := range lanes {
		l.prepare(open[l])
		l.undone = len(l.all)
		r.total += l.queue.len()
	}
	return lanes
}

// openCalls gives each call of earlier runs whose outcome is not known to the
// lane that finds out: the one that changes the order now, or that of the call's
// account. The account can have another name by now, and its old name can be
// another account's.
func openCalls(lanes []*lane, st *state.State) map[*lane][]state.Intent {
	calls := slices.Collect(st.OpenIntents())
	if len(calls) == 0 {
		return nil
	}
	by := map[state.Key]*lane{} // of a lane, and of an order whatever its account
	for _, l := range lanes {
		by[state.Key{Endpoint: l.account.Endpoint, Account: l.account.Name}] = l
		for _, t := range l.queue.tasks {
			by[state.Key{Endpoint: l.account.Endpoint, ID: t.key.ID}] = l
		}
	}
	open := map[*lane][]state.Intent{}
	for _, in := range calls {
		l := by[state.Key{Endpoint: in.Endpoint, ID: in.ID}]
		if l == nil {
			l = by[state.Key{Endpoint: in.Endpoint, Account: in.Account}]
		}
		if l != nil {
			open[l] = append(open[l], in)
		}
	}
	return open
}

// begin reports whether a change may begin. Under First, only so many may;
// what has begun goes on to its end.
func (r *run) begin(c *plan.Change) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c == nil || r.begun[c] {
		return true
	}
	if r.First > 0 && len(r.begun) >= r.First {
		r.result.Canary = true
		return false
	}
	r.begun[c] = true
	return true
}

// halt ends the run early for a reason of its own.
func (r *run) halt(why string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.haltLocked(why)
}

func (r *run) haltLocked(why string) {
	if r.result.Stopped == "" {
		r.result.Stopped = why
	}
	r.stop()
}

const deadlineReached = "the deadline was reached"

// overdue ends the run if its deadline has passed. The deadline's timer stands
// still while the machine sleeps, and a stopped process may come to a call first.
func (r *run) overdue() bool {
	if r.Deadline <= 0 || r.age(r.began) < r.Deadline {
		return false
	}
	r.halt(deadlineReached)
	return true
}

// fail ends the run because it can't go on safely.
func (r *run) fail(err error) {
	r.mu.Lock()
	if r.fatal == nil {
		r.fatal = err
	}
	r.mu.Unlock()
	r.halt(err.Error())
}

func (r *run) count(f func(*Result)) {
	r.mu.Lock()
	f(r.result)
	r.mu.Unlock()
}

func (r *run) emit(e Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sendLocked(e)
}

// sendLocked numbers an event and hands it on, under the lock, so that events arrive
// one at a time and in order.
func (r *run) sendLocked(e Event) {
	r.seq++
	now := r.Now()
	rate, left := r.outlookLocked(now)
	e.PerSecond, e.ETASeconds = math.Round(rate*10)/10, int(left.Round(time.Second)/time.Second)
	e.At, e.RunID, e.Seq, e.Done, e.Failed, e.Total = now.UTC().Truncate(time.Second), r.RunID, r.seq, r.done, r.failed, r.total
	r.Events(e)
}

// emitEnd reports the end of a lane's task, and now and then the progress of the
// whole.
func (r *run) emitEnd(l *lane, t *task, typ EventType) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.Now()
	l.pace.count(now, 1)
	if o, ok := l.outlookLocked(now); ok {
		r.outlooks[l] = o
	} else {
		delete(r.outlooks, l)
	}
	if t.change != nil {
		r.done++
	}
	if t.change != nil && typ == ChangeFailed {
		// Counted and stopped under one lock, before the lane can begin another
		// call: only what is under way already can fail beyond the limit.
		r.failed++
		if r.MaxFailures > 0 && r.failed >= r.MaxFailures {
			r.haltLocked("too many changes failed")
		}
	}
	ref := t.ref
	r.sendLocked(Event{Type: typ, Account: t.key.Account, Address: t.address(), Order: &ref, Action: t.action, Result: string(t.result), Message: t.message})
	if now.Sub(r.lastProgress) >= progressEvery || r.done-r.lastDone >= max(r.total/progressSteps, progressLeast) {
		r.lastProgress, r.lastDone = now, r.done
		r.sendLocked(Event{Type: Progress})
	}
}

const (
	progressEvery = 30 * time.Second
	progressSteps = 20 // a line for each twentieth …
	progressLeast = 10 // … unless that is less than this many actions
)

func (r *run) collect(l *lane) {
	goesOn := r.givesWay && r.soft.Err() == nil
	for _, t := range l.all {
		left := !t.ended()
		if left {
			t.end(NotReached, "")
			if t.open != nil {
				t.end(Unknown, l.endedBefore(t))
			}
		}
		if left && goesOn && t.change != nil {
			r.result.Undone++
		}
		if left && t.change != nil && (t.result == NotReached || goesOn) {
			if n := len(r.result.Left); n == 0 || r.result.Left[n-1] != t.change {
				r.result.Left = append(r.result.Left, t.change)
			}
		}
		if left && goesOn && t.result == Unknown {
			r.result.Unsettled = append(r.result.Unsettled, t.item())
			l.keepFound(t)
			continue
		}
		r.result.Counts[t.result]++
		switch t.result {
		case NotReached:
		case Applied, Confirmed, AsWanted:
		default:
			r.result.Items = append(r.result.Items, t.item())
		}
	}
}
