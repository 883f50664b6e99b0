package apply

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/words"
)

// lane is one account's part of a run. Its coordinator, work, is the only
// goroutine that decides what runs next; workers do one thing each and report
// back.
type lane struct {
	run     *run
	account *spec.Account
	api     API

	all      []*task           // every task, for the result
	queue    taskQueue         // to be begun
	terms    backend.Terms     // of the journal
	ready    []*task           // taken from the queue: their intents are on record, and a worker makes their calls
	writing  bool              // intents are being written down
	awaiting []*task           // open calls, to be reread when their waiting time is over
	blocked  map[*task][]*task // tasks that wait for another one's outcome
	busy     int               // workers under way
	undone   int               // tasks that have not ended
	quiet    time.Time         // when the last of the open calls is to be reread
	saidWait time.Time         // until when people know that the lane waits
	silent   time.Time         // until when nothing is written to the API
	asked    time.Time         // when it was last asked whether another run waits
	saidRest time.Time         // until when people know of that
	reading  bool              // a window is being reread
	breaker  breaker
	pace     pace        // guarded by the run's lock
	results  chan func() // what a worker found, to be done by the coordinator
}

func newLane(r *run, a *spec.Account) *lane {
	terms := r.Journal.Terms()
	return &lane{
		run: r, account: a, api: r.APIs[a.Name], blocked: map[*task][]*task{}, pace: pace{began: r.Now()}, results: make(chan func()),
		terms: terms, silent: terms.Acquired.Add(terms.Quiet),
	}
}

// prepare orders the queue and attaches the calls of earlier runs whose outcome
// is not known to the tasks of the same order. The waiting time of all of them
// begins now, in full: how long ago they were sent is only known by wall clocks,
// which may have been set meanwhile, or be another machine's.
func (l *lane) prepare(open []state.Intent) {
	slices.SortStableFunc(l.queue.tasks, func(a, b *task) int {
		return cmp.Or(cmp.Compare(plan.Phase(a.action), plan.Phase(b.action)), a.change.Created.Compare(b.change.Created))
	})
	l.all = slices.Clone(l.queue.tasks)
	if len(open) == 0 {
		return
	}
	began := l.run.Now()
	if l.terms.Settle > 0 {
		began = l.terms.Acquired
	}
	first := map[string]*task{}
	for _, t := range l.queue.tasks {
		if t.prev == nil {
			first[t.key.ID] = t
		}
	}
	for _, in := range open {
		t := first[in.ID]
		if t == nil {
			t = &task{action: in.Action, before: in.Before, after: in.After, key: in.Key, ref: in.Ref}
			l.all = append(l.all, t)
			l.awaiting = append(l.awaiting, t)
		}
		t.open, t.inherited = &in, !slices.Contains(l.run.Turns, in.RunID)
		t.found = l.run.foundAt(in.Ident(), began)
		l.rereadAt(t, t.found.Add(l.settle()))
	}
}

// rereadAt notes when the order of an open call is to be reread.
func (l *lane) rereadAt(t *task, at time.Time) {
	t.notBefore = at
	if at.After(l.quiet) {
		l.quiet = at
	}
}

// work runs the lane until nothing is left to do or the run is stopped.
func (l *lane) work() {
	for {
		stopped := l.run.soft.Err() != nil
		if !stopped && l.asks() {
			l.run.giveWay()
		}
		if l.run.over() {
			l.unsend(func(*task) bool { return true })
		}
		if !stopped {
			l.start()
		}
		if l.busy == 0 && !l.reading && !l.writing && (stopped || !l.waiting()) {
			return
		}
		l.wait(stopped)
	}
}

// waiting reports whether something will become ready with time.
func (l *lane) waiting() bool {
	return len(l.ready) > 0 || !l.run.leaves() && (len(l.awaiting) > 0 || l.queue.len() > 0)
}

// wait blocks until a worker reports, a call is to be reread, a pause is over, or
// the run is stopped.
func (l *lane) wait(stopped bool) {
	var timer <-chan time.Time
	soft := l.run.soft.Done()
	l.run.Journal.Busy(0)
	if stopped {
		soft = nil
	} else if pause, ok := l.pause(); ok {
		t := time.NewTimer(pause)
		defer t.Stop()
		timer = t.C
	}
	select {
	case report := <-l.results:
		report()
	case <-timer:
	case <-soft:
	}
}

// pause is for how long nothing has to be done, unless somebody reports.
func (l *lane) pause() (time.Duration, bool) {
	until, ok := l.nextTime()
	pause := max(0, until.Sub(l.run.Now()))
	if ok {
		l.emitWait(until)
		l.run.Journal.Busy(pause)
	}
	if ask := l.askPause(); l.hasWork() && !l.run.leaves() && (!ok || ask < pause) {
		return ask, true
	}
	return pause, ok
}

// nextTime is when the lane has to look again although nobody reported.
func (l *lane) nextTime() (time.Time, bool) {
	now := l.run.Now()
	if now.Before(l.breaker.until) {
		return l.breaker.until, true
	}
	var next time.Time
	switch {
	case now.Before(l.silent) && l.queue.len() > 0:
		next = l.silent
	case l.doubtful():
		next = now.Add(doubtPause)
	}
	for _, t := range l.awaiting {
		// one that is ready already waits for a free worker, not for time
		if t.notBefore.After(now) && (next.IsZero() || t.notBefore.Before(next)) {
			next = t.notBefore
		}
	}
	return next, !next.IsZero()
}

