package acceptance

import (
	"math/rand/v2"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// lockedDelay draws delays up to most, for many callers.
func lockedDelay(random *rand.Rand, most time.Duration) func() time.Duration {
	var mu sync.Mutex
	return func() time.Duration {
		mu.Lock()
		defer mu.Unlock()
		return time.Duration(random.Int64N(int64(most)))
	}
}

func TestCtrlCStopsAndTheNextRunGoesOn(t *testing.T) {
	t.Parallel()
	stopsAndGoesOn(t, syscall.SIGINT)
}

func TestSIGTERMStopsAndTheNextRunGoesOn(t *testing.T) {
	t.Parallel()
	stopsAndGoesOn(t, syscall.SIGTERM)
}

func stopsAndGoesOn(t *testing.T, signal syscall.Signal) {
	orders := apiserver.Generate(9, 80, apiserver.New)
	w := shipAll(t, paced, orders, apiserver.Options{WriteDelay: func() time.Duration { return 20 * time.Millisecond }})
	p := w.start("apply", "--auto-approve")
	until(t, "some orders are shipped", func() bool { return len(w.api.Executed()) > 15 })
	if err := p.cmd.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	stopped := time.Now()
	p.wait().exits(130).says("interrupted", "gdfctl apply")
	if took := time.Since(stopped); took > 15*time.Second {
		t.Errorf("stopping took %s", took)
	}
	sent := w.api.Writes()
	if sent >= len(orders) {
		t.Errorf("all %d orders were sent although the run was stopped", sent)
	}
	w.executedOnce()
	w.apply()
	w.shippedOnce(orders)
	w.auditHolds()
	w.nothingToDo()
}

func TestASecondCtrlCEndsAtOnceAndTheNextRunGoesOn(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(10, 20, apiserver.New)
	gate := make(chan struct{})
	w := shipAll(t, unlimited, orders, apiserver.Options{Intercept: func(c apiserver.Call) *apiserver.Fault {
		if c.Op == apiserver.Ship && c.N <= 5 {
			return &apiserver.Fault{Wait: gate, Then: true}
		}
		return nil
	}})
	p := w.start("apply", "--auto-approve")
	until(t, "the other orders are shipped", func() bool { return len(w.api.Executed()) == 15 })
	for range 2 {
		if err := p.cmd.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		// Two signals of one kind that are pending at once are one.
		time.Sleep(200 * time.Millisecond)
	}
	second := time.Now()
	p.wait().exits(130)
	if took := time.Since(second); took > 10*time.Second {
		t.Errorf("after the second Ctrl-C it took %s", took)
	}
	close(gate) // what was sent takes effect now, with nobody waiting
	w.apply()
	w.shippedOnce(orders)
	w.auditHolds()
}
