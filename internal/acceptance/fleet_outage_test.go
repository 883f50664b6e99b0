//go:build !race

package acceptance

import (
	"io"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
)

// The agents' database is away for ten minutes in the middle of applies, with the states in it or without
// them. The agents live, nothing is sent twice, and each schedule has one run when the database is back.
func TestAgentsOutliveAnOutageOfTheirDatabase(t *testing.T) {
	t.Parallel()
	for name, states := range map[string]placeOfStates{"with the states": behindTheProxy, "alone": elsewhere} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFleet(t, fleetSize{workspaces: 4, accounts: 2, agents: 2, by: hastenedBy, least: 10 * time.Second, most: 12 * time.Second, states: states})
			f.begin()
			var healthy []func()
			for _, a := range f.agents {
				healthy = append(healthy, a.process.answersHealthy())
			}
			for _, s := range f.sellers {
				s.sells(100)
			}
			until(t, "some orders are acknowledged", func() bool { return f.taken() > 100 })
			blow := f.befell("the database goes away")
			f.goesAway()
			time.Sleep(tenMinutes)
			away := time.Now()
			f.isOver(blow)
			f.proxy.Filter(nil)
			for _, s := range f.sellers {
				s.sells(1)
			}
			until(t, "all orders are acknowledged", func() bool { return f.taken() == f.sold() })
			time.Sleep(2 * time.Second)
			for _, ends := range healthy {
				ends()
			}
			f.stop(f.agents...)
			// What was due meanwhile is one run of each schedule, and a count.
			caughtUp := map[string]int{}
			for _, r := range f.runTable().runs {
				if r.due.Before(away) && r.queued.After(away) {
					caughtUp[r.workspace]++
				}
			}
			for workspace, n := range caughtUp {
				if n != 1 {
					t.Errorf("%s: %d runs were caught up", workspace, n)
				}
			}
			f.judge()
		})
	}
}

// goesAway makes the agents' database unreachable, until the proxy has no filter any more.
func (f *fleet) goesAway() {
	gone := func(io.Reader, io.Writer) error { return io.ErrUnexpectedEOF }
	f.proxy.Filter(func() (up, down stores.Filter) { return gone, gone })
	f.proxy.Cut()
}
