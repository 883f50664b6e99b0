package apply_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/spec"
)

const mixed = `
order "ack" {
  find         = { source = "Amazon", source_order_number = "N-5" }
  status       = "acknowledged"
  order_number = "SO-5"
}
order "cancel" {
  find   = { source = "Amazon", source_order_number = "N-6" }
  status = "cancelled"
  reason = "out of stock"
}
order "both" {
  find            = { source = "Amazon", source_order_number = "N-7" }
  status          = "shipped"
  order_number    = "SO-7"
  tracking_number = "1Z0000000000000007"
}
`

func TestOrderOfWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 8, sandbox.Options{}, account("")+mixed+shipAll(nil, 0, 0))
		shipAll(w, 0, 5)
		w.tune = func(o *apply.Options) { o.Parallelism = 1 }
		r, err := w.apply(t.Context())
		if err != nil || r.Counts[apply.Applied] != 9 {
			t.Fatalf("applied %d of 9, %v, %+v", r.Counts[apply.Applied], err, r.Items)
		}
		var got []string
		for _, write := range w.api.Ledger() {
			o, _ := w.api.Order(write.Order)
			got = append(got, o.Number+" "+string(write.Op)+strings.ToLower(write.Status))
		}
		want := []string{
			"N-5 acknowledge", "N-7 acknowledge", "N-6 update_statuscanceled", "N-0 update_statusshipped", "N-1 update_statusshipped",
			"N-2 update_statusshipped", "N-3 update_statusshipped", "N-4 update_statusshipped", "N-7 update_statusshipped",
		}
		for i := range got {
			got[i] = strings.ReplaceAll(got[i], "cancelled", "canceled")
		}
		if !slices.Equal(got, want) {
			t.Errorf("order of work:\n got %q\nwant %q", got, want)
		}
		again, _ := w.apply(t.Context())
		if again.Calls != 0 {
			t.Errorf("the second apply sent %d calls", again.Calls)
		}
	})
}

func TestAnOutagePausesThenStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 40, sandbox.Options{}, account(`settle = "1s"`)+shipAll(nil, 0, 0))
		shipAll(w, 0, 40)
		w.tune = func(o *apply.Options) {
			o.Parallelism = 1
			for _, op := range []sandbox.Op{sandbox.OpUpdateStatus, sandbox.OpGetOrder, sandbox.OpListOrders, sandbox.OpCountOrders} {
				if err := w.api.AddFault(sandbox.Fault{Op: op, Kind: sandbox.FaultStatus, Status: 503, Probability: 1}); err != nil {
					t.Fatal(err)
				}
			}
		}
		start := time.Now()
		r, err := w.apply(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if r.Stopped == "" || r.Clean() {
			t.Errorf("an outage did not stop the run: %+v", r.Counts)
		}
		paused := 0
		for _, e := range w.events {
			if strings.Contains(e.Message, "pausing for") {
				paused++
			}
		}
		if took := time.Since(start); paused != 3 || took < 7*time.Minute {
			t.Errorf("%d pauses in %s, want 3 in 7 minutes", paused, took)
		}
		w.api.ClearFaults()
		w.tune = nil
		if r, err := w.apply(t.Context()); err != nil || !r.Clean() {
			t.Fatalf("the run after the outage: %v, %+v", err, r)
		}
		w.assertShipped(0, 40)
		w.assertNothingTwice()
	})
}

// Calls that wait for the limit when a pause begins are not sent in it: each
// could only become one more whose outcome is not known.
func TestNoCallIsSentInAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 40, sandbox.Options{}, account(`settle = "10m"`)+shipAll(nil, 0, 0))
		shipAll(w, 0, 40)
		sent := func() int {
			calls, _ := w.api.Calls()
			return calls[sandbox.OpUpdateStatus]
		}
		w.tune = func(o *apply.Options) {
			w.limit = godatafeed.LimiterOptions{Burst: 1, PerSecond: 1}
			o.APIs["main"] = w.client()
			if err := w.api.AddFault(sandbox.Fault{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultStatus, Status: 503}); err != nil {
				t.Fatal(err)
			}
			time.AfterFunc(40*time.Second, func() {
				if n := sent(); n != 8 {
					t.Errorf("%d calls were sent before and in the first pause, want 8", n)
				}
				w.api.ClearFaults()
			})
		}
		if r, err := w.apply(t.Context()); err != nil || !r.Clean() {
			t.Fatalf("%v, %+v", err, r.Counts)
		}
		w.assertShipped(0, 40)
		w.assertNothingTwice()
	})
}

