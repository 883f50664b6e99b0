package agent

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// A run that failed is tried again twice. Then it has failed, and the next due time has its turn.
func TestFailedRunsAreTriedAgain(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.schedules = []*spec.Schedule{s.every("a", 24*time.Hour)}
	s.work = func(context.Context, reconcile.ScheduledRequest) (*reconcile.ScheduledReport, error) {
		return nil, errors.New("the network is down")
	}
	stop := s.start()
	s.until("the run failed", func() bool { return cmp.Equal(s.states("a"), []string{agentdb.Failed}) })
	stop()
	if s.count() != attempts {
		t.Errorf("it was tried %d times", s.count())
	}
	if status := s.status(); status.Failures != 1 || status.LastRun.Message != "the network is down" {
		t.Errorf("%+v", status)
	}
}

// What people have to change is not tried again.
func TestMistakesAreNotTriedAgain(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.schedules = []*spec.Schedule{s.every("a", 24*time.Hour)}
	s.work = func(context.Context, reconcile.ScheduledRequest) (*reconcile.ScheduledReport, error) {
		return nil, &reconcile.PolicyError{}
	}
	stop := s.start()
	s.until("the run failed", func() bool { return cmp.Equal(s.states("a"), []string{agentdb.Failed}) })
	stop()
	if s.count() != 1 {
		t.Errorf("it was tried %d times", s.count())
	}
}

// A run with work left goes on at once, and is one run.
func TestSlices(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.schedules = []*spec.Schedule{s.every("a", 24*time.Hour)}
	slices := 0
	s.work = func(context.Context, reconcile.ScheduledRequest) (*reconcile.ScheduledReport, error) {
		slices++
		return &reconcile.ScheduledReport{Left: slices < 3, Applied: 2}, nil
	}
	stop := s.start()
	s.until("the run ended", func() bool { return cmp.Equal(s.states("a"), []string{agentdb.Done}) })
	stop()
	if r := s.status().LastRun; r.Slices != 3 || r.Applied != 6 {
		t.Errorf("%+v", r)
	}
}

// A due time while the run before goes on is counted, and has no run.
func TestNeverTwoAtOnce(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.schedules = []*spec.Schedule{s.every("a", 10*time.Second)}
	end := make(chan struct{})
	s.work = func(ctx context.Context, _ reconcile.ScheduledRequest) (*reconcile.ScheduledReport, error) {
		select {
		case <-end:
		case <-ctx.Done():
			return &reconcile.ScheduledReport{Left: true}, nil
		}
		return &reconcile.ScheduledReport{}, nil
	}
	stop := s.start()
	s.until("a run began", func() bool { return s.count() == 1 })
	s.until("due times were missed", func() bool { return s.status().Missed >= 3 })
	if n := s.count(); n != 1 {
		t.Errorf("%d runs began", n)
	}
	close(end)
	s.until("the next run begins", func() bool { return s.count() > 1 })
	stop()
}

// An agent that stops leaves its run, and the next one goes on with it.
func TestAStoppedRunGoesOn(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.schedules = []*spec.Schedule{s.every("a", 24*time.Hour)}
	s.work = func(ctx context.Context, _ reconcile.ScheduledRequest) (*reconcile.ScheduledReport, error) {
		<-ctx.Done() // as a run does that is told to send no more
		return &reconcile.ScheduledReport{Left: true}, nil
	}
	stop := s.start()
	s.until("the run began", func() bool { return s.count() == 1 })
	stopping := time.Now()
	stop()
	if took := time.Since(stopping); took > 25*time.Second {
		t.Errorf("the run went on for %s", took)
	}
	if diff := cmp.Diff([]string{agentdb.Queued}, s.states("a")); diff != "" {
		t.Error(diff)
	}
	s.mu.Lock()
	s.work = nil
	s.mu.Unlock()
	stop = s.start()
	s.until("the run ended", func() bool { return cmp.Equal(s.states("a"), []string{agentdb.Done}) })
	stop()
}

