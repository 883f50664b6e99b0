package reconcile_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/memlog"
)

// moving is a team whose state moves from the log a to the log b.
type moving struct {
	*team
	a, b  *memlog.Store
	state string

	mu    sync.Mutex // guards what follows
	calls int
}

// newMoving begins a state in a, in which the orders before were shipped. A run was cut
// off: it shipped 112-1, could not record the answer, and holds the lease. 112-2 waits.
func newMoving(t *testing.T, before ...string) *moving {
	t.Helper()
	m := &moving{a: memlog.New(), b: memlog.New()}
	plans, third := memlog.New(), memlog.New()
	reconcile.InMemory(t, func(b sharedlog.Block) sharedlog.Place {
		name := b.Attributes["name"]
		if b.Log == sharedlog.Plans {
			return plans.Place(name)
		}
		return map[string]*memlog.Store{"a": m.a, "b": m.b, "c": third}[name].Place(name)
	})
	m.team = &team{shop: newShop(t, m.block("a")), logs: map[sharedlog.Log]*memlog.Store{sharedlog.State: m.a}, numbers: map[string]string{}}
	begun, err := reconcile.InitState(t.Context(), m.source(), m.deps, m.observe)
	if err != nil {
		t.Fatal(err)
	}
	m.state = begun.State
	if len(before) > 0 {
		m.processing(before...)
		m.write("main.hcl", m.block("a")+shipments(before...))
		if err := m.applyAll(); err != nil {
			t.Fatal(err)
		}
	}
	m.processing("112-1", "112-2")
	m.write("main.hcl", m.block("a")+shipments("112-1"))
	m.deps.Transport = onWrite{m.shop, sync.OnceFunc(func() {
		m.a.SetFaults(func(c memlog.Call) memlog.Fault {
			if c.Method == "Append" {
				return memlog.Fault{Err: errors.New("away")}
			}
			return memlog.Fault{}
		})
	})}
	if err := m.applyAll(); err == nil {
		t.Fatal("nothing failed")
	}
	m.a.SetFaults(nil)
	m.deps.Transport = m.shop
	if sent := m.sent(); len(sent) != len(before)+1 || sent[len(before)] != "Shipped 112-1" {
		t.Fatalf("sent %v", sent)
	}
	return m
}

func (m *moving) block(name string) string {
	which := ""
	if m.state != "" {
		which = fmt.Sprintf("state = %q\n", m.state)
	}
	return fmt.Sprintf("gdfctl {\n  backend \"memory\" {\n    name = %q\n    %s  }\n}\n", name, which)
}

// machine is another one, with a configuration that wants both orders shipped.
func (m *moving) machine(block string) *team {
	m.Helper()
	other := m.other()
	other.write("main.hcl", block+shipments("112-1", "112-2"))
	return other
}

func (s *team) migrate(ctx context.Context, from string) (*reconcile.MigrateReport, error) {
	return reconcile.Migrate(ctx, reconcile.MigrateRequest{
		Source: s.source(), From: from, LockTimeout: time.Hour, Approve: yes[*reconcile.MigrateReport],
	}, s.deps, s.observe)
}

func (s *team) applyLate() error {
	_, err := s.apply(s.Context(), reconcile.ApplyRequest{Approve: yes[*plan.Plan], LockTimeout: time.Hour})
	return err
}

// live reports whether a log can be used, as its records say.
func live(log *memlog.Store) bool {
	is := false
	for _, r := range log.Records() {
		switch sharedlog.Kind(r.Kind) {
		case sharedlog.Init:
			is = !bytes.Contains(r.Data, []byte(`"move"`))
		case sharedlog.Active:
			is = true
		case sharedlog.Incoming, sharedlog.Moved:
			is = false
		}
	}
	return is
}

// cutOff ends a process at its nth writing call, before or after that takes effect.
// It watches that there is one live place at most.
func (m *moving) cutOff(nth int, after bool, end func()) {
	fault := func(c memlog.Call) memlog.Fault {
		m.oneIsLive()
		m.mu.Lock()
		if c.Method != "Read" && c.Method != "Start" && c.Method != "Get" { // between them nothing changes
			m.calls++
		}
		n := m.calls
		m.mu.Unlock()
		switch {
		case n < nth:
			return memlog.Fault{}
		case n == nth && after:
			end()
			return memlog.Fault{Lost: memlog.AnswerLost}
		}
		end()
		return memlog.Fault{Err: errors.New("the process is gone")}
	}
	m.a.SetFaults(fault)
	m.b.SetFaults(fault)
}

