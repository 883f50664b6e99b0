package apply_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/sandbox"
)

// sentOnce is a world with an order that was shipped two hours ago, and that the
// marketplace refused then.
func sentOnce(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, 1, sandbox.Options{}, account("")+shipAll(nil, 0, 0))
	shipAll(w, 0, 1)
	if r, err := w.apply(t.Context()); err != nil || !r.Clean() {
		t.Fatalf("%v, %+v", err, r)
	}
	w.says(0, "the carrier is not known")
	time.Sleep(2 * time.Hour)
	w.resend = &plan.Resending{Reason: "case 8812"}
	return w
}

// says is what the marketplace says of the order after some time; empty: no error.
func (w *world) says(after time.Duration, text string) {
	say := func() {
		if err := w.api.Drift(sandbox.Drift{Order: "N-0", SyncError: &text}); err != nil {
			w.t.Error(err)
		}
	}
	if after == 0 {
		say()
		return
	}
	time.AfterFunc(after, say)
}

func (w *world) strike(kind sandbox.Kind) {
	w.t.Helper()
	if err := w.api.AddFault(sandbox.Fault{Op: sandbox.OpUpdateStatus, Kind: kind, Times: 1, Probability: 1}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) ships() int { return len(w.api.Ledger()) }

// Where an order shows already what is sent again, only the marketplace's reaction
// proves that a call without an answer had an effect, and nothing proves that it had
// none: such a call is never repeated.
func TestACallThatRestatesAnOrderIsNeverRepeated(t *testing.T) {
	for name, c := range map[string]struct {
		fault sandbox.Kind
		says  string
		want  apply.ItemResult
		ships int
	}{
		"the error is gone":               {sandbox.FaultCutAfter, "", apply.Applied, 2},
		"another error":                   {sandbox.FaultCutAfter, "the address is not known", apply.Applied, 2},
		"the same error":                  {sandbox.FaultCutAfter, "the carrier is not known", apply.Unknown, 2},
		"the same error, without effect":  {sandbox.FaultCutBefore, "the carrier is not known", apply.Unknown, 1},
		"the same error, and it was late": {sandbox.FaultHang, "the carrier is not known", apply.Unknown, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := sentOnce(t)
				w.strike(c.fault)
				w.says(time.Minute, c.says)
				r, err := w.apply(t.Context())
				if err != nil || r.Counts[c.want] != 1 || r.Calls != 1 || w.ships() != c.ships {
					t.Fatalf("%v, %+v, %d ships", err, r, w.ships())
				}
				if c.want != apply.Unknown {
					return
				}
				if !strings.Contains(r.Items[0].Message, "proves nothing") {
					t.Errorf("message %q", r.Items[0].Message)
				}
				w.resend = nil
				if r, err := w.apply(t.Context()); err != nil || r.Counts[apply.Unknown] != 1 || r.Calls != 0 {
					t.Errorf("%v, %+v", err, r)
				}
				w.says(0, "")
				if r, err := w.apply(t.Context()); err != nil || r.Counts[apply.Confirmed] != 1 || r.Calls != 0 || w.ships() != c.ships {
					t.Errorf("%v, %+v", err, r)
				}
			})
		})
	}
}

// An order that shows as before is sent again as any other: until the call has an
// effect, and once.
func TestAResendOfWhatWasNotTakenSettlesAsAnyCall(t *testing.T) {
	for _, fault := range []sandbox.Kind{sandbox.FaultCutAfter, sandbox.FaultCutBefore} {
		t.Run(string(fault), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := sentOnce(t)
				status, none := sandbox.StatusNew, ""
				if err := w.api.Drift(sandbox.Drift{Order: "N-0", Status: &status, Tracking: &none, SyncError: &none}); err != nil {
					t.Fatal(err)
				}
				w.strike(fault)
				r, err := w.apply(t.Context())
				if err != nil || r.Counts[apply.Applied] != 1 || w.ships() != 2 {
					t.Fatalf("%v, %+v, %d ships", err, r, w.ships())
				}
				w.resend = nil
				if r, err := w.apply(t.Context()); err != nil || r.Calls != 0 {
					t.Errorf("%v, %+v", err, r)
				}
			})
		})
	}
}
