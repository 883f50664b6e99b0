package acceptance

import (
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

func TestAReadThatLagsIsPendingAndNeverAChange(t *testing.T) {
	t.Parallel()
	const lag = 3 * time.Second
	w, _ := variety(t)
	w.api.Configure(func(o *apiserver.Options) { o.ReadLag = lag })
	w.apply()
	writes := w.api.Writes()
	var last time.Time
	for _, of := range w.api.Executed() {
		for _, write := range of {
			if write.At.After(last) {
				last = write.At
			}
		}
	}
	d := w.nothingToDo()
	if time.Since(last) < lag && d.Summary.Pending == 0 {
		t.Error("nothing is pending although no read shows the changes yet")
	}
	w.apply()
	w.run("plan").exits(0)
	if n := w.api.Writes() - writes; n > 0 {
		t.Errorf("%d writes were sent again because reads lag", n)
	}
	until(t, "nothing is pending any more", func() bool { return w.nothingToDo().Summary.Pending == 0 })
	w.apply()
	if n := w.api.Writes() - writes; n > 0 {
		t.Errorf("%d writes were sent again", n)
	}
	w.executedOnce()
}

func TestASavedPlanAppliedWhileReadsLagDoublesNothing(t *testing.T) {
	t.Parallel()
	w, orders := saved(t, 10, "")
	w.api.Configure(func(o *apiserver.Options) { o.ReadLag = 5 * time.Second })
	w.run("apply", "release.plan", "--first", "6").exits(0)
	w.run("apply", "release.plan").exits(0)
	w.apply()
	w.shippedOnce(orders)
}

func TestAnotherAttemptIsSentAgainOnlyWhereTheConfigurationSaysSo(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(90, 6, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{})
	w.apply()
	// The marketplace did not take one of them, and shows it as before.
	w.api.Meanwhile(orders[2].ID, func(v *apiserver.Values) {
		*v = apiserver.Values{Status: apiserver.New, SourceStatus: apiserver.New}
	})
	if d := w.nothingToDo(); d.Summary.Pending != 1 {
		t.Errorf("%d orders are pending, want 1", d.Summary.Pending)
	}
	w.write("main.hcl", unlimited+shipBatch[:len(shipBatch)-2]+"  attempt = row[\"Order Number\"] == \""+orders[2].SourceNumber+"\" ? 2 : 1\n}\n")
	w.apply()
	executed := w.api.Executed()
	for i, o := range orders {
		times := 1
		if i == 2 {
			times = 2
		}
		if len(executed[o.ID]) != times {
			t.Errorf("order %d was sent %d times, want %d", i, len(executed[o.ID]), times)
		}
	}
	w.nothingToDo()
}
