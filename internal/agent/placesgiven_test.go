package agent

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/reconcile"
)

// Where batches of hours have every place, another workspace gets one, and the batches go on after it.
func TestBatchesOfOthersGiveWay(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	a, short := s.apartFrom(2)
	a.timing.aside = 5 * time.Second // time enough for who asked, also on a machine that does something else
	var begun, ended atomic.Int32
	released := make(chan struct{})
	a.execute = func(ctx context.Context, req reconcile.ScheduledRequest, _ reconcile.Deps, o reconcile.Observer) (*reconcile.ScheduledReport, error) {
		switch {
		case req.Dir == short && begun.Load() < 2: // the batches come first
			return &reconcile.ScheduledReport{Left: true}, nil
		case req.Dir == short:
			ended.Add(1)
			return &reconcile.ScheduledReport{}, nil
		}
		begun.Add(1)
		o(reconcile.Progressed{})
		select {
		case <-released:
			return &reconcile.ScheduledReport{}, nil
		case <-ctx.Done():
			return &reconcile.ScheduledReport{Left: true}, nil
		}
	}
	stop := s.begin(a)
	s.until("the batches send", func() bool { return begun.Load() >= 2 })
	s.change(a, `UPDATE river_job SET created_at = datetime(created_at, '-400 seconds')`) // who waits for long comes back less often, here after 12 s
	s.until("the other one has run, and the batch goes on", func() bool { return ended.Load() == 1 && begun.Load() >= 3 })
	close(released)
	s.allEnd(a, 3)
	stop()
	allLeft(t, a.places)
}

// Of the slices that have sent for a turn, the one that has sent for longest gives way: one at a time,
// none that reads or waits itself, and none for a workspace that has a place.
func TestWhoGivesWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPlaces(4, 20, time.Minute)
		var asked []string
		slice := func(name string) *place {
			t.Helper()
			one := entered(t.Context(), p, name, 0)
			if one == nil {
				t.Fatalf("%s has no place", name)
			}
			one.gives(func() { asked = append(asked, name) })
			return one
		}
		first, second, behind, reads := slice("first"), slice("second"), slice("behind"), slice("reads")
		first.sends()
		behind.sends()
		time.Sleep(10 * time.Second)
		second.sends()
		first.sends() // again
		wants := func(what, name string, before bool, want ...string) {
			t.Helper()
			one, soon := p.enter(t.Context(), name, 2*time.Second)
			if one != nil || soon != before {
				t.Errorf("%s: %s has %v, soon: %t", what, name, one, soon)
			}
			if !slices.Equal(asked, want) {
				t.Errorf("%s: %v were asked, want %v", what, asked, want)
			}
		}
		wants("before a turn", "c", false)
		behind.wait()
		last := slice("last") // in the place of the one that waits
		time.Sleep(time.Minute)
		wants("after a turn", "c", true, "first")
		wants("it asks again", "c", true, "first")
		wants("another one, meanwhile", "d", true, "first")
		first.leave()
		c := slice("c")
		wants("it has a place, which reads", "reads", false, "first")
		wants("it has a place, which sends", "second", true, "first", "second")
		second.leave()
		last.sends()
		time.Sleep(time.Minute)
		if p.ask("d") || len(asked) != 2 {
			t.Errorf("%v were asked, and a place is free", asked)
		}
		d := slice("d")
		last.gives(nil)
		wants("it ends already", "e", false, "first", "second")
		for _, one := range []*place{behind, reads, last, c, d} {
			one.leave()
		}
		allLeft(t, p)
	})
}
