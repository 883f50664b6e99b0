package statetest

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/shared"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/memlog"
)

// machines are machines that share a state.
type machines struct {
	t       *testing.T
	store   *memlog.Store
	lineage string
	dir     string
}

func newMachines(t *testing.T) *machines {
	t.Helper()
	m := &machines{t: t, store: memlog.New(), dir: t.TempDir()}
	var err error
	m.lineage, _, err = shared.Init(t.Context(), m.store.Place("init"), backend.Holder{ID: "init"}, shared.Clock{})
	must(t, err)
	return m
}

// backend is one process on a machine.
func (m *machines) backend(machine string) *shared.Backend {
	b := shared.New(m.store.Place(machine), shared.Options{Dir: filepath.Join(m.dir, machine), Lineage: m.lineage})
	m.t.Cleanup(func() { _ = b.Close() })
	return b
}

func (m *machines) session(b *shared.Backend, run string) *state.Session {
	m.t.Helper()
	x, err := state.NewStore(b, state.Options{}).Lock(m.t.Context(), state.LockRequest{Operation: "apply", Wait: time.Hour})
	must(m.t, err)
	must(m.t, x.Begin(state.Run{ID: run, Command: "apply"}))
	return x
}

// entries are the entries of the audit log about order-1.
func (m *machines) entries() []audit.Entry {
	m.t.Helper()
	var found []audit.Entry
	for e, err := range state.NewStore(m.backend("reader"), state.Options{}).AuditList(audit.Filter{}) {
		must(m.t, err)
		if e.Order != nil && e.Order.ID == "order-1" {
			found = append(found, e)
		}
	}
	return found
}

func ships(sending int) state.Intent {
	return state.Intent{
		Key: state.Key{Endpoint: "https://api.godatafeed.com", Account: "main", ID: "order-1"}, Ref: order.Ref{ID: "order-1", Source: "Amazon", SourceNumber: "112"},
		Action: order.Ship, Before: order.Values{Status: order.Processing}, After: order.Values{Status: order.Shipped, Tracking: "1Z1"},
		Sending: sending, Repeated: sending > 1,
	}
}

// aborted ends a process like a kill: nothing is appended any more.
func (m *machines) aborted(machine string) {
	m.store.SetFaults(func(c memlog.Call) memlog.Fault {
		if c.Machine == machine {
			return memlog.Fault{Err: errors.New("the process is gone")}
		}
		return memlog.Fault{}
	})
}

// A run keeps an outcome on its machine, and loses machine or network before it is
// recorded. The next command there records it: once, and before, during or after what
// another run concluded meanwhile.
func TestAnOutcomeThatWasKeptIsRecordedOnce(t *testing.T) {
	for name, c := range map[string]struct {
		concludes  order.Result // what another run concludes about the call
		repeats    bool
		doubles    int
		wantedDone int // entries of the audit log
	}{
		"before anybody looked":             {"", false, 0, 1},
		"after it was found done":           {order.Done, false, 0, 1},
		"after it was found without effect": {order.NoEffect, false, 0, 1},
		"after it was repeated":             {order.NoEffect, true, 1, 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMachines(t)
				a := m.backend("a")
				x := m.session(a, "run-a")
				id := intend(t, x, "run-a", ships(1))
				m.aborted("a")
				must(t, x.RecordOutcome(id, state.Outcome{Result: order.Done, Status: 200})) // kept
				_ = x.Close()
				must(t, a.Close())

				if c.concludes != "" {
					y := m.session(m.backend("b"), "run-b")
					must(t, y.RecordOutcome(id, state.Outcome{Result: c.concludes, ReadBack: true}))
					if c.repeats {
						must(t, y.RecordOutcome(intend(t, y, "run-b", ships(2)), state.Outcome{Result: order.Done, Status: 200}))
					}
					must(t, errors.Join(y.Commit(), y.Close()))
				}
				m.store.SetFaults(nil)
				for again := range 2 {
					z := m.session(m.backend("a"), "run-c")
					if e := z.State().Remembered(ships(1).Key); e == nil || e.Applied == nil || len(e.Intents) > 0 {
						t.Errorf("the outcome is lost: %+v", e)
					}
					want := c.doubles
					if again > 0 {
						want = 0 // reported once
					}
					if got := z.Doubles(); len(got) != want {
						t.Errorf("%d doubles, want %d: %v", len(got), want, got)
					}
					must(t, errors.Join(z.Commit(), z.Close()))
				}
				done := slices.DeleteFunc(m.entries(), func(e audit.Entry) bool { return e.Result != order.Done })
				if len(done) != c.wantedDone {
					t.Errorf("%d entries say done, want %d: %+v", len(done), c.wantedDone, done)
				}
				if left, _ := filepath.Glob(filepath.Join(m.dir, "a", ".gdfctl", "state-*", "unsaved-*")); len(left) > 0 {
					t.Errorf("left on the machine: %v", left)
				}
			})
		})
	}
}

