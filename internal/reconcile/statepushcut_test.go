package reconcile_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/state"
)

// A push is cut off at any call of a store, while the lease of another run is not
// released, and one of its calls is open. The state is the one before or the one after,
// with that call in it. Pushed again, it becomes the one after, whatever there was; an
// old clone goes on with what is there, and sends nothing twice.
func TestAPushIsCutOffAnywhere(t *testing.T) {
	everyCut(t, 8, pushedInSteps)
}

// pushedInSteps cuts a push off at its nth call, and returns whether it ended before.
func pushedInSteps(t *testing.T, n int, after bool) (ended bool) {
	m := newMoving(t, "112-0")
	pusher, clone := m.machine(m.block("a")), m.machine(m.block("a"))
	clone.pull() // it knows the place as it was
	pulled := pusher.pull()
	const from, to = `"carrier":"UPS"`, `"carrier":"USPS"`
	wanted := strings.Replace(pulled, from, to, 1)
	if wanted == pulled {
		t.Fatalf("nothing to change: %s", pulled)
	}
	ctx, end := context.WithCancel(t.Context())
	defer end()
	m.cutOff(n, after, end)
	if done, err := pusher.pushIn(ctx, wanted); err == nil {
		ended = done.Difference.Len() == 1
	}
	m.a.SetFaults(nil)

	is := clone.pull()
	before, there := orders(is) == orders(pulled), orders(is) == orders(wanted)
	if !before && !there || ended && before {
		t.Errorf("ended %v, and the state is neither the one before nor the one after: %s", ended, is)
	}
	if n%2 == 0 { // the other half sees the clone first
		done, err := pusher.pushIn(t.Context(), wanted)
		if _, changed := errors.AsType[*state.ChangedError](err); changed && before { // what was left behind is on record since
			wanted = strings.Replace(is, from, to, 1)
			done, err = pusher.pushIn(t.Context(), wanted)
		}
		switch {
		case err != nil:
			t.Errorf("again: %v", err)
		case there && done.Difference.Len() != 0, before && done.Difference.Len() != 1:
			t.Errorf("again: %+v, and the state was %s", done.Difference, is)
		}
		if is := pusher.pull(); orders(is) != orders(wanted) {
			t.Errorf("the state is not what was pushed: %s", is)
		}
	}
	if err := clone.applyLate(); err != nil {
		t.Error(err)
	}
	if _, err := pusher.pushIn(t.Context(), wanted); err == nil || !strings.Contains(err.Error(), "changed since it was pulled") {
		t.Errorf("pushed over what the clone did: %v", err)
	}
	expect(t, "sent", []string{"Shipped 112-0", "Shipped 112-1", "Shipped 112-2"}, m.sent())
	if _, err := reconcile.VerifyAudit(t.Context(), reconcile.VerifyRequest{Source: pusher.source()}, m.deps, m.observe); err != nil {
		t.Error(err)
	}
	return ended
}

// orders is what a pulled state says of orders, whenever it was pulled, and whatever is
// on record of open calls.
func orders(pulled string) string {
	_, all, _ := strings.Cut(pulled, `"orders"`)
	return strings.ReplaceAll(all, `,"recorded":true`, "")
}
