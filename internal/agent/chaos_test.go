package agent

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// An agent whose look takes long, since much is due or to be read, lives: what it does is
// not taken up.
func TestAnAgentThatLooksSlowlyLives(t *testing.T) {
	t.Parallel()
	f := newFleet(t, stores.Postgres(t).URL)
	f.schedules = []*spec.Schedule{f.every("a", 24*time.Hour)}
	goOn := make(chan struct{})
	f.work = func(context.Context, reconcile.ScheduledRequest) (*reconcile.ScheduledReport, error) {
		<-goOn
		return &reconcile.ScheduledReport{}, nil
	}
	slow, other := f.onMachine(0, "w"), f.onMachine(0, "w")
	const dead = 5 * time.Second // more than a busy machine keeps one waiting
	for _, a := range []*agent{slow, other} {
		a.timing.dead, a.timing.rescue, a.timing.job = dead, time.Hour, time.Hour
	}
	var looksOn, reads atomic.Bool
	configured := slow.configured
	slow.configured = func(w *Workspace) (*reconcile.Scheduling, error) {
		reads.Store(true)
		f.until("it is read", func() bool { return !looksOn.Load() })
		return configured(w)
	}
	defer f.runsOn(slow)()
	f.until("the run began", func() bool { return f.count() == 1 })
	looksOn.Store(true)
	reads.Store(false)
	f.write("main.hcl", "# another text\n")
	f.until("its look takes long", reads.Load)
	defer f.runsOn(other)()
	began := time.Now()
	f.until("an agent would be silent for too long", func() bool { return time.Since(began) > 2*dead+time.Second })
	looksOn.Store(false)
	close(goOn)
	db := f.db()
	f.until("the run has ended", func() bool { return f.runsOf(db, "w", "a")[0].State == agentdb.Done })
	if r := f.runsOf(db, "w", "a")[0]; r.Take != 1 || f.count() != 1 {
		t.Errorf("%d runs were made, %+v", f.count(), r)
	}
}

// The file that pauses everything stops runs also while the database is away.
func TestTheFileThatPausesNeedsNoDatabase(t *testing.T) {
	t.Parallel()
	store := stores.Postgres(t)
	proxy := stores.NewProxy(t, store.Address)
	f := newFleet(t, store.Through(proxy.Address))
	f.schedules = []*spec.Schedule{f.every("a", 24*time.Hour)}
	stopped := make(chan error, 1)
	f.work = func(ctx context.Context, _ reconcile.ScheduledRequest) (*reconcile.ScheduledReport, error) {
		<-ctx.Done()
		stopped <- context.Cause(ctx)
		return &reconcile.ScheduledReport{Left: true}, nil
	}
	a := f.onMachine(0, "w")
	a.timing.rescue, a.timing.job = time.Hour, time.Hour
	stop := f.runsOn(a)
	f.until("the run began", func() bool { return f.count() == 1 })
	proxy.Lead("127.0.0.1:1")
	f.until("it is noticed", func() bool { return strings.Contains(f.logged(), "can't be looked at") })
	if err := os.WriteFile(filepath.Join(a.Directory, PauseFile), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	f.until("the run is stopped", func() bool { return len(stopped) == 1 })
	if why := <-stopped; !errors.Is(why, errPaused) {
		t.Errorf("it was stopped because %v", why)
	}
	proxy.Lead(store.Address)
	f.url = store.URL
	db := f.db()
	f.until("the run is paused", func() bool { return f.runsOf(db, "w", "a")[0].State == agentdb.Paused })
	stop()
}

// A schedule goes on whatever became of its row, while its agents run.
func TestSchedulesComeBack(t *testing.T) {
	t.Parallel()
	for name, statements := range map[string][]string{
		"the tables were emptied":             {"DELETE FROM gdfctl_agent.gdfctl_schedules", "DELETE FROM gdfctl_agent.gdfctl_runs", "DELETE FROM gdfctl_agent.gdfctl_results", "DELETE FROM gdfctl_agent.gdfctl_agents"},
		"an older directory had another rule": {"UPDATE gdfctl_agent.gdfctl_schedules SET rule = 'every 3h'"},
		"an older directory did not have it":  {"UPDATE gdfctl_agent.gdfctl_schedules SET active = 0"},
		"the clock was a year ahead":          {"UPDATE gdfctl_agent.gdfctl_schedules SET next_due = next_due + 31536000000"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFleet(t, stores.Postgres(t).URL)
			f.schedules = []*spec.Schedule{f.every("a", time.Second)}
			for range 2 {
				a := f.onMachine(0, "w")
				a.timing.rescue = time.Minute
				defer f.runsOn(a)()
			}
			f.until("runs are made", func() bool { return f.count() > 1 })
			db := f.db()
			ok(t, db.In(context.Background(), func(tx *agentdb.Tx) error {
				for _, statement := range statements {
					if _, err := tx.SQL.Exec(statement); err != nil {
						return err
					}
				}
				return nil
			}))
			n := f.count()
			f.until("runs are made again", func() bool { return f.count() > n+2 })
			dues := map[time.Time]bool{}
			for _, r := range f.runsOf(db, "w", "a") {
				if dues[r.Due] {
					t.Errorf("%s was run twice", r.Due)
				}
				dues[r.Due] = true
			}
		})
	}
}

