//go:build !race

package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// machine writes the file of a machine that runs the world's configuration and allows these
// actions. It is outside the world, with the keys that it has.
func (w *world) machine(allow string) (file string) {
	w.t.Helper()
	dir := w.t.TempDir()
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			w.t.Fatal(err)
		}
	}
	var variables strings.Builder
	for _, line := range w.env() {
		if strings.HasPrefix(line, "GDF_") {
			fmt.Fprintln(&variables, line)
		}
	}
	put("env", variables.String())
	put("agent.hcl", fmt.Sprintf("agent {\n  directory = %q\n}\nworkspace \"shop\" {\n  dir      = %q\n  env_file = %q\n  allow    = [%s]\n}\n", dir, w.dir, filepath.Join(dir, "env"), allow))
	return filepath.Join(dir, "agent.hcl")
}

// An agent whose machine lets it ship is killed while it does, again and again, also with calls
// whose answers it never gets. Each tracking number goes out once.
func TestAnAgentThatShipsIsKilled(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(409, 60, apiserver.Processing)
	lost := map[int]bool{5: true, 17: true, 29: true}
	w := shipAll(t, paced, orders, apiserver.Options{WriteDelay: lockedDelay(seeded(t), 400*time.Millisecond), Intercept: func(c apiserver.Call) *apiserver.Fault {
		if c.Op == apiserver.Ship && lost[c.N] { // made, and its answer lost
			return &apiserver.Fault{Execute: true, Cut: true}
		}
		return nil
	}})
	w.hasten(hastenedBy)
	w.write("schedules.hcl", "schedule \"ship\" {\n  every  = \"10s\"\n  run    = \"apply\"\n  target = [\"batch.shipments\"]\n  limits {\n    max_changes = 100\n  }\n}\n")

	file := w.machine(`"acknowledge"`)
	w.run("agent", "run", "ship", "--config", file).exits(1).says("60 orders to ship, and an agent may only acknowledge")
	if n := len(w.api.Executed()); n != 0 {
		t.Fatalf("%d orders were shipped", n)
	}
	file = w.machine(`"acknowledge", "ship"`)
	for _, after := range []int{8, 22, 40} {
		p := w.agent("--config", file)
		until(t, "some orders are shipped", func() bool { return len(w.api.Executed()) >= after })
		if err := p.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		p.wait()
	}
	p := w.agent("--config", file)
	until(t, "all orders are shipped", func() bool { return len(w.api.Executed()) == len(orders) })
	until(t, "the run has ended", func() bool {
		return strings.Contains(w.run("agent", "status", "--config", file, "--json").stdout, `"state": "done"`)
	})
	p.stops()
	executed := w.api.Executed()
	for i, order := range orders {
		if writes := executed[order.ID]; len(writes) != 1 || writes[0].Tracking != trackingOf(i) {
			t.Errorf("order %s was written %d times: %+v", order.ID, len(writes), writes)
		}
	}
	w.run("audit", "verify").exits(0)
	w.run("audit", "list", "--json").exits(0).says(`"schedule":"ship"`)
}
