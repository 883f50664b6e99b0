package acceptance

import (
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
	if most := time.Duration(calls-50)*time.Second/2 + 2*time.Second; r.elapsed > most {
		t.Errorf("%d calls took %s, and the limit allows them in %s", calls, r.elapsed, most)
	}
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

func TestAnotherClientOfTheAccountSlowsItDownAndNothingIsLost(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(5, 30, apiserver.New)
	account := "account \"main\" {\n  settle = \"1s\"\n  rate_limit {\n    burst      = 100\n    per_second = 40\n  }\n}\n"
	w := shipAll(t, account, orders, apiserver.Options{Intercept: func(c apiserver.Call) *apiserver.Fault {
		if c.Op == apiserver.Ship && (c.N == 5 || c.N == 17) {
			return &apiserver.Fault{Status: 429}
		}
		return nil
	}})
	w.apply()
	w.shippedOnce(orders)
}
