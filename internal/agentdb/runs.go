package agentdb

import (
	"context"
	"database/sql"
	"time"
)

// The states of a run. The first three are open.
const (
	Queued     = "queued" // or between two slices
	Running    = "running"
	Retrying   = "retrying"
	Done       = "done"
	Incomplete = "incomplete" // not everything holds that it was to do
	Failed     = "failed"
	Paused     = "paused" // it was stopped, and does not go on
	Lost       = "lost"   // its slice never ended
)

// The causes of a run.
const (
	BySchedule = "schedule"
	ByHand     = "by_hand"
)

// Run is one run of a schedule: one row.
type Run struct {
	ID, Workspace, Schedule string
	Commit                  string // that it runs; empty: what the workspace's directory has
	Due                     time.Time
	Cause, Who              string
	State                   string
	Take                    int   // 1, and one more each time that it is taken up from an agent that died
	Slices                  int   // that have begun
	Job                     int64 // that reminds an agent of it
	QueuedAt, BeganAt       time.Time
	SliceAt, EndedAt        time.Time
}

const runColumns = `r.id, r.workspace, r.schedule, r.commit_hash, r.due, r.cause, r.who, r.state, r.take, r.slices, r.job, r.queued_at, r.began_at, r.slice_at, r.ended_at`

func (r *Run) columns() []any {
	return []any{
		&r.ID, &r.Workspace, &r.Schedule, &r.Commit,
		moment{&r.Due},
		&r.Cause, &r.Who, &r.State, &r.Take, &r.Slices, &r.Job,
		moment{&r.QueuedAt},
		moment{&r.BeganAt},
		moment{&r.SliceAt},
		moment{&r.EndedAt},
	}
}

func (q queries) runsWhere(ctx context.Context, where string, args ...any) ([]*Run, error) {
	var all []*Run
	err := q.each(ctx, func(rows *sql.Rows) error {
		r := &Run{}
		all = append(all, r)
		return rows.Scan(r.columns()...)
	}, `SELECT `+runColumns+` FROM gdfctl_runs r WHERE `+where+` ORDER BY r.queued_at, r.id`, args...)
	return all, err
}

