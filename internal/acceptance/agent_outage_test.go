//go:build !race

package acceptance

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// The place of a state is away for ten minutes in the middle of an apply. The agent lives and says
// so, sends nothing twice, and goes on by itself when the place is back: each schedule has one run then.
func TestAnAgentOutlivesAnOutageOfTheState(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(407, 120, apiserver.New)
	w := acknowledging(t, fmt.Sprintf(scaledLimits, 20, 10), orders, apiserver.Options{})
	m := teamOf(w, homes["postgres"](t))
	p := w.agent()
	healthy := p.answersHealthy()
	until(t, "some orders are acknowledged", func() bool { return len(w.api.Executed()) >= 30 })
	machine()
	back := m.home.goesAway(t)
	time.Sleep(tenMinutes)
	sent := w.api.Writes()
	time.Sleep(3 * time.Minute / hastenedBy) // a lease: what was under way at the first moment has long ended
	if now := w.api.Writes(); now != sent || now == len(orders) {
		t.Errorf("%d calls were sent while the state was away, and %d before", now-sent, sent)
	}
	returned := time.Now()
	back()
	until(t, "all orders are acknowledged", func() bool { return len(w.api.Executed()) == len(orders) })
	done := time.Now()
	longest := done.Sub(returned)
	time.Sleep(2 * time.Second)
	healthy()
	p.stops()
	// What went on is the run that waited, or the one of the next due time.
	if allowed, stalled := 10*time.Second+inPeace+whileYields+15*time.Second, machine().between(returned, done); longest > allowed+stalled {
		t.Errorf("it went on for %s after the state was back, and %s are allowed, with %s for the machine", longest, allowed, stalled)
	}
	t.Logf("all was done %s after the state was back", longest)
	w.runTable().eachDueTime(t, "config/acknowledge", 10*time.Second, p.started)
	w.acknowledgedOnce(orders)
	w.auditShared()
}

// answersHealthy asks an agent all the time whether it is alive. What it returns ends
// that, and fails the test if it was not.
func (p *process) answersHealthy() (ends func()) {
	p.w.t.Helper()
	address := p.metricsAddress()
	ctx, cancel := context.WithCancel(context.Background())
	var asked, failed atomic.Int64
	var asking sync.WaitGroup
	asking.Go(func() {
		for ; ctx.Err() == nil; time.Sleep(100 * time.Millisecond) {
			asked.Add(1)
			if !healthy(ctx, address) && ctx.Err() == nil {
				failed.Add(1)
			}
		}
	})
	return func() {
		p.w.t.Helper()
		cancel()
		asking.Wait()
		if failed.Load() > 0 || asked.Load() == 0 {
			p.w.t.Errorf("/healthz failed %d of %d times", failed.Load(), asked.Load())
		}
	}
}

func healthy(ctx context.Context, address string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/healthz", http.NoBody)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// metricsAddress is where an agent says that its metrics are.
func (p *process) metricsAddress() string {
	p.w.t.Helper()
	address := metricsAddress.FindStringSubmatch(p.stderr.String())
	if address == nil {
		p.w.t.Fatalf("the log does not have the address of the metrics:\n%s", p.stderr.String())
	}
	return address[1]
}
