//go:build !race

package acceptance

import (
	"fmt"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// The real limit and the times of an agent, scaled alike.
const (
	scaledBurst  = 50
	scaledRate   = 2 * hastenedBy
	tenMinutes   = 10 * time.Minute / hastenedBy
	inPeace      = time.Minute / hastenedBy     // how late an agent may be when nothing happens
	whileYields  = 3 * time.Minute / hastenedBy // more, while a batch of another run gives way
	afterADeath  = 17 * time.Minute / 2 / hastenedBy
	scaledLimits = `
account "main" {
  page_size = 1000
  settle    = "2s"
  read_lag  = "3s"
  rate_limit {
    burst            = %d
    limit_per_second = %d
  }
}
policy {
  max_changes = 30000
  max_ships   = 30000
}
`
)

// A job ships a batch of hours, and an agent acknowledges new orders every ten minutes
// in the same workspace, on another machine. The batch gives way: no order is late by more than
// that takes, no call is refused for the limit, and both come to their ends.
func TestALongApplyGivesWayToASchedule(t *testing.T) {
	t.Parallel()
	batch := 2000 // 50 seconds at least, or 17 minutes
	if wholeSoak(t) {
		batch = 20000
	}
	orders := apiserver.Generate(406, batch, apiserver.Processing)
	w := shipAll(t, fmt.Sprintf(scaledLimits, scaledBurst, scaledRate)+acknowledgesNew("Etsy", tenMinutes.String()), orders,
		apiserver.Options{Burst: scaledBurst, PerSecond: scaledRate})
	w.hasten(hastenedBy)
	m := teamOf(w, homes["postgres"](t))
	// In the database that has the state, the tables of agents let both machines share the call limit.
	w.write("etc/agent.hcl", fmt.Sprintf("agent {\n  database = env.GDF_DATABASE_URL\n}\nworkspace \"shop\" {\n  dir = %q\n}\n", w.dir))
	w.run("agent", "migrate", "--config", "etc/agent.hcl").exits(0)
	ci := m.machine()
	etsy := newMarket(t, w.api, "Etsy")
	agent := w.agent()
	etsy.sells(3)
	until(t, "the first orders are acknowledged", func() bool { return etsy.taken() == 3 })
	job := ci.start("apply", "--auto-approve", "--target", "batch.shipments", "--lock-timeout", "100s")
	closed := etsy.sellsEach(tenMinutes / 20)
	<-job.ended
	closed()
	until(t, "all new orders are acknowledged", func() bool { return etsy.taken() == etsy.sold() })
	agent.stops()
	applied := job.wait().exits(0)
	longest := etsy.tookWithin(alike(tenMinutes + inPeace + whileYields))
	t.Logf("%d changes took %s; of %d new orders, the last one was acknowledged after %s of %s", batch, applied.elapsed, etsy.sold(), longest, tenMinutes+inPeace+whileYields)
	w.runTable().eachDueTime(t, "config/acknowledge-Etsy", tenMinutes, agent.started)
	if n := w.api.Throttled(); n > 0 {
		t.Errorf("%d calls were refused for the limit", n)
	}
	executed := w.api.Executed()
	for _, o := range orders {
		if ops := opsOf(executed[o.ID]); len(ops) != 1 || ops[0] != apiserver.Ship {
			t.Errorf("order %s: %v took effect", o.ID, ops)
		}
	}
	w.auditShared()
}
