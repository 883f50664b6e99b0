//go:build !race

package agent

import (
	"context"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/spec"
)

// An agent that restarts more often than its schedule is due runs or counts each due time,
// and none twice.
func TestRestartsLoseNoDueTime(t *testing.T) {
	t.Parallel()
	every := 10 * time.Second
	s := newShop(t)
	s.schedules = []*spec.Schedule{s.every("a", every)}
	a := s.open()
	if err := a.adopt(context.Background(), "shop", &configuration{schedules: s.schedules}, true); err != nil {
		t.Fatal(err)
	}
	a.close()
	first := *s.status().NextDueAt // it catches up
	for range 30 {
		stop := s.start()
		time.Sleep(6 * time.Second / speed)
		stop()
	}
	runs, last := s.recorded("a"), s.now()
	dues := map[time.Time]bool{}
	for _, r := range runs {
		if dues[r.Due] {
			t.Errorf("%s was run twice", r.Due)
		}
		dues[r.Due] = true
	}
	status := s.status()
	want := int(status.NextDueAt.Sub(first) / every)
	if got := len(runs) + status.Missed; got != want {
		t.Errorf("%d runs and %d missed, of %d due times until %s", len(runs), status.Missed, want, last)
	}
	if len(runs) < want/3 {
		t.Errorf("only %d runs of %d due times", len(runs), want)
	}
}

// An agent that is asked to stop while it begins has not failed.
func TestStoppedWhileItBegins(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.schedules = []*spec.Schedule{s.every("a", 24*time.Hour)}
	a := s.open()
	defer a.close()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := a.run(ctx); err != nil {
		t.Error(err)
	}
	if n := s.count(); n != 0 {
		t.Errorf("%d runs", n)
	}
}
