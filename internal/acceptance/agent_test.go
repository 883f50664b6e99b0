//go:build !race

package acceptance

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// slow lets no more than ten calls be under way, and ten begin in a second.
var slow = strings.Replace(paced, "80", "10", 1)

// acknowledging is a world with an agent's schedule that acknowledges all of these orders.
func acknowledging(t *testing.T, account string, orders []apiserver.Order, o apiserver.Options) *world {
	t.Helper()
	o.Orders = orders
	w := newWorld(t, o)
	w.hasten(hastenedBy)
	w.write("main.hcl", account+`
batch "acks" {
  rows         = csv("acks.csv")
  find         = { source = row["Store"], source_order_number = row["Order Number"] }
  status       = "acknowledged"
  order_number = row["Our Number"]
}
schedule "acknowledge" {
  every  = "10s"
  run    = "apply"
  target = ["batch.acks"]
  limits {
    max_changes = 1000
  }
}
`)
	w.acknowledges(orders)
	return w
}

// acknowledges makes these orders those that are to be acknowledged.
func (w *world) acknowledges(orders []apiserver.Order) {
	w.t.Helper()
	var rows [][]string
	for _, order := range orders {
		rows = append(rows, []string{order.Source, order.SourceNumber, "SO-" + order.SourceNumber})
	}
	w.table("acks.csv", []string{"Store", "Order Number", "Our Number"}, rows)
}

// agent starts an agent, whose metrics are at an address of its own.
func (w *world) agent(flags ...string) *process {
	w.t.Helper()
	p := w.start(append([]string{"agent", "--metrics-listen", "127.0.0.1:0"}, flags...)...)
	until(w.t, "the agent has started", func() bool { return strings.Contains(p.stderr.String(), "msg=started") })
	return p
}

// stops sends SIGTERM, and fails the test unless the agent ends well.
func (p *process) stops() result {
	p.w.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.w.t.Fatal(err)
	}
	return p.wait().exits(0)
}

// acknowledgedOnce fails the test unless the server acknowledged each order once.
func (w *world) acknowledgedOnce(orders []apiserver.Order) {
	w.t.Helper()
	executed := w.api.Executed()
	for _, order := range orders {
		if n := len(executed[order.ID]); n != 1 {
			w.t.Errorf("order %s was written %d times", order.ID, n)
		}
	}
}

// An agent that is killed while it sends is continued by the next one, at once, and no order
// is acknowledged twice.
func TestAnAgentIsKilledWhileItSends(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(401, 60, apiserver.New)
	w := acknowledging(t, paced, orders, apiserver.Options{WriteDelay: lockedDelay(seeded(t), 400*time.Millisecond)})
	for _, after := range []int{8, 30} {
		p := w.agent()
		until(t, "some orders are acknowledged", func() bool { return len(w.api.Executed()) >= after })
		if err := p.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		p.wait()
		r := w.run("agent", "status").exits(0).says("ended without saying so")
		// Calls of the one before can take effect until it is killed, before this one goes on.
		if !strings.Contains(r.stdout, "running") && !strings.Contains(r.stdout, "queued") {
			t.Errorf("the run is neither running nor queued:\n%s", r.all())
		}
	}
	p := w.agent()
	until(t, "all orders are acknowledged", func() bool { return len(w.api.Executed()) == len(orders) })
	until(t, "the run has ended", func() bool { return strings.Contains(w.run("agent", "status", "--json").stdout, `"state": "done"`) })
	p.stops()
	w.acknowledgedOnce(orders)
	w.run("audit", "verify").exits(0)
}

// After SIGTERM no call is sent. Those under way end, and the next agent makes the others.
func TestAnAgentSendsNothingAfterSIGTERM(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(402, 40, apiserver.New)
	gate := make(chan struct{})
	w := acknowledging(t, slow, orders, apiserver.Options{Intercept: func(c apiserver.Call) *apiserver.Fault {
		if c.Op == apiserver.Acknowledge && c.N > 3 {
			return &apiserver.Fault{Wait: gate, Then: true}
		}
		return nil
	}})
	p := w.agent()
	until(t, "calls are under way", func() bool { return w.api.Calls(apiserver.Acknowledge) > 3 })
	time.Sleep(200 * time.Millisecond) // all that it sends at once
	sent := w.api.Calls(apiserver.Acknowledge)
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	time.Sleep(500 * time.Millisecond)
	close(gate)
	p.wait().exits(0)
	if now := w.api.Calls(apiserver.Acknowledge); now != sent || sent == len(orders) {
		t.Errorf("%d calls were sent before SIGTERM, of %d, and %d after it", sent, len(orders), now-sent)
	}
	p = w.agent()
	until(t, "all orders are acknowledged", func() bool { return len(w.api.Executed()) == len(orders) })
	p.stops()
	w.acknowledgedOnce(orders)
}