// A repeat is appended behind what the former holder recorded late, and not sent.
func TestARepeatThatAnOutcomePrecedesIsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMachines(t)
		a := m.backend("a")
		x := m.session(a, "run-a")
		id := intend(t, x, "run-a", ships(1))
		m.aborted("a")
		must(t, x.RecordOutcome(id, state.Outcome{Result: order.Done, Status: 200}))
		_ = x.Close()
		must(t, a.Close())
		y := m.session(m.backend("b"), "run-b")
		must(t, y.RecordOutcome(id, state.Outcome{Result: order.NoEffect, ReadBack: true}))
		m.store.SetFaults(nil)
		var locked *backend.LockedError // a command that may write records what it finds, and waits for nobody
		if _, _, err := m.backend("a").Lock(t.Context(), backend.Request{Holder: backend.Holder{ID: "x"}}); !errors.As(err, &locked) {
			t.Fatal(err)
		}
		if _, err := y.Intend(ships(2)); !errors.Is(err, state.ErrIntentOpen) {
			t.Errorf("the repeat may be sent: %v", err)
		}
		must(t, errors.Join(y.Commit(), y.Close()))
		if got := y.Doubles(); len(got) > 0 {
			t.Errorf("nothing was sent twice: %v", got)
		}
		if _, _, err := m.backend("reader").Open(backend.Late); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("what the state holds is left among the late outcomes: %v", err)
		}
	})
}

// A former holder records its outcome while the one that repeated the call saves. That
// one tells of the double by itself, and leaves nothing for the next.
func TestAnOutcomeThatComesDuringACommitIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMachines(t)
		a := m.backend("a")
		x := m.session(a, "run-a")
		id := intend(t, x, "run-a", ships(1))
		m.aborted("a")
		must(t, x.RecordOutcome(id, state.Outcome{Result: order.Done, Status: 200}))
		_ = x.Close()
		must(t, a.Close())

		y := m.session(m.backend("b"), "run-b")
		must(t, y.RecordOutcome(id, state.Outcome{Result: order.NoEffect, ReadBack: true}))
		must(t, y.RecordOutcome(intend(t, y, "run-b", ships(2)), state.Outcome{Result: order.Done, Status: 200}))
		time.Sleep(time.Second) // all of that is recorded
		comesBack := sync.OnceFunc(func() {
			var locked *backend.LockedError
			if _, _, err := m.backend("a").Lock(t.Context(), backend.Request{Holder: backend.Holder{ID: "x"}}); !errors.As(err, &locked) {
				t.Error(err)
			}
		})
		m.store.SetFaults(func(c memlog.Call) memlog.Fault {
			if c.Machine == "b" && c.Method == "Append" {
				comesBack()
			}
			return memlog.Fault{}
		})
		must(t, y.Commit())
		if got := y.Doubles(); len(got) != 1 {
			t.Errorf("%d doubles are told, want 1", len(got))
		}
		must(t, y.Close())
		z := m.session(m.backend("c"), "run-c")
		if got := z.Doubles(); len(got) > 0 {
			t.Errorf("told again: %v", got)
		}
		must(t, z.Close())
		if done := slices.DeleteFunc(m.entries(), func(e audit.Entry) bool { return e.Result != order.Done }); len(done) != 2 {
			t.Errorf("%d entries say done, want 2", len(done))
		}
	})
}

// A log that was rolled back, or replaced, stops every command of a machine that read
// more of it.
func TestALogThatIsNotWhatItWas(t *testing.T) {
	for name, lost := range map[string]func(*machines){
		"shorter": func(m *machines) { m.store.Rollback(2) },
		"replaced": func(m *machines) {
			m.store.Rollback(2)
			x := m.session(m.backend("b"), "run-b")
			must(m.t, errors.Join(x.Commit(), x.Close()))
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMachines(t)
				x := m.session(m.backend("a"), "run-a")
				must(t, x.RecordOutcome(intend(t, x, "run-a", ships(1)), state.Outcome{Result: order.Done}))
				must(t, errors.Join(x.Commit(), x.Close()))
				lost(m)
				var rolledBack *sharedlog.RolledBackError
				if err := m.backend("a").Refresh(t.Context()); !errors.As(err, &rolledBack) || !strings.Contains(err.Error(), "gdfctl state recover") {
					t.Fatalf("reading: %v", err)
				}
				b := m.backend("a")
				if _, _, err := b.Lock(t.Context(), backend.Request{Holder: backend.Holder{ID: "x"}}); !errors.As(err, &rolledBack) {
					t.Errorf("locking: %v", err)
				}
				must(t, b.Accept())
				must(t, m.backend("a").Refresh(t.Context()))
			})
		})
	}
}

func TestAnotherStateIsRefused(t *testing.T) {
	m := newMachines(t)
	for lineage, place := range map[string]sharedlog.Place{"5812eb29": m.store.Place("a"), "": m.store.Place("a"), m.lineage: memlog.New().Place("a")} {
		var wrong *shared.WrongLineageError
		if err := shared.New(place, shared.Options{Dir: t.TempDir(), Lineage: lineage}).Refresh(t.Context()); !errors.As(err, &wrong) {
			t.Errorf("state %q: %v", lineage, err)
		}
	}
	var begun *shared.BegunError
	if _, _, err := shared.Init(t.Context(), m.store.Place("a"), backend.Holder{}, shared.Clock{}); !errors.As(err, &begun) || begun.Lineage != m.lineage {
		t.Errorf("another one is begun over it: %v", err)
	}
}