// What stands as running when an agent starts belongs to one that died: it goes on at once.
func TestARunOfADeadAgentGoesOn(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.schedules = []*spec.Schedule{s.every("a", 24*time.Hour)}
	stop := s.start()
	s.until("the run ended", func() bool { return cmp.Equal(s.states("a"), []string{agentdb.Done}) })
	stop()
	a := s.open()
	s.change(a, `UPDATE gdfctl_runs SET state = 'running', ended_at = 0`)
	a.close()
	stop = s.start()
	s.until("the run ended again", func() bool { return cmp.Equal(s.states("a"), []string{agentdb.Done}) })
	stop()
	if r := s.recorded("a")[0]; r.Take != 2 || r.Slices != 2 {
		t.Errorf("%+v", r)
	}
}

// A pause stops what is under way, and due times meanwhile are counted.
func TestPauses(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a", All} {
		t.Run("pause "+name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			s.schedules = []*spec.Schedule{s.every("a", 10*time.Second)}
			s.work = func(ctx context.Context, _ reconcile.ScheduledRequest) (*reconcile.ScheduledReport, error) {
				<-ctx.Done()
				return &reconcile.ScheduledReport{Left: true}, nil
			}
			stop := s.start()
			defer stop()
			s.until("a run began", func() bool { return s.count() == 1 })
			s.pause(name)
			s.until("the run was stopped", func() bool { return cmp.Equal(s.states("a"), []string{agentdb.Paused}) })
			missed := s.status().Missed
			s.until("due times are missed", func() bool { return s.status().Missed > missed+1 })
			if n := s.count(); n != 1 {
				t.Errorf("%d runs began", n)
			}
			if name != All && s.status().Paused.Who != "ann" {
				t.Errorf("%+v", s.status().Paused)
			}
			s.resume(name)
			s.until("runs begin again", func() bool { return s.count() > 1 })
		})
	}
}

// pause is Pause of the schedules of a test, which no configuration has.
func (s *shop) pause(name string) {
	s.t.Helper()
	if name == All {
		s.write(PauseFile, "by hand\n") // which anybody can make
		return
	}
	a := s.open()
	defer a.close()
	if err := a.db.Pause(context.Background(), &agentdb.Pause{Workspace: "shop", Schedule: name, Reason: "a test", Who: "ann", At: s.now()}); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) resume(name string) {
	s.t.Helper()
	if name == All {
		if err := os.Remove(filepath.Join(s.dir, PauseFile)); err != nil {
			s.t.Fatal(err)
		}
		return
	}
	a := s.open()
	defer a.close()
	if _, err := a.db.Resume(context.Background(), "shop", name); err != nil {
		s.t.Fatal(err)
	}
}

// A due time has one run, also if the table says that it is still to come.
func TestADueTimeHasOneRun(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.schedules = []*spec.Schedule{s.every("a", 24*time.Hour)}
	stop := s.start()
	s.until("the run ended", func() bool { return cmp.Equal(s.states("a"), []string{agentdb.Done}) })
	stop()
	a := s.open()
	s.change(a, `UPDATE gdfctl_schedules SET next_due = next_due - 24 * 3600 * 1000`)
	a.close()
	stop = s.start()
	s.until("it was looked at", func() bool { return s.status().NextDueAt.After(s.now()) })
	stop()
	if got := s.states("a"); !cmp.Equal(got, []string{agentdb.Done}) {
		t.Errorf("its runs: %v", got)
	}
}

// A schedule that does not catch up waits for its next due time.
func TestCatchUp(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	waits := s.every("waits", 24*time.Hour)
	waits.CatchUp = false
	s.schedules = []*spec.Schedule{s.every("catches_up", 24*time.Hour), waits}
	stop := s.start()
	s.until("the run ended", func() bool { return cmp.Equal(s.states("catches_up"), []string{agentdb.Done}) })
	stop()
	if got := s.states("waits"); got != nil {
		t.Errorf("it ran: %v", got)
	}
	s.began = s.began.Add(-3 * 24 * time.Hour / speed) // nobody looks for three days
	stop = s.start()
	s.until("the run ended", func() bool { return cmp.Equal(s.states("catches_up"), []string{agentdb.Done, agentdb.Done}) })
	s.until("it was looked at", func() bool { return s.statusOf("waits").Missed == 3 })
	stop()
	if got := s.states("waits"); got != nil {
		t.Errorf("it ran: %v", got)
	}
	if got := s.statusOf("catches_up").Missed; got != 2 {
		t.Errorf("%d due times were missed, and one of three was run", got)
	}
}
