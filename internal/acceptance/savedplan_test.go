package acceptance

import (
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// saved is a world of n orders to ship, with a plan that says so.
func saved(t *testing.T, n int, more string) (*world, []apiserver.Order) {
	t.Helper()
	orders := apiserver.Generate(40, n, apiserver.New)
	w := shipAll(t, unlimited+more, orders, apiserver.Options{})
	w.run("plan", "--out", "release.plan").exits(0).says("release.plan", "gdfctl apply release.plan")
	return w, orders
}

func TestASavedPlanIsShownAndCarriedOutOnce(t *testing.T) {
	t.Parallel()
	w, orders := saved(t, 12, "")
	w.run("show", "release.plan").exits(0).says("12 to ship")
	d := decodePlan(t, w.run("show", "--format", "json", "release.plan").exits(0).stdout)
	if d.Summary.Ship != 12 || len(d.Changes) != 12 {
		t.Errorf("it shows %+v and %d changes", d.Summary, len(d.Changes))
	}
	w.untouched()
	w.run("apply", "release.plan").exits(0)
	w.shippedOnce(orders)
	w.run("apply", "release.plan").exits(0).says("release.plan was already carried out")
	w.shippedOnce(orders)
}

func TestAnAlteredPlanIsRefused(t *testing.T) {
	t.Parallel()
	w, _ := saved(t, 5, "")
	good := w.read("release.plan")
	lines := strings.SplitAfter(good, "\n")
	for name, altered := range map[string]string{
		"another number":     strings.Replace(good, trackingOf(2), trackingOf(7), 1),
		"a line less":        lines[0] + strings.Join(lines[2:], ""),
		"two lines swapped":  lines[0] + lines[2] + lines[1] + strings.Join(lines[3:], ""),
		"without its end":    strings.Join(lines[:len(lines)-2], ""),
		"cut in the middle":  good[:len(good)/2],
		"with something new": good + lines[1],
		"empty":              "",
	} {
		w.write("release.plan", altered)
		r := w.run("apply", "release.plan")
		if r.code != 1 {
			t.Errorf("%s: exit %d, want 1\n%s", name, r.code, r.all())
		}
		r.says("release.plan")
		w.run("show", "release.plan").exits(1)
	}
	w.untouched()
}

func TestAPlanThatIsTooOldIsRefused(t *testing.T) {
	t.Parallel()
	w, _ := saved(t, 5, "policy {\n  max_plan_age = \"1s\"\n}\n")
	time.Sleep(2100 * time.Millisecond) // age is what this is about
	w.run("apply", "release.plan").exits(1).says("release.plan", "max_plan_age", "plan again")
	w.untouched()
}

func TestAPlanOfAnotherEndpointIsRefused(t *testing.T) {
	t.Parallel()
	w, _ := saved(t, 5, "")
	other := shipAll(t, unlimited, apiserver.Generate(40, 5, apiserver.New), apiserver.Options{})
	w.endpoint = other.api.URL
	w.run("apply", "release.plan").exits(1).says("release.plan", "plan again")
	w.untouched()
	other.untouched()
}

func TestAPlanOfAnotherStateIsRefused(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(41, 6, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{})
	w.apply("--first", "1") // now there is a state
	w.run("plan", "--out", "release.plan").exits(0)
	writes := w.api.Writes()
	other := shipAll(t, unlimited, orders, apiserver.Options{})
	other.apply("--first", "2")
	w.write("gdfctl.state.json", other.read("gdfctl.state.json"))
	w.run("apply", "release.plan").exits(1).says("plan again")
	if w.api.Writes() != writes {
		t.Error("a plan of another state was carried out")
	}
}

func TestAnOrderThatChangedSinceThePlanIsSkippedAndTheOthersGoOut(t *testing.T) {
	t.Parallel()
	w, orders := saved(t, 12, "")
	w.api.Meanwhile(orders[4].ID, func(v *apiserver.Values) {
		v.Status, v.Tracking, v.Carrier = apiserver.Shipped, "1ZSOMEBODYELSE", "FedEx"
	})
	w.api.Meanwhile(orders[6].ID, func(v *apiserver.Values) { v.Status, v.Number = apiserver.Processing, "ELSE-1" })
	was := w.api.Orders()
	w.run("apply", "release.plan").exits(3).says(orders[4].SourceNumber, "changed since the plan", orders[6].SourceNumber)
	w.shippedBut(orders, was, 4, 6)
}

func TestAnOrderThatIsThereAlreadyIsNoFailure(t *testing.T) {
	t.Parallel()
	w, orders := saved(t, 8, "")
	w.api.Meanwhile(orders[2].ID, func(v *apiserver.Values) { v.Status, v.Tracking, v.Carrier = apiserver.Shipped, trackingOf(2), "UPS" })
	was := w.api.Orders()
	w.run("apply", "release.plan").exits(0).says("1 as wanted")
	w.shippedBut(orders, was, 2)
}

func TestAnOrderThatWasCancelledSinceThePlanMeansPullTheParcel(t *testing.T) {
	t.Parallel()
	w, orders := saved(t, 12, "")
	w.api.Meanwhile(orders[3].ID, func(v *apiserver.Values) { v.Status, v.SourceStatus = apiserver.Canceled, apiserver.Canceled })
	w.api.Meanwhile(orders[9].ID, func(v *apiserver.Values) { v.SourceStatus = apiserver.Canceled }) // only the marketplace knows
	was := w.api.Orders()
	w.run("apply", "release.plan").exits(3).says("PULL PARCEL "+trackingOf(3), "PULL PARCEL "+trackingOf(9))
	w.shippedBut(orders, was, 3, 9)
}

// shippedBut is shippedOnceBut where the orders left out are as they were at a
// later time.
func (w *world) shippedBut(orders []apiserver.Order, was map[string]apiserver.Order, left ...int) {
	w.t.Helper()
	now := make([]apiserver.Order, len(orders))
	copy(now, orders)
	for _, i := range left {
		now[i] = was[orders[i].ID]
	}
	w.shippedOnceBut(now, left...)
}

func TestAPlanWhoseRunWasStoppedGoesOnWithWhatIsLeft(t *testing.T) {
	t.Parallel()
	w, orders := saved(t, 12, "")
	w.run("apply", "release.plan", "--first", "5").exits(0).says("canary", "release.plan")
	if n := len(w.api.Executed()); n != 5 {
		t.Errorf("%d orders were changed, want 5", n)
	}
	w.run("apply", "release.plan").exits(0)
	w.shippedOnce(orders)
}

func TestThePolicyHoldsForASavedPlanToo(t *testing.T) {
	t.Parallel()
	w, _ := saved(t, 12, "")
	w.write("policy.hcl", "policy {\n  max_changes = 5\n}\n")
	w.run("apply", "release.plan").exits(1).says("max_changes", "12", "5")
	w.untouched()
}
