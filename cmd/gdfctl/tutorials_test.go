package main

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/canary"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/sandbox"
)

// Each tutorial is one story: everything in it is run, and what it shows is what
// gdfctl prints.

// town is the world of a tutorial: the marketplaces' orders, and the clock.
type town struct {
	t   *testing.T
	api *sandbox.Sandbox
	at  *example
}

// begins is the world at some moment, with new orders of which the first is the oldest.
func (w *town) begins(now time.Time, orders ...string) func(*testing.T, *desk) *example {
	return func(t *testing.T, d *desk) *example {
		w.at = &example{t: t, dir: d.dir, now: now, answer: "yes\n"}
		var err error
		if w.api, err = sandbox.New(sandbox.Options{Orders: -1, Now: func() time.Time { return w.at.now }}); err != nil {
			t.Fatal(err)
		}
		for i, name := range orders {
			source, number, _ := strings.Cut(name, " ")
			w.arrives(source, number, time.Duration(3*(len(orders)-i))*time.Hour)
		}
		server := httptest.NewServer(w.api)
		t.Cleanup(server.Close)
		w.at.env = map[string]string{"GDF_ENDPOINT": server.URL, "GDF_CONSUMER_KEY": sandbox.DefaultConsumerKey, "GDF_CACHE_DIR": t.TempDir()}
		t.Chdir(d.dir)
		t.Cleanup(func() {
			if what, err := canary.FindInFiles(d.dir, func(string) bool { return false }, reconcile.InsideKey); err != nil || what != "" {
				t.Error(what, err)
			}
		})
		return w.at
	}
}

// arrives is a new order, created so long ago.
func (w *town) arrives(source, number string, ago time.Duration) {
	if _, err := w.api.AddOrder(sandbox.NewOrder{Source: source, Number: number, Status: sandbox.StatusNew, CreatedInSource: w.at.now.Add(-ago)}); err != nil {
		w.t.Fatal(err)
	}
}

// drift is what others do to an order.
func (w *town) drift(d sandbox.Drift) {
	if err := w.api.Drift(d); err != nil {
		w.t.Fatal(err)
	}
}

var friday = time.Date(2026, 11, 27, 15, 0, 0, 0, time.UTC)

func TestTutorialAcknowledge(t *testing.T) {
	w := &town{t: t}
	commands := runStory(t, "../../docs/tutorials/acknowledge.md",
		w.begins(friday, "eBay 07-11223-34455", "Walmart 200011223344556", "eBay 07-22334-45566", "Walmart 200012233445567"),
		map[string]func(*example){
			"Let gdfctl choose the numbers": func(e *example) {
				e.now = e.now.Add(2 * time.Hour)
				w.arrives("Walmart", "200013344556678", time.Hour)
				w.arrives("Walmart", "200014455667789", time.Minute)
			},
		})
	if commands < 6 {
		t.Errorf("only %d commands found", commands)
	}
}

func TestTutorialPhoneOrders(t *testing.T) {
	w := &town{t: t}
	commands := runStory(t, "../../docs/tutorials/phone-orders.md", w.begins(friday, "Amazon 112-1234567-1234567"), map[string]func(*example){
		"Ship them": func(e *example) { e.now = e.now.Add(time.Hour) },
	})
	if commands < 5 {
		t.Errorf("only %d commands found", commands)
	}
}

func TestTutorialMonday(t *testing.T) {
	w := &town{t: t}
	text := func(s string) *string { return &s }
	commands := runStory(t, "../../docs/tutorials/monday.md",
		w.begins(friday, "Amazon 112-1234567-1234567", "Amazon 113-2468013-5791357", "eBay 07-11223-34455"),
		map[string]func(*example){
			"Monday: what happened": func(e *example) {
				e.now = time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)
				w.drift(sandbox.Drift{Order: "112-1234567-1234567", SyncError: text("The carrier does not match the tracking number.")})
				w.drift(sandbox.Drift{Order: "07-11223-34455", SyncError: text("Service unavailable. Try again later.")})
				w.arrives("Amazon", "114-1357913-2468024", 20*time.Hour)
			},
			"The rest of the day": func(e *example) { e.now = e.now.Add(2 * time.Hour) },
		})
	if commands < 7 {
		t.Errorf("only %d commands found", commands)
	}
}
