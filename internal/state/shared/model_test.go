package shared

import (
	"cmp"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestModel lets two runs, one order and everything that can go wrong meet in every
// order, with the real code of the lease: what the API executed twice is a failure. Each
// scenario has its faults, each of which happens once at most, at any moment. It stands
// for the model that the protocol was designed with; each rule of the lease that is
// taken out is a mutant that it must find.
func TestModel(t *testing.T) {
	for _, s := range []scenario{
		{name: "a run is killed", faults: []fault{killed}},
		{name: "a run is stopped and goes on", faults: []fault{stopped}},
		{name: "a machine is suspended", faults: []fault{suspended}},
		{name: "an answer is lost", faults: []fault{answerLost}},
		{name: "a record is appended late", faults: []fault{appendedLate}},
		{name: "appending takes long", faults: []fault{appendsSlowly}},
		{name: "a person breaks the lease", faults: []fault{unlocked}},
		{name: "a person breaks the lease of a run that is stopped", faults: []fault{unlocked, stopped}, shorter: 2},
		{name: "a machine is suspended, and its clock is set back", faults: []fault{suspendedBack}},
		{name: "another server takes over without a run's records", faults: []fault{forgotten}, later: true},
		{name: "the last record is lost, and a run is killed", faults: []fault{rolledBack, killed}, later: true, settle: 4 * time.Minute},
		{name: "a run releases the lease and goes on", faults: []fault{goesOn}},
		{name: "a release has no answer", faults: []fault{goesOn, answerLost}},
		{name: "clocks are set", faults: []fault{waiterForward, holderBack}},
		{name: "another server takes over", faults: []fault{failover}},
		{name: "another server takes over, and a run is killed", faults: []fault{failover, killed}},
		{name: "a run that took over ends at once", faults: []fault{unlocked, inBetween}},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			s.explore(t)
		})
	}
}

// scenario is what may go wrong.
type scenario struct {
	name   string
	faults []fault
	later  bool          // B begins to wait at any time, and not at once
	settle time.Duration // of both; 0: modelSettle
	// shorter is by how many events histories are shorter than depth.
	shorter int
}

type fault int

const (
	killed fault = iota
	stopped
	suspended
	suspendedBack // and its clock is set back
	answerLost
	appendedLate
	appendsSlowly
	unlocked
	goesOn
	waiterForward
	holderBack
	failover
	forgotten  // another server takes over that has no record of A
	rolledBack // as failover, and nothing shows it
	inBetween  // a third run acquires the lease, does nothing, and releases it
)

// explore runs all histories, but for those that lead to a state that was explored
// with as many events to come.
func (s scenario) explore(t *testing.T) {
	dir := fastDir(t)
	depth := depth - s.shorter
	s.settle = cmp.Or(s.settle, modelSettle)
	explored := map[string]int{} // events that were to come
	var choices []int
	histories, states, diverged := 0, 0, 0
	for began := time.Now(); ; {
		histories++
		var widths []int
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, dir, s)
			defer w.end()
			for len(w.trace) < depth {
				i := len(w.trace)
				if i >= len(choices) {
					print := w.fingerprint()
					if left, seen := explored[print]; seen && left >= depth-i {
						return
					}
					explored[print] = depth - i
					states++
				}
				events := w.events()
				if len(events) == 0 {
					return
				}
				if i >= len(choices) {
					choices = append(choices, 0)
				}
				widths = append(widths, len(events))
				if choices[i] >= len(events) {
					diverged++ // two things happened at one moment, and in the other order than before
					return
				}
				e := events[choices[i]]
				w.trace = append(w.trace, e.name)
				e.do()
				w.settle()
				if w.twice() {
					t.Fatalf("it can be executed twice:\n  %s", strings.Join(w.trace, "\n  "))
				}
			}
		})
		if t.Failed() {
			return
		}
		// The next history differs in its last event that has another choice.
		choices = choices[:len(widths)]
		for len(choices) > 0 && choices[len(choices)-1]+1 >= widths[len(choices)-1] {
			choices = choices[:len(choices)-1]
		}
		if len(choices) == 0 {
			t.Logf("%d states in %d histories, of which %d diverged, %s", states, histories, diverged, time.Since(began).Round(time.Millisecond))
			return
		}
		choices[len(choices)-1]++
	}
}

// fastDir is a folder in memory where there is one: each history makes many files.
func fastDir(t *testing.T) string {
	dir, err := os.MkdirTemp("/dev/shm", "gdfctl-model") //nolint:usetesting // that folder is on a disk
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

const (
	// tick is how precisely time counts: no bound of the protocol lies so close behind a
	// multiple of it that the time which events take would matter.
	tick = 30 * time.Second
	// eventTime is what an event takes at least.
	eventTime = 200 * time.Millisecond
)

func ticks(d time.Duration) string { return fmt.Sprint(int(d / tick)) }