func TestWhatHappensMeanwhile(t *testing.T) {
	cancelled, shipped, other := sandbox.StatusCanceled, sandbox.StatusShipped, "1Z9999"
	same := "1Z0000000000000001"
	tests := []struct {
		name    string
		drift   sandbox.Drift
		result  apply.ItemResult
		message string
	}{
		{"cancelled", sandbox.Drift{Status: &cancelled}, apply.HeldBack, "PULL PARCEL 1Z0000000000000001"},
		{"cancelled at the marketplace", sandbox.Drift{SourceStatus: &cancelled}, apply.HeldBack, "PULL PARCEL 1Z0000000000000001"},
		{"shipped with another number", sandbox.Drift{Status: &shipped, Tracking: &other}, apply.Skipped, "changed since the plan"},
		{"shipped as wanted", sandbox.Drift{Status: &shipped, Tracking: &same}, apply.AsWanted, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, 3, sandbox.Options{}, account("")+shipAll(nil, 0, 0))
				shipAll(w, 0, 3)
				// a saved plan: everything is reread before it is written
				w.tune = func(o *apply.Options) {
					for i := range o.Plan.Changes {
						o.Plan.Changes[i].Read = time.Time{}
					}
					tt.drift.Order = "N-1"
					if err := w.api.Drift(tt.drift); err != nil {
						t.Fatal(err)
					}
				}
				r, err := w.apply(t.Context())
				if err != nil || r.Counts[tt.result] != 1 || r.Counts[apply.Applied] != 2 {
					t.Fatalf("%v, %+v", err, r.Counts)
				}
				if len(r.Items) > 0 && !strings.Contains(r.Items[0].Message, tt.message) {
					t.Errorf("message %q, want %q", r.Items[0].Message, tt.message)
				}
				if o, _ := w.api.Order("N-1"); o.WriteCount != 0 {
					t.Error("the order that changed was written")
				}
			})
		})
	}
}

// An order that is to be canceled may be on its way by now, as a whole or in part.
func TestWhatWasSentMeanwhileIsNotCanceled(t *testing.T) {
	for word, message := range map[string]string{
		"Shipped":           "shipped in the meantime",
		"Partially Shipped": "shipped in part in the meantime",
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, 1, sandbox.Options{}, account("")+`
order "x" {
  find   = { source_order_number = "N-0" }
  status = "cancelled"
  reason = "out of stock"
}
`)
			w.tune = func(o *apply.Options) {
				o.Plan.Changes[0].Read = time.Time{} // a saved plan: the order is read again
				if err := w.api.Drift(sandbox.Drift{Order: "N-0", SourceStatus: &word}); err != nil {
					t.Fatal(err)
				}
			}
			r, err := w.apply(t.Context())
			if err != nil || r.Counts[apply.HeldBack] != 1 || !strings.HasPrefix(r.Items[0].Message, message) {
				t.Errorf("%s: %v, %+v", word, err, r)
			}
			if o, _ := w.api.Order("N-0"); o.WriteCount != 0 {
				t.Errorf("%s: it was canceled", word)
			}
		})
	}
}

func TestAStoppedRunGoesOnLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 100, sandbox.Options{}, account("")+shipAll(nil, 0, 0))
		shipAll(w, 0, 100)
		w.limit = godatafeed.LimiterOptions{Burst: 5, PerSecond: 2}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(20*time.Second, cancel)
		r, err := w.apply(ctx)
		if err != nil || !r.Interrupted || r.Counts[apply.NotReached] == 0 || r.Counts[apply.Applied] == 0 {
			t.Fatalf("%v, %+v", err, r)
		}
		r, err = w.apply(t.Context())
		if err != nil || !r.Clean() {
			t.Fatalf("%v, %+v", err, r)
		}
		w.assertShipped(0, 100)
		w.assertNothingTwice()
	})
}

// A maintenance page of half a minute strikes while the orders of a window are
// reread: the run says that it waits, and goes on as if nothing had been.
func TestAMaintenancePageDuringReadingIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 5, sandbox.Options{}, account("")+shipAll(nil, 0, 0))
		shipAll(w, 0, 5)
		w.tune = func(o *apply.Options) {
			for i := range o.Plan.Changes {
				o.Plan.Changes[i].Read = time.Time{}
			}
			if err := w.api.AddFault(sandbox.Fault{Op: sandbox.OpListOrders, Kind: sandbox.FaultHTML, Status: 503}); err != nil {
				t.Fatal(err)
			}
			time.AfterFunc(30*time.Second, w.api.ClearFaults)
		}
		r, err := w.apply(t.Context())
		if err != nil || !r.Clean() || r.Counts[apply.Applied] != 5 {
			t.Fatalf("%v, %+v", err, r.Counts)
		}
		said := 0
		for _, e := range w.events {
			if e.Type == apply.Progress && strings.Contains(e.Message, "HTTP 503") && strings.Contains(e.Message, "trying again") {
				said++
			}
		}
		if said != 1 {
			t.Errorf("said %d times that it waits, want once", said)
		}
	})
}

// The API can make a call wait for minutes. Whoever stops the run doesn't.
func TestAStoppedRunDoesNotWaitForTheLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1, sandbox.Options{Faults: []sandbox.Fault{
			{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultStatus, Status: 429, RetryAfter: "300", Nth: 1},
		}}, account("")+shipAll(nil, 0, 0))
		shipAll(w, 0, 1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		r, err := w.apply(ctx)
		if took := time.Since(start); err != nil || !r.Interrupted || r.Counts[apply.NotReached] != 1 || took != time.Minute {
			t.Errorf("%v, %+v after %s, want the end after a minute", err, r.Counts, took)
		}
	})
}

