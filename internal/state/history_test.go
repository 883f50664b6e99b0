package state

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/order"
)

// correcting is a change of order 1 from one tracking number to another.
func correcting(from, to string) Intent {
	in := shipping(1)
	in.Action = order.Correct
	in.Before, in.After = shippedValues(1), shippedValues(1)
	in.Before.Tracking, in.After.Tracking = from, to
	return in
}

func accepted(t *testing.T, x *Session, in Intent) {
	t.Helper()
	must(t, x.RecordOutcome(mustIntend(t, x, in), Outcome{Result: order.Done}))
}

// What each change replaced is remembered until a read has shown the last one;
// the numbers that were sent for as long as the order is kept.
func TestAnOrderRemembersWhatItsChangesReplaced(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	ship := shipping(1)
	accepted(t, x, ship)
	accepted(t, x, correcting("1Z1", "1Z2"))
	accepted(t, x, correcting("1Z2", "1Z3"))
	look := func(when string, earlier []string, sent ...string) {
		t.Helper()
		must(t, x.Commit())
		read, _, err := s.Read()
		must(t, err)
		e, _ := read.Entry(testKey(1))
		var before []string
		for _, a := range e.Earlier {
			before = append(before, string(a.Before.Status)+" "+a.Before.Tracking)
		}
		if diff := cmp.Diff(earlier, before); diff != "" {
			t.Errorf("%s: the earlier changes began with (-want +got):\n%s", when, diff)
		}
		if diff := cmp.Diff(sent, e.Sent()); diff != "" {
			t.Errorf("%s: sent (-want +got):\n%s", when, diff)
		}
	}
	look("not read since", []string{"processing ", "shipped 1Z1"}, "1Z1", "1Z2", "1Z3")

	shown := shippedValues(1)
	shown.Tracking = "1Z3"
	x.Observe(Observation{Key: testKey(1), Ref: testRef(1), Created: noon, Observed: Observed{Values: shown, At: noon}})
	look("shown, too early to count", []string{"processing ", "shipped 1Z1"}, "1Z1", "1Z2", "1Z3")
	x.Observe(Observation{
		Key: testKey(1), Ref: testRef(1), Created: noon, Observed: Observed{Values: shown, At: noon.Add(2 * time.Hour)},
		Verified: true,
	})
	look("verified", nil, "1Z1", "1Z2", "1Z3")
	accepted(t, x, correcting("1Z3", "1Z1"))
	look("corrected back", nil, "1Z2", "1Z3", "1Z1")
	must(t, x.Close())
}

// An order that was closed and is wanted otherwise now still knows what was
// sent for it and what it had become.
func TestAClosedOrderThatIsTakenUpAgainRemembers(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	accepted(t, x, shipping(1))
	accepted(t, x, correcting("1Z1", "1Z2"))
	wanted := shippedValues(1)
	wanted.Tracking = "1Z2"
	x.Observe(Observation{
		Key: testKey(1), Ref: testRef(1), Created: noon, Observed: Observed{Values: wanted, At: noon},
		Verified: true, Closed: &wanted,
	})
	must(t, x.Commit())
	must(t, x.Close())

	x = mustLock(t, s)
	x.Observe(Observation{Key: testKey(1), Ref: testRef(1), Created: noon, Observed: Observed{Values: wanted, At: noon}})
	must(t, x.Commit())
	read, _, err := s.Read()
	must(t, err)
	e, _ := read.Entry(testKey(1))
	if diff := cmp.Diff([]string{"1Z1", "1Z2"}, e.Sent()); diff != "" || e.Closed == nil || e.Closed.Wanted != plain(wanted) {
		t.Errorf("closed as %+v, sent (-want +got):\n%s", e.Closed, diff)
	}
	accepted(t, x, correcting("1Z2", "1Z4"))
	if e, _ = x.State().Entry(testKey(1)); e.Sent()[2] != "1Z4" || len(e.Sent()) != 3 {
		t.Errorf("sent %q", e.Sent())
	}
	must(t, x.Close())
}