// emitWait says, once for each wait, that nothing is under way but time.
func (l *lane) emitWait(until time.Time) {
	now := l.run.Now()
	l.emitRest(now)
	if l.busy > 0 || len(l.awaiting) == 0 || !until.After(l.saidWait) || until.Sub(now) < time.Second || now.Before(l.breaker.until) {
		return
	}
	l.saidWait = l.awaiting[0].notBefore
	for _, t := range l.awaiting {
		if t.notBefore.After(l.saidWait) {
			l.saidWait = t.notBefore
		}
	}
	l.run.emit(Event{Type: Progress, Account: l.account.Name, Message: fmt.Sprintf(
		"waiting %s, until %s, then rereading the orders of calls without an answer (%d)", words.Duration(until.Sub(now)), l.clockTime(until), len(l.awaiting))})
}

// start begins as much as there are free workers for.
func (l *lane) start() {
	for l.busy < l.parallelism() && !l.run.over() && !l.run.Now().Before(l.breaker.until) {
		t := l.next()
		if t == nil {
			return
		}
		l.busy++
		go l.execute(t)
	}
}

// leastParallelism is how many calls may be under way at once, unless the run
// says how many.
const leastParallelism = 10

// parallelism is how many workers the lane may have: by default as many as the
// limit lets through in a second, so that answers which take that long hold
// nothing up. They are never so many that one waits for the others until what it
// read is old.
func (l *lane) parallelism() int {
	n := float64(l.run.Parallelism)
	if n == 0 {
		n = min(max(l.account.PerSecond, leastParallelism), godatafeed.MostAtOnce)
	}
	return int(max(1, min(n, l.account.PerSecond*beginning.Seconds())))
}

// next takes the task that is to run now, or nil: first calls that are
// to be reread, then the queue.
func (l *lane) next() *task {
	if t := l.due(); t != nil {
		return t
	}
	switch {
	case l.run.Now().Before(l.silent):
		return nil
	case l.terms.Window > 0:
		return l.nextWritten()
	}
	return l.take(beginning)
}

// due takes a call that is to be reread now, or nil.
func (l *lane) due() *task {
	now := l.run.Now()
	for i, t := range l.awaiting {
		if !t.notBefore.After(now) {
			l.awaiting = slices.Delete(l.awaiting, i, i+1)
			if t.action == order.Insert {
				t.along = l.dueInserts()
			}
			return t
		}
	}
	return nil
}

// take takes the next task that can be begun from the queue, or nil if there is none now. Reads
// that are too old to be of use for that long are made again before.
func (l *lane) take(within time.Duration) *task {
	now := l.run.Now()
	for !l.reading && l.queue.len() > 0 {
		t := l.queue.first()
		if t.open != nil && t.notBefore.After(now) {
			l.queue.drop()
			l.awaiting = append(l.awaiting, t)
			continue
		}
		if t.prev != nil && !t.prev.ended() {
			l.queue.drop()
			l.blocked[t.prev] = append(l.blocked[t.prev], t)
			continue
		}
		if t.prev != nil && !t.prev.succeeded() {
			l.queue.drop()
			l.finish(t, Skipped, "not sent, because its acknowledge did not succeed")
			continue
		}
		if !l.run.begin(t.change) {
			l.queue.drop()
			continue // left, as asked
		}
		if t.open == nil && !l.run.fresh(t, within) && t.windows < maxWindows {
			l.readWindow()
			return nil
		}
		l.queue.drop()
		return t
	}
	return nil
}

// maxWindows is how often a task is reread along with others. One that is
// still not begun in time is read singly, just before it is sent.
const maxWindows = 3

// finish ends a task and lets those go on that waited for it.
func (l *lane) finish(t *task, v ItemResult, message string) {
	t.end(v, message)
	typ := ChangeDone
	switch v {
	case Failed:
		typ = ChangeFailed
	case Skipped, HeldBack:
		typ = ChangeSkipped
	case Unknown:
		typ = ChangeUnknown
	}
	l.undone--
	l.run.emitEnd(l, t, typ)
	l.queue.putBack(l.blocked[t]...)
	delete(l.blocked, t)
}

// report hands a worker's findings to the coordinator.
func (l *lane) report(f func()) {
	l.results <- func() {
		l.busy--
		f()
	}
}

// later puts an open call aside for that long.
func (l *lane) later(t *task, pause time.Duration) {
	l.rereadAt(t, l.run.Now().Add(pause))
	l.awaiting = append(l.awaiting, t)
}

// countRereads counts calls that reread orders.
func (l *lane) countRereads(calls int) {
	l.run.count(func(r *Result) {
		r.Rereads += calls
		l.pace.count(l.run.Now(), calls)
	})
}

// read reads one order.
func (l *lane) read(ctx context.Context, id string) (order.Live, error) {
	l.countRereads(1)
	return l.api.GetOrder(ctx, id)
}
