package pglog

import "fmt"

// tables are those of one schema. A row of head says where a log ends: a record is
// added only together with a change of that row, so that the place of one that was
// trimmed can't be taken again.
type tables struct{ schema string }

func (t tables) head() string   { return fmt.Sprintf("%q.head", t.schema) }
func (t tables) record() string { return fmt.Sprintf("%q.record", t.schema) }
func (t tables) value() string  { return fmt.Sprintf("%q.value", t.schema) }

// table is one of them, with what makes it.
type table struct{ name, create string }

func (t tables) all() []table {
	return []table{
		{t.head(), `CREATE TABLE ` + t.head() + ` (
			name text PRIMARY KEY,
			n    bigint NOT NULL, -- of the last record; -1 before the first
			hash text NOT NULL    -- of its data; empty before the first
		)`},
		{t.record(), `CREATE TABLE ` + t.record() + ` (
			name     text NOT NULL,
			n        bigint NOT NULL,
			hash     text NOT NULL,
			data     bytea NOT NULL,       -- one line of JSON
			kind     text NOT NULL,
			at       timestamptz NOT NULL, -- by its writer's clock
			snapshot boolean NOT NULL,
			PRIMARY KEY (name, n)
		);
		CREATE INDEX ON ` + t.record() + ` (name, n) WHERE snapshot`},
		{t.value(), `CREATE TABLE ` + t.value() + ` (
			name   text NOT NULL,
			hash   text NOT NULL,
			data   bytea NOT NULL,
			put_at timestamptz NOT NULL, -- by the server's clock
			PRIMARY KEY (name, hash)
		)`},
	}
}

// timeline is SQL for the history that the server is on, and NULL on a standby. A
// standby that is promoted begins a new timeline, and so does a restore to a point
// in time; the identifier differs where the tables were copied to another server.
// The name of the log's present segment begins with the timeline. That of the last
// checkpoint would still be the old one for some time.
const timeline = `CASE WHEN NOT pg_is_in_recovery() THEN
	(SELECT system_identifier FROM pg_control_system())::text || '/' ||
	('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint END`
