package acceptance

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// statusDocument is what `gdfctl status --json` promises.
type statusDocument struct {
	FormatVersion string `json:"format_version"`
	Result        string `json:"result"`
	Calls         int    `json:"calls"`
	Items         []struct {
		Kind   string `json:"kind"`
		Group  string `json:"group"`
		Count  int    `json:"count"`
		Orders []struct {
			Order struct {
				ID string `json:"id"`
			} `json:"order"`
			Parcel struct {
				Tracking string `json:"tracking_number"`
			} `json:"parcel"`
		} `json:"orders"`
		Command string `json:"command"`
	} `json:"items"`
}

func (w *world) statusJSON(more ...string) statusDocument {
	w.t.Helper()
	var d statusDocument
	r := w.run(append([]string{"status", "--json"}, more...)...).exits(0)
	if err := json.Unmarshal([]byte(r.stdout), &d); err != nil {
		w.t.Fatal(err)
	}
	return d
}

// counts are the items, and how many there are of each.
func (d *statusDocument) counts() map[string]int {
	counts := map[string]int{}
	for _, i := range d.Items {
		counts[i.Group+" "+i.Kind] += i.Count
	}
	return counts
}

// After an apply in which one order was canceled behind its back, one call had no answer,
// and the others were accepted, a status says so: to people, to programs, and by its exit
// code; and the parcel is on the list.
func TestStatusShowsWhatAnApplyLeft(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(50, 6, apiserver.Processing)
	canceled, lost := orders[0].ID, orders[1].ID
	w := shipAll(t, unlimited, orders, apiserver.Options{Intercept: func(c apiserver.Call) *apiserver.Fault {
		switch {
		case c.Op == apiserver.Ship && c.OrderID == canceled:
			c.Server.Meanwhile(canceled, func(v *apiserver.Values) { v.Status, v.SourceStatus = apiserver.Canceled, apiserver.Canceled })
			return &apiserver.Fault{Body: `{"Success": false, "Message": "The order can not be updated."}`}
		case c.Op == apiserver.Ship && c.OrderID == lost:
			return &apiserver.Fault{Cut: true}
		case c.Op == apiserver.Get && c.OrderID == lost:
			return &apiserver.Fault{Status: 404, Body: "{}"}
		}
		return nil
	}})
	if d := w.statusJSON(); len(d.Items) != 0 || d.Result != "ok" {
		t.Errorf("before anything was done: %+v", d)
	}
	w.run("status", "--check").exits(0).says("Nothing needs you, and nothing waits.")

	parcel := trackingOf(0)
	w.run("apply", "--auto-approve").exits(3).says("canceled in the meantime", "PULL PARCEL "+parcel)
	total := w.api.Total()
	d := w.statusJSON()
	if diff := cmp.Diff(map[string]int{"needs_you pull_parcel": 1, "needs_you unknown": 1, "waiting pending": 4}, d.counts()); diff != "" || d.Result != "needs_person" {
		t.Errorf("%s: (-want +got)\n%s", d.Result, diff)
	}
	if made := w.api.Total() - total; made > 12 || d.Calls > 10 {
		t.Errorf("it made %d calls, and says %d", made, d.Calls)
	}
	for _, i := range d.Items {
		switch i.Kind {
		case "pull_parcel":
			if i.Orders[0].Order.ID != canceled || i.Orders[0].Parcel.Tracking != parcel {
				t.Errorf("%+v", i)
			}
		case "unknown":
			if i.Orders[0].Order.ID != lost || !strings.HasPrefix(i.Command, "gdfctl apply") {
				t.Errorf("%+v", i)
			}
		}
	}
	w.run("status").exits(0).says("Needs you", "1 PULL PARCEL "+parcel, "1 outcome unknown", "Waiting", "4 accepted, not shown yet")
	w.run("status", "--check").exits(3)
	total = w.api.Total()
	w.run("status", "--check", "--offline").exits(3)
	if list := w.run("status", "--pull-list").exits(0).stdout; strings.Count(list, "\n") != 2 || !strings.HasPrefix(strings.SplitAfter(list, "\n")[1], parcel+",") {
		t.Errorf("the list:\n%s", list)
	}
	if w.api.Total() != total {
		t.Error("without the API, it called the API")
	}
}

// While an apply sends, a status works without its lock, and takes its calls for what they
// are.
func TestStatusWhileAnApplyRuns(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(51, 8, apiserver.Processing)
	gate := make(chan struct{})
	w := shipAll(t, unlimited, orders, apiserver.Options{Intercept: func(c apiserver.Call) *apiserver.Fault {
		if c.Op == apiserver.Ship {
			return &apiserver.Fault{Wait: gate, Then: true}
		}
		return nil
	}})
	run := w.start("apply", "--auto-approve", "--parallelism", "4")
	until(t, "the run sends", func() bool { return w.api.Writes() == 4 })
	if diff := cmp.Diff(map[string]int{"waiting in_progress": 4}, new(w.statusJSON()).counts()); diff != "" {
		t.Error(diff)
	}
	w.run("status", "--check", "--offline").exits(2).says("4 calls in progress")
	close(gate)
	run.wait().exits(0)
	if diff := cmp.Diff(map[string]int{"waiting pending": 8}, new(w.statusJSON()).counts()); diff != "" {
		t.Error(diff)
	}
	w.shippedOnce(orders)
}
