package godatafeed

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// maintained is an API that is down from the beginning on, for so long.
type maintained struct {
	length  time.Duration
	status  int
	latency time.Duration
	began   time.Time

	mu    sync.Mutex
	calls []time.Duration // since the beginning
}

func (m *maintained) RoundTrip(*http.Request) (*http.Response, error) {
	m.mu.Lock()
	at := time.Since(m.began)
	m.calls = append(m.calls, at)
	m.mu.Unlock()
	time.Sleep(m.latency)
	if at < m.length {
		return respond(m.status, "<html>"), nil
	}
	return respond(200, one), nil
}

// However many reads a maintenance page strikes at once, none fails, few calls
// are made while it lasts, and they do not come closer together than pauses.
func TestReadsOutlastAMaintenancePage(t *testing.T) {
	for _, status := range []int{500, 502, 503, 504} {
		for _, readers := range []int{1, 8} {
			t.Run(fmt.Sprint(status, " for ", readers), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					api := &maintained{length: 59 * time.Second, status: status, latency: 100 * time.Millisecond, began: time.Now()}
					c := clientOf(t, api.RoundTrip)
					var told recorder
					ctx := OnWait(t.Context(), func(w Wait) { told.add("%d for %s", w.Status, w.For.Round(time.Second)) })
					var wg sync.WaitGroup
					for range readers {
						wg.Go(func() {
							if n, err := c.CountFeeds(ctx, ""); n != 1 || err != nil {
								t.Errorf("%d, %v", n, err)
							}
						})
					}
					wg.Wait()
					if extra := len(api.calls) - readers; extra > 12+readers-1 {
						t.Errorf("%d extra calls for %d reads", extra, readers)
					}
					if took := time.Since(api.began); took > 62*time.Second {
						t.Errorf("it took %s", took)
					}
					down := slices.DeleteFunc(slices.Clone(api.calls), func(at time.Duration) bool { return at == 0 || at >= api.length })
					for i := range down[1:] {
						if down[i+1]-down[i] < 250*time.Millisecond {
							t.Errorf("tried at %s and at %s", down[i], down[i+1])
						}
					}
					if diff := cmp.Diff([]string{fmt.Sprintf("%d for 58s", status)}, told.all()); diff != "" {
						t.Errorf("told (-want +got):\n%s", diff)
					}
				})
			})
		}
	}
}

// An order whose read fails for ever costs its own patience, and no other read
// waits for it.
func TestAReadThatAlwaysFailsHoldsUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clientOf(t, func(r *http.Request) (*http.Response, error) {
			if r.URL.Query().Get("id") == "bad" {
				return respond(500, ""), nil
			}
			return respond(200, `{"Success":true,"Orders":[{"OrderId":"good"}]}`), nil
		})
		bad := request{op: OpGetOrder, method: http.MethodGet, path: []string{"Orders"}, query: map[string][]string{"id": {"bad"}}}
		began := time.Now()
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := fetch[countAnswer](t.Context(), c, bad); err == nil {
				t.Error("no error")
			}
			if took := time.Since(began); took != time.Minute {
				t.Errorf("given up after %s", took)
			}
		})
		for range 50 {
			time.Sleep(time.Second)
			before := time.Now()
			if _, err := c.GetOrder(t.Context(), "good"); err != nil || time.Since(before) > 0 {
				t.Errorf("%v after %s", err, time.Since(before))
			}
		}
		wg.Wait()
	})
}

func TestWaitingForTheAPIEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &maintained{length: time.Hour, status: 503, began: time.Now()}
		c := clientOf(t, api.RoundTrip)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				_, err := c.CountFeeds(ctx, "")
				if took := time.Since(api.began); !errors.Is(err, context.DeadlineExceeded) || took != 20*time.Second {
					t.Errorf("%v after %s", err, took)
				}
			})
		}
		wg.Wait()
		if _, err := c.CountFeeds(ctx, ""); err == nil {
			t.Error("no error")
		}
	})
}

// The token that a read needs may have to wait too, and be needed in the middle.
func TestATokenIsWaitedForToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		c := clientOf(t, func(r *http.Request) (*http.Response, error) {
			switch at := time.Since(began); {
			case at < 20*time.Second:
				return respond(503, ""), nil
			case at < 30*time.Second && r.Method == http.MethodGet:
				return respond(401, ""), nil // the first token has expired meanwhile
			case at < 50*time.Second:
				return respond(503, ""), nil
			}
			return respond(200, `{"Success":true,"Token":"t","Count":1}`), nil
		}, func(o *Options) { o.ConsumerKey = canaryKey })
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				if n, err := c.CountFeeds(t.Context(), ""); n != 1 || err != nil {
					t.Errorf("%d, %v", n, err)
				}
			})
		}
		wg.Wait()
	})
}

func TestAnImpatientClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &maintained{length: time.Hour, status: 503, began: time.Now()}
		c := clientOf(t, api.RoundTrip, func(o *Options) { o.Patience = -1 })
		if _, err := c.CountFeeds(t.Context(), ""); err == nil {
			t.Error("no error")
		}
		if diff := cmp.Diff([]time.Duration{0, 250 * time.Millisecond, 750 * time.Millisecond}, api.calls); diff != "" {
			t.Errorf("calls (-want +got):\n%s", diff)
		}
	})
}

// A long pause that the API asks for is told, once for all who wait.
func TestALongPauseIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls, told recorder
		answers := scripted(&calls, step{status: 429, header: "Retry-After: 300"}, step{status: 429, header: "Retry-After: 300"}, step{status: 200, body: one})
		c := clientOf(t, func(r *http.Request) (*http.Response, error) {
			time.Sleep(time.Second) // both are on their way before either is answered
			return answers(r)
		}, func(o *Options) { o.Account, o.Limiter = "main", NewLimiter(LimiterOptions{}) })
		ctx := OnWait(t.Context(), func(w Wait) { told.add("%s: %s", w.Account, w) })
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				if n, err := c.CountFeeds(ctx, ""); n != 1 || err != nil {
					t.Errorf("%d, %v", n, err)
				}
			})
		}
		wg.Wait()
		if diff := cmp.Diff([]string{"main: the API asked to slow down (HTTP 429 Too Many Requests): reading goes on in 5 min"}, told.all()); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
	})
}
