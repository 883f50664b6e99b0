package godatafeed

import (
	"context"
	"errors"
	"math"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// serverBucket is the API's side: it leaks steadily, or so many at once at
// every tick.
type serverBucket struct {
	mu        sync.Mutex
	level     float64
	at        time.Time
	tick      time.Duration // 0: steady
	burst     float64
	perSecond float64
	refused   int
	calls     int
}

func (b *serverBucket) RoundTrip(*http.Request) (*http.Response, error) {
	time.Sleep(80 * time.Millisecond) // on its way
	b.mu.Lock()
	defer b.mu.Unlock()
	elapsed := time.Since(b.at)
	if b.tick > 0 {
		elapsed = elapsed.Truncate(b.tick)
	}
	b.at = b.at.Add(elapsed)
	b.level = math.Max(0, b.level-b.perSecond*elapsed.Seconds())
	if b.level+1 > b.burst {
		b.refused++
		return respond(429, ""), nil
	}
	b.level++
	b.calls++
	return respond(200, `{"Success":true,"Count":1}`), nil
}

func TestOwnCallsNeverOverflowTheBucket(t *testing.T) {
	for name, tick := range map[string]time.Duration{"steady": 0, "by the second": time.Second} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(370 * time.Millisecond) // out of step with the ticks
				server := &serverBucket{at: time.Now().Add(-630 * time.Millisecond), tick: tick, burst: 50, perSecond: 2}
				c := clientOf(t, server.RoundTrip, func(o *Options) { o.Limiter = NewLimiter(LimiterOptions{}) })
				began := time.Now()
				const calls = 120
				var wg sync.WaitGroup
				for range calls {
					wg.Go(func() {
						if err := c.Ship(t.Context(), "id", Shipment{}, nil); err != nil {
							t.Error(err)
						}
					})
				}
				wg.Wait()
				if server.refused > 0 {
					t.Errorf("%d calls overflowed the bucket", server.refused)
				}
				const ideal = (calls - 50) / 2 * time.Second
				if took := time.Since(began); took < ideal-2*time.Second || took > ideal+2*time.Second {
					t.Errorf("took %s, want %s within 2 s", took, ideal)
				}
			})
		})
	}
}

func TestLimiterIsFair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(LimiterOptions{Burst: 1, PerSecond: 1})
		var order []int
		var mu sync.Mutex
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				if _, err := l.Wait(t.Context()); err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				order = append(order, i)
			})
			synctest.Wait() // it stands in the queue
		}
		wg.Wait()
		if !slices.IsSorted(order) {
			t.Errorf("room was given in the order %v", order)
		}
	})
}

func TestSmallBuckets(t *testing.T) {
	for _, burst := range []int{1, 2, 3, 4} {
		synctest.Test(t, func(t *testing.T) {
			server := &serverBucket{at: time.Now(), burst: float64(burst), perSecond: 2}
			l := NewLimiter(LimiterOptions{Burst: burst, PerSecond: 2})
			began := time.Now()
			for range 10 {
				if _, err := l.Wait(t.Context()); err != nil {
					t.Fatal(err)
				}
				_, _ = server.RoundTrip(nil)
			}
			if took := time.Since(began); server.refused > 0 || took > 6*time.Second {
				t.Errorf("burst %d: took %s, %d refused", burst, took, server.refused)
			}
		})
	}
}

func TestWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(LimiterOptions{Burst: 1, PerSecond: 0.01})
		if _, err := l.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		var wg sync.WaitGroup
		for range 3 { // the first waits for room, the others for their turn
			wg.Go(func() {
				waited, err := l.Wait(ctx)
				if !errors.Is(err, context.DeadlineExceeded) || waited != 5*time.Second {
					t.Errorf("%v after %s", err, waited)
				}
			})
		}
		wg.Wait()
		if _, err := l.Wait(ctx); err == nil {
			t.Error("room for a context that is over")
		}
		if level := l.Level(); level > 1 {
			t.Errorf("level %f: who gave up took room", level)
		}
	})
}

