package acceptance

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

func TestOfTwoAppliesOneSendsAndTheOtherIsTold(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(50, 20, apiserver.New)
	gate := make(chan struct{})
	w := shipAll(t, unlimited, orders, apiserver.Options{Intercept: func(c apiserver.Call) *apiserver.Fault {
		if c.Op == apiserver.Ship {
			return &apiserver.Fault{Wait: gate, Then: true}
		}
		return nil
	}})
	first := w.start("apply", "--auto-approve", "--parallelism", "4")
	until(t, "the first run sends", func() bool { return w.api.Writes() == 4 })
	total := w.api.Total()

	w.run("apply", "--auto-approve").exits(5).says("locked", "apply")
	w.run("apply", "--auto-approve", "--json").exits(5)
	began := time.Now()
	w.run("apply", "--auto-approve", "--lock-timeout", "1s").exits(5)
	if waited := time.Since(began); waited < time.Second {
		t.Errorf("it waited %s for the lock, and was told to wait 1 s", waited)
	}
	tookAtMost(t, "waiting for the lock for 1 s", began, time.Now(), 15*time.Second)
	if w.api.Total() != total {
		t.Errorf("a run without the lock made %d calls", w.api.Total()-total)
	}
	w.run("plan").exits(0) // looking is free

	patient := w.start("apply", "--auto-approve", "--lock-timeout", "60s")
	close(gate)
	first.wait().exits(0)
	patient.wait().exits(0)
	w.shippedOnce(orders)
}

// Two applies start at the same moment, a hundred times: one works, and the
// other is told so and writes nothing, whichever wins.
func TestOfTwoAppliesAtTheSameMomentOneWorks(t *testing.T) {
	t.Parallel()
	rounds := 100
	if testing.Short() {
		rounds = 10
	}
	for round := range rounds {
		orders := apiserver.Generate(uint64(1000+round), 2, apiserver.New)
		gate := make(chan struct{})
		w := shipAll(t, unlimited, orders, apiserver.Options{Intercept: func(c apiserver.Call) *apiserver.Fault {
			if c.Op == apiserver.Ship {
				return &apiserver.Fault{Wait: gate, Then: true}
			}
			return nil
		}})
		codes := make(chan int, 2)
		for range 2 {
			p := w.start("apply", "--auto-approve")
			go func() { codes <- p.wait().code }()
		}
		if loser := <-codes; loser != 5 {
			t.Errorf("round %d: the first to end exits %d, want 5", round, loser)
		}
		close(gate)
		if winner := <-codes; winner != 0 {
			t.Errorf("round %d: the one that works exits %d, want 0", round, winner)
		}
		w.shippedOnce(orders)
		if t.Failed() {
			return
		}
	}
}

func TestManyAppliesAtOnceShipEachOrderOnce(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(51, 40, apiserver.New)
	w := shipAll(t, paced, orders, apiserver.Options{WriteDelay: func() time.Duration { return 5 * time.Millisecond }})
	var processes []*process
	for range 6 {
		processes = append(processes, w.start("apply", "--auto-approve"))
	}
	var done atomic.Int64
	for _, p := range processes {
		switch r := p.wait(); r.code {
		case 0:
			done.Add(1)
		case 5:
		default:
			t.Errorf("exit %d, want 0 or 5\n%s", r.code, r.all())
		}
	}
	if done.Load() == 0 {
		t.Error("none of them went through")
	}
	w.shippedOnce(orders)
	w.auditHolds()
}
