package acceptance

import (
	"math/rand/v2"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// paced lets a run of sixty orders take about a second, so that there is
// something to be cut off.
const paced = `
account "main" {
  settle = "1s"
  rate_limit {
    burst            = 20
    limit_per_second = 80
  }
}
`

// lockedDelay draws delays up to most, for many callers.
func lockedDelay(random *rand.Rand, most time.Duration) func() time.Duration {
	var mu sync.Mutex
	return func() time.Duration {
		mu.Lock()
		defer mu.Unlock()
		return time.Duration(random.Int64N(int64(most)))
	}
}

// after lets so many shipments through, and holds the others up until the gate is closed: so a signal comes
// in the middle of a run, however long it takes.
func after(n int, gate <-chan struct{}) func(apiserver.Call) *apiserver.Fault {
	return func(c apiserver.Call) *apiserver.Fault {
		if c.Op == apiserver.Ship && c.N > n {
			return &apiserver.Fault{Wait: gate, Then: true}
		}
		return nil
	}
}

// heeds waits until a run has heeded a signal.
func heeds(t *testing.T, p *process) {
	t.Helper()
	until(t, "it stops", func() bool { return strings.Contains(p.stderr.String(), "Stopping:") })
}

func TestCtrlCStopsAndTheNextRunGoesOn(t *testing.T) {
	t.Parallel()
	stopsAndGoesOn(t, syscall.SIGINT)
}

func TestSIGTERMStopsAndTheNextRunGoesOn(t *testing.T) {
	t.Parallel()
	stopsAndGoesOn(t, syscall.SIGTERM)
}

// The terminal is closed, or the connection to the machine is lost.
func TestSIGHUPStopsAndTheNextRunGoesOn(t *testing.T) {
	t.Parallel()
	if signal.Ignored(syscall.SIGHUP) {
		t.Skip("these tests run under nohup or the like, and what they start ignores SIGHUP too")
	}
	stopsAndGoesOn(t, syscall.SIGHUP)
}

// Whoever runs it under nohup wants it to go on when the terminal is closed.
func TestSIGHUPIsIgnoredWhereItWasBefore(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(102, 60, apiserver.New)
	gate := make(chan struct{})
	w := shipAll(t, paced, orders, apiserver.Options{Intercept: after(11, gate)})
	p := w.startWith(func(cmd *exec.Cmd) {
		cmd.Args = append([]string{"sh", "-c", `trap "" HUP; exec "$0" "$@"`}, append([]string{cmd.Path}, cmd.Args[1:]...)...)
		cmd.Path = "/bin/sh"
	}, "apply", "--auto-approve")
	until(t, "some orders are shipped", func() bool { return len(w.api.Executed()) > 10 })
	if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	close(gate)
	p.wait().exits(0)
	w.shippedOnce(orders)
}

// make, terragrunt, npm and docker forward the terminal's signal once more: a
// second one at once is the first one again, and the calls under way may end.
func TestTwoCtrlCAtOnceAreOne(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(103, 12, apiserver.New)
	gate := make(chan struct{})
	w := shipAll(t, unlimited, orders, apiserver.Options{Intercept: func(c apiserver.Call) *apiserver.Fault {
		if c.Op == apiserver.Ship {
			return &apiserver.Fault{Wait: gate, Then: true}
		}
		return nil
	}})
	p := w.start("apply", "--auto-approve", "--parallelism", "4")
	until(t, "four calls are under way", func() bool { return w.api.Calls(apiserver.Ship) == 4 })
	for range 2 {
		if err := p.cmd.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		heeds(t, p)
	}
	time.Sleep(200 * time.Millisecond) // so that it has the second one too; it makes no difference to what is tested
	close(gate)
	p.wait().exits(130).says("interrupted", "4 applied", "gdfctl apply")
	if n := len(w.api.Executed()); n != 4 {
		t.Errorf("%d orders were shipped, want the 4 that were under way", n)
	}
	w.apply()
	w.shippedOnce(orders)
}

func stopsAndGoesOn(t *testing.T, how syscall.Signal) {
	orders := apiserver.Generate(9, 80, apiserver.New)
	gate := make(chan struct{})
	w := shipAll(t, paced, orders, apiserver.Options{WriteDelay: func() time.Duration { return 20 * time.Millisecond }, Intercept: after(16, gate)})
	p := w.start("apply", "--auto-approve", "--parallelism", "8")
	until(t, "some orders are shipped", func() bool { return len(w.api.Executed()) > 15 })
	if err := p.cmd.Process.Signal(how); err != nil {
		t.Fatal(err)
	}
	stopped := time.Now()
	heeds(t, p)
	close(gate)
	p.wait().exits(130).says("interrupted", "gdfctl apply")
	tookAtMost(t, "stopping", stopped, time.Now(), 15*time.Second)
	sent := w.api.Writes()
	if sent >= len(orders) {
		t.Errorf("all %d orders were sent although the run was stopped", sent)
	}
	w.executedOnce()
	w.apply()
	w.shippedOnce(orders)
	w.auditHolds()
	w.nothingToDo()
}

func TestASecondCtrlCEndsAtOnceAndTheNextRunGoesOn(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(10, 20, apiserver.New)
	gate := make(chan struct{})
	w := shipAll(t, unlimited, orders, apiserver.Options{Intercept: func(c apiserver.Call) *apiserver.Fault {
		if c.Op == apiserver.Ship && c.N <= 5 {
			return &apiserver.Fault{Wait: gate, Then: true}
		}
		return nil
	}})
	p := w.start("apply", "--auto-approve")
	until(t, "the other orders are shipped", func() bool { return len(w.api.Executed()) == 15 })
	for range 2 {
		if err := p.cmd.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		heeds(t, p)
		// Two signals within a second are one.
		time.Sleep(1200 * time.Millisecond)
	}
	second := time.Now()
	p.wait().exits(130)
	tookAtMost(t, "ending after the second Ctrl-C", second, time.Now(), 10*time.Second)
	close(gate) // what was sent takes effect now, with nobody waiting
	w.apply()
	w.shippedOnce(orders)
	w.auditHolds()
}
