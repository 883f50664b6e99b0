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

// nextSchema builds the program that knows one more schema of the agents' database.
func nextSchema() (string, error) {
	const room = "github.com/gdfctl/gdfctl/internal/"
	return buildHastened(hastenedBy, "-ldflags", fmt.Sprintf("-X %[1]sstate/shared.hastened=%[2]d -X %[1]sagent.hastened=%[2]d -X '%[1]sagentdb.further=%[3]s'",
		room, hastenedBy, "ALTER TABLE gdfctl_runs ADD COLUMN of_next INTEGER NOT NULL DEFAULT 7"))
}

// New programs come first, beside those of the version before, and then the tables, under
// agents of both. The program before can come back. Whoever runs, each order is
// acknowledged once.
func TestAgentsAreUpgraded(t *testing.T) {
	t.Parallel()
	db := stores.Postgres(t)
	next, err := nextSchema()
	if err != nil {
		t.Fatal(err)
	}
	orders := apiserver.Generate(431, 40, apiserver.New)
	w := acknowledging(t, unlimited, orders, apiserver.Options{})
	w.acknowledges(orders[:10])
	w.extra = append(w.extra, "GDF_DATABASE_URL="+db.URL)
	w.secrets = append(w.secrets, db.URL)
	machine := filepath.Join(t.TempDir(), "agent.hcl")
	text := fmt.Sprintf("agent {\n  database = env.GDF_DATABASE_URL\n}\nworkspace \"shop\" {\n  dir = %q\n}\n", filepath.ToSlash(w.dir))
	if err := os.WriteFile(machine, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	before := w.program
	file := []string{"--config", machine}
	with := func(program string, args ...string) result {
		w.program = program
		return w.run(append(args, file...)...)
	}
	agent := func(program string) *process {
		w.program = program
		p := w.start(append([]string{"agent", "--metrics-listen", "127.0.0.1:0"}, file...)...)
		until(t, "the agent has started", func() bool { return strings.Contains(p.stderr.String(), "msg=started") })
		return p
	}
	done := 10
	more := func(what string) {
		t.Helper()
		until(t, "orders are acknowledged "+what, func() bool { return len(w.api.Executed()) == done })
		w.acknowledgedOnce(orders[:done])
		if done < len(orders) {
			done += 10
			w.acknowledges(orders[:done])
		}
	}

	with(before, "agent", "status").exits(1).says("it has no tables yet: make them once with gdfctl agent migrate")
	with(before, "agent", "migrate").exits(0)
	old, fresh := agent(before), agent(next)
	more("by both programs, before the tables are migrated")
	with(next, "agent", "migrate").exits(0)
	if n := db.Query(t, "SELECT count(*) FROM gdfctl_agent.gdfctl_runs WHERE of_next = 7"); n[0] == "0" {
		t.Error("the tables were not migrated")
	}
	more("by both programs, after that")
	old.stops()
	with(before, "agent", "status").exits(0).says("An agent is running")
	more("by the new program alone")
	old = agent(before)
	fresh.stops()
	more("by the program before, which came back")
	old.stops()
	with(before, "agent", "migrate").exits(0)
}
