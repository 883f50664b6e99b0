package agentdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
)

// later is a program with so many more schemas than this one.
func later(n int) program {
	p := thisProgram()
	for range n {
		p.steps = append(p.steps[:len(p.steps):len(p.steps)], step{tables: fmt.Sprintf(`ALTER TABLE gdfctl_runs ADD COLUMN of_schema_%d INTEGER NOT NULL DEFAULT 0`, len(p.steps)+1)})
	}
	return p
}

// use does with a database what agents do all the time.
func use(t *testing.T, d *DB, name string) {
	t.Helper()
	ctx := context.Background()
	must(t, d.Sync(ctx))
	must(t, d.Seen(ctx, &Agent{ID: name, Host: "h", PID: 1, Version: name}, d.Now()))
	must(t, d.Adopt(ctx, &Schedule{Workspace: "w", Name: name, Rule: "r", NextDue: noon}, true))
	r := &Run{ID: name + d.Now().String(), Workspace: "w", Schedule: name, Due: noon, Cause: BySchedule, State: Queued, Take: 1, QueuedAt: noon}
	must(t, d.Insert(ctx, r))
	claimed := got(d.Claim(ctx, r.ID, 1, noon, noon))(t)
	must(t, d.Keep(ctx, claimed, &Result{Outcome: Done, EndedAt: noon}))
	if !got(d.End(ctx, claimed, Done, noon))(t) {
		t.Error("the run did not end")
	}
}

// In PostgreSQL, new programs come first, and then the tables; the program before goes on
// with them, and no other.
func TestAnUpgradeOfASharedDatabase(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := Options{URL: stores.Postgres(t).URL, Now: time.Now}
	if _, err := Open(ctx, o); !errors.Is(err, ErrMissing) {
		t.Fatalf("without tables: %v", err)
	}
	must(t, errOf(Migrate(ctx, o)))
	must(t, errOf(Migrate(ctx, o))) // again, it does nothing
	this := another(t, o)
	outside := 0
	must(t, this.each(ctx, func(rows *sql.Rows) error { return rows.Scan(&outside) },
		`SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', '`+Schema+`')`))
	if outside != 0 {
		t.Errorf("%d tables and indexes are outside of the agents' schema", outside)
	}
	next := got(open(ctx, o, later(1)))(t)
	defer next.Close()
	use(t, this, "this")
	use(t, next, "next") // on the schema before its own

	if _, err := open(ctx, o, later(2)); !errors.Is(err, ErrOlder) {
		t.Errorf("a program that is two schemas newer: %v", err)
	}
	if err := errOf(migrate(ctx, o, later(2))); err == nil || !strings.Contains(err.Error(), "migrate it with a gdfctl between them first") {
		t.Errorf("two steps at once: %v", err)
	}
	must(t, errOf(migrate(ctx, o, later(1))))
	use(t, this, "this")
	use(t, next, "next")
	use(t, another(t, o), "rolled back")

	// The next one would leave this program behind, which is running.
	if err := errOf(migrate(ctx, o, later(2))); err == nil || !strings.Contains(err.Error(), "the agent on h is of version") {
		t.Errorf("an agent would be left behind: %v", err)
	}
	must(t, this.Gone(ctx, "this"))
	must(t, this.Gone(ctx, "rolled back"))
	must(t, errOf(migrate(ctx, o, later(2))))
	if err := this.Sync(ctx); !errors.Is(err, ErrNewer) {
		t.Errorf("a program that is too old goes on: %v", err)
	}
	if _, err := Open(ctx, o); !errors.Is(err, ErrNewer) {
		t.Errorf("a program that is too old begins: %v", err)
	}
	use(t, next, "next")
}

// A file is migrated when a newer program opens it, by all steps; the program before can
// still use it.
func TestAnUpgradeOfAFile(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := Options{Directory: t.TempDir(), Now: time.Now}
	use(t, opened(t, o.Directory), "this")
	for n := 1; n <= 2; n++ {
		next := got(open(ctx, o, later(n)))(t)
		use(t, next, "next")
		must(t, next.Close())
		this, err := Open(ctx, o)
		if n == 2 {
			if !errors.Is(err, ErrNewer) {
				t.Errorf("a program that is too old begins: %v", err)
			}
			continue
		}
		must(t, err)
		use(t, this, "this")
		must(t, this.Close())
	}
}

func errOf(_ string, err error) error { return err }
