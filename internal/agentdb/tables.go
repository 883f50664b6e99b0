package agentdb

import (
	"strings"

	"github.com/gdfctl/gdfctl/internal/pglimit"
)

// riverVersion is that of River's tables: a new release of River waits for a schema of ours.
const riverVersion = 8

// program is what a program knows of schemas. It runs on its own and on the one before, and
// on newer ones that say so.
type program struct{ steps []step }

// step is what one schema adds to the one before.
type step struct {
	tables string // of both databases
	shared string // one statement for PostgreSQL alone
}

// schema is the version of the tables, ours and River's, that the program makes.
func (p program) schema() int { return len(p.steps) }

// further is set by tests, which so build the program of the next schema:
// -ldflags '-X …/internal/agentdb.further=ALTER…'. Neither the environment nor a flag can
// do it.
var further string

// thisProgram has the steps below.
func thisProgram() program {
	if further != "" {
		return program{append(steps[:len(steps):len(steps)], step{tables: further})}
	}
	return program{steps}
}

// steps are our tables, by the schema that they come with. Numbers and times are as wide as
// the database has them.
var steps = []step{{tables: `
CREATE TABLE gdfctl_schedules (
  workspace TEXT NOT NULL, name TEXT NOT NULL, rule TEXT NOT NULL,
  next_due INTEGER NOT NULL, missed INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0,
  last_success INTEGER NOT NULL DEFAULT 0, active INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace, name)
);
CREATE TABLE gdfctl_pauses (
  workspace TEXT NOT NULL, name TEXT NOT NULL, reason TEXT NOT NULL, who TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (workspace, name)
);
CREATE TABLE gdfctl_runs (
  id TEXT PRIMARY KEY, workspace TEXT NOT NULL, schedule TEXT NOT NULL, due INTEGER NOT NULL, cause TEXT NOT NULL, who TEXT NOT NULL,
  state TEXT NOT NULL, take INTEGER NOT NULL DEFAULT 1, slices INTEGER NOT NULL DEFAULT 0,
  queued_at INTEGER NOT NULL, began_at INTEGER NOT NULL DEFAULT 0, slice_at INTEGER NOT NULL DEFAULT 0, ended_at INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX gdfctl_runs_of_schedule ON gdfctl_runs (workspace, schedule, queued_at);
CREATE TABLE gdfctl_results (
  run TEXT NOT NULL, attempt INTEGER NOT NULL, outcome TEXT NOT NULL, message TEXT NOT NULL, began_at INTEGER NOT NULL, ended_at INTEGER NOT NULL,
  applied INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0, unknown INTEGER NOT NULL DEFAULT 0, held INTEGER NOT NULL DEFAULT 0, pending INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (run, attempt)
);
CREATE TABLE gdfctl_agents (
  id TEXT PRIMARY KEY, host TEXT NOT NULL, pid INTEGER NOT NULL, version TEXT NOT NULL, started_at INTEGER NOT NULL, last_seen INTEGER NOT NULL
);
`}, {shared: pglimit.DDL, tables: `
ALTER TABLE gdfctl_schedules ADD COLUMN run TEXT NOT NULL DEFAULT '';
ALTER TABLE gdfctl_schedules ADD COLUMN ruled_at INTEGER NOT NULL DEFAULT 0;
UPDATE gdfctl_schedules SET ruled_at = CASE last_success WHEN 0 THEN next_due ELSE last_success END;
ALTER TABLE gdfctl_runs ADD COLUMN commit_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE gdfctl_runs ADD COLUMN job INTEGER NOT NULL DEFAULT 0;
ALTER TABLE gdfctl_runs ADD COLUMN agent TEXT NOT NULL DEFAULT '';
ALTER TABLE gdfctl_results ADD COLUMN facts TEXT NOT NULL DEFAULT '';
ALTER TABLE gdfctl_agents ADD COLUMN program INTEGER NOT NULL DEFAULT 1;
CREATE INDEX gdfctl_schedules_due ON gdfctl_schedules (next_due);
CREATE INDEX gdfctl_runs_open ON gdfctl_runs (state) WHERE ended_at = 0;
CREATE INDEX gdfctl_runs_ended ON gdfctl_runs (ended_at);
CREATE INDEX gdfctl_runs_queued ON gdfctl_runs (queued_at);
CREATE TABLE gdfctl_missed (
  workspace TEXT NOT NULL, schedule TEXT NOT NULL, day BIGINT NOT NULL, missed BIGINT NOT NULL,
  PRIMARY KEY (workspace, schedule, day)
);
CREATE TABLE gdfctl_workspaces (
  workspace TEXT PRIMARY KEY, commit_hash TEXT NOT NULL DEFAULT '', fetched_at INTEGER NOT NULL DEFAULT 0,
  refused_commit TEXT NOT NULL DEFAULT '', refused_why TEXT NOT NULL DEFAULT '', refused_at INTEGER NOT NULL DEFAULT 0
);
`}, {tables: `
CREATE TABLE gdfctl_states (
  workspace TEXT PRIMARY KEY, lineage TEXT NOT NULL, serial INTEGER NOT NULL, place TEXT NOT NULL, run TEXT NOT NULL, at INTEGER NOT NULL,
  refused_place TEXT NOT NULL DEFAULT '', refused_why TEXT NOT NULL DEFAULT '', refused_at INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE gdfctl_listed (
  workspace TEXT PRIMARY KEY, at INTEGER NOT NULL, accounts TEXT NOT NULL DEFAULT ''
);
`}}

// withStates is the first schema that has the last step above. A program of it also works on the
// schema before, and does without these tables until people migrate it.
const withStates = 3

// statements are those of a step, for one database or the other.
func (d *DB) statements(s step) (all []string) {
	tables := s.tables
	if d.Shared() {
		tables = strings.ReplaceAll(tables, "INTEGER", "BIGINT")
		if s.shared != "" {
			all = append(all, s.shared)
		}
	}
	for one := range strings.SplitSeq(tables, ";") {
		if strings.TrimSpace(one) != "" {
			all = append(all, one)
		}
	}
	return all
}
