package agentdb

import (
	"context"
	"database/sql"
	"time"
)

// Schedule is a schedule of a workspace: one row.
type Schedule struct {
	Workspace, Name string
	Rule            string    // when it is due, in words
	Run             string    // what it runs; empty in rows of a program that did not write it
	RuledAt         time.Time // since when the rule is in force; zero: it is not, or not known
	NextDue         time.Time
	LastSuccess     time.Time
	Missed          int // due times without a run, since the row was made
	Failures        int // due times that failed in a row
}

const scheduleColumns = `s.workspace, s.name, s.rule, s.run, s.ruled_at, s.next_due, s.last_success, s.missed, s.failures`

func (s *Schedule) columns() []any {
	return []any{&s.Workspace, &s.Name, &s.Rule, &s.Run, moment{&s.RuledAt}, moment{&s.NextDue}, moment{&s.LastSuccess}, &s.Missed, &s.Failures}
}

func (q queries) schedulesWhere(ctx context.Context, where string, args ...any) ([]*Schedule, error) {
	var all []*Schedule
	err := q.each(ctx, func(rows *sql.Rows) error {
		s := &Schedule{}
		all = append(all, s)
		return rows.Scan(s.columns()...)
	}, `SELECT `+scheduleColumns+` FROM gdfctl_schedules s WHERE `+where+` ORDER BY s.workspace, s.name`, args...)
	return all, err
}

// Known are all rows of a workspace, also of schedules that it has no more.
func (q queries) Known(ctx context.Context, workspace string) ([]*Schedule, error) {
	return q.schedulesWhere(ctx, `s.workspace = ?`, workspace)
}

// Schedules are those of the configurations in force, of all workspaces.
func (q queries) Schedules(ctx context.Context) ([]*Schedule, error) {
	return q.schedulesWhere(ctx, `s.active = 1`)
}

// Due are the schedules whose due time has come, of all workspaces.
func (q queries) Due(ctx context.Context, now time.Time) ([]*Schedule, error) {
	return q.schedulesWhere(ctx, `s.active = 1 AND s.next_due BETWEEN 1 AND ?`, stamp(now))
}

// Retire takes all schedules of a workspace out of force. Adopt brings back those that
// its configuration has.
func (q queries) Retire(ctx context.Context, workspace string) error {
	_, err := q.exec(ctx, `UPDATE gdfctl_schedules SET active = 0, ruled_at = 0 WHERE workspace = ? AND active = 1`, workspace)
	return err
}

// Adopt brings a schedule into force. A row that is there gets the rule, and, if moved,
// the next due time.
func (q queries) Adopt(ctx context.Context, s *Schedule, moved bool) error {
	next := `gdfctl_schedules.next_due`
	if moved {
		next = `excluded.next_due`
	}
	_, err := q.exec(ctx, `INSERT INTO gdfctl_schedules (workspace, name, rule, run, ruled_at, next_due) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (workspace, name) DO UPDATE SET active = 1, rule = excluded.rule, run = excluded.run, ruled_at = excluded.ruled_at, next_due = `+next,
		s.Workspace, s.Name, s.Rule, s.Run, stamp(s.RuledAt), stamp(s.NextDue))
	return err
}

// Move moves a schedule from one due time to the next. false: another agent did.
func (q queries) Move(ctx context.Context, s *Schedule, next time.Time, missed int) (bool, error) {
	n, err := q.exec(ctx, `UPDATE gdfctl_schedules SET next_due = ?, missed = missed + ? WHERE workspace = ? AND name = ? AND next_due = ?`,
		stamp(next), missed, s.Workspace, s.Name, stamp(s.NextDue))
	return n == 1, err
}

// Missed counts a due time without a run.
func (q queries) Missed(ctx context.Context, workspace, name string) error {
	_, err := q.exec(ctx, `UPDATE gdfctl_schedules SET missed = missed + 1 WHERE workspace = ? AND name = ?`, workspace, name)
	return err
}

// Succeeded says that a run of a schedule ended well.
func (q queries) Succeeded(ctx context.Context, workspace, name string, at time.Time) error {
	_, err := q.exec(ctx, `UPDATE gdfctl_schedules SET failures = 0, last_success = ? WHERE workspace = ? AND name = ?`, stamp(at), workspace, name)
	return err
}

// Failed counts a due time that failed.
func (q queries) Failed(ctx context.Context, workspace, name string) error {
	_, err := q.exec(ctx, `UPDATE gdfctl_schedules SET failures = failures + 1 WHERE workspace = ? AND name = ?`, workspace, name)
	return err
}

// Failures is how many due times of a schedule failed in a row.
func (q queries) Failures(ctx context.Context, workspace, name string) (n int, err error) {
	err = q.each(ctx, func(rows *sql.Rows) error { return rows.Scan(&n) },
		`SELECT failures FROM gdfctl_schedules WHERE workspace = ? AND name = ?`, workspace, name)
	return n, err
}

// Hold keeps other agents from moving a schedule until the transaction ends. false: there
// is no such schedule.
func (tx *Tx) Hold(ctx context.Context, workspace, name string) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE gdfctl_schedules SET missed = missed WHERE workspace = ? AND name = ? AND active = 1`, workspace, name)
	return n == 1, err
}
