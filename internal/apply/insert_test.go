package apply_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/state"
)

// insertAll is a block of orders P-from to P-(to-1) that must exist, of made-up people.
func insertAll(w *world, from, to int) string {
	var rows strings.Builder
	for i := from; i < to; i++ {
		fmt.Fprintf(&rows, `{"OrderSource":"Phone","OrderSourceOrderNumber":"P-%d","DateCreatedInOrderSource":%q,"BuyerEmailAddress":"p%d@example.com",`+
			`"BuyerPhoneNumber":"555","ShipToCompanyName":"","FirstName":"Ada","LastName":"Quill%d","Street1":"%d Inkwell Lane","City":"Papertown","StateOrProvince":"MA",`+
			`"Country":"US","PostalCode":"02901","ShippingMethod":"Ground","GrandTotal":25.10,"SubTotal":25.10,"OrderItems":[{"Sku":"A","Name":"Pen","Quantity":2,"UnitPrice":12.55}]}`+"\n",
			i, time.Now().Add(-time.Hour).UTC().Truncate(time.Hour).Format(time.RFC3339), i, i, i)
	}
	if w != nil {
		w.write("phone.jsonl", rows.String())
	}
	return "\nnew_orders \"phone\" {\n  rows = jsonl(\"phone.jsonl\")\n}\n"
}

// inserted counts how often each order came to exist.
func (w *world) inserted() map[string]int {
	counts := map[string]int{}
	for _, write := range w.api.Ledger() {
		if write.Op == sandbox.OpInsert {
			counts[write.SourceNumber]++
		}
	}
	return counts
}

// assertInsertedOnce checks that each order exists once, or is among those that are
// reported unknown and does not exist twice.
func (w *world) assertInsertedOnce(n int, unknown map[string]bool) {
	w.t.Helper()
	counts := w.inserted()
	for i := range n {
		number := fmt.Sprintf("P-%d", i)
		if c := counts[number]; c > 1 || c == 0 && !unknown[number] {
			w.t.Errorf("%s exists %d times, unknown %v", number, c, unknown[number])
		}
	}
}

// unknownOf are the orders that a run reports as unknown.
func unknownOf(r *apply.Result) map[string]bool {
	unknown := map[string]bool{}
	for _, item := range r.Items {
		if item.Result == apply.Unknown {
			unknown[item.Order.SourceNumber] = true
		}
	}
	return unknown
}

// A thousand inserts whose answers get lost, before and after they took effect, and which
// take effect late: each order exists once, or is reported, and no run inserts it again.
func TestInsertsUnderLostAnswers(t *testing.T) {
	n := 1000
	if testing.Short() {
		n = 200
	}
	for _, far := range []bool{false, true} {
		t.Run(fmt.Sprintf("far away %v", far), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls := 0
				o := sandbox.Options{Faults: []sandbox.Fault{
					{Op: sandbox.OpInsert, Kind: sandbox.FaultCutBefore, Probability: 0.05},
					{Op: sandbox.OpInsert, Kind: sandbox.FaultCutAfter, Probability: 0.05},
				}, ExecuteLate: func() time.Duration {
					if calls++; calls%20 == 0 { // some of them later than anybody waits
						return time.Duration(calls) * time.Second
					}
					return 0
				}}
				w := newWorld(t, 3, o, account("")+insertAll(nil, 0, 0))
				insertAll(w, 0, n)
				if far {
					w.far(func(d *distant) { d.latency = time.Second })
				}
				r, err := w.apply(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				unknown := unknownOf(r)
				if len(unknown) == 0 || len(unknown) > n/5 || r.Counts[apply.Applied]+len(unknown) != n {
					t.Fatalf("%d unknown, %v", len(unknown), r.Counts)
				}
				time.Sleep(24 * time.Hour) // all that came late is there
				late := w.inserted()
				again, err := w.apply(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				for number := range unknownOf(again) {
					if late[number] > 0 {
						t.Errorf("%s is there, and reported as unknown", number)
					}
				}
				if len(unknownOf(again)) == len(unknown) {
					t.Error("nothing that came late was found")
				}
				w.assertInsertedOnce(n, unknownOf(again))
				if again.Calls != 0 {
					t.Errorf("%d inserts were sent again", again.Calls)
				}
			})
		})
	}
}

// What no listing shows is never sent again by itself, however often apply runs: only
// people decide that.
func TestAnUnknownInsertWaitsForPeople(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1, sandbox.Options{Faults: []sandbox.Fault{{Op: sandbox.OpInsert, Kind: sandbox.FaultCutBefore, Nth: 1}}}, account("")+insertAll(nil, 0, 0))
		insertAll(w, 0, 1)
		for range 3 {
			if r, err := w.apply(t.Context()); err != nil || len(unknownOf(r)) != 1 || r.Clean() {
				t.Fatalf("%v %+v", err, r)
			}
			time.Sleep(time.Hour)
		}
		if n := len(w.inserted()); n != 0 {
			t.Fatalf("%d orders exist", n)
		}
		session, err := w.store().Lock(t.Context(), state.LockRequest{Operation: "apply"})
		if err != nil {
			t.Fatal(err)
		}
		for in := range session.State().OpenIntents() {
			if err := session.RecordOutcome(in.Ident(), state.Outcome{Result: order.Released, Message: "looked for it by hand"}); err != nil {
				t.Fatal(err)
			}
		}
		if err := session.Commit(); err != nil {
			t.Fatal(err)
		}
		_ = session.Close()
		if r, err := w.apply(t.Context()); err != nil || !r.Clean() || w.inserted()["P-0"] != 1 {
			t.Errorf("after people decided: %v %+v %v", err, r, w.inserted())
		}
	})
}

