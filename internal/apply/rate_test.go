package apply_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/sandbox"
)

// line is the way to the API: each call takes up to so long, part of it on the
// way there, so that calls overtake each other and arrive in bunches.
type line struct {
	api        http.RoundTripper
	most       time.Duration
	retryAfter string // of every refusal

	mu      sync.Mutex
	random  *rand.Rand
	calls   int
	refused int
}

func newLine(api http.RoundTripper, most time.Duration) *line {
	return &line{api: api, most: most, random: rand.New(rand.NewPCG(1, 2))}
}

func (l *line) RoundTrip(r *http.Request) (*http.Response, error) {
	l.mu.Lock()
	whole := l.random.Float64() * float64(l.most)
	there := l.random.Float64() * whole
	l.mu.Unlock()
	time.Sleep(time.Duration(there))
	resp, err := l.api.RoundTrip(r)
	time.Sleep(time.Duration(whole - there))
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls++
	if err == nil && resp.StatusCode == http.StatusTooManyRequests {
		l.refused++
		if l.retryAfter != "" {
			resp.Header.Set("Retry-After", l.retryAfter)
		}
	}
	return resp, err
}

// counts is how many calls went this way, and how many were refused.
func (l *line) counts() (all, refused int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.calls, l.refused
}

// takeHalf is another client of the account: a call a second, so many at once.
func (w *world) takeHalf(ctx context.Context, bunch int) {
	c, err := godatafeed.New(godatafeed.Options{Endpoint: "http://localhost", ConsumerKey: "sandbox", Transport: w.api.Transport()})
	if err != nil {
		w.t.Error(err)
		return
	}
	for ctx.Err() == nil {
		for range bunch {
			_ = c.Cancel(ctx, "no-such-order", nil) // one attempt, whatever is answered
		}
		select {
		case <-time.After(time.Duration(bunch) * time.Second):
		case <-ctx.Done():
		}
	}
}

// calls is how many calls the sandbox got, and how many of them it refused.
func (w *world) calls() (all, refused int) {
	byOp, refused := w.api.Calls()
	for _, n := range byOp {
		all += n
	}
	return all, refused
}

// limited is a world of n orders to be shipped under a limit.
func limited(t *testing.T, n int, perSecond float64) *world {
	w := newWorld(t, n, sandbox.Options{Burst: 50, PerSecond: perSecond},
		account(fmt.Sprintf("rate_limit {\n limit_per_second = %g\n}\n", perSecond))+shipAll(nil, 0, 0))
	shipAll(w, 0, n)
	w.limit = godatafeed.LimiterOptions{Burst: 50, PerSecond: perSecond}
	return w
}

// What does not fit into the free room at the start has to leak first: nothing
// else may cost time, neither answers that take half a second nor the number of
// calls under way.
func TestOnlyTheLimitIsWaitedFor(t *testing.T) {
	const ms = time.Millisecond
	for orders, latencies := range map[int][]time.Duration{
		100: {0, 50 * ms, 200 * ms, 500 * ms}, 400: {0, 50 * ms, 200 * ms, 500 * ms}, 2000: {0, 500 * ms},
	} {
		for _, latency := range latencies {
			t.Run(fmt.Sprintf("%d/%s", orders, latency), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					w := limited(t, orders, 2)
					w.wire = newLine(w.api.Transport(), latency)
					began := time.Now()
					r, err := w.apply(t.Context())
					took := time.Since(began)
					if err != nil || r.Counts[apply.Applied] != orders {
						t.Fatalf("%v, %+v, %s", err, r.Counts, r.Stopped)
					}
					w.assertNothingTwice()
					calls, refused := w.calls()
					if refused > 0 {
						t.Errorf("%d calls of an account that nobody else uses overflowed its bucket", refused)
					}
					// 2,000 orders take 17 minutes: reads grow old on the way.
					if again := r.Rereads; again*50 > calls || orders == 2000 && again == 0 {
						t.Errorf("%d of %d calls reread, want at most 2 %%, and some in a long run", again, calls)
					}
					least := time.Duration(calls-50) * time.Second / 2
					most := least + 2*time.Second
					if calls >= 400 {
						most = least * 101 / 100
					}
					if took > most {
						t.Errorf("took %s, want at most %s", took, most)
					}
				})
			})
		}
	}
}

