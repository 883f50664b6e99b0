//go:build !race

package acceptance

import (
	"slices"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// An agent that is killed in the middle of a slice, and comes back after its schedule was due again, continues
// at once. No due time is lost, and no order is acknowledged twice.
func TestAnAgentThatWasAwayForADueTimeContinues(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(408, 60, apiserver.New)
	w := acknowledging(t, slow, orders, apiserver.Options{})
	began := time.Now()
	p := w.agent()
	until(t, "some orders are acknowledged", func() bool { return len(w.api.Executed()) >= 15 })
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	p.wait()
	time.Sleep(11 * time.Second)
	p = w.agent()
	until(t, "all orders are acknowledged", func() bool { return len(w.api.Executed()) == len(orders) })
	acknowledged := time.Now()
	until(t, "a run that was due after that is done", func() bool {
		return slices.ContainsFunc(w.runTable().runs, func(r agentRun) bool { return r.due.After(acknowledged) && r.state == "done" })
	})
	p.stops()
	table := w.runTable()
	table.eachDueTime(t, "config/acknowledge", 10*time.Second, began)
	for i, r := range table.runs {
		// The last one can have been due when the agent was told to stop.
		if last := i == len(table.runs)-1; r.state != "done" && !(last && r.state == "queued") {
			t.Errorf("the run of %s is %s", r.due.Format(time.TimeOnly), r.state)
		}
	}
	w.acknowledgedOnce(orders)
	w.run("audit", "verify").exits(0)
}
