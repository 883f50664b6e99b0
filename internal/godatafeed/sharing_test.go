package godatafeed

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// Machines with clocks of their own share a bucket over a bad network. Some of them are
// killed, and their calls given up. The API's bucket never overflows, and no more of it
// is left unused than there must be.
func TestMachinesNeverOverflowTheBucket(t *testing.T) {
	for seed := range uint64(40) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 1))
				perSecond := []float64{2, 2, 7, 20}[r.IntN(4)]
				server := &serverBucket{at: time.Now(), burst: 50, perSecond: perSecond}
				if seed%2 == 0 {
					server.tick = time.Second
				}
				if perSecond > 2 {
					server.tick = 0
				}
				origin := NewPlace(time.Now)
				ctx, stop := context.WithCancel(t.Context())
				var wg sync.WaitGroup
				machines := 2 + r.IntN(5)
				bursts := r.IntN(3) == 0 // all rest, and come back at the same time
				for i := range machines {
					ahead := time.Duration(r.IntN(7200)-3600) * time.Second
					l := NewLimiter(LimiterOptions{
						PerSecond: perSecond, Jitter: rand.New(rand.NewPCG(seed, uint64(i))).Float64,
						Shared: &farPlace{Place: origin, rand: rand.New(rand.NewPCG(seed, uint64(100+i))), most: time.Duration(r.IntN(600)/int(perSecond)+1) * time.Millisecond, loses: 0.02},
						Now:    func() time.Time { return time.Now().Add(ahead) },
					})
					l.Large(r.IntN(2) == 0)
					life, kill := ctx, func() {}
					if i > 0 && r.IntN(2) == 0 {
						life, kill = context.WithTimeout(ctx, time.Duration(r.IntN(60))*time.Second)
					}
					for range 1 + r.IntN(10) {
						rests := r.IntN(8) + 5
						wg.Go(func() {
							for n := 0; life.Err() == nil; n++ {
								if bursts && n%rests == rests-1 {
									_ = sleep(life, time.Until(time.Now().Add(25*time.Second).Truncate(20*time.Second)))
								}
								if _, err := l.Wait(life); err != nil {
									if life.Err() == nil {
										t.Error(err)
									}
									return
								}
								_, _ = server.RoundTrip(nil)
							}
						})
					}
					wg.Go(func() {
						<-life.Done()
						kill()
						if i%2 == 0 {
							l.Close()
						}
					})
				}
				const minutes = 2
				time.Sleep(minutes * time.Minute)
				stop()
				wg.Wait()
				calls := server.calls
				if server.refused > 0 {
					t.Errorf("%d calls overflowed the bucket, of %d", server.refused, calls)
				}
				if least := int(0.9 * perSecond * minutes * 60); calls < least && !bursts {
					t.Errorf("%d machines made %d calls, expected %d at least", machines, calls, least)
				}
			})
		})
	}
}

// near is a limiter beside its place.
func near(place Place) *Limiter {
	return NewLimiter(LimiterOptions{Shared: place, Jitter: func() float64 { return 0 }})
}

// takeNow takes calls until one would have to wait.
func takeNow(t *testing.T, l *Limiter, most int) (n int) {
	t.Helper()
	for n < most {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		_, err := l.Wait(ctx)
		cancel()
		if err != nil {
			break
		}
		n++
	}
	l.Close()
	return n
}

func TestSmallRunsHaveAReserve(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		place := NewPlace(time.Now)
		batches := []*Limiter{near(place), near(place), near(place)}
		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for _, l := range batches {
			l.Large(true)
			for range 10 {
				wg.Go(func() {
					for ctx.Err() == nil {
						_, _ = l.Wait(ctx)
					}
				})
			}
		}
		time.Sleep(5 * time.Minute)
		if n := takeNow(t, near(place), 100); n < smallReserve {
			t.Errorf("%d calls at once beside batches, expected %d at least", n, smallReserve)
		}
		stop()
		wg.Wait()
	})
}

func TestWhatIsNotMadeIsGivenBack(t *testing.T) {
	for name, end := range map[string]func(*Limiter){
		"after a while":  func(*Limiter) { time.Sleep(1500 * time.Millisecond) },
		"when it closes": func(l *Limiter) { l.Close() },
	} {
		synctest.Test(t, func(t *testing.T) {
			place := &farPlace{Place: NewPlace(time.Now)}
			l := NewLimiter(LimiterOptions{PerSecond: 0.5, Shared: place})
			take(t, l, 4) // 1, 2 and the first of 4
			if level := l.Level(); level != 7 {
				t.Errorf("%s: level %g, expected 7", name, level)
			}
			end(l)
			// What may have leaked of them in between stays.
			if level := l.Level(); level > 4 || level < 3 || place.returned != 3 {
				t.Errorf("%s: level %g, %d given back, expected 4 and 3", name, level, place.returned)
			}
			take(t, l, 1)
			l.Close()
		})
	}
}

