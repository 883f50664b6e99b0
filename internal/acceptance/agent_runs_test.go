//go:build !race

package acceptance

import (
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the database of an agent that is alone

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// agentRun is a run as the agent's database has it.
type agentRun struct {
	workspace, schedule  string
	cause, state         string
	due                  time.Time
	queued, began, ended time.Time
	slices               int
}

// runTable is what an agent's database knows, read beside the agent.
type runTable struct {
	runs []agentRun         // by due time
	next map[string]dueNext // by workspace and schedule
}

type dueNext struct {
	due    time.Time
	missed int
}

// runTable reads the database of a directory.
func (w *world) runTable() runTable {
	w.t.Helper()
	path := url.URL{Scheme: "file", Opaque: filepath.ToSlash(filepath.Join(w.dir, "gdfctl.agent.db")), RawQuery: "mode=ro&_pragma=busy_timeout(20000)"}
	return readRunTable(w.t, "sqlite", path.String(), "")
}

func readRunTable(t *testing.T, driver, source, schema string) (table runTable) {
	t.Helper()
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	table.next = map[string]dueNext{}
	each := func(query string, scan func(*sql.Rows) error) {
		rows, err := db.QueryContext(t.Context(), fmt.Sprintf(query, schema))
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			if err := scan(rows); err != nil {
				t.Fatal(err)
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	each(`SELECT workspace, schedule, cause, state, due, queued_at, began_at, ended_at, slices FROM %sgdfctl_runs ORDER BY due`, func(rows *sql.Rows) error {
		var r agentRun
		var due, queued, began, ended int64
		err := rows.Scan(&r.workspace, &r.schedule, &r.cause, &r.state, &due, &queued, &began, &ended, &r.slices)
		r.due, r.queued, r.began, r.ended = time.UnixMilli(due), time.UnixMilli(queued), time.UnixMilli(began), time.UnixMilli(ended)
		table.runs = append(table.runs, r)
		return err
	})
	each(`SELECT workspace, name, next_due, missed FROM %sgdfctl_schedules`, func(rows *sql.Rows) error {
		var workspace, name string
		var due int64
		var next dueNext
		err := rows.Scan(&workspace, &name, &due, &next.missed)
		next.due = time.UnixMilli(due)
		table.next[workspace+"/"+name] = next
		return err
	})
	return table
}

// eachDueTime fails the test unless each due time of a schedule was run once, or counted
// as missed, since the first agent began, and returns how many were run.
func (table runTable) eachDueTime(t *testing.T, name string, every time.Duration, began time.Time) (runs int) {
	t.Helper()
	var first time.Time
	seen := map[time.Time]bool{}
	for _, r := range table.runs {
		if r.workspace+"/"+r.schedule != name || r.cause != "schedule" {
			continue
		}
		if seen[r.due] {
			t.Errorf("%s: %s was run twice", name, r.due.Format(time.TimeOnly))
		}
		seen[r.due] = true
		if first.IsZero() {
			first = r.due
		}
		runs++
	}
	if runs == 0 {
		t.Errorf("%s was never run", name)
		return 0
	}
	next := table.next[name]
	// A schedule that is new begins with the last due time before an agent read it. If others come before the first look,
	// the last of them is the first run, and those before it were missed.
	want, unseen := int(next.due.Sub(first)/every), max(0, int((first.Sub(began)+every-1)/every))
	if counted := runs + next.missed; counted < want || counted > want+unseen {
		t.Errorf("%s: %d runs and %d missed, of %d due times from %s to %s", name, runs, next.missed, want, first.Format(time.TimeOnly), next.due.Format(time.TimeOnly))
	}
	return runs
}

// wholeSoak reports whether tests have the sizes of make soak.
func wholeSoak(t *testing.T) bool { return soakOr(t, "GDF_SOAK_WORKSPACES", fleetOfCheck) >= 200 }

// fleetOfCheck is how many workspaces the agents of make check have.
const fleetOfCheck = 12

// An agent that lives for six seconds, and is stopped or killed then, runs a schedule of ten seconds: each due
// time is run or counted as missed, and none twice.
func TestAnAgentThatRestartsAllTheTimeRunsEachDueTime(t *testing.T) {
	t.Parallel()
	lasts := 50 * time.Second
	if wholeSoak(t) {
		lasts = 10 * time.Minute
	}
	random := seeded(t)
	orders := apiserver.Generate(405, 30, apiserver.New)
	w := acknowledging(t, paced, orders, apiserver.Options{})
	w.program = "" // the times that users have
	lives := 0
	began := time.Now()
	for ; time.Since(began) < lasts; lives++ {
		p := w.agent()
		time.Sleep(6 * time.Second)
		if random.IntN(2) == 0 {
			p.stops()
		} else if err := p.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		} else {
			p.wait()
		}
	}
	runs := w.runTable().eachDueTime(t, "config/acknowledge", 10*time.Second, began)
	if least := int(lasts/(10*time.Second)) * 2 / 3; runs < least {
		t.Errorf("%d runs in %s of %d lives, and at least %d were expected", runs, lasts, lives, least)
	}
	w.acknowledgedOnce(orders)
	w.run("audit", "verify").exits(0)
}