func TestPenalise(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(LimiterOptions{})
		for range 16 { // calls that were refused together halve the rate once
			l.Penalise(-time.Second)
		}
		if level := l.Level(); level != 50 {
			t.Errorf("level %f, want 50", level)
		}
		// Three must leak before there is room for one below the two left free,
		// at half the rate, which recovers a little meanwhile.
		waited, err := l.Wait(t.Context())
		if err != nil || waited < 2900*time.Millisecond || waited > 3*time.Second {
			t.Errorf("waited %s, %v, want just below 3 s", waited, err)
		}
		time.Sleep(97 * time.Second) // 5 % come back every 10 s
		if share := l.local.bucket.Leaked(time.Now(), 2).Share; share < 0.99 || share > 1 {
			t.Errorf("share %f after 100 s", share)
		}

		l.Penalise(time.Hour)
		if waited, _ := l.Wait(t.Context()); waited != 5*time.Minute {
			t.Errorf("waited %s, want the cap of 5 min", waited)
		}
		for range 10 { // the rate has a floor
			l.Penalise(0)
			time.Sleep(2 * time.Second)
		}
		if share := l.local.bucket.Share; share < MinShare {
			t.Errorf("share %f", share)
		}
		if waited, _ := l.Wait(t.Context()); waited > time.Minute {
			t.Errorf("waited %s at the lowest rate", waited)
		}
	})
}

func TestPenaltyReachesThoseWhoWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(LimiterOptions{Burst: 3, PerSecond: 1})
		if _, err := l.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = l.Wait(t.Context()) })
		synctest.Wait()
		l.Penalise(30 * time.Second)
		wg.Wait()
		if took := time.Since(began); took != 30*time.Second {
			t.Errorf("waited %s, want 30 s", took)
		}
	})
}

func TestTimeToLeak(t *testing.T) {
	// The time that is computed is the time after which it has leaked.
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, share := range []float64{MinShare, 0.3, 0.5, 0.999, 1} {
		for _, calls := range []float64{1e-6, 0.5, 1, 3, 40, 300} {
			for _, rate := range []float64{0.5, 2, 1e6} {
				b := Bucket{Level: 1000, At: now, Share: share}
				pause := b.TimeToLeak(calls, rate)
				got := 1000 - b.Leaked(now.Add(pause), rate).Level
				if got < calls-1e-9 || got > calls+rate*1e-6 {
					t.Errorf("share %g, rate %g: %g leaked in %s, want %g", share, rate, got, pause, calls)
				}
			}
		}
	}
}

func TestNoLimiter(t *testing.T) {
	var l *Limiter
	l.Penalise(time.Hour)
	if waited, err := l.Wait(t.Context()); waited != 0 || err != nil || l.Level() != 0 || l.Fallback() != nil {
		t.Errorf("a nil limiter: %s, %v", waited, err)
	}
}

func TestClockGoesBack(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	l := NewLimiter(LimiterOptions{Burst: 50, Now: func() time.Time { return now }})
	for range 10 {
		if _, err := l.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	now = now.Add(-time.Hour)
	if level := l.Level(); level != 10 {
		t.Errorf("level %f, want 10", level)
	}
	now = now.Add(time.Second)
	if level := l.Level(); level != 8 {
		t.Errorf("level %f a second later, want 8", level)
	}
}

func TestHighRate(t *testing.T) {
	l := NewLimiter(LimiterOptions{Burst: 1_000_000, PerSecond: 1_000_000})
	began := time.Now()
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 2000 {
				_, _ = l.Wait(t.Context())
			}
		})
	}
	wg.Wait()
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("32,000 calls took %s", took)
	}
}

func BenchmarkWait(b *testing.B) {
	for name, path := range map[string]string{"memory": "", "file": b.TempDir() + "/bucket.json"} {
		b.Run(name, func(b *testing.B) {
			l := NewLimiter(LimiterOptions{Burst: 1_000_000_000, PerSecond: 1e9, Path: path})
			for b.Loop() {
				_, _ = l.Wait(b.Context())
			}
		})
	}
}
