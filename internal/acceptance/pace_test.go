package acceptance

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

func TestTheDefaultLimitsAreUsedUpAndNeverOverflow(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes 40 seconds")
	}
	orders := apiserver.Generate(3, 120, apiserver.New)
	w := shipAll(t, "", orders, apiserver.Options{Burst: 50, PerSecond: 2})
	r := w.apply()
	w.shippedOnce(orders)
	if n := w.api.Throttled(); n > 0 {
		t.Errorf("%d calls overflowed the bucket", n)
	}
	calls := w.api.Total()
	r.within(time.Duration(calls-50)*time.Second/2 + 5*time.Second)
	if calls > 120+6 {
		t.Errorf("%d calls for 120 orders: reading should cost no more than a token, a count and a page or two", calls)
	}
}

func TestTwoRunsInTurnShareTheBucket(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(4, 40, apiserver.New)
	w := shipAll(t, "", orders, apiserver.Options{Burst: 50, PerSecond: 2})
	w.apply()
	w.nothingToDo()
	w.nothingToDo()
	w.nothingToDo()
	if n := w.api.Throttled(); n > 0 {
		t.Errorf("%d calls overflowed the bucket that the runs share", n)
	}
}

const fortyPerSecond = "account \"main\" {\n  rate_limit {\n    limit_per_second = 40\n  }\n}\n"

// Answers that take longer than the limit lets calls through must not slow an
// apply down: four calls at a time would take 50 seconds here. The server has
// room for a second's calls more than the program knows of, because a busy
// machine lets calls arrive in heaps; that none overflows is shown on fake time.
func TestSlowAnswersDontHoldUpWhatTheLimitAllows(t *testing.T) {
	t.Parallel()
	const perSecond = 40
	orders := apiserver.Generate(6, 400, apiserver.New)
	w := shipAll(t, fortyPerSecond, orders, apiserver.Options{
		Burst: 50 + perSecond, PerSecond: perSecond, WriteDelay: func() time.Duration { return 500 * time.Millisecond },
	})
	r := w.apply()
	w.shippedOnce(orders)
	if n := w.api.Throttled(); n > 0 {
		t.Errorf("%d calls overflowed the bucket", n)
	}
	calls := w.api.Total()
	r.within(time.Duration(calls-50)*time.Second/perSecond + 10*time.Second)
}

func TestAnotherClientTakesHalfOfTheLimitAndTheOtherHalfIsUsed(t *testing.T) {
	t.Parallel()
	const perSecond = 40
	orders := apiserver.Generate(7, 250, apiserver.New)
	w := shipAll(t, fortyPerSecond, orders, apiserver.Options{Burst: 50, PerSecond: perSecond})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan struct{})
	others, refused := 0, 0
	go func() {
		defer close(ended)
		turns := time.NewTicker(time.Second / (perSecond / 2))
		defer turns.Stop()
		for ctx.Err() == nil {
			resp, err := http.Get(w.api.URL + "/v1/its-token/Orders/count")
			if err != nil {
				t.Error(err)
				return
			}
			resp.Body.Close()
			others++
			if resp.StatusCode == http.StatusTooManyRequests {
				refused++
			}
			<-turns.C
		}
	}()
	r := w.apply()
	stop()
	<-ended
	w.shippedOnce(orders)
	ours, oursRefused := w.api.Total()-others, w.api.Throttled()-refused
	if oursRefused*10 > ours {
		t.Errorf("%d of %d calls were refused, want a tenth at most", oursRefused, ours)
	}
	r.within(time.Duration(ours)*time.Second/(perSecond/2) + 3*time.Second)
}

func TestAnotherClientOfTheAccountSlowsItDownAndNothingIsLost(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(5, 30, apiserver.New)
	account := "account \"main\" {\n  settle = \"1s\"\n  rate_limit {\n    burst            = 100\n    limit_per_second = 40\n  }\n}\n"
	w := shipAll(t, account, orders, apiserver.Options{Intercept: func(c apiserver.Call) *apiserver.Fault {
		if c.Op == apiserver.Ship && (c.N == 5 || c.N == 17) {
			return &apiserver.Fault{Status: 429}
		}
		return nil
	}})
	w.apply()
	w.shippedOnce(orders)
}