func (m *moving) oneIsLive() {
	if live(m.a) && live(m.b) {
		m.Error("both places are live")
	}
}

// everyCut runs something in which a process is cut off at its nth call, before or after
// that takes effect, until it ended without. That takes some calls at least.
func everyCut(t *testing.T, least int, inSteps func(t *testing.T, n int, after bool) (ended bool)) {
	t.Helper()
	for _, after := range []bool{false, true} {
		t.Run(map[bool]string{false: "before a call", true: "after a call"}[after], func(t *testing.T) {
			n := 0
			for ended := false; !ended; {
				n++
				synctest.Test(t, func(t *testing.T) { ended = inSteps(t, n, after) })
				if t.Failed() {
					t.Fatalf("at call %d", n)
				}
			}
			if n < least {
				t.Errorf("only %d calls were cut off", n-1)
			}
			t.Logf("%d calls", n-1)
		})
	}
}

// A move is cut off at any call of a store, while the lease of another run is not
// released, one of its calls is open, and its outcome is kept on its machine. Whoever
// still has the former block goes on there as long as the state did not move, and not
// afterward. The move goes on when it is asked for again; nothing is sent twice, and
// the outcome that was kept is recorded in the new place.
func TestAMoveIsCutOffAnywhere(t *testing.T) {
	everyCut(t, 10, movedInSteps)
}

// movedInSteps cuts a move off at its nth call, and returns whether it ended before.
func movedInSteps(t *testing.T, n int, after bool) (ended bool) {
	m := newMoving(t)
	mover, clone := m.machine(m.block("b")), m.machine(m.block("a"))
	former := m.machine(m.block("a"))
	ctx, end := context.WithCancel(t.Context())
	defer end()
	m.cutOff(n, after, end)
	if _, err := mover.migrate(ctx, former.dir); err == nil {
		ended = true
	}
	m.a.SetFaults(nil)
	m.b.SetFaults(nil)
	m.oneIsLive()
	before := len(m.sent())
	was := live(m.a)
	err := clone.applyLate()
	moved, refused := errors.AsType[*backend.MovedError](err)
	switch {
	case was && err != nil:
		t.Errorf("the state is where it was, and can't be used: %v", err)
	case !was && (!refused || moved.Incoming || len(m.sent()) != before):
		t.Errorf("the state moved, and the former place is used: %v", err)
	}
	if !ended {
		if err := mover.applyLate(); err == nil && live(m.a) {
			t.Error("the new place is used before the state is there")
		}
		if _, err := mover.migrate(t.Context(), former.dir); err != nil {
			t.Fatal(err)
		}
	}
	if live(m.a) || !live(m.b) {
		t.Fatal("the state is not where it moved to")
	}
	if r, err := mover.migrate(t.Context(), ""); err != nil || !r.Already {
		t.Errorf("again: %+v, %v", r, err)
	}
	if err := mover.applyLate(); err != nil {
		t.Error(err)
	}
	// The machine of the run that was cut off takes the new block, and records what it
	// kept.
	m.write("main.hcl", m.block("b")+shipments("112-1", "112-2"))
	if err := m.applyLate(); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(m.dir, ".gdfctl", "state-*", "unsaved-*")); len(left) > 0 {
		t.Errorf("left on the machine: %v", left)
	}
	sent := m.sent()
	slices.Sort(sent)
	expect(t, "sent", []string{"Shipped 112-1", "Shipped 112-2"}, sent)
	if _, err := reconcile.VerifyAudit(t.Context(), reconcile.VerifyRequest{Source: m.source()}, m.deps, m.observe); err != nil {
		t.Error(err)
	}
	return ended
}

// A call whose outcome nobody knows goes along: the new place looks it up, and repeats
// it not before read_lag has passed since it was taken over there.
func TestAnOpenCallIsSettledInTheNewPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMoving(t)
		mover, former := m.machine(m.block("b")), m.machine(m.block("a"))
		if r, err := mover.migrate(t.Context(), former.dir); err != nil || r.Open != 1 || r.State != m.state {
			t.Fatalf("%+v, %v", r, err)
		}
		began := time.Now()
		if err := mover.applyLate(); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took < 2*time.Minute {
			t.Errorf("the first run there ended after %s: nothing is sent before settle has passed", took)
		}
		expect(t, "sent", []string{"Shipped 112-1", "Shipped 112-2"}, m.sent())
	})
}

