package agent

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/reconcile"
)

// fleet is agents of several machines on one database of PostgreSQL. Their time is that of
// the database, so what they wait for is shorter than what is promised.
type fleet struct {
	*shop
	url        string
	workspaces []string
}

func newFleet(t *testing.T, url string, workspaces ...string) *fleet {
	t.Helper()
	f := &fleet{shop: newShop(t), url: url, workspaces: workspaces}
	answered(t, func() (string, error) { return agentdb.Migrate(context.Background(), agentdb.Options{URL: url}) })
	return f
}

// answered asks again what the database did not answer in time, as whoever starts an agent does: on a busy
// machine, connecting alone can take that long.
func answered[T any](t *testing.T, ask func() (T, error)) T {
	t.Helper()
	for tries := 1; ; tries++ {
		answer, err := ask()
		if err == nil {
			return answer
		}
		if tries == 6 || !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
	}
}

// onMachine is an agent with some of the workspaces, on a machine whose clock is wrong by
// so much. It is not taken for dead, nor a slice for lost, where a busy machine keeps it
// waiting: tests of that say how long it takes.
func (f *fleet) onMachine(wrong time.Duration, workspaces ...string) *agent {
	f.t.Helper()
	o := f.options()
	o.Deps.Now = func() time.Time { return time.Now().Add(wrong) }
	o.Database, o.Directory = f.url, f.t.TempDir()
	var all []*Workspace
	for _, name := range workspaces {
		all = append(all, &Workspace{Name: name, Source: reconcile.Source{Dir: f.dir}, Deps: o.Deps})
	}
	o.Workspaces = NewDirectories(all...)
	a := f.with(o)
	a.timing = timing{
		look: 50 * time.Millisecond, slice: 5 * time.Second, job: 2 * time.Minute, rescue: time.Minute, lock: time.Second, place: 100 * time.Millisecond, turn: time.Minute,
		late: time.Second, retries: [2]time.Duration{100 * time.Millisecond, 100 * time.Millisecond}, soft: 5 * time.Second, poll: 50 * time.Millisecond, away: time.Second, dead: time.Minute,
	}
	return a
}

// runsOn runs an agent. What it returns stops it.
func (f *fleet) runsOn(a *agent) (stop func()) { return f.begin(a) }

func (f *fleet) db() *agentdb.DB {
	f.t.Helper()
	db := answered(f.t, func() (*agentdb.DB, error) {
		return agentdb.Open(context.Background(), agentdb.Options{URL: f.url})
	})
	f.t.Cleanup(func() { _ = db.Close() })
	return db
}

func (f *fleet) runsOf(db *agentdb.DB, workspace, name string) []*agentdb.Run {
	f.t.Helper()
	return answered(f.t, func() ([]*agentdb.Run, error) { return db.Runs(context.Background(), workspace, name) })
}
