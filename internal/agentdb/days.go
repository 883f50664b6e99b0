package agentdb

import (
	"context"
	"database/sql"
	"time"
)

// Day counts what a schedule did on one day, in UTC: runs that were queued then, by their
// states, and due times that were missed.
type Day struct {
	Schedule string
	At       time.Time // its midnight
	State    string    // empty: missed
	Count    int
}

// day is as long in UTC as any other.
const day = 24 * time.Hour

// MissedOn counts due times of one day that had no run.
func (q queries) MissedOn(ctx context.Context, workspace, schedule string, at time.Time, n int) error {
	_, err := q.exec(ctx, `INSERT INTO gdfctl_missed (workspace, schedule, day, missed) VALUES (?, ?, ?, ?)
		ON CONFLICT (workspace, schedule, day) DO UPDATE SET missed = gdfctl_missed.missed + excluded.missed`,
		workspace, schedule, stamp(at.Truncate(day)), n)
	return err
}

// Days are those of the schedules of a workspace, from a day on.
func (q queries) Days(ctx context.Context, workspace string, since time.Time) ([]Day, error) {
	var all []Day
	from := stamp(since.Truncate(day))
	err := q.each(ctx, func(rows *sql.Rows) error {
		var d Day
		err := rows.Scan(&d.Schedule, moment{&d.At}, &d.State, &d.Count)
		all = append(all, d)
		return err
	}, `SELECT schedule, queued_at / 86400000 * 86400000, state, count(*) FROM gdfctl_runs WHERE workspace = ? AND queued_at >= ? GROUP BY 1, 2, 3
		UNION ALL SELECT schedule, day, '', missed FROM gdfctl_missed WHERE workspace = ? AND day >= ?`, workspace, from, workspace, from)
	return all, err
}

// Between are the runs of a workspace that were queued from a time on and before another, the newest
// first.
func (q queries) Between(ctx context.Context, workspace string, from, until time.Time, limit int) ([]*Total, error) {
	return q.totals(ctx, `SELECT `+totalColumns+` FROM gdfctl_runs r`+lastResult+`
		WHERE r.workspace = ? AND r.queued_at >= ? AND r.queued_at < ? ORDER BY r.queued_at DESC, r.id DESC LIMIT ?`, workspace, stamp(from), stamp(until), limit)
}

// DailyFacts are those of the last run of each day of a schedule that saw what it was to
// see, from a day on, the oldest first.
func (q queries) DailyFacts(ctx context.Context, workspace, schedule string, since time.Time) ([]*Fact, error) {
	return q.facts(ctx, `r.id IN (SELECT max(id) FROM gdfctl_runs WHERE workspace = ? AND schedule = ? AND queued_at >= ? AND state IN ('done', 'incomplete') GROUP BY queued_at / 86400000)`,
		workspace, schedule, stamp(since.Truncate(day)))
}
