package agent

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// A workspace whose runs all wait, such as for an API of its own that answers nothing, leaves
// half of an agent to the others.
func TestAWorkspaceLeavesPlacesToTheOthers(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for i := range 6 {
		s.schedules = append(s.schedules, s.every(fmt.Sprint("s", i), 24*time.Hour))
	}
	o := s.options()
	slow := &Workspace{Name: "a", Source: reconcile.Source{Dir: filepath.Join(s.dir, "slow")}, Deps: o.Deps}
	o.Workspaces = NewDirectories(slow, &Workspace{Name: "b", Source: reconcile.Source{Dir: s.dir}, Deps: o.Deps})
	end := make(chan struct{})
	var atOnce, most atomic.Int32
	s.work = func(ctx context.Context, req reconcile.ScheduledRequest) (*reconcile.ScheduledReport, error) {
		if req.Dir != slow.Source.Dir {
			return &reconcile.ScheduledReport{}, nil
		}
		most.Store(max(most.Load(), atOnce.Add(1)))
		defer atOnce.Add(-1)
		select {
		case <-end:
		case <-ctx.Done():
		}
		return &reconcile.ScheduledReport{}, nil
	}
	a := s.with(o)
	a.timing = s.open().timing
	stop := s.begin(a)
	ended := func(workspace string) (n int) {
		for _, schedule := range s.schedules {
			runs, err := a.db.Runs(t.Context(), workspace, schedule.Name)
			if err != nil {
				t.Error(err)
			}
			for _, r := range runs {
				if r.State == agentdb.Done {
					n++
				}
			}
		}
		return n
	}
	s.until("all runs of the other one ended", func() bool { return ended("b") == len(s.schedules) })
	if n := ended("a"); n > 0 || most.Load() != 2 {
		t.Errorf("%d runs ended, %d were under way at once", n, most.Load())
	}
	close(end)
	s.until("those that waited ended too", func() bool { return ended("a") == len(s.schedules) })
	stop()
	allLeft(t, a.places)
}

// allLeft fails the test unless every place was given back.
func allLeft(t *testing.T, p *places) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.working != 0 || p.waiting != 0 || len(p.queue) > 0 || len(p.taken) > 0 || len(p.had) > 0 {
		t.Errorf("%d work, %d wait, %d want a place, taken: %v, had: %d", p.working, p.waiting, len(p.queue), p.taken, len(p.had))
	}
}

// However many workspaces wait for their states, such as behind batches of hours, another one has its place.
func TestWhoWaitsForAStateTakesNoPlace(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	a, free := s.apartFrom(12)
	var waiting, working, most, ended atomic.Int32
	released := make(chan struct{})
	a.execute = func(ctx context.Context, req reconcile.ScheduledRequest, _ reconcile.Deps, o reconcile.Observer) (*reconcile.ScheduledReport, error) {
		if req.Dir == free {
			ended.Add(1)
			return &reconcile.ScheduledReport{}, nil
		}
		most.Store(max(most.Load(), working.Add(1)))
		o(reconcile.WaitingForLease{})
		working.Add(-1)
		waiting.Add(1)
		select {
		case <-released:
		case <-ctx.Done():
		}
		o(reconcile.WaitedForLease{})
		return &reconcile.ScheduledReport{}, nil
	}
	stop := s.begin(a)
	s.until("all of them wait, and the other one has run", func() bool { return waiting.Load() == 12 && ended.Load() == 1 })
	close(released)
	s.allEnd(a, 13)
	stop()
	allLeft(t, a.places)
}

// apartFrom is an agent with two places and these many workspaces, each with a schedule of a day, and one more in
// another directory.
func (s *shop) apartFrom(others int) (a *agent, dir string) {
	s.t.Helper()
	s.schedules = []*spec.Schedule{s.every("ack", 24*time.Hour)}
	o := s.options()
	o.Parallel = 2
	dir = filepath.Join(s.dir, "apart")
	all := []*Workspace{{Name: "zz", Source: reconcile.Source{Dir: dir}, Deps: o.Deps}}
	for i := range others {
		all = append(all, &Workspace{Name: fmt.Sprintf("other-%02d", i), Source: reconcile.Source{Dir: s.dir}, Deps: o.Deps})
	}
	o.Workspaces = NewDirectories(all...)
	a = s.with(o)
	a.timing = s.open().timing
	return a, dir
}

// allEnd waits until these many runs have ended well.
func (s *shop) allEnd(a *agent, n int) {
	s.t.Helper()
	s.until("all have ended", func() bool {
		runs, err := a.db.Recent(s.t.Context(), "", 100)
		return err == nil && len(runs) == n && !slices.ContainsFunc(runs, func(r *agentdb.Total) bool { return r.State != agentdb.Done })
	})
}

