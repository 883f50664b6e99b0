//go:build !race

package acceptance

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
)

// Four programs on four machines share one limit by a database. One of them is killed, and
// one is interrupted. The API refuses not one call, and at least nine tenths of what it lets
// through are used.
func TestMachinesShareTheCallLimit(t *testing.T) {
	t.Parallel()
	const machines, each, burst, perSecond = 4, 80, 50, 15
	orders := apiserver.Generate(510, machines*each, apiserver.New)
	var mu sync.Mutex
	var calls []time.Time
	w := newWorld(t, apiserver.Options{
		Orders: orders, Burst: burst, PerSecond: perSecond,
		Intercept: func(apiserver.Call) *apiserver.Fault {
			mu.Lock()
			defer mu.Unlock()
			calls = append(calls, time.Now())
			return nil
		},
	})
	db := stores.Postgres(t)
	w.secrets = append(w.secrets, "canary/owner")
	w.extra = []string{"GDF_DATABASE_URL=" + db.URL}
	account := fmt.Sprintf("account \"main\" {\n  settle = \"1s\"\n  rate_limit {\n    burst            = %d\n    limit_per_second = %d\n  }\n}\n", burst, perSecond)
	w.write("main.hcl", account+"watch \"all\" {\n  feeds = \"*\"\n}\nschedule \"feeds\" {\n  every = \"1h\"\n  run   = \"feeds\"\n}\n")
	w.write("etc/agent.hcl", "agent {\n  database  = env.GDF_DATABASE_URL\n  directory = "+fmt.Sprintf("%q", w.root)+"\n}\nworkspace \"shop\" {\n  dir = "+fmt.Sprintf("%q", w.dir)+"\n}\n")
	w.run("doctor").exits(0).says("by this machine: the database of GDF_DATABASE_URL has no tables of an agent")
	w.run("agent", "migrate", "--config", "etc/agent.hcl").exits(0)
	w.run("doctor").exits(0).says("used now by all machines that share the database")

	// So do the runs of agents.
	level := func() string { return db.Query(t, "SELECT at FROM gdfctl_agent.gdfctl_limits")[0] }
	before := level()
	agent := w.agent("--config", "etc/agent.hcl")
	until(t, "a run of the agent makes its calls under the limit", func() bool { return level() != before })
	agent.stops()

	home := w.dir
	on := func(machine int) func(*exec.Cmd) {
		dir := filepath.Join(home, fmt.Sprint("machine", machine))
		return func(cmd *exec.Cmd) {
			cmd.Dir = dir
			cmd.Env = append(cmd.Env, "GDF_CACHE_DIR="+filepath.Join(w.root, "cache", fmt.Sprint(machine)))
		}
	}
	for m := range machines {
		var rows [][]string
		for i := m * each; i < (m+1)*each; i++ {
			rows = append(rows, shipRow(orders[i], "", trackingOf(i), "UPS", ""))
		}
		folder := fmt.Sprint("machine", m)
		w.write(folder+"/main.hcl", account+shipBatch)
		w.table(folder+"/shipments/day.csv", shipColumns, rows)
	}
	apply := func(machine int) *process { return w.startWith(on(machine), "apply", "--auto-approve") }
	var wg sync.WaitGroup
	began := len(calls)
	for m := range machines {
		p := apply(m)
		wg.Go(func() {
			if m < 2 {
				until(t, "calls were made", func() bool {
					mu.Lock()
					defer mu.Unlock()
					return len(calls) > began+(m+2)*machines*each/5
				})
			}
			switch m {
			case 0:
				_ = p.cmd.Process.Kill()
			case 1:
				_ = p.cmd.Process.Signal(os.Interrupt)
			default:
				p.wait().exits(0)
				return
			}
			p.wait()
			apply(m).wait().exits(0)
		})
	}
	wg.Wait()
	w.shippedOnce(orders)
	if n := w.api.Throttled(); n > 0 {
		t.Errorf("%d calls were refused", n)
	}
	// Not of the beginning, when there is room for all, and of the end, when not all of them have
	// something to do.
	from, to := began+burst+20, began+machines*each*2/3
	rate := float64(to-from) / calls[to].Sub(calls[from]).Seconds()
	t.Logf("%.1f calls a second, of %d", rate, perSecond)
	if rate < 0.9*perSecond {
		t.Errorf("%.1f calls a second, expected %g at least", rate, 0.9*perSecond)
	}
	if levels := db.Query(t, "SELECT account FROM gdfctl_agent.gdfctl_limits"); len(levels) != 1 || strings.Contains(levels[0], w.key) {
		t.Errorf("levels of %q", levels)
	}
}
