//go:build !race

package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
)

// anotherMachine has a copy of the configuration, and nothing else of this one.
func (w *world) anotherMachine(files ...string) *world {
	w.t.Helper()
	other := &world{t: w.t, api: w.api, key: w.key, endpoint: w.endpoint, root: w.t.TempDir(), program: w.program, extra: w.extra, secrets: w.secrets}
	other.dir = filepath.Join(other.root, "config")
	for _, dir := range []string{other.dir, filepath.Join(other.root, "home"), filepath.Join(other.root, "cache"), filepath.Join(other.root, "tmp")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			w.t.Fatal(err)
		}
	}
	for _, name := range files {
		other.write(name, w.read(name))
	}
	w.t.Cleanup(other.noLeaks)
	return other
}

// A directory whose state is in files, on two machines that share the work: one of them has the state of the
// workspace, and the other one sends nothing with another one, and begins none, until people say
// which one it is.
func TestAWorkspaceHasOneStateOnAllMachines(t *testing.T) {
	t.Parallel()
	db := stores.Postgres(t)
	orders := apiserver.Generate(439, 40, apiserver.New)
	w := acknowledging(t, unlimited, orders, apiserver.Options{})
	w.acknowledges(orders[:10])
	w.extra = append(w.extra, "GDF_DATABASE_URL="+db.URL)
	w.secrets = append(w.secrets, db.URL)
	other := w.anotherMachine("main.hcl", "acks.csv")
	machine := func(m *world) {
		m.write(filepath.Join("..", "agent.hcl"), fmt.Sprintf("agent {\n  database = env.GDF_DATABASE_URL\n}\nworkspace \"shop\" {\n  dir = %q\n}\n", filepath.ToSlash(m.dir)))
	}
	machine(w)
	machine(other)
	all := func(n int) {
		w.acknowledges(orders[:n])
		other.acknowledges(orders[:n])
	}
	file := []string{"--config", filepath.Join("..", "agent.hcl")}
	w.run(append([]string{"agent", "migrate"}, file...)...).exits(0)
	here := w.agent(file...)
	until(t, "orders are acknowledged", func() bool { return len(w.api.Executed()) == 10 })
	there := other.agent(file...)
	const another = "the state of workspace shop was used last at"
	until(t, "the machine without the state is refused", func() bool { return strings.Contains(there.stderr.String(), another) })
	all(20)
	until(t, "the machine with the state goes on", func() bool { return len(w.api.Executed()) == 20 })
	other.run(append([]string{"agent", "status"}, file...)...).exits(0).says("Workspace shop: a machine has another state", another, "there is none at "+other.dir)
	if strings.Contains(here.stderr.String(), another) {
		t.Error("the machine with the state is refused")
	}
	here.stops()

	all(30)
	byHand := append([]string{"agent", "run", "acknowledge"}, file...)
	other.runFree(byHand...).exits(1).says(another, "gdfctl agent accept-state shop")
	accept := append([]string{"agent", "accept-state", "shop", "--reason", "the machine was replaced"}, file...)
	other.run(accept...).exits(1).says("there is no state at", "state init")
	if other.exists("gdfctl.state.json") || len(w.api.Executed()) != 20 {
		t.Errorf("another state was begun, or %d orders were acknowledged", len(w.api.Executed()))
	}
	// Where people want another one, they say so.
	other.runFree("state", "init").exits(0)
	other.runFree(byHand...).exits(1).says(another, "is another one")
	other.run(accept...).exits(0).says("Agents use the state of workspace shop at " + other.dir)
	until(t, "the machine that has the state now goes on", func() bool { return len(w.api.Executed()) == 30 })
	if r := other.run(append([]string{"agent", "status"}, file...)...).exits(0); strings.Contains(r.all(), "another state") {
		t.Errorf("what was refused before is still said:\n%s", r.all())
	}
	here = w.agent(file...)
	until(t, "the former one is refused", func() bool { return strings.Contains(here.stderr.String(), another) })
	here.stops()
	w.acknowledgedOnce(orders[:30])

	// A copy of the state's files is the same state, up to where the other one went on.
	copied := other.anotherMachine("main.hcl", "acks.csv", "gdfctl.state.json", "gdfctl.audit.jsonl")
	machine(copied)
	all(40)
	until(t, "the one that was copied goes on", func() bool { return len(w.api.Executed()) == 40 })
	there.stops()
	there = copied.agent(file...)
	until(t, "the copy is refused", func() bool { return strings.Contains(there.stderr.String(), "is an older copy of it") })
	there.stops()
	w.acknowledgedOnce(orders)
}

// runFree is run, again while another run is going on.
func (w *world) runFree(args ...string) (r result) {
	w.t.Helper()
	until(w.t, "no other run is going on", func() bool {
		r = w.run(args...)
		return r.code != 5
	})
	return r
}