// The same with a state in files that another process has locked, and the real use case.
func TestAStateThatAnotherProcessHasKeepsNoPlace(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.schedules = []*spec.Schedule{s.every("back", 24*time.Hour)}
	o := s.options()
	o.Parallel = 1
	var all []*Workspace
	config := func(name string) string { return filepath.Join(s.dir, name, "main.hcl") }
	write := func(name string) {
		ok(t, os.WriteFile(config(name), []byte("account \"main\" {}\nschedule \"back\" {\n  every = \"24h\"\n  run   = \"verify\"\n}\n"), 0o600))
	}
	for _, name := range []string{"held", "other"} {
		ok(t, os.Mkdir(filepath.Join(s.dir, name), 0o700))
		all = append(all, &Workspace{Name: name, Source: reconcile.Source{Dir: filepath.Join(s.dir, name)}, Deps: o.Deps})
	}
	write("held")
	lock := must[*disk.Lock](t)(disk.TryLock(filepath.Join(s.dir, "held", "gdfctl.state.json.lock")))
	o.Workspaces = NewDirectories(all...)
	a := s.with(o)
	a.timing, a.execute = s.open().timing, reconcile.RunScheduled
	a.configured = func(w *Workspace) (*reconcile.Scheduling, error) {
		if _, err := os.Stat(config(w.Name)); err != nil {
			return &reconcile.Scheduling{}, nil
		}
		return &reconcile.Scheduling{Schedules: s.schedules}, nil
	}
	stop := s.begin(a)
	state := func(workspace string) string {
		runs := must[[]*agentdb.Total](t)(a.db.Recent(t.Context(), workspace, 1))
		if len(runs) == 0 {
			return ""
		}
		return runs[0].State
	}
	s.until("one waits", func() bool { return strings.Contains(s.logged(), "waiting for another run to end") })
	write("other")
	s.until("the other has ended", func() bool { return state("other") == agentdb.Done })
	if is := state("held"); is != agentdb.Running {
		t.Errorf("the one that waits is %s", is)
	}
	ok(t, lock.Release())
	s.until("it has ended too", func() bool { return state("held") == agentdb.Done })
	stop()
	allLeft(t, a.places)
}

// entered is the place that a workspace gets; nil: none.
func entered(ctx context.Context, p *places, workspace string, patience time.Duration) *place {
	one, _ := p.enter(ctx, workspace, patience)
	return one
}

// Places go to who wanted one first. Who comes back from waiting goes on at once, and new ones
// begin when there are places again. Who waits while there is no room for that keeps its place.
func TestPlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPlaces(2, 20, time.Minute)
		p.room = 2
		enter := func(workspace string) *place { return entered(t.Context(), p, workspace, 0) }
		var has []*place
		for i := range 2 {
			has = append(has, enter(fmt.Sprint(i)))
		}
		var order []string
		later := map[string]*place{}
		for _, name := range []string{"x", "y", "z"} {
			go func() {
				one := entered(t.Context(), p, name, time.Minute)
				order, later[name] = append(order, name), one
			}()
			synctest.Wait()
		}
		had := func(what string, want ...string) {
			t.Helper()
			synctest.Wait()
			if !slices.Equal(order, want) {
				t.Errorf("%s: %v have a place, want %v", what, order, want)
			}
		}
		had("all work")
		has[0].wait()
		had("one waits", "x")
		has[0].wait() // it says so again
		had("the same one waits", "x")
		has[1].wait()
		had("two wait", "x", "y")
		later["x"].wait()
		had("there is no room", "x", "y")
		has[0].goOn()
		later["y"].leave()
		had("as many work as may", "x", "y")
		later["x"].wait()
		had("there is room again", "x", "y", "z")
		for _, one := range []*place{has[0], has[1], later["x"], later["z"]} {
			one.leave()
		}
		allLeft(t, p)
	})
}

// Who gets no place in time leaves nothing behind, and neither does an agent that stops. A workspace
// among many has at most half, those that wait included.
func TestPlacesThatAreNotHad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPlaces(4, 2, time.Minute)
		var all []*place
		for _, workspace := range []string{"a", "a", "b", "b"} {
			all = append(all, entered(t.Context(), p, workspace, 0))
		}
		if slices.Contains(all, nil) {
			t.Fatal("not all have a place")
		}
		all[0].wait()
		if entered(t.Context(), p, "a", time.Hour) != nil {
			t.Error("a workspace has more than half")
		}
		all[0].goOn()
		began := time.Now()
		if entered(t.Context(), p, "c", 2*time.Second) != nil || time.Since(began) != 2*time.Second {
			t.Errorf("after %s", time.Since(began))
		}
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		if entered(ctx, p, "c", time.Hour) != nil {
			t.Error("an agent that stops gave a place")
		}
		for _, one := range all {
			one.leave()
		}
		allLeft(t, p)
	})
}
