package statetest

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/provenance"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// Place is where one state is kept for a test.
type Place struct {
	// Open opens it as another process would.
	Open func() backend.Backend
	// Breaks says that the lease of a live run can be broken: nothing but records says
	// that it lives.
	Breaks bool
	// Recover is the decision of people to go on with a log that lost records; nil: there
	// is no log.
	Recover func(t *testing.T)
	// TakeAway takes the lease from whoever has it, as state unlock and people do.
	TakeAway func(t *testing.T)
	// Stride is how many writes lie between two at which a run is ended; 0: none do.
	Stride int
	// Leave makes a holder that ended without releasing the lease.
	Leave func(t *testing.T, h backend.Holder)
}

// Run runs the suite. place makes an empty place for each test.
func Run(t *testing.T, place func(t *testing.T) Place) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, p Place)
	}{
		{"sessions exclude each other", testSessionsExclude},
		{"who lost the lease begins nothing", testLostLease},
		{"reading takes no lock and sees the run under way", testReading},
		{"an intent is kept before the call is made", testIntents},
		{"a call of a former run is closed once", testFormerRun},
		{"the audit log equals the outcomes", testAuditLog},
		{"closed orders are found and taken up again", testClosedOrders},
		{"orders that were inserted are carried along", testInserts},
		{"what was read holds nothing open", testReadersAreClosed},
		{"orders follow an account that is renamed", testRenames},
		{"what an older copy forgot is taken from the audit log", testOlderCopy},
		{"an unlock is in the audit log", testUnlock},
		{"parts are replaced whole and added to at their end", testParts},
		{"a state that moves goes whole, and is refused here", testMoving},
		{"a run that ends at any step loses and doubles nothing", testCrashes},
		{"a hundred thousand orders", testManyOrders},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, place(t)) })
	}
}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// store opens the state as another process would.
func (p Place) store() *state.Store { return storeOn(p.Open()) }

func storeOn(b backend.Backend) *state.Store {
	return state.NewStore(b, state.Options{Provenance: provenance.Provenance{Who: "ann", Host: "build-7"}, Version: "0.1.0"})
}

// lock opens a session that ends with the test.
func (p Place) lock(t *testing.T) *state.Session {
	t.Helper()
	x, err := p.store().Lock(t.Context(), state.LockRequest{Operation: "apply"})
	must(t, err)
	t.Cleanup(func() { _ = x.Close() })
	return x
}

// read is the state as somebody sees it who has no lock.
func (p Place) read(t *testing.T) *state.State {
	t.Helper()
	s, _, err := p.store().Read()
	must(t, err)
	return s
}

// shows reports whether readers come to see something: an outcome is where all of
// them look for it before long, and not at once.
func (p Place) shows(t *testing.T, as func(*state.State) bool) bool {
	t.Helper()
	for range 500 {
		if as(p.read(t)) {
			return true
		}
		runtime.Gosched()
	}
	return false
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func key(n int) state.Key {
	return state.Key{Endpoint: "https://api.godatafeed.com", Account: "main", ID: fmt.Sprintf("order%d", n)}
}

func ref(n int) order.Ref {
	return order.Ref{ID: key(n).ID, Source: "Amazon", SourceNumber: fmt.Sprintf("112-%07d-1234567", n)}
}

func shipped(n int) order.Values {
	return order.Values{Status: order.Shipped, OrderNumber: fmt.Sprintf("O%d", n), Tracking: fmt.Sprintf("1Z%d", n), Carrier: "UPS", ShippedAt: noon}
}

// shipping is the call that ships order n.
func shipping(n int) state.Intent {
	return state.Intent{
		Key: key(n), Ref: ref(n), Created: noon.Add(-time.Hour), Address: "batch.shipments", Action: order.Ship,
		Before: order.Values{Status: order.Processing, OrderNumber: fmt.Sprintf("O%d", n)}, After: shipped(n),
	}
}

// intend begins a call of the run.
func intend(t *testing.T, x *state.Session, run string, in state.Intent) state.IntentID {
	t.Helper()
	seq, err := x.Intend(in)
	must(t, err)
	return state.IntentID{RunID: run, Seq: seq}
}

// ship makes a call for order n and closes it.
func ship(t *testing.T, x *state.Session, run string, n int) {
	t.Helper()
	must(t, x.RecordOutcome(intend(t, x, run, shipping(n)), state.Outcome{Result: order.Done, Status: 200}))
}

// begin opens a session and begins a run.
func (p Place) begin(t *testing.T, run string) *state.Session {
	t.Helper()
	x := p.lock(t)
	must(t, x.Begin(state.Run{ID: run, Command: "apply"}))
	return x
}

// applied reports whether a state knows that order n was shipped.
func applied(s *state.State, n int) bool {
	e := s.Remembered(key(n))
	return e != nil && e.Applied != nil && e.Applied.Values.Tracking == shipped(n).Tracking
}