func TestCallsThatWereTakenLongAgoAreNotMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		place := &farPlace{Place: NewPlace(time.Now)}
		asleep := time.Duration(0)
		l := NewLimiter(LimiterOptions{Shared: place, Now: func() time.Time { return time.Now().Add(asleep) }})
		take(t, l, 4)
		takes := place.takes
		asleep = time.Hour // the machine slept, with its timers
		take(t, l, 1)
		if place.takes != takes+1 {
			t.Errorf("asked %d times, expected that it asks again", place.takes-takes)
		}
		l.Close()
	})
}

func TestACallAheadWaitsForItsRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := near(NewPlace(time.Now))
		take(t, l, int(l.shared.usable))
		began := time.Now()
		for n := range 4 {
			take(t, l, 1)
			if got, want := time.Since(began).Round(time.Millisecond), time.Duration(n+1)*500*time.Millisecond; got != want {
				t.Errorf("call %d came after %s, expected %s", n+1, got, want)
			}
		}
		l.Close()
	})
}

// Who gives calls back leaves a bucket that is never emptier than if they had not been
// taken.
func TestGivingBackTakesNothingFromOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const rate = 2
		now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
		with, without := Bucket{At: now, Share: 1}, Bucket{At: now, Share: 1}
		n := rapid.IntRange(1, 5).Draw(t, "taken")
		before := rapid.IntRange(0, 5).Draw(t, "before")
		with.Level, without.Level = float64(before+n), float64(before)
		for range rapid.IntRange(0, 5).Draw(t, "others") {
			at := with.At.Add(time.Duration(rapid.Int64Range(0, 2e9).Draw(t, "ns")))
			with, without = with.Leaked(at, rate), without.Leaked(at, rate)
			with.Level++
			without.Level++
		}
		at := with.At.Add(time.Duration(rapid.Int64Range(0, 2e9).Draw(t, "ns")))
		with, without = with.Leaked(at, rate).Returned(now, n, rate), without.Leaked(at, rate)
		if with.Level < without.Level-Tolerance {
			t.Fatalf("level %g, without them it is %g", with.Level, without.Level)
		}
	})
}

// A machine far away, or one that makes few calls, has its turn beside others that never
// stop.
func TestNoMachineStarves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		origin := NewPlace(time.Now)
		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		counts := make([]int, 10) // more than have places in the queue
		for i := range counts {
			place := &farPlace{Place: origin, rand: rand.New(rand.NewPCG(7, uint64(i))), most: time.Millisecond}
			if i == 0 {
				place.most = 500 * time.Millisecond
			}
			l := NewLimiter(LimiterOptions{Shared: place, Jitter: rand.New(rand.NewPCG(8, uint64(i))).Float64})
			l.Large(true)
			workers := 10
			if i == 1 {
				workers = 1
			}
			var mu sync.Mutex
			for range workers {
				wg.Go(func() {
					for {
						if _, err := l.Wait(ctx); err != nil {
							return
						}
						mu.Lock()
						counts[i]++
						mu.Unlock()
					}
				})
			}
		}
		time.Sleep(10 * time.Minute)
		stop()
		wg.Wait()
		for _, n := range counts {
			if n < 1200/len(counts)/3 { // calls in 10 minutes, equal shares
				t.Errorf("calls %v: one of them hardly had a turn", counts)
				break
			}
		}
	})
}

// A run of 4,000 calls takes hardly longer where a database far away keeps the limit:
// what limits it is the API.
func TestAFarPlaceCostsLittle(t *testing.T) {
	for name, tt := range map[string]struct {
		workers, calls int
		large          bool
		most           time.Duration // that it takes longer
	}{
		"a batch":               {10, 4000, true, 20 * time.Second},
		"one call at a time":    {1, 1000, false, 20 * time.Second},
		"a few calls in a row":  {1, 30, false, 12 * time.Second},
		"a few calls at a time": {10, 30, false, 6 * time.Second},
	} {
		took := func(shared Place) (took time.Duration) {
			synctest.Test(t, func(t *testing.T) {
				l := NewLimiter(LimiterOptions{Shared: shared, Jitter: func() float64 { return 0.5 }})
				l.Large(tt.large)
				began := time.Now()
				var wg sync.WaitGroup
				todo := make(chan bool, tt.calls)
				for range tt.calls {
					todo <- true
				}
				close(todo)
				for range tt.workers {
					wg.Go(func() {
						for range todo {
							_, _ = l.Wait(t.Context())
							time.Sleep(300 * time.Millisecond) // the call
						}
					})
				}
				wg.Wait()
				took = time.Since(began)
				l.Close()
			})
			return took
		}
		near := took(nil)
		for _, trip := range []time.Duration{time.Millisecond, 500 * time.Millisecond} {
			far := took(newFixedPlace(trip / 2))
			t.Logf("%s, %s away: %s, in memory %s: %.1f %% longer", name, trip, far.Round(time.Second/10), near.Round(time.Second/10), 100*float64(far-near)/float64(near))
			if far > near+tt.most {
				t.Errorf("%s, %s away: %s, in memory %s", name, trip, far, near)
			}
		}
	}
}
