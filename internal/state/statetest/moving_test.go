package statetest

import (
	"errors"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/shared"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/memlog"
)

// A former run records an outcome in the place that the state is just leaving, after it
// was copied. It goes along.
func TestAnOutcomeThatComesDuringAMove(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMachines(t)
		a := m.backend("a")
		x := m.session(a, "run-a")
		id := intend(t, x, "run-a", ships(1))
		m.aborted("a")
		must(t, x.RecordOutcome(id, state.Outcome{Result: order.Done, Status: 200})) // kept
		_ = x.Close()
		must(t, a.Close())
		m.store.SetFaults(nil)

		next := memlog.New()
		copies := 0
		next.SetFaults(func(c memlog.Call) memlog.Fault {
			if c.Method == "Append" && c.Record.Kind == string(sharedlog.Incoming) {
				if copies++; copies == 1 {
					var locked *backend.LockedError
					if _, _, err := m.backend("a").Lock(t.Context(), backend.Request{Holder: backend.Holder{ID: "x"}}); !errors.As(err, &locked) {
						t.Error(err)
					}
				}
			}
			return memlog.Fault{}
		})
		target := shared.New(next.Place("next"), shared.Options{Dir: t.TempDir()})
		defer target.Close()
		y, err := state.NewStore(m.backend("b"), state.Options{}).Lock(t.Context(), state.LockRequest{Operation: "state migrate", Wait: time.Hour})
		must(t, err)
		move, err := y.Leave(t.Context(), target, backend.Move{From: backend.Where{Place: "memory:b", State: m.lineage}, To: backend.Where{State: m.lineage}}, state.MoveOptions{})
		must(t, errors.Join(err, y.Close(), target.Activate(t.Context(), move, backend.Holder{}, nil)))
		if copies != 2 {
			t.Errorf("it was copied %d times", copies)
		}
		m.store = next
		z := m.session(m.backend("c"), "run-c")
		if e := z.State().Remembered(ships(1).Key); e == nil || e.Applied == nil || len(e.Intents) > 0 {
			t.Errorf("the outcome is lost: %+v", e)
		}
		must(t, z.Close())
		if _, _, err := m.backend("c").Open(backend.Late); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("late outcomes: %v", err)
		}
	})
}
