//go:build !race

package state

import (
	"fmt"
	"testing"
)

// TestEveryFailure fails every operation of a run, one by one, on a new state
// and on one that was there.
func TestEveryFailure(t *testing.T) {
	for _, fresh := range []bool{true, false} {
		for _, crash := range []bool{false, true} {
			t.Run(fmt.Sprintf("fresh=%v/crash=%v", fresh, crash), func(t *testing.T) {
				t.Parallel()
				testEveryFailure(t, fresh, crash, 1)
			})
		}
		// A disk that is full for a while fails the second attempts too.
		for _, lasts := range []int{2, 5, 12} {
			t.Run(fmt.Sprintf("fresh=%v/lasts=%d", fresh, lasts), func(t *testing.T) {
				t.Parallel()
				testEveryFailure(t, fresh, false, lasts)
			})
		}
	}
}

func testEveryFailure(t *testing.T, fresh, crash bool, lasts int) {
	base, before := newCrashFS(), newState(&closedOrders{})
	if !fresh {
		before = prepare(t, base)
	}
	for k := 1; ; k++ {
		dir := t.TempDir()
		files := base.clone(dir)
		files.failAt, files.crash, files.lasts = k, crash, lasts
		var st story
		err := st.run(t, dir, files)
		if files.ops < k {
			if err != nil {
				t.Fatalf("the run that nothing befell: %v", err)
			}
			if k < 40 {
				t.Fatalf("only %d operations", k)
			}
			return
		}
		choices := survivals
		switch {
		case !crash:
			choices = survivals[:1]
		case fresh: // differs in the first files alone
			choices = survivals[:3]
		}
		for i, s := range choices {
			after := files.afterCrash(dir, s)
			if k%7 == i { // a file of the machine costs a hundred times more
				after.toDisk(t)
				st.check(t, dir, hastyOS{}, before)
			} else {
				st.check(t, dir, after, before)
			}
			if t.Failed() {
				t.Fatalf("operation %d failed; %s; the run said: %v", k, s.name, err)
			}
		}
	}
}

// TestEveryFailureWhileRecovering crashes a second time, while the first crash
// is being recovered from: of a long run, and of the first call ever, of which
// nothing is on record yet.
func TestEveryFailureWhileRecovering(t *testing.T) {
	for name, fresh := range map[string]bool{"a long run": false, "the first call": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testEveryFailureWhileRecovering(t, fresh)
		})
	}
}

func testEveryFailureWhileRecovering(t *testing.T, fresh bool) {
	prepared, before := newCrashFS(), newState(&closedOrders{})
	if !fresh {
		before = prepare(t, prepared)
	}
	dir := t.TempDir()
	first := prepared.clone(dir)
	st := story{promises: map[IntentID]*promise{}}
	x := mustLock(t, newTestStore(dir, first))
	if fresh {
		must(t, x.Begin(Run{ID: "run-1", PlanHash: "p1", Command: "apply"}))
		must(t, st.change(x, 6, ""))
	} else {
		must(t, st.tell(x))
	}
	must(t, x.Close()) // no Commit: the journal stays
	for k := 1; ; k++ {
		files := first.clone(dir)
		files.failAt, files.crash = k, true
		x, err := newTestStore(dir, files).Lock(t.Context(), LockRequest{Operation: "apply"})
		if err == nil {
			must(t, x.lease.Release())
		}
		if files.ops < k {
			return
		}
		for _, s := range survivals {
			st.check(t, dir, files.afterCrash(dir, s), before)
			if t.Failed() {
				t.Fatalf("operation %d failed; %s; Lock said: %v", k, s.name, err)
			}
		}
	}
}
