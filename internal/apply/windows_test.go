package apply_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// Whatever goes wrong with runs that write their intents down in windows, each
// order is sent once, and in the end all are: machines are lost, leases are uncertain
// or lost, other runs wait, the store is slow, answers are lost, the API executes late
// and asks for pauses. None of our calls overflows its bucket.
func TestWindowsSendEachOrderOnce(t *testing.T) {
	for seed := range uint64(24) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { misfortune(t, seed) })
		})
	}
}

// misfortune draws its course from the seed alone; what happens at one moment comes in
// any order, so that a seed's calls can still differ from time to time. What is asked for by goroutines of the runs is
// drawn apart from the course of the test, which they would change by their order.
func misfortune(t *testing.T, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 7))
	late := newDice(seed, 8)
	orders := 1 + random.IntN(150)
	perSecond := []float64{0.5, 2, 10}[random.IntN(3)]
	o := sandbox.Options{
		Burst: 50, PerSecond: perSecond, Seed: random.Uint64(), ReadLag: time.Duration(random.IntN(40)) * time.Second,
		ExecuteLate: func() time.Duration { return time.Duration(max(0, late.intN(90)-50)) * time.Second },
		Faults: []sandbox.Fault{
			{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultCutAfter, Probability: random.Float64() / 10},
			{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultCutBefore, Probability: random.Float64() / 10},
			{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultStatus, Status: 429, RetryAfter: fmt.Sprint(random.IntN(301)), Nth: 1 + random.IntN(orders), Times: 3},
			{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultStatus, Status: 401, Nth: 1 + random.IntN(orders), Times: 1},
		},
	}
	w := newWorld(t, orders, o, account(fmt.Sprintf("rate_limit {\n limit_per_second = %g\n}\n", perSecond))+shipAll(nil, 0, 0))
	shipAll(w, 0, orders)
	w.limit.Burst, w.limit.PerSecond = 50, perSecond
	w.limiter = godatafeed.NewLimiter(w.limit)
	cutOff := false
	for run := 0; ; run++ {
		if run == 30 {
			t.Fatal("30 runs were not enough")
		}
		last := run >= 8 // nothing goes wrong any more
		ctx, cancel := context.WithCancel(t.Context())
		latency, pace := time.Duration(random.IntN(5000))*time.Millisecond, time.Duration(random.IntN(2))*10*time.Second
		at := time.Duration(1+random.IntN(300)) * time.Second
		what := random.IntN(6)
		w.tune = nil
		w.far(func(d *distant) {
			d.latency, d.pace = latency, pace
			if cutOff {
				d.takenOver()
			}
			if !last {
				go d.meet(ctx, cancel, what, at)
			}
		})
		r, err := w.apply(ctx)
		cancel()
		synctest.Wait()
		cutOff = w.distant.deaf || err != nil
		if err != nil && what != 2 {
			t.Fatalf("run %d: %v", run, err)
		}
		w.assertNothingTwice()
		if r.Complete() && r.Clean() && r.Counts[apply.Applied]+r.Counts[apply.Confirmed] == 0 {
			break
		}
		if t.Failed() {
			t.FailNow()
		}
		pass(time.Duration(random.IntN(120)) * time.Second)
	}
	pass(time.Hour) // nothing is still to come
	w.assertShipped(0, orders)
	w.assertNothingTwice()
	assertNothingOpen(t, w)
	if calls, refused := w.calls(); refused > 0 {
		t.Errorf("%d of %d calls overflowed the bucket", refused, calls)
	}
}

// meet lets something happen to a run while ctx lasts.
func (d *distant) meet(ctx context.Context, stop func(), what int, after time.Duration) {
	if !passUnless(ctx, after) {
		return
	}
	switch what {
	case 0: // the machine is lost
		d.mu.Lock()
		d.deaf = true
		d.mu.Unlock()
		stop()
	case 1:
		stop()
	case 2:
		d.lose(&backend.FencedError{Path: "s3", Reason: "taken over"})
	case 3:
		d.lose(&backend.UncertainError{Path: "s3", Reason: "no answer"})
		if passUnless(ctx, time.Minute) {
			d.lose(nil)
		}
	case 4:
		d.mu.Lock()
		defer d.mu.Unlock()
		d.wanted = true
	}
}

// passUnless lets time go by, and reports whether it did before ctx ended.
func passUnless(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// dice are thrown by several goroutines.
type dice struct {
	mu     sync.Mutex
	random *rand.Rand
}

func newDice(seed, stream uint64) *dice { return &dice{random: rand.New(rand.NewPCG(seed, stream))} }

func (d *dice) intN(n int) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.random.IntN(n)
}