// An order that came twice is reported as that, and is settled.
func TestInsertedTwiceIsReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1, sandbox.Options{Faults: []sandbox.Fault{{Op: sandbox.OpInsert, Kind: sandbox.FaultCutAfter, Nth: 1}}}, account("")+insertAll(nil, 0, 0))
		insertAll(w, 0, 1)
		go func() {
			time.Sleep(time.Minute) // others insert it too, while this run waits
			_, _ = w.api.AddOrder(sandbox.NewOrder{Source: "Phone", Number: "P-0", Status: sandbox.StatusNew, CreatedInSource: time.Now().Add(-time.Hour)})
		}()
		r, err := w.apply(t.Context())
		if err != nil || r.Counts[apply.Failed] != 1 || !strings.HasPrefix(r.Items[0].Message, "inserted_twice: 2 live orders") {
			t.Fatalf("%v %+v", err, r)
		}
		again, err := w.apply(t.Context())
		if err != nil || w.inserted()["P-0"] != 1 || again.Calls != 0 {
			t.Errorf("%v %+v", err, again)
		}
	})
}

// A row that changed since the plan is not sent, and the others are.
func TestARowThatChangedIsSkipped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1, sandbox.Options{}, account("")+insertAll(nil, 0, 0))
		insertAll(w, 0, 3)
		w.tune = func(o *apply.Options) {
			w.write("phone.jsonl", strings.Replace(w.read("phone.jsonl"), "Quill1", "Vellum", 1))
		}
		r, err := w.apply(t.Context())
		if err != nil || r.Counts[apply.Applied] != 2 || r.Counts[apply.Skipped] != 1 || r.Items[0].Order.SourceNumber != "P-1" {
			t.Errorf("%v %+v", err, r)
		}
		if w.inserted()["P-1"] != 0 {
			t.Error("it was inserted")
		}
	})
}

// Between the plan and the insert the order may have come by itself: what a saved plan
// rests on is listed again.
func TestAnOrderThatCameMeanwhileIsNotInserted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1, sandbox.Options{}, account("")+insertAll(nil, 0, 0))
		insertAll(w, 0, 3)
		cfg := w.config()
		defer cfg.Close()
		session, err := w.store().Lock(t.Context(), state.LockRequest{Operation: "plan"})
		if err != nil {
			t.Fatal(err)
		}
		p, err := w.plan(context.Background(), cfg, map[string]apply.API{"main": w.client()}, session.State())
		if err != nil {
			t.Fatal(err)
		}
		_ = session.Close()
		for i := range p.Changes {
			p.Changes[i].Read = time.Time{} // as in a file
		}
		if _, err := w.api.AddOrder(sandbox.NewOrder{Source: "Phone", Number: "P-1", Status: sandbox.StatusNew, CreatedInSource: time.Now().Add(-time.Hour)}); err != nil {
			t.Fatal(err)
		}
		w.saved = p
		r, err := w.apply(t.Context())
		if err != nil || r.Counts[apply.Applied] != 2 || r.Counts[apply.AsWanted] != 1 || w.inserted()["P-1"] != 0 {
			t.Errorf("%v %+v %v", err, r, w.inserted())
		}
		again, err := w.apply(t.Context()) // the same plan
		if err != nil || again.Calls != 0 || again.Counts[apply.AsWanted] != 3 {
			t.Errorf("%v %+v", err, again)
		}
	})
}

// An insert is not made on a listing that is not complete.
func TestNoInsertOnAnIncompleteListing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1, sandbox.Options{}, account("")+insertAll(nil, 0, 0))
		insertAll(w, 0, 1)
		w.tune = func(o *apply.Options) {
			for i := range o.Plan.Changes {
				o.Plan.Changes[i].Read = time.Time{}
			}
			o.APIs = map[string]apply.API{"main": miscounting{o.APIs["main"]}}
		}
		r, err := w.apply(t.Context())
		if err != nil || r.Calls != 0 || len(w.inserted()) != 0 || r.Stopped == "" {
			t.Errorf("%v %+v", err, r)
		}
	})
}

// miscounting counts an order that no listing shows.
type miscounting struct{ apply.API }

func (m miscounting) CountOrders(ctx context.Context, q godatafeed.OrderQuery) (int, error) {
	n, err := m.API.CountOrders(ctx, q)
	return n + 1, err
}

// Inserts come last, and a saved plan's order of work is that.
func TestInsertsComeLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 3, sandbox.Options{}, account("")+insertAll(nil, 0, 0)+shipAll(nil, 0, 0))
		insertAll(w, 0, 2)
		shipAll(w, 0, 3)
		w.tune = func(o *apply.Options) { o.Parallelism = 1 }
		if r, err := w.apply(t.Context()); err != nil || !r.Clean() || r.Counts[apply.Applied] != 5 {
			t.Fatalf("%v %+v", err, r)
		}
		var ops []sandbox.Op
		for _, write := range w.api.Ledger() {
			ops = append(ops, write.Op)
		}
		if want := []sandbox.Op{sandbox.OpUpdateStatus, sandbox.OpUpdateStatus, sandbox.OpUpdateStatus, sandbox.OpInsert, sandbox.OpInsert}; !slices.Equal(ops, want) {
			t.Errorf("%v", ops)
		}
	})
}
