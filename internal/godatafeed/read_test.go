package godatafeed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// step is one answer of a scripted API.
type step struct {
	status int
	body   string
	header string // "Name: value", or empty
	err    error
}

// scripted answers with the steps in turn, and with the last one for ever; it
// notes the time of each call.
func scripted(calls *recorder, steps ...step) transportFunc {
	began := time.Now()
	var mu sync.Mutex
	return func(*http.Request) (*http.Response, error) {
		calls.add("%s", time.Since(began))
		mu.Lock()
		defer mu.Unlock()
		s := steps[0]
		if len(steps) > 1 {
			steps = steps[1:]
		}
		if s.err != nil {
			return nil, s.err
		}
		if s.header != "" {
			return respond(s.status, s.body, s.header), nil
		}
		return respond(s.status, s.body), nil
	}
}

const one = `{"Success":true,"Count":1}`

func TestReadsAreRepeated(t *testing.T) {
	good := step{status: 200, body: one}
	tests := map[string]struct {
		steps []step
		ok    bool
		times []string // of the calls, since the first
	}{
		"503 once":  {[]step{{status: 503}, good}, true, []string{"0s", "250ms"}},
		"500 twice": {[]step{{status: 500}, {status: 500}, good}, true, []string{"0s", "250ms", "750ms"}},
		"500 for ever": {[]step{{status: 500}}, false, []string{
			"0s", "250ms", "750ms", "1.75s", "3.75s", "7.75s", "15.25s", "22.75s", "30.25s", "37.75s", "45.25s", "52.75s", "1m0s",
		}},
		"reset for ever":  {[]step{{err: io.EOF}}, false, []string{"0s", "250ms", "750ms"}},
		"Retry-After 100": {[]step{{status: 503, header: "Retry-After: 100"}}, false, []string{"0s", "1m40s"}},
		"Retry-After":     {[]step{{status: 503, header: "Retry-After: 9"}, good}, true, []string{"0s", "9s"}},
		"reset":           {[]step{{err: io.EOF}, good}, true, []string{"0s", "250ms"}},
		"HTML":            {[]step{{status: 200, body: "<html>"}, good}, true, []string{"0s", "250ms"}},
		"empty":           {[]step{{status: 200}, good}, true, []string{"0s", "250ms"}},
		"half":            {[]step{{status: 200, body: one[:9]}, good}, true, []string{"0s", "250ms"}},
		"false":           {[]step{{status: 200, body: `{"Success":false,"Message":"m"}`}}, false, []string{"0s"}},
		"400":             {[]step{{status: 400}}, false, []string{"0s"}},
		"302":             {[]step{{status: 302}}, false, []string{"0s"}},
		"429":             {[]step{{status: 429}, good}, true, []string{"0s", "250ms"}},
		"429 for a while": {[]step{{status: 429, header: "Retry-After: 100"}, good}, true, []string{"0s", "1m40s"}},
		"429 with 1e9":    {[]step{{status: 429, header: "Retry-After: 1e9"}, good}, true, []string{"0s", "5m0s"}},
		"429 with -1":     {[]step{{status: 429, header: "Retry-After: -1"}, good}, true, []string{"0s", "250ms"}},
		"429 with a date": {[]step{{status: 429, header: "Retry-After: Sat, 01 Jan 2000 00:00:30 GMT"}, good}, true, []string{"0s", "30s"}},
		"429, then 500":   {[]step{{status: 429}, {status: 500}, {status: 500}, good}, true, []string{"0s", "250ms", "500ms", "1s"}},
		"429 for ever": {
			[]step{{status: 429, header: "Retry-After: 60"}},
			false,
			[]string{"0s", "1m0s", "2m0s", "3m0s", "4m0s", "5m0s", "6m0s", "7m0s", "8m0s", "9m0s"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var calls recorder
				c := clientOf(t, scripted(&calls, tt.steps...))
				n, err := c.CountFeeds(t.Context(), "")
				if (err == nil) != tt.ok || tt.ok && n != 1 {
					t.Errorf("CountFeeds = %d, %v", n, err)
				}
				if diff := cmp.Diff(tt.times, calls.all()); diff != "" {
					t.Errorf("calls (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestRepetitionsAreBudgeted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, tt := range []struct{ fine, want int }{{0, 20}, {150, 20}, {295, 30}} {
			broken := false
			calls := 0
			c := clientOf(t, func(*http.Request) (*http.Response, error) {
				calls++
				if broken {
					return respond(500, ""), nil
				}
				return respond(200, one), nil
			})
			for range tt.fine {
				if _, err := c.CountFeeds(t.Context(), ""); err != nil {
					t.Fatal(err)
				}
			}
			broken, calls = true, 0
			const reads = 10
			for range reads {
				if _, err := c.CountFeeds(t.Context(), ""); err == nil {
					t.Fatal("no error")
				}
			}
			if extra := calls - reads; extra != tt.want {
				t.Errorf("after %d calls: %d extra, want %d", tt.fine, extra, tt.want)
			}
		}
	})
}

func TestReadStopsWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var calls recorder
		c := clientOf(t, scripted(&calls, step{status: 429, header: "Retry-After: 60"}))
		_, err := c.CountFeeds(ctx, "")
		if !errors.Is(err, context.DeadlineExceeded) || len(calls.all()) != 1 {
			t.Errorf("%v after %d calls", err, len(calls.all()))
		}
	})
}

func TestParseRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "0": 0, "-1": 0, "7": 7 * time.Second, " 7 ": 7 * time.Second, "1.5": 1500 * time.Millisecond,
		"1e9": 5 * time.Minute, "99999999999999999999": 5 * time.Minute, "Inf": 5 * time.Minute, "NaN": 0, "soon": 0,
		"Fri, 20 Nov 2026 12:01:00 GMT": time.Minute,
		"Fri, 20 Nov 2026 11:00:00 GMT": 0,
		"Fri, 20 Nov 2099 11:00:00 GMT": 5 * time.Minute,
	} {
		if got := parseRetryAfter(value, now); got != want {
			t.Errorf("%q: %s, want %s", value, got, want)
		}
	}
}

// renewingAPI answers 401 to every token but the one it gave last; after
// revoke, also to that one.
type renewingAPI struct {
	mu       sync.Mutex
	given    int
	valid    string
	refusing bool // gives tokens that don't work
}

func (a *renewingAPI) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(time.Millisecond)
	a.mu.Lock()
	defer a.mu.Unlock()
	if strings.HasSuffix(r.URL.Path, "/v1/Authorization") {
		a.given++
		a.valid = fmt.Sprint("token-", a.given)
		return respond(200, `{"Success":true,"Token":"`+a.valid+`"}`), nil
	}
	if a.refusing || !strings.HasPrefix(r.URL.Path, "/v1/"+a.valid+"/") {
		return respond(401, `{"Message":"who are you"}`), nil
	}
	return respond(200, one), nil
}

func TestTokens(t *testing.T) {
	withKey := func(o *Options) { o.Token, o.ConsumerKey = "", canaryKey }
	together := func(t *testing.T, c *Client) []error {
		t.Helper()
		errs := make([]error, 20)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() { _, errs[i] = c.CountFeeds(t.Context(), "") })
		}
		wg.Wait()
		return errs
	}
	t.Run("fetched once for all, and renewed once for all", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			api := new(renewingAPI)
			c := clientOf(t, api.RoundTrip, withKey)
			for round := 1; round <= 3; round++ {
				if err := errors.Join(together(t, c)...); err != nil {
					t.Fatal(err)
				}
				if api.given != round {
					t.Errorf("%d tokens fetched in round %d", api.given, round)
				}
				api.valid = "none" // expired
			}
		})
	})
	t.Run("a second 401 is final", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			api := &renewingAPI{refusing: true}
			c := clientOf(t, api.RoundTrip, withKey)
			_, err := c.CountFeeds(t.Context(), "")
			if !IsDenied(err) || api.given != 2 {
				t.Errorf("%v after %d tokens, want denied after 2", err, api.given)
			}
		})
	})
	t.Run("a token without a key can't be renewed", func(t *testing.T) {
		c := clientOf(t, new(renewingAPI).RoundTrip)
		_, err := c.CountFeeds(t.Context(), "")
		if !IsDenied(err) || !strings.Contains(err.Error(), "the token was refused") {
			t.Errorf("%v, want denied", err)
		}
	})
	t.Run("a configured token is used first, then the key", func(t *testing.T) {
		api := &renewingAPI{valid: "mine"}
		c := clientOf(t, api.RoundTrip, func(o *Options) { o.Token, o.ConsumerKey = "mine", canaryKey })
		_, err := c.CountFeeds(t.Context(), "")
		if err != nil || api.given != 0 {
			t.Errorf("%v, %d tokens fetched", err, api.given)
		}
		api.valid = "none"
		if _, err := c.CountFeeds(t.Context(), ""); err != nil || api.given != 1 {
			t.Errorf("%v, %d tokens fetched", err, api.given)
		}
	})
	t.Run("who leads the fetch may give up", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c := clientOf(t, func(r *http.Request) (*http.Response, error) {
				if err := sleep(r.Context(), 10*time.Second); err != nil {
					return nil, err
				}
				return respond(200, `{"Success":true,"Token":"t","Count":1}`), nil
			}, withKey)
			impatient, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			var wg sync.WaitGroup
			wg.Go(func() {
				if _, err := c.CountFeeds(impatient, ""); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("impatient: %v", err)
				}
			})
			synctest.Wait()
			wg.Go(func() {
				if _, err := c.CountFeeds(t.Context(), ""); err != nil {
					t.Errorf("patient: %v", err)
				}
			})
			wg.Wait()
		})
	})
	t.Run("authorisation takes room too", func(t *testing.T) {
		limiter := NewLimiter(LimiterOptions{})
		c := clientOf(t, new(renewingAPI).RoundTrip, withKey, func(o *Options) { o.Limiter = limiter })
		if err := c.CheckCredentials(t.Context()); err != nil {
			t.Fatal(err)
		}
		if level := limiter.Level(); level < 0.9 || level > 1 {
			t.Errorf("level %f after one call", level)
		}
	})
}

func TestCheckCredentials(t *testing.T) {
	for name, tt := range map[string]struct {
		key    Secret
		body   string
		denied bool
		ok     bool
	}{
		"key":          {canaryKey, `{"Success":true,"Token":"t"}`, false, true},
		"wrong key":    {canaryKey, `{"Success":false}`, true, false},
		"no token":     {canaryKey, `{"Success":true}`, false, false},
		"endless":      {canaryKey, `{"Success":true,"Token":"` + strings.Repeat("t", 5000) + `"}`, false, false},
		"token alone":  {"", one, false, true},
		"refused":      {"", `{"Success":false}`, false, false},
		"error page":   {canaryKey, `<html>`, false, false},
		"other object": {canaryKey, `{"Token":{}}`, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := clientOf(t, func(*http.Request) (*http.Response, error) { return respond(200, tt.body), nil },
				quickly, func(o *Options) { o.ConsumerKey = tt.key })
			err := c.CheckCredentials(t.Context())
			if (err == nil) != tt.ok || IsDenied(err) != tt.denied {
				t.Errorf("%v, denied %t", err, IsDenied(err))
			}
		})
	}
}
