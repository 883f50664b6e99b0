package apply_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

func TestAnOrderThatIsNeitherAsBeforeNorAsWantedStaysUnknown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1, sandbox.Options{Faults: []sandbox.Fault{{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultCutBefore, Nth: 1}}}, account("")+shipAll(nil, 0, 0))
		shipAll(w, 0, 1)
		shipped, other := sandbox.StatusShipped, "1Z9999"
		time.AfterFunc(time.Minute, func() {
			if err := w.api.Drift(sandbox.Drift{Order: "N-0", Status: &shipped, Tracking: &other}); err != nil {
				t.Error(err)
			}
		})
		r, err := w.apply(t.Context())
		if err != nil || r.Counts[apply.Unknown] != 1 || r.Clean() || r.Calls != 1 {
			t.Fatalf("%v, %+v", err, r)
		}
		if message := r.Items[0].Message; !strings.Contains(message, "neither as before nor as wanted") || !strings.Contains(message, other) {
			t.Errorf("message %q", message)
		}
		if o, _ := w.api.Order("N-0"); o.WriteCount != 0 {
			t.Error("the order was written")
		}
	})
}

func TestACallThatNeverHasAnEffectIsSentThreeTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1, sandbox.Options{Faults: []sandbox.Fault{{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultCutBefore, Probability: 1}}}, account("")+shipAll(nil, 0, 0))
		shipAll(w, 0, 1)
		r, err := w.apply(t.Context())
		if err != nil || r.Calls != 3 || r.Counts[apply.Failed] != 1 {
			t.Errorf("%v, %d calls, %+v", err, r.Calls, r.Items)
		}
	})
}

func TestARefusedAcknowledgeHoldsItsShipment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 8, sandbox.Options{Faults: []sandbox.Fault{{Op: sandbox.OpAcknowledge, Kind: sandbox.FaultStatus, Status: 400, Probability: 1}}}, account("")+mixed)
		r, err := w.apply(t.Context())
		if err != nil || r.Counts[apply.Failed] != 2 || r.Counts[apply.Skipped] != 1 || r.Counts[apply.Applied] != 1 {
			t.Fatalf("%v, %+v", err, r)
		}
		for _, item := range r.Items {
			if item.Result == apply.Skipped && !strings.Contains(item.Message, "its acknowledge did not succeed") {
				t.Errorf("skipped because %q", item.Message)
			}
		}
		if o, _ := w.api.Order("N-7"); o.Status != sandbox.StatusNew {
			t.Errorf("N-7 is %s", o.Status)
		}
	})
}

// A read that doesn't even show the acknowledge of before can't show that the
// ship behind it had no effect: the ship is not sent again.
func TestAReadThatLagsDecidesNothing(t *testing.T) {
	for name, c := range map[string]struct {
		lag  time.Duration
		want apply.ItemResult
	}{
		"behind both changes":           {time.Hour, apply.Unknown},
		"until a bit later than settle": {125 * time.Second, apply.Applied},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, 1, sandbox.Options{
					ReadLag: c.lag, Faults: []sandbox.Fault{{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultCutAfter, Nth: 1}},
				}, account("")+`
order "one" {
  find            = { source = "Amazon", source_order_number = "N-0" }
  status          = "shipped"
  order_number    = "SO-0"
  tracking_number = "1Z999AA10123456784"
}
`)
				r, err := w.apply(t.Context())
				if err != nil || r.Counts[c.want] == 0 || r.Calls != 2 {
					t.Errorf("%v, %d calls, %v, %+v", err, r.Calls, r.Counts, r.Items)
				}
				w.assertNothingTwice()
			})
		})
	}
}

// An order that was shipped, corrected and is to have its first number again: a
// read that shows the first number may be older than the correction, and does
// not show that the last call, which a killed run never sent, was executed.
func TestAReadOfAnEarlierNumberDecidesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1, sandbox.Options{}, "")
		want := func(number, more string) {
			w.write("main.hcl", account("")+`
order "one" {
  find            = { source = "Amazon", source_order_number = "N-0" }
  status          = "shipped"
  tracking_number = "`+number+`"
`+more+`}
`)
		}
		const first, second = "1Z999AA10123456784", "1Z999AA10123456793"
		for _, number := range []string{first, second} {
			want(number, "")
			if r, err := w.apply(t.Context()); err != nil || r.Counts[apply.Applied] != 1 {
				t.Fatalf("%v, %+v", err, r)
			}
		}
		want(first, "  attempt = 2\n")
		w.tune = func(o *apply.Options) { o.Journal = neverSent{o.Journal} }
		if _, err := w.apply(t.Context()); err == nil {
			t.Fatal("the run was not killed")
		}
		w.tune = nil
		old := first
		if err := w.api.Drift(sandbox.Drift{Order: "N-0", Tracking: &old}); err != nil {
			t.Fatal(err)
		}
		r, err := w.apply(t.Context())
		if err != nil || r.Counts[apply.Unknown] != 1 {
			t.Errorf("a read that may lag: %v, %+v", err, r)
		}
		time.Sleep(time.Hour)
		if r, err = w.apply(t.Context()); err != nil || !r.Clean() {
			t.Errorf("once the read must be believed: %v, %+v", err, r)
		}
	})
}

// neverSent is the journal of a run that is killed when its first call is
// written down.
type neverSent struct{ apply.Journal }

func (j neverSent) Intend(in state.Intent) (uint64, error) {
	seq, err := j.Journal.Intend(in)
	return seq, errors.Join(err, errDisk)
}

// The account of an open call has another name, and its old name is another
// account's, which does not know the order: the account that has the order now
// finds out, and nothing is sent beside the open call.
func TestTheAccountThatHasTheOrderFindsOutAnOpenCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := sandbox.Options{Faults: []sandbox.Fault{{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultCutBefore, Nth: 1}}}
		w := newWorld(t, 1, o, account("")+shipAll(nil, 0, 0))
		shipAll(w, 0, 1)
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(10*time.Second, stop)
		if _, err := w.apply(ctx); err != nil {
			t.Fatal(err)
		}
		shop := strings.Replace(account(""), `"main"`, `"shop"`, 1)
		w.write("main.hcl", shop+account("")+strings.Replace(shipAll(nil, 0, 0), "{\n", "{\n  account = \"shop\"\n", 1))
		w.apis = map[string]apply.API{"shop": w.client(), "main": stranger()}
		w.tune = func(o *apply.Options) {
			// As the command does. The plan, made before that, knows nothing.
			o.Journal.State().Adopt(stateAccounts(spec.Config{Accounts: o.Accounts}))
		}
		r, err := w.apply(t.Context())
		if err != nil || !r.Clean() || r.Counts[apply.Applied] != 1 || r.Rereads == 0 {
			t.Errorf("%v, %+v", err, r)
		}
		w.assertNothingTwice()
	})
}

// A second call for an order is not begun beside an open one, and that is no
// reason to leave the other orders.
func TestACallBesideAnOpenOneIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 3, sandbox.Options{}, account("")+shipAll(nil, 0, 0))
		shipAll(w, 0, 3)
		w.tune = func(o *apply.Options) {
			var begun atomic.Int32
			o.Journal = &watchedJournal{Journal: o.Journal, intend: func(state.Intent) error {
				if begun.Add(1) == 1 {
					return state.ErrIntentOpen
				}
				return nil
			}}
		}
		r, err := w.apply(t.Context())
		if err != nil || r.Counts[apply.Unknown] != 1 || r.Counts[apply.Applied] != 2 {
			t.Errorf("%v, %+v", err, r)
		}
	})
}