// Insert writes a new run down.
func (q queries) Insert(ctx context.Context, r *Run) error {
	_, err := q.exec(ctx, `INSERT INTO gdfctl_runs (id, workspace, schedule, commit_hash, due, cause, who, state, take, queued_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.ID, r.Workspace, r.Schedule, r.Commit, stamp(r.Due), r.Cause, r.Who, r.State, r.Take, stamp(r.QueuedAt))
	return err
}

// Run is the run of an id; nil: there is none.
func (q queries) Run(ctx context.Context, id string) (*Run, error) {
	all, err := q.runsWhere(ctx, `r.id = ?`, id)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}

// Runs are those of a schedule, the first one first.
func (q queries) Runs(ctx context.Context, workspace, schedule string) ([]*Run, error) {
	return q.runsWhere(ctx, `r.workspace = ? AND r.schedule = ?`, workspace, schedule)
}

// HadRun reports whether a due time has a run.
func (q queries) HadRun(ctx context.Context, workspace, schedule string, due time.Time) (bool, error) {
	had, err := q.runsWhere(ctx, `r.workspace = ? AND r.schedule = ? AND r.due = ? AND r.cause = ?`, workspace, schedule, stamp(due), BySchedule)
	return len(had) > 0, err
}

// MadeSince is when a run of each schedule of a workspace was last made for a due time, by their names, since a time.
func (q queries) MadeSince(ctx context.Context, workspace string, since time.Time) (map[string]time.Time, error) {
	all := map[string]time.Time{}
	err := q.each(ctx, func(rows *sql.Rows) error {
		var name string
		var at time.Time
		err := rows.Scan(&name, moment{&at})
		all[name] = at
		return err
	}, `SELECT schedule, max(queued_at) FROM gdfctl_runs WHERE workspace = ? AND cause = ? AND queued_at >= ? GROUP BY schedule`, workspace, BySchedule, stamp(since))
	return all, err
}

// Open are the runs of a schedule that have not ended.
func (q queries) Open(ctx context.Context, workspace, schedule string) ([]*Run, error) {
	return q.runsWhere(ctx, `r.workspace = ? AND r.schedule = ? AND r.ended_at = 0`, workspace, schedule)
}

// RemindedBy keeps which job reminds an agent of a run.
func (q queries) RemindedBy(ctx context.Context, r *Run, job int64) error {
	_, err := q.exec(ctx, `UPDATE gdfctl_runs SET job = ? WHERE id = ? AND take = ?`, job, r.ID, r.Take)
	return err
}

// Claim makes a run the caller's for one slice, if it waits for that, or is of a slice that
// began before the limit: that one is lost. nil: it is not to be had.
func (d *DB) Claim(ctx context.Context, id string, take int, now, limit time.Time) (r *Run, err error) {
	err = d.In(ctx, func(tx *Tx) error {
		n, err := tx.exec(ctx, `UPDATE gdfctl_runs SET state = 'running', agent = ?, slices = slices + 1, slice_at = ?,
			began_at = CASE began_at WHEN 0 THEN ? ELSE began_at END
			WHERE id = ? AND take = ? AND ended_at = 0 AND (state <> 'running' OR slice_at <= ?)`, d.agent, stamp(now), stamp(now), id, take, stamp(limit))
		if err != nil || n == 0 {
			return err
		}
		r, err = tx.Run(ctx, id)
		return err
	})
	return r, err
}

// Waits says that a run goes on later. false: another agent has taken it up meanwhile.
func (q queries) Waits(ctx context.Context, r *Run, state string) (bool, error) {
	n, err := q.exec(ctx, `UPDATE gdfctl_runs SET state = ? WHERE id = ? AND take = ? AND slices = ? AND ended_at = 0`, state, r.ID, r.Take, r.Slices)
	return n == 1, err
}

// End ends a run. false: another agent has taken it up meanwhile, or it has ended.
func (q queries) End(ctx context.Context, r *Run, outcome string, now time.Time) (bool, error) {
	n, err := q.exec(ctx, `UPDATE gdfctl_runs SET state = ?, ended_at = ? WHERE id = ? AND take = ? AND slices = ? AND ended_at = 0`,
		outcome, stamp(now), r.ID, r.Take, r.Slices)
	return n == 1, err
}

// Abandoned are open runs of which no agent is doing a slice: their slice began before the limit and
// did not end, or its agent was not seen since it fell silent, or they wait and no job reminds an
// agent of them. One that an agent has fetched since the limit does: it may have no place for it yet.
func (q queries) Abandoned(ctx context.Context, limit, silent time.Time) ([]*Run, error) {
	return q.runsWhere(ctx, `r.ended_at = 0 AND (r.state = 'running' AND r.slice_at <= ? OR
		r.state = 'running' AND r.agent <> '' AND NOT EXISTS (SELECT 1 FROM gdfctl_agents a WHERE a.id = r.agent AND a.last_seen > ?) OR r.state <> 'running' AND r.slice_at <= ? AND r.queued_at <= ?
		AND NOT EXISTS (SELECT 1 FROM river_job j WHERE j.id = r.job AND (j.state IN ('available', 'pending', 'retryable', 'scheduled') OR j.state = 'running' AND `+q.of.fetchedAt()+` > ?)))`,
		stamp(limit), stamp(silent), stamp(limit), stamp(limit), stamp(limit))
}

// fetchedAt is when an agent fetched a job j, as the tables have times. River writes it by the
// clock of the database.
func (d *DB) fetchedAt() string {
	if d.Shared() {
		return `extract(epoch FROM j.attempted_at) * 1000`
	}
	return `(julianday(j.attempted_at) - 2440587.5) * 86400000`
}

// TakeUp makes an abandoned run wait for an agent again. false: another agent did.
func (q queries) TakeUp(ctx context.Context, r *Run) (bool, error) {
	n, err := q.exec(ctx, `UPDATE gdfctl_runs SET take = take + 1, state = 'queued' WHERE id = ? AND take = ? AND slices = ? AND ended_at = 0`, r.ID, r.Take, r.Slices)
	if n == 1 {
		r.Take, r.State = r.Take+1, Queued
	}
	return n == 1, err
}

// Forget removes runs that ended before a time, with their results, and schedules that were due last before it
// and are in no configuration any more. What is known now of a schedule in force stays, however long ago it last ran.
func (d *DB) Forget(ctx context.Context, before time.Time) error {
	return d.In(ctx, func(tx *Tx) error {
		const old = `ended_at BETWEEN 1 AND ? AND id NOT IN (SELECT coalesce(` + lastBegun + `, '') FROM gdfctl_schedules s WHERE s.active = 1)
			AND id NOT IN (SELECT coalesce(` + lastGood + `, '') FROM gdfctl_schedules s WHERE s.active = 1)
			AND id NOT IN (SELECT coalesce(` + lastKnowing + `, '') FROM gdfctl_schedules s WHERE s.active = 1)`
		for _, statement := range []string{
			`DELETE FROM gdfctl_results WHERE run IN (SELECT id FROM gdfctl_runs WHERE ` + old + `)`,
			`DELETE FROM gdfctl_runs WHERE ` + old,
			`DELETE FROM gdfctl_missed WHERE day < ?`,
			`DELETE FROM gdfctl_schedules WHERE active = 0 AND next_due < ? AND NOT EXISTS
				(SELECT 1 FROM gdfctl_runs r WHERE r.workspace = gdfctl_schedules.workspace AND r.schedule = gdfctl_schedules.name)`,
		} {
			if _, err := tx.exec(ctx, statement, stamp(before)); err != nil {
				return err
			}
		}
		return nil
	})
}