func TestLimitsOfOneRun(t *testing.T) {
	tests := []struct {
		name  string
		tune  func(*world, *apply.Options)
		check func(*apply.Result) bool
	}{
		{
			"first", func(_ *world, o *apply.Options) { o.First = 3 },
			func(r *apply.Result) bool {
				return r.Counts[apply.Applied] == 3 && r.Counts[apply.NotReached] == 17 && r.Canary && r.Clean()
			},
		},
		{"deadline", func(w *world, o *apply.Options) {
			o.Deadline = 5 * time.Second
			o.APIs["main"] = w.slow()
		}, func(r *apply.Result) bool {
			return r.Counts[apply.Applied] > 0 && r.Counts[apply.NotReached] > 0 && r.Stopped != "" && !r.Interrupted
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, 20, sandbox.Options{}, account("")+shipAll(nil, 0, 0))
				shipAll(w, 0, 20)
				w.tune = func(o *apply.Options) { tt.tune(w, o) }
				r, err := w.apply(t.Context())
				if err != nil || !tt.check(r) {
					t.Errorf("%v, %+v, stopped %q", err, r.Counts, r.Stopped)
				}
				w.assertNothingTwice()
			})
		})
	}
}

// One call at a time: exactly N fail. With more under way, those that were sent
// before the N-th failure was known can fail too.
func TestARunStopsAfterSoManyFailures(t *testing.T) {
	for _, c := range []struct{ failures, parallelism, most int }{{1, 1, 1}, {4, 1, 4}, {1, 5, 5}, {4, 5, 8}} {
		for round := range 20 {
			synctest.Test(t, func(t *testing.T) {
				const orders = 20
				w := newWorld(t, orders, sandbox.Options{Faults: []sandbox.Fault{{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultStatus, Status: 400}}},
					account("")+shipAll(nil, 0, 0))
				shipAll(w, 0, orders)
				w.wire = newLine(w.api.Transport(), time.Duration(round)*time.Millisecond)
				w.tune = func(o *apply.Options) { o.MaxFailures, o.Parallelism = c.failures, c.parallelism }
				r, err := w.apply(t.Context())
				if n := r.Counts[apply.Failed]; err != nil || r.Stopped == "" || n < c.failures || n > c.most || r.Calls != n {
					t.Fatalf("%d failures, %d at once: %v, %d calls, %+v, want %d to %d failures", c.failures, c.parallelism, err, r.Calls, r.Counts, c.failures, c.most)
				}
			})
		}
	}
}

// slow is a client that makes a call a second.
func (w *world) slow() apply.API {
	w.limit = godatafeed.LimiterOptions{Burst: 1, PerSecond: 1}
	return w.client()
}

func TestDeniedAccessStopsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 20, sandbox.Options{}, account("")+shipAll(nil, 0, 0))
		shipAll(w, 0, 20)
		w.tune = func(o *apply.Options) {
			o.Parallelism = 1
			if err := w.api.AddFault(sandbox.Fault{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultStatus, Status: 403, Probability: 1}); err != nil {
				t.Fatal(err)
			}
		}
		r, err := w.apply(t.Context())
		if err != nil || r.Stopped == "" || r.Calls > 2 {
			t.Errorf("%v, %d calls, stopped %q", err, r.Calls, r.Stopped)
		}
	})
}

// A read that lags behind a write must not make a second one.
func TestLaggingReadsAreNoReasonToSendAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 8, sandbox.Options{ReadLag: 10 * time.Minute}, account("")+mixed+shipAll(nil, 0, 0))
		shipAll(w, 0, 5)
		for range 3 {
			if r, err := w.apply(t.Context()); err != nil || !r.Clean() {
				t.Fatalf("%v, %+v", err, r.Items)
			}
			time.Sleep(3 * time.Minute)
		}
		w.assertNothingTwice()
		w.assertShipped(0, 5)
	})
}

// A rule of the policy that came after the plan was saved holds changes back.
func TestRulesAreEvaluatedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 3, sandbox.Options{}, account("")+shipAll(nil, 0, 0))
		shipAll(w, 0, 3)
		var policy spec.Policy
		w.tune = func(o *apply.Options) {
			w.write("main.hcl", account("")+shipAll(nil, 0, 0)+"policy {\n  rule \"no UPS\" {\n    condition = change.after.carrier != \"UPS\"\n    message = \"not UPS\"\n  }\n}\n")
			cfg := w.config()
			defer cfg.Close()
			policy = cfg.Policy
			o.Policy = policy
		}
		r, err := w.apply(t.Context())
		if err != nil || r.Counts[apply.HeldBack] != 3 || r.Calls != 0 {
			t.Errorf("%v, %+v", err, r.Counts)
		}
	})
}