// At a very low limit fewer calls are begun at once: of ten, each would wait for
// its turn until its read is old, and all would be reread forever.
func TestALowLimitIsNoReasonToReadForEver(t *testing.T) {
	for _, parallelism := range []int{0, 10} {
		synctest.Test(t, func(t *testing.T) {
			const orders, perSecond = 40, 0.02
			w := limited(t, orders, perSecond)
			w.limit = godatafeed.LimiterOptions{Burst: 1, PerSecond: perSecond}
			w.tune = func(o *apply.Options) { o.Deadline, o.Parallelism = 24*time.Hour, parallelism }
			r, err := w.apply(t.Context())
			if calls, _ := w.calls(); err != nil || r.Counts[apply.Applied] != orders || calls > 3*orders {
				t.Errorf("parallelism %d: %v, %+v, %d calls", parallelism, err, r.Counts, calls)
			}
			w.assertNothingTwice()
		})
	}
}

// A limit that lets no call go within five minutes of a read is said to be the
// reason that nothing was sent.
func TestALimitThatIsTooLowForFreshReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := limited(t, 1, 0.003)
		w.limit = godatafeed.LimiterOptions{Burst: 1, PerSecond: 0.003}
		r, err := w.apply(t.Context())
		if err != nil || r.Counts[apply.Failed] != 1 || r.Calls != 0 || !strings.Contains(r.Items[0].Message, "limit_per_second") {
			t.Errorf("%v, %+v, %+v", err, r.Counts, r.Items)
		}
	})
}

// At a higher limit more calls have to be under way: ten of half a second each
// are twenty a second.
func TestSlowAnswersDontHoldAHighLimitUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const orders, perSecond, latency = 2000, 100, 500 * time.Millisecond
		w := limited(t, orders, perSecond)
		w.wire = steady{w.api.Transport(), latency}
		began := time.Now()
		r, err := w.apply(t.Context())
		took := time.Since(began)
		if err != nil || r.Counts[apply.Applied] != orders {
			t.Fatalf("%v, %+v, %s", err, r.Counts, r.Stopped)
		}
		calls, refused := w.calls()
		// token, count and pages come one after the other, and the last answer
		// has to be waited for: that is not the limit's.
		most := time.Duration(calls-50)*time.Second/perSecond + 6*latency
		if took > most || refused > 0 {
			t.Errorf("%d calls took %s, %d were refused, want none in at most %s", calls, took, refused, most)
		}
	})
}

// steady answers each call after the same time.
type steady struct {
	api     http.RoundTripper
	latency time.Duration
}

func (s steady) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(s.latency)
	return s.api.RoundTrip(r)
}

// Another client that goes on whatever it is answered takes half of the limit,
// call by call or many at once. Nobody tells us, but refusals: they must be
// few, the other half must be used, and no change may be lost.
func TestBesideAnotherClient(t *testing.T) {
	for _, c := range []struct {
		orders, bunch int
		retryAfter    string
	}{{100, 1, ""}, {100, 1, "5"}, {100, 25, ""}, {100, 25, "5"}, {400, 1, "5"}, {400, 10, ""}, {400, 25, ""}, {2000, 1, ""}} {
		t.Run(fmt.Sprintf("%d orders, %d at once, Retry-After %q", c.orders, c.bunch, c.retryAfter), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { besideAnother(t, c.orders, c.bunch, c.retryAfter) })
		})
	}
}

func besideAnother(t *testing.T, orders, bunch int, retryAfter string) {
	w := limited(t, orders, 2)
	wire := newLine(w.api.Transport(), 200*time.Millisecond)
	wire.retryAfter = retryAfter
	w.wire = wire
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { w.takeHalf(ctx, bunch) })
	time.Sleep(5 * time.Minute) // it was there before
	began := time.Now()
	r, err := w.apply(t.Context())
	took := time.Since(began)
	stop()
	wg.Wait()
	if err != nil || r.Counts[apply.Applied] != orders {
		t.Fatalf("%v, %+v, %s", err, r.Counts, r.Stopped)
	}
	w.assertShipped(0, orders)
	w.assertNothingTwice()
	ours, refused := wire.counts()
	if refused*10 > ours {
		t.Errorf("%d of %d calls were refused, want a tenth at most", refused, ours)
	}
	if rate := float64(ours-refused) / took.Seconds(); rate < 0.95 {
		t.Errorf("%.2f calls a second, and 1 was left by the other client", rate)
	}
}
