package agent

import (
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// Behind a pooler that hands each transaction to another connection, and has fewer of them than the agents would
// like, they share the work as they do without it: nothing that they ask needs a session.
func TestAgentsBehindAPooler(t *testing.T) {
	t.Parallel()
	f := newFleet(t, stores.Pooled(t, stores.Postgres(t)))
	f.schedules = []*spec.Schedule{f.every("a", time.Second), f.every("b", time.Second)}
	stops := []func(){f.runsOn(f.onMachine(0, "w")), f.runsOn(f.onMachine(time.Hour, "w"))}
	db := f.db()
	for _, name := range []string{"a", "b"} {
		f.until(name+" has had four runs", func() bool { return len(f.runsOf(db, "w", name)) >= 4 })
	}
	for _, stop := range stops {
		stop()
	}
	for _, name := range []string{"a", "b"} {
		dues := map[time.Time]bool{}
		for _, r := range f.runsOf(db, "w", name) {
			if dues[r.Due] {
				t.Errorf("%s was run twice at %s", name, r.Due)
			}
			dues[r.Due] = true
		}
	}
	if all, err := db.Agents(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("%d agents are left, %v", len(all), err)
	}
}