// Files keep no time without sending: the state waits where it is until reads certainly
// show what former runs sent.
func TestAMoveToFilesWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMoving(t)
		m.write("main.hcl", shipments("112-1", "112-2")) // on the machine that has what it kept
		kept := m.machine("")
		former := m.machine(m.block("a"))
		began := time.Now()
		r, err := kept.migrate(t.Context(), former.dir)
		if err != nil || r.State != "" {
			t.Fatalf("%+v, %v", r, err)
		}
		if took := time.Since(began); took < 3*time.Minute+15*time.Minute || took > 20*time.Minute {
			t.Errorf("it took %s", took)
		}
		if err := kept.applyLate(); err != nil {
			t.Fatal(err)
		}
		expect(t, "sent", []string{"Shipped 112-1", "Shipped 112-2"}, m.sent())
		if err := m.machine(m.block("a")).applyLate(); err == nil || !strings.Contains(err.Error(), "the state moved from memory:a to") || !strings.Contains(err.Error(), `backend "local"`) {
			t.Errorf("the former place: %v", err)
		}
	})
}

// Of two that move the state to different places, one does.
func TestTwoMovesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMoving(t)
		former := m.machine(m.block("a"))
		movers := []*team{m.machine(m.block("b")), m.machine(m.block("b")), m.machine("")}
		errs := make([]error, len(movers))
		var all sync.WaitGroup
		for i, mover := range movers {
			all.Go(func() { _, errs[i] = mover.migrate(t.Context(), former.dir) })
		}
		all.Wait()
		m.oneIsLive()
		there := 0
		for i, mover := range movers {
			_, err := os.Stat(filepath.Join(mover.dir, "gdfctl.state.json"))
			if errs[i] == nil {
				there++
			} else if err == nil && mover.applyLate() == nil {
				t.Errorf("mover %d failed, and can use the state: %v", i, errs[i])
			}
		}
		if there == 0 || live(m.a) {
			t.Errorf("nobody moved it: %v", errs)
		}
	})
}

// What a directory remembers is trusted only where it can lead to the same place.
func TestAFormerPlaceThatIsNotKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMoving(t)
		mover := m.machine(m.block("b"))
		refused := func(says string) {
			t.Helper()
			if _, err := mover.migrate(t.Context(), ""); err == nil || !strings.Contains(err.Error(), says) {
				t.Errorf("error %v", err)
			}
			if len(m.b.Records()) > 0 || !live(m.a) {
				t.Error("something was moved")
			}
		}
		refused("no other state is known in this directory")
		if err := os.Mkdir(filepath.Join(mover.dir, ".gdfctl"), 0o700); err != nil {
			t.Fatal(err)
		}
		mover.write(".gdfctl/backend.json", `{"backend":"memory","place":"memory:a","state":"`+m.state+`"}`) // of an earlier gdfctl
		refused("--from DIR")
		mover.write(".gdfctl/backend.json", `{"backend":"git","place":"memory:a","state":"`+m.state+`"}`)
		refused("--from DIR")
		mover.write(".gdfctl/backend.json", `{"backend":"memory","place":"memory:a","state":"`+m.state+`","attributes":[{"name":"name","value":"a"}]}`)
		mover.write("main.hcl", strings.Replace(m.block("b"), m.state, "00000000", 1))
		refused(`A state keeps its name: write state = "` + m.state + `"`)
		mover.write("main.hcl", m.block("b"))
		if _, err := mover.migrate(t.Context(), ""); err != nil {
			t.Error(err)
		}
	})
}

// The state moves back to no place that it left, and on to a third one: who knew only
// the first follows.
func TestAStateMovesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMoving(t)
		mover := m.machine(m.block("b"))
		if _, err := mover.migrate(t.Context(), m.machine(m.block("a")).dir); err != nil {
			t.Fatal(err)
		}
		mover.write("main.hcl", m.block("a"))
		if _, err := mover.migrate(t.Context(), ""); err == nil || !strings.Contains(err.Error(), "takes nothing more") {
			t.Errorf("error %v", err)
		}
		mover.write("main.hcl", m.block("c"))
		if _, err := mover.migrate(t.Context(), ""); err != nil {
			t.Fatal(err)
		}
		m.write("main.hcl", m.block("c")+shipments("112-1"))
		if err := m.applyLate(); err != nil {
			t.Error(err)
		}
		expect(t, "sent", []string{"Shipped 112-1"}, m.sent())
	})
}
