package agent

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// An agent that became too old for its database leaves all runs to others, those under way too, and says so. It
// is healthy and not ready, and goes on when the database is what it was.
func TestAProgramThatIsTooOldMakesNoRuns(t *testing.T) {
	t.Parallel()
	store := stores.Postgres(t)
	f := newFleet(t, store.URL)
	f.schedules = []*spec.Schedule{f.every("a", 24*time.Hour)}
	f.work = func(ctx context.Context, _ reconcile.ScheduledRequest) (*reconcile.ScheduledReport, error) {
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
		return &reconcile.ScheduledReport{Left: true}, nil // there is always more to do
	}
	a := f.onMachine(0, "w")
	a.timing.rescue, a.timing.dead = time.Hour, time.Hour
	defer f.runsOn(a)()
	db := f.db()
	f.until("slices follow each other", func() bool { return f.count() > 2 })
	asked := func(path string) int {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "http://localhost"+path, http.NoBody)
		a.handler(&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}).ServeHTTP(w, r)
		return w.Code
	}
	f.until("it is ready", func() bool { return asked("/readyz") == http.StatusOK })

	const meta = "UPDATE gdfctl_agent.gdfctl_meta SET schema = schema %[1]s 2, min_program = min_program %[1]s 2 RETURNING schema"
	store.Query(t, strings.ReplaceAll(meta, "%[1]s", "+"))
	f.until("it has stopped", func() bool {
		all, err := db.Agents(context.Background())
		return err == nil && len(all) == 0
	})
	f.until("what began before that has ended", func() bool {
		return len(store.Query(t, "SELECT id FROM gdfctl_agent.river_job WHERE state = 'running'")) == 0
	})
	before, looks := f.count(), 0
	f.until("it has looked for a while", func() bool { looks++; return looks > 50 })
	if n := f.count() - before; n > 0 {
		t.Errorf("%d slices were done by a program that is too old", n)
	}
	if r := f.runsOf(db, "w", "a")[0]; r.State != agentdb.Queued || !strings.Contains(f.logged(), "does not fit the database") {
		t.Errorf("%+v", r)
	}
	if all, err := db.Agents(context.Background()); err != nil || len(all) > 0 {
		t.Errorf("others count on it: %v, %v", all, err)
	}
	if healthy, ready := asked("/healthz"), asked("/readyz"); healthy != http.StatusOK || ready != http.StatusServiceUnavailable {
		t.Errorf("/healthz says %d, /readyz %d", healthy, ready)
	}

	store.Query(t, strings.ReplaceAll(meta, "%[1]s", "-"))
	f.until("it goes on", func() bool { return f.count() > before+2 && asked("/readyz") == http.StatusOK })
}

// A slice that begins just when its program is found too old is not overlooked.
func TestASliceThatBeginsTooLateIsStopped(t *testing.T) {
	t.Parallel()
	a := &agent{slices: map[*slice]bool{}, tooOld: true}
	ctx, stop := context.WithCancelCause(t.Context())
	defer stop(nil)
	a.begun(&slice{stop: stop}, true)
	if why := context.Cause(ctx); !errors.Is(why, errTooOld) {
		t.Errorf("it was stopped because %v", why)
	}
}
