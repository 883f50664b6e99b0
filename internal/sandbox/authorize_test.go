package sandbox

import (
	"net/http"
	"testing"
	"time"
)

func TestAuthorization(t *testing.T) {
	bothWays(t, Options{ConsumerKey: "k"}, func(t *testing.T, a *api) {
		for body, want := range map[string]int{
			`{"ConsumerKey":"k"}`:     200,
			`{"ConsumerKey":"wrong"}`: 401,
			`{"ConsumerKey":""}`:      401,
			`{}`:                      401,
			`nonsense`:                400,
		} {
			if got := a.must("PUT", "/v1/AUTHORIZATION", body); got.Status != want || got.Success != (want == 200) {
				t.Errorf("%s: got %d %+v, want %d", body, got.Status, got, want)
			}
		}
		if got := a.must("GET", "/v1/wrong/Feeds/count", ""); got.Status != 401 || got.Message == "" {
			t.Errorf("a wrong token is answered with %d %q, want 401", got.Status, got.Message)
		}
		if got := a.must("GET", "/v1//Feeds/count", ""); got.Status != 401 {
			t.Errorf("an empty token is answered with %d, want 401", got.Status)
		}
	})
}

func TestTokensExpire(t *testing.T) {
	a := inProcess(t, Options{TokenLifespan: 7 * 24 * time.Hour, Token: "given"})
	old := a.token
	a.authorize()
	if a.token == old {
		t.Error("a fresh token equals the one before")
	}
	a.clock.pass(7*24*time.Hour - time.Second)
	for _, token := range []string{old, a.token} {
		if got := a.must("GET", "/v1/"+token+"/feeds/count", ""); got.Status != 200 {
			t.Errorf("a token in its lifespan is answered with %d", got.Status)
		}
	}
	a.clock.pass(time.Second)
	if got := a.get("/feeds/count"); got.Status != 401 {
		t.Errorf("an expired token is answered with %d, want 401", got.Status)
	}
	if got := a.must("GET", "/v1/given/feeds/count", ""); got.Status != 200 {
		t.Errorf("the token of Options.Token is answered with %d, want 200", got.Status)
	}
}

func TestTokensOfAccountsDiffer(t *testing.T) {
	if a, b := inProcess(t, Options{ConsumerKey: "a"}), inProcess(t, Options{ConsumerKey: "b"}); a.token == b.token {
		t.Error("two consumer keys give the same token")
	}
}

func TestBucket(t *testing.T) {
	a := inProcess(t, Options{Burst: 50, PerSecond: 2}) // one call is the authorization
	answered := func(calls int) (ok int) {
		for range calls {
			if got := a.get("/feeds/count"); got.Status == 200 {
				ok++
			} else if got.Status != http.StatusTooManyRequests {
				t.Fatalf("got %d, want 200 or 429", got.Status)
			}
		}
		return ok
	}
	if got := answered(60); got != 49 {
		t.Errorf("of 60 calls at once %d were answered, want 49", got)
	}
	a.clock.pass(3 * time.Second)
	if got := answered(10); got != 6 {
		t.Errorf("of 10 calls after 3 seconds %d were answered, want 6", got)
	}
	a.clock.pass(-time.Hour)
	if got := answered(1); got != 0 {
		t.Error("a clock that went back emptied the bucket")
	}
	byOp, throttled := a.s.Calls()
	if byOp[OpCountFeeds] != 71 || throttled != 16 {
		t.Errorf("counted %d calls and %d refused, want 71 and 16", byOp[OpCountFeeds], throttled)
	}
}
