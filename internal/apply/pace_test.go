package apply_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
)

// paceOff is by how much the estimates of a run's events were off, at worst, of
// those that were made from then on and named at least a minute.
func paceOff(events []apply.Event, after time.Duration) (worst float64, estimates int) {
	began, end := events[0].At, events[len(events)-1].At
	for _, e := range events {
		actual := end.Sub(e.At)
		if e.At.Sub(began) < after || actual < time.Minute {
			continue
		}
		estimates++
		off := (time.Duration(e.ETASeconds)*time.Second - actual).Seconds() / actual.Seconds()
		worst = max(worst, off, -off)
	}
	return worst, estimates
}

// The time that is left is right within a twentieth after the first minute: the
// room in the bucket, used up at first, doesn't mislead, nor do reads on the way.
// Beside another client the pace itself goes up and down, until its share of the
// limit is found; then it is right within a tenth.
func TestTheTimeLeft(t *testing.T) {
	for _, c := range []struct {
		orders  int
		rate    float64
		latency time.Duration
		other   bool
		after   time.Duration
		most    float64
	}{
		{400, 2, 0, false, time.Minute, 0.05},
		{400, 2, 500 * time.Millisecond, false, time.Minute, 0.05},
		{2000, 2, 200 * time.Millisecond, false, time.Minute, 0.05},
		{4000, 40, 200 * time.Millisecond, false, time.Minute / 2, 0.05},
		{400, 2, 200 * time.Millisecond, true, time.Minute, 0.25},
		{400, 2, 200 * time.Millisecond, true, 2 * time.Minute, 0.1},
	} {
		t.Run(fmt.Sprintf("%d at %g, %s, other %v, after %s", c.orders, c.rate, c.latency, c.other, c.after), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := limited(t, c.orders, c.rate)
				w.wire = newLine(w.api.Transport(), c.latency)
				ctx, stop := context.WithCancel(t.Context())
				var wg sync.WaitGroup
				if c.other {
					wg.Go(func() { w.takeHalf(ctx, 1) })
					time.Sleep(5 * time.Minute)
				}
				r, err := w.apply(t.Context())
				stop()
				wg.Wait()
				if err != nil || r.Counts[apply.Applied] != c.orders {
					t.Fatalf("%v, %+v, %s", err, r.Counts, r.Stopped)
				}
				worst, estimates := paceOff(w.events, c.after)
				if worst > c.most || estimates < 50 {
					t.Errorf("%d estimates were off by up to %.1f %%, want %g %% at most", estimates, worst*100, c.most*100)
				}
			})
		})
	}
}