// The same while calls come and go: by the server's clock, none arrives after SIGTERM but the one that was
// on its way. Those that it answers later than that are kept as done.
func TestNoCallArrivesAfterSIGTERM(t *testing.T) {
	t.Parallel()
	delay := lockedDelay(seeded(t), time.Second)
	orders := apiserver.Generate(409, 40, apiserver.New)
	var mu sync.Mutex
	var arrived []time.Time // of all kinds of calls
	w := acknowledging(t, strings.NewReplacer("20", "4", "80", "4").Replace(paced), orders, apiserver.Options{
		WriteDelay: delay,
		Intercept: func(apiserver.Call) *apiserver.Fault {
			mu.Lock()
			defer mu.Unlock()
			arrived = append(arrived, time.Now())
			return nil
		},
	})
	sentAfter := func(at time.Time) (n int) {
		mu.Lock()
		defer mu.Unlock()
		for _, a := range arrived {
			if a.After(at) {
				n++
			}
		}
		return n
	}
	for _, after := range []int{6, 16} {
		p := w.agent()
		until(t, "some orders are acknowledged", func() bool { return w.api.Calls(apiserver.Acknowledge) >= after })
		time.Sleep(delay() / 2)
		at := time.Now()
		p.stops()
		called, done := w.api.Calls(apiserver.Acknowledge), len(w.api.Executed())
		if n := sentAfter(at); n > 1 || called == len(orders) {
			t.Errorf("%d calls arrived after SIGTERM, after %d of %d", n, called, len(orders))
		}
		if done != called || strings.Contains(w.run("agent", "status", "--json").stdout, `"running"`) {
			t.Errorf("%d calls were answered, of %d", done, called)
		}
	}
	p := w.agent()
	until(t, "all orders are acknowledged", func() bool { return len(w.api.Executed()) == len(orders) })
	p.stops()
	if n := w.api.Calls(apiserver.Acknowledge); n != len(orders) {
		t.Errorf("%d calls were made for %d orders", n, len(orders))
	}
	w.acknowledgedOnce(orders)
	w.run("audit", "verify").exits(0)
}

// A file stops the agent within a look, whoever made it.
func TestAFilePausesAnAgent(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(403, 60, apiserver.New)
	w := acknowledging(t, slow, orders, apiserver.Options{})
	p := w.agent()
	until(t, "some orders are acknowledged", func() bool { return len(w.api.Executed()) > 3 })
	w.write("gdfctl.pause", "")
	until(t, "the run has stopped", func() bool { return strings.Contains(w.run("agent", "status", "--json").stdout, `"state": "paused"`) })
	sent := w.api.Calls(apiserver.Acknowledge)
	w.run("agent", "run", "acknowledge").exits(5).says("is paused: there is a file gdfctl.pause")
	if now := w.api.Calls(apiserver.Acknowledge); now != sent || sent == len(orders) {
		t.Errorf("%d calls of %d before the pause, and %d after it", sent, len(orders), now-sent)
	}
	if err := os.Remove(filepath.Join(w.dir, "gdfctl.pause")); err != nil {
		t.Fatal(err)
	}
	w.run("agent", "run", "acknowledge").exits(0).says("of acknowledge: done") // which the agent does
	p.stops()
	w.acknowledgedOnce(orders)
}

var metricsAddress = regexp.MustCompile(`address=(http://\S+)/metrics`)

// Whoever watches an agent sees what it does, and a second one is not begun.
func TestAnAgentIsWatched(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(404, 2, apiserver.New)
	w := acknowledging(t, unlimited, orders, apiserver.Options{})
	p := w.agent()
	until(t, "the orders are acknowledged", func() bool { return len(w.api.Executed()) == len(orders) })
	w.run("agent", "--metrics-listen", "").exits(5).says("another agent is running in this directory")
	address := p.metricsAddress()
	until(t, "it is ready", func() bool { status, _ := fetched(t, address+"/readyz"); return status == http.StatusOK })
	until(t, "the run is counted", func() bool {
		_, text := fetched(t, address+"/metrics")
		return strings.Contains(text, `gdfctl_runs_total{workspace="config",schedule="acknowledge",outcome="done"}`) &&
			strings.Contains(text, `gdfctl_changes_total{workspace="config",action="acknowledge",outcome="applied"} 2`)
	})
	if status, _ := fetched(t, address+"/healthz"); status != http.StatusOK {
		t.Errorf("/healthz answered %d", status)
	}
	p.stops()
	w.run("agent", "status").exits(0).says("No agent is running.")
}

func fetched(t *testing.T, address string) (status int, text string) {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}