// A job of a due time that is left of lost tables keeps no run from being made.
func TestJobsOfLostTables(t *testing.T) {
	t.Parallel()
	f := newFleet(t, stores.Postgres(t).URL)
	f.schedules = []*spec.Schedule{f.every("a", 24*time.Hour)}
	stop := f.runsOn(f.onMachine(0, "w"))
	db := f.db()
	ended := func() bool {
		runs := f.runsOf(db, "w", "a")
		return len(runs) == 1 && runs[0].State == agentdb.Done
	}
	f.until("its run was made", ended)
	stop()
	ok(t, db.In(context.Background(), func(tx *agentdb.Tx) error {
		_, err := tx.SQL.Exec("DELETE FROM gdfctl_agent.gdfctl_schedules; DELETE FROM gdfctl_agent.gdfctl_runs")
		return err
	}))
	a := f.onMachine(0, "w")
	a.timing.rescue = time.Hour
	defer f.runsOn(a)()
	f.until("its run is made again", func() bool { return ended() && f.count() == 2 })
}

// A workspace that was in git is one like others when its machine has it in a directory.
func TestAWorkspaceLeavesGit(t *testing.T) {
	t.Parallel()
	f := newFleet(t, stores.Postgres(t).URL)
	f.schedules = []*spec.Schedule{f.every("a", 24*time.Hour)}
	db := f.db()
	if moved, err := db.Advance(context.Background(), "w", "", "c0ffee", time.Now()); err != nil || !moved {
		t.Fatal(moved, err)
	}
	defer f.runsOn(f.onMachine(0, "w"))()
	f.until("its run is made", func() bool {
		runs := f.runsOf(db, "w", "a")
		return len(runs) == 1 && runs[0].State == agentdb.Done && runs[0].Commit == ""
	})
}

// A machine that begins with its clock a year ahead, and is killed, goes on when that is
// right.
func TestTheClockOfAMachineWasAhead(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.schedules = []*spec.Schedule{s.every("a", 5*time.Minute)}
	a := s.open()
	a.Deps.Now = func() time.Time { return s.now().AddDate(1, 0, 0) }
	ahead := s.now().AddDate(1, 0, 0)
	ok(t, a.db.Adopt(context.Background(), &agentdb.Schedule{Workspace: "shop", Name: "a", Rule: s.schedules[0].Times.In("shop").String(), NextDue: ahead}, true))
	ok(t, a.db.Works(context.Background(), a.row(), ahead))
	r := newRun("shop", "a", "", ahead, ahead)
	ok(t, a.db.Insert(context.Background(), r))
	if _, err := a.db.Claim(context.Background(), r.ID, 1, ahead, ahead); err != nil {
		t.Fatal(err)
	}
	a.close()
	defer s.start()()
	s.until("the run that was left and due times are run", func() bool { return s.count() > 2 })
}

// Of ten machines, one has a workspace. In 99 of 100 cases, it comes upon the run before 44
// others have: then the run is not late.
func TestAJobIsNotLeftForLong(t *testing.T) {
	t.Parallel()
	age := time.Duration(0)
	for range 44 {
		age += leaves(age, time.Second)
	}
	if age > time.Minute {
		t.Errorf("the run is late by %s", age)
	}
	if often := leaves(time.Hour, time.Second); often < 20*time.Second {
		t.Errorf("a job that nobody takes is looked at every %s", often)
	}
}
