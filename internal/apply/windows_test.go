package apply_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
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
			synctest.Test(t, func(t *testing.T) { misfortune(t, rand.New(rand.NewPCG(seed, 7))) })
		})
	}
}

func misfortune(t *testing.T, random *rand.Rand) {
	orders := 1 + random.IntN(150)
	perSecond := []float64{0.5, 2, 10}[random.IntN(3)]
	o := sandbox.Options{
		Burst: 50, PerSecond: perSecond, Seed: random.Uint64(), ReadLag: time.Duration(random.IntN(40)) * time.Second,
		ExecuteLate: func() time.Duration { return time.Duration(max(0, random.IntN(90)-50)) * time.Second },
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
	cutOff := false
	for run := 0; ; run++ {
		if run == 30 {
			t.Fatal("30 runs were not enough")
		}
		last := run >= 8 // nothing goes wrong any more
		w.tune = nil
		w.far(func(d *distant) {
			d.latency = time.Duration(random.IntN(5000)) * time.Millisecond
			d.pace = time.Duration(random.IntN(2)) * 10 * time.Second
			if cutOff {
				d.takenOver()
			}
		})
		ctx, cancel := context.WithCancel(t.Context())
		at := time.Duration(1+random.IntN(300)) * time.Second
		what := random.IntN(6)
		var timers []*time.Timer
		if !last {
			timers = append(timers, time.AfterFunc(at, func() {
				d := w.distant
				switch what {
				case 0: // the machine is lost
					d.mu.Lock()
					d.deaf = true
					d.mu.Unlock()
					cancel()
				case 1:
					cancel()
				case 2:
					d.lose(&backend.FencedError{Path: "s3", Reason: "taken over"})
				case 3:
					d.lose(&backend.UncertainError{Path: "s3", Reason: "no answer"})
					timers = append(timers, time.AfterFunc(time.Minute, func() { d.lose(nil) }))
				case 4:
					d.mu.Lock()
					d.wanted = true
					d.mu.Unlock()
				}
			}))
		}
		r, err := w.apply(ctx)
		cancel()
		for _, timer := range timers {
			timer.Stop()
		}
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
