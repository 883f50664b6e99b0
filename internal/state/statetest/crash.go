package statetest

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

var errEnded = errors.New("the process ended here")

// ending is a backend whose process ends before its nth write: that write and all
// later ones do not take place.
type ending struct {
	backend.Backend
	at, writes int
}

// step counts a write. It is called by one goroutine.
func (e *ending) step() error {
	if e.writes++; e.at > 0 && e.writes >= e.at {
		return errEnded
	}
	return nil
}

func (e *ending) Lock(ctx context.Context, req backend.Request) (backend.Lease, backend.Holder, error) {
	lease, previous, err := e.Backend.Lock(ctx, req)
	return endingLease{lease, e}, previous, err
}

type endingLease struct {
	backend.Lease
	e *ending
}

func (l endingLease) Create(p backend.Part) (backend.Records, error) {
	if err := l.e.step(); err != nil {
		return nil, err
	}
	r, err := l.Lease.Create(p)
	return endingRecords{r, l.e}, err
}

func (l endingLease) Append(p backend.Part) (disk.Writer, error) {
	if err := l.e.step(); err != nil {
		return nil, err
	}
	w, err := l.Lease.Append(p)
	return endingWriter{w, l.e}, err
}

func (l endingLease) Truncate(p backend.Part, size int64) error {
	return errors.Join(l.e.step(), l.unlessEnded(func() error { return l.Lease.Truncate(p, size) }))
}

func (l endingLease) Replace(p backend.Part, write func(io.Writer) error) error {
	if err := l.e.step(); err != nil {
		return err
	}
	return l.Lease.Replace(p, write)
}

func (l endingLease) Remove(p backend.Part) error {
	return errors.Join(l.e.step(), l.unlessEnded(func() error { return l.Lease.Remove(p) }))
}

func (l endingLease) unlessEnded(write func() error) error {
	if l.e.at > 0 && l.e.writes >= l.e.at {
		return nil
	}
	return write()
}

type endingWriter struct {
	disk.Writer
	e *ending
}

func (w endingWriter) Write(p []byte) (int, error) {
	if err := w.e.step(); err != nil {
		return 0, err
	}
	return w.Writer.Write(p)
}

func (w endingWriter) Sync() error {
	if err := w.e.step(); err != nil {
		return err
	}
	return w.Writer.Sync()
}

type endingRecords struct {
	backend.Records
	e *ending
}

func (r endingRecords) Write(p []byte) (int, error) { return endingWriter{r.Records, r.e}.Write(p) }
func (r endingRecords) Sync() error                 { return endingWriter{r.Records, r.e}.Sync() }

// told is what a run was told of its calls before its process ended.
type told struct {
	begun, done []int
}

// tell ships orders from first on, closes one, commits, and ships more.
func (o *told) tell(t *testing.T, s *state.Store, run string, first int) error {
	x, err := s.Lock(t.Context(), state.LockRequest{Operation: "apply"})
	if err != nil {
		return err
	}
	defer func() { _ = x.Close() }()
	if err := x.Begin(state.Run{ID: run, Command: "apply"}); err != nil {
		return err
	}
	for i := range 4 {
		n := first + i
		seq, err := x.Intend(shipping(n))
		if err != nil {
			return err
		}
		o.begun = append(o.begun, n)
		if i == 3 {
			break // its answer never comes
		}
		if err := x.RecordOutcome(state.IntentID{RunID: run, Seq: seq}, state.Outcome{Result: order.Done}); err != nil {
			return err
		}
		o.done = append(o.done, n)
		if i == 1 {
			closeOrder(x, n)
			if err := x.Commit(); err != nil {
				return err
			}
		}
	}
	return x.Commit()
}

// testCrashes ends a run at each of its writes, ends the next one at its third
// write too, and sees what a third one finds.
func testCrashes(t *testing.T, p Place) {
	for at, first := 1, 0; ; at, first = at+max(1, p.Stride), first+10 {
		e := &ending{Backend: p.Open(), at: at}
		var o told
		err := o.tell(t, storeOn(e), runName(first), first)
		again := &ending{Backend: p.Open(), at: 3}
		if x, err := storeOn(again).Lock(t.Context(), state.LockRequest{Operation: "apply"}); err == nil {
			_ = errors.Join(x.Commit(), x.Close())
		}
		x := p.lock(t)
		o.check(t, x.State(), at)
		for in := range x.State().OpenIntents() { // so that the next round begins with none
			must(t, x.RecordOutcome(in.Ident(), state.Outcome{Result: order.Refused, ReadBack: true}))
		}
		must(t, errors.Join(x.Commit(), x.Close()))
		p.checkOnce(t, at)
		if t.Failed() || err == nil {
			return
		}
	}
}

func runName(n int) string { return "run-" + key(n).ID }

func (o *told) check(t *testing.T, s *state.State, at int) {
	t.Helper()
	for _, n := range o.done {
		if !applied(s, n) {
			if c, ok := s.Closed(key(n)); !ok || len(c.Sent) != 1 {
				t.Errorf("ended at write %d: that order %d was shipped is lost", at, n)
			}
		}
	}
	for _, n := range o.begun {
		if s.Remembered(key(n)) == nil {
			t.Errorf("ended at write %d: the call for order %d is forgotten", at, n)
		}
	}
}

// checkOnce finds that no call is in the audit log twice with one result.
func (p Place) checkOnce(t *testing.T, at int) {
	t.Helper()
	type call struct {
		run    string
		seq    uint64
		result order.Result
	}
	seen := map[call]int{}
	for _, e := range p.entries(t, audit.Filter{}) {
		c := call{e.RunID, e.Seq, e.Result}
		if seen[c]++; seen[c] > 1 {
			t.Errorf("ended at write %d: %+v is in the audit log twice", at, c)
		}
	}
}
