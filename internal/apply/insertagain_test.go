package apply_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/state"
)

// unknownInsert is a world with an insert whose outcome stayed unknown, since its call
// never arrived, and whose order is asked for again now.
func unknownInsert(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, 1, sandbox.Options{Faults: []sandbox.Fault{{Op: sandbox.OpInsert, Kind: sandbox.FaultCutBefore, Nth: 1}}}, account("")+insertAll(nil, 0, 0))
	insertAll(w, 0, 1)
	if r, err := w.apply(t.Context()); err != nil || len(unknownOf(r)) != 1 {
		t.Fatalf("%v, %+v", err, r)
	}
	w.resend = &plan.Resending{Reason: "the desk asked"}
	return w
}

// comesLate has the order come into being after some time, as of a call that was slow.
func (w *world) comesLate(after time.Duration, times int) {
	time.AfterFunc(after, func() {
		for range times {
			if _, err := w.api.AddOrder(sandbox.NewOrder{Source: "Phone", Number: "P-0", Status: sandbox.StatusNew, CreatedInSource: time.Now().Add(-time.Hour)}); err != nil {
				w.t.Error(err)
			}
		}
	})
}

// openInsert is the call whose outcome is not known; nil if there is none.
func (w *world) openInsert() *state.Intent {
	w.t.Helper()
	session, err := w.store().Lock(w.t.Context(), state.LockRequest{Operation: "state list"})
	if err != nil {
		w.t.Fatal(err)
	}
	defer session.Close()
	for in := range session.State().OpenIntents() {
		return &in
	}
	return nil
}

// An insert that people ask for again is sent once more, when the whole waiting time has
// passed under the lock and a listing shows none; and the first call is closed on record.
func TestAnUnknownInsertIsMadeAgainAsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := unknownInsert(t)
		began := time.Now()
		r, err := w.apply(t.Context())
		if err != nil || !r.Clean() || r.Counts[apply.Applied] != 1 || r.Calls != 1 || w.inserted()["P-0"] != 1 {
			t.Fatalf("%v, %+v, %v", err, r, w.inserted())
		}
		if waited := time.Since(began); waited < 2*time.Minute {
			t.Errorf("it waited %s", waited)
		}
		log := strings.Split(strings.TrimSpace(w.read("gdfctl.audit.jsonl")), "\n")
		if n := len(log); n != 3 || !strings.Contains(log[0], `"result":"unknown"`) ||
			!strings.Contains(log[1], `"result":"released"`) || !strings.Contains(log[1], "the desk asked") ||
			!strings.Contains(log[2], `"result":"done"`) || !strings.Contains(log[2], `"attempt":2,"resent":true,"reason":"the desk asked"`) {
			t.Errorf("%s", strings.Join(log, "\n"))
		}
		if r, err := w.apply(t.Context()); err != nil || r.Calls != 0 || w.inserted()["P-0"] != 1 {
			t.Errorf("asked for once more: %v, %+v", err, r)
		}
		w.resend = nil
		if r, err := w.apply(t.Context()); err != nil || !r.Clean() || r.Calls != 0 || w.openInsert() != nil {
			t.Errorf("afterwards: %v, %+v", err, r)
		}
	})
}

// What came late is found before anything is sent: once, and it is done; twice, and it is
// an error.
func TestAnInsertThatCameLateIsNotMadeAgain(t *testing.T) {
	for times, want := range map[int]apply.ItemResult{1: apply.Applied, 2: apply.Failed} {
		synctest.Test(t, func(t *testing.T) {
			w := unknownInsert(t)
			w.comesLate(time.Minute, times)
			r, err := w.apply(t.Context())
			if err != nil || r.Counts[want] != 1 || r.Calls != 0 || len(w.inserted()) != 0 || w.openInsert() != nil {
				t.Fatalf("%d: %v, %+v", times, err, r)
			}
			if log := w.read("gdfctl.audit.jsonl"); strings.Contains(log, "released") || times == 1 && !strings.Contains(log, "it is there as ") {
				t.Errorf("%d: %s", times, log)
			}
		})
	}
}

// Nothing is closed, and nothing sent, on a listing that is not complete.
func TestAnInsertIsNotMadeAgainOnAnIncompleteListing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := unknownInsert(t)
		w.tune = func(o *apply.Options) { o.APIs = map[string]apply.API{"main": miscounting{o.APIs["main"]}} }
		r, err := w.apply(t.Context())
		if err != nil || r.Clean() || r.Calls != 0 || len(w.inserted()) != 0 {
			t.Fatalf("%v, %+v", err, r)
		}
		if in := w.openInsert(); in == nil || in.Attempt != 1 {
			t.Errorf("%+v", in)
		}
	})
}

// If the answer is lost again, nothing sends the order a third time: neither the same run
// nor the next one.
func TestAnInsertThatIsMadeAgainIsNotRepeated(t *testing.T) {
	for kind, exist := range map[sandbox.Kind]int{sandbox.FaultCutBefore: 0, sandbox.FaultCutAfter: 1} {
		synctest.Test(t, func(t *testing.T) {
			w := unknownInsert(t)
			if err := w.api.AddFault(sandbox.Fault{Op: sandbox.OpInsert, Kind: kind, Times: 1, Probability: 1}); err != nil {
				t.Fatal(err)
			}
			r, err := w.apply(t.Context())
			if err != nil || r.Calls != 1 || w.inserted()["P-0"] != exist || len(unknownOf(r)) != 1-exist {
				t.Fatalf("%s: %v, %+v, %v", kind, err, r, w.inserted())
			}
			w.resend = nil
			if r, err := w.apply(t.Context()); err != nil || r.Calls != 0 || w.inserted()["P-0"] != exist {
				t.Errorf("%s, afterwards: %v, %+v", kind, err, r)
			}
		})
	}
}

// A row that says an earlier date than the first call is looked for from that on, and one
// that says a later date from the date of the first call.
func TestAnInsertIsSoughtByTheDateOfTheFirstCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := unknownInsert(t)
		time.Sleep(72 * time.Hour)
		// the first call took effect late, dated as its row was then
		if _, err := w.api.AddOrder(sandbox.NewOrder{Source: "Phone", Number: "P-0", Status: sandbox.StatusNew, CreatedInSource: time.Now().Add(-73 * time.Hour)}); err != nil {
			t.Fatal(err)
		}
		insertAll(w, 0, 1) // the row is dated anew
		r, err := w.apply(t.Context())
		if err != nil || r.Calls != 0 || len(w.inserted()) != 0 {
			t.Errorf("%v, %+v", err, r)
		}
	})
}
