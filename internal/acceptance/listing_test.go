package acceptance

import (
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

func TestNothingIsDoneOnAListingThatIsIncomplete(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(97, 60, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{Hidden: 2, PageCap: 25})
	w.run("plan").exits(1).says("60 orders", "58", "incomplete")
	w.run("apply", "--auto-approve").exits(1)
	w.untouched()
}

func TestAListingThatIsCompleteTheSecondTimeIsGoodEnough(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(98, 60, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{Hidden: 2, PageCap: 25, Intercept: func(c apiserver.Call) *apiserver.Fault {
		if c.Op == apiserver.Count && c.N == 2 {
			c.Server.Configure(func(o *apiserver.Options) { o.Hidden = 0 })
		}
		return nil
	}})
	w.apply()
	w.shippedOnce(orders)
}

// One answer that shows an order as new and as canceled is not guessed about:
// the page is read again, and if it stays so, nothing is done.
func TestNothingIsDoneOnAnAnswerThatContradictsItself(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(100, 20, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{Contradict: 100})
	w.run("plan").exits(1).says("order "+orders[0].ID+" twice", "different values")
	w.run("apply", "--auto-approve").exits(1)
	w.untouched()
	w.api.Configure(func(o *apiserver.Options) { o.Contradict = 1 })
	w.apply()
	w.shippedOnce(orders)
}

func TestAPlanCostsFewCalls(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(99, 1000, apiserver.New)
	w := shipAll(t, "", orders, apiserver.Options{})
	w.run("plan").exits(0)
	if n := w.api.Total(); n > 7 {
		t.Errorf("%d calls to plan 1,000 orders: a token, a count and five pages at most", n)
	}
}
