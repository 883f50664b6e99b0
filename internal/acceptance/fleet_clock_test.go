//go:build !race

package acceptance

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// The clock of one of two machines is an hour ahead. What is due is said by the database's clock:
// nothing is run before its time, each due time is run once or counted, and orders are as early as ever.
func TestAMachineThatIsAnHourAheadRunsNothingEarly(t *testing.T) {
	t.Parallel()
	if os.Getenv("GDF_ACCEPTANCE_BINARY") != "" {
		t.Skip("the sources of the program under test are not known")
	}
	size := fleetSize{workspaces: 2, accounts: 2, agents: 2, by: hastenedBy, least: 10 * time.Second, most: 10 * time.Second}
	f := newFleet(t, size)
	overlay, err := clockOverlay(filepath.Join(t.TempDir(), "clock.json"))
	if err != nil {
		t.Fatal(err)
	}
	ahead := f.agents[1]
	if ahead.program, err = buildHastened(size.by, overlay); err != nil {
		t.Fatal(err)
	}
	ahead.extra = append(ahead.extra[:len(ahead.extra):len(ahead.extra)], "GDF_TEST_CLOCK=1h")
	f.befell("the agents begin")
	for _, a := range f.agents { // each of them alone, and both
		a.begins()
		a.began()
		for _, s := range f.sellers {
			s.sells(2)
		}
		time.Sleep(size.most + 2*time.Second)
	}
	if err := f.agents[0].process.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	f.agents[0].process.wait()
	f.befell("the machine whose clock is right is gone")
	for _, s := range f.sellers {
		s.sells(2)
	}
	until(t, "all orders are acknowledged", func() bool { return f.taken() == f.sold() })
	f.stop(ahead)
	now := time.Now().Add(time.Second)
	for _, r := range f.runTable().runs {
		if r.due.After(now) || r.queued.After(now) || r.began.After(now) {
			t.Errorf("%s: the run of %s was queued at %s and began at %s, and now it is %s", r.workspace, r.due.Format(time.TimeOnly),
				r.queued.Format(time.TimeOnly), r.began.Format(time.TimeOnly), now.Format(time.TimeOnly))
		}
		if r.queued.Before(r.due) {
			t.Errorf("%s: the run of %s was queued at %s", r.workspace, r.due.Format(time.TimeOnly), r.queued.Format(time.TimeOnly))
		}
	}
	f.judge()
}
