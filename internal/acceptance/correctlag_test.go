package acceptance

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// relabelled writes the table with other tracking numbers.
func (w *world) relabelled(orders []apiserver.Order, suffix string) {
	w.t.Helper()
	var rows [][]string
	for i, o := range orders {
		rows = append(rows, shipRow(o, "", trackingOf(i)+suffix, "UPS", ""))
	}
	w.table("shipments/day.csv", shipColumns, rows)
}

// sentOnce checks that each order got each of these numbers once, in this order.
func (w *world) sentOnce(orders []apiserver.Order, suffixes ...string) {
	w.t.Helper()
	executed := w.api.Executed()
	for i, o := range orders {
		var got, want []string
		for _, x := range executed[o.ID] {
			got = append(got, x.Tracking)
		}
		for _, s := range suffixes {
			want = append(want, trackingOf(i)+s)
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			w.t.Errorf("order %d was sent %q, want %q", i, got, want)
		}
	}
}

// A read that lags behind one change, or behind several, does not lead to
// sending any of them again: not from a saved plan, and not without one.
func TestCorrectionsAreSentOnceWhileReadsLag(t *testing.T) {
	t.Parallel()
	const saved, direct = "saved", "direct"
	for _, way := range [][]string{
		{saved, saved, saved, saved}, {direct, direct, direct, direct}, {saved, direct, saved, direct}, {direct, saved, direct, saved},
	} {
		for _, behind := range []string{"ship", "first number"} {
			t.Run(strings.Join(way, " ")+", reads lag behind the "+behind, func(t *testing.T) {
				t.Parallel()
				orders := apiserver.Generate(40, 3, apiserver.New)
				w := shipAll(t, unlimited, orders, apiserver.Options{})
				n := 0
				apply := func(how string) {
					t.Helper()
					if how == direct {
						w.apply()
						return
					}
					n++
					file := fmt.Sprintf("p%d.plan", n)
					w.run("plan", "--out", file).exits(0)
					w.run("apply", file).exits(0)
				}
				lag := func() { w.api.Configure(func(o *apiserver.Options) { o.ReadLag = time.Hour }) }
				if behind == "ship" {
					lag()
				}
				apply(way[0])
				if behind != "ship" {
					lag()
				}
				w.relabelled(orders, "B")
				apply(way[1])
				apply(way[2])
				w.sentOnce(orders, "", "B")
				w.relabelled(orders, "C")
				apply(way[2])
				apply(way[3])
				apply(way[3])
				w.sentOnce(orders, "", "B", "C")
				w.api.Configure(func(o *apiserver.Options) { o.ReadLag = 0 })
				w.nothingToDo()
			})
		}
	}
}

// An account that is renamed, or whose endpoint is written otherwise, sends
// nothing again; a call whose outcome is unknown stops apply until it is clear
// which account it belongs to.
func TestARenamedAccountSendsNothingAgain(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(40, 3, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{ReadLag: time.Hour})
	w.apply()
	table := shipBatch
	for name, account := range map[string]string{
		"renamed":             strings.Replace(unlimited, `"main"`, `"shop"`, 1),
		"renamed, on record":  strings.Replace(unlimited, `"main" {`, `"shop" {`+"\n  formerly = \"main\"", 1),
		"at another spelling": strings.Replace(unlimited, `"main" {`, `"main" {`+"\n  endpoint = \""+strings.Replace(w.api.URL, "127.0.0.1", "LOCALHOST", 1)+`/./"`, 1),
	} {
		w.write("main.hcl", account+table)
		w.apply()
		w.run("plan", "--out", "again.plan").exits(0)
		w.run("apply", "again.plan")
		w.sentOnce(orders, "")
		if t.Failed() {
			t.Fatal(name)
		}
	}
}
