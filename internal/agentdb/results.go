package agentdb

import (
	"context"
	"database/sql"
	"time"
)

// Result is how a slice of a run ended: one row. What the facts say, only who wrote them
// knows.
type Result struct {
	Outcome, Message                        string
	EndedAt                                 time.Time
	Applied, Failed, Unknown, Held, Pending int
	Facts                                   []byte // JSON; empty: none
	State                                   *State // that it left; nil: nothing is known of it
}

// Keep writes down how the slice of a run ended.
func (q queries) Keep(ctx context.Context, r *Run, res *Result) error {
	_, err := q.exec(ctx, `INSERT INTO gdfctl_results (run, attempt, outcome, message, began_at, ended_at, applied, failed, unknown, held, pending, facts)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (run, attempt) DO UPDATE SET outcome = excluded.outcome, message = excluded.message, began_at = excluded.began_at, ended_at = excluded.ended_at,
		applied = excluded.applied, failed = excluded.failed, unknown = excluded.unknown, held = excluded.held, pending = excluded.pending, facts = excluded.facts`,
		r.ID, r.Slices, res.Outcome, res.Message, stamp(r.SliceAt), stamp(res.EndedAt), res.Applied, res.Failed, res.Unknown, res.Held, res.Pending, string(res.Facts))
	return err
}

// Total is a run with the results of all of its slices: what was done in all of them, and
// what the last one left.
type Total struct {
	Run
	Message                                 string
	Applied, Failed, Unknown, Held, Pending int
}

const totalColumns = runColumns + `, coalesce(l.message, ''),
	(SELECT coalesce(sum(applied), 0) FROM gdfctl_results WHERE run = r.id), (SELECT coalesce(sum(failed), 0) FROM gdfctl_results WHERE run = r.id),
	coalesce(l.unknown, 0), coalesce(l.held, 0), coalesce(l.pending, 0)`

const lastResult = ` LEFT JOIN gdfctl_results l ON l.run = r.id AND l.attempt = (SELECT max(attempt) FROM gdfctl_results WHERE run = r.id)`

func (t *Total) columns() []any {
	return append(t.Run.columns(), &t.Message, &t.Applied, &t.Failed, &t.Unknown, &t.Held, &t.Pending)
}

func (q queries) totals(ctx context.Context, query string, args ...any) ([]*Total, error) {
	var all []*Total
	err := q.each(ctx, func(rows *sql.Rows) error {
		t := &Total{}
		all = append(all, t)
		return rows.Scan(t.columns()...)
	}, query, args...)
	return all, err
}

// Recent are the latest runs, the newest first. An empty workspace means all of them.
func (q queries) Recent(ctx context.Context, workspace string, limit int) ([]*Total, error) {
	return q.totals(ctx, `SELECT `+totalColumns+` FROM gdfctl_runs r`+lastResult+`
		WHERE (r.workspace = ? OR ? = '') ORDER BY r.queued_at DESC, r.id DESC LIMIT ?`, workspace, workspace, limit)
}

// Total is the run of an id, with its results; nil: there is none.
func (q queries) Total(ctx context.Context, id string) (*Total, error) {
	all, err := q.totals(ctx, `SELECT `+totalColumns+` FROM gdfctl_runs r`+lastResult+` WHERE r.id = ?`, id)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}

// lastBegun is the last run of a schedule s that has begun.
const lastBegun = `(SELECT id FROM gdfctl_runs WHERE workspace = s.workspace AND schedule = s.name AND slices > 0 ORDER BY queued_at DESC, id DESC LIMIT 1)`

// LastRuns are the last runs that have begun, of each schedule in force.
func (q queries) LastRuns(ctx context.Context) ([]*Total, error) {
	return q.totals(ctx, `SELECT `+totalColumns+` FROM gdfctl_schedules s JOIN gdfctl_runs r ON r.id = `+lastBegun+lastResult+`
		WHERE s.active = 1`)
}

// Left is what the last run of a schedule left that says so.
type Left struct {
	Workspace, Schedule    string
	At                     time.Time
	Unknown, Held, Pending int
}

// knows holds for results that say what is left. A slice that failed before it looked, or was
// paused, does not know better than the one before.
const knows = `(l.outcome IN ('done', 'incomplete') OR l.applied + l.failed + l.unknown + l.held + l.pending > 0)`

// lastKnowing is the last run of a schedule s of which a result says what is left.
const lastKnowing = `(SELECT r.id FROM gdfctl_runs r WHERE r.workspace = s.workspace AND r.schedule = s.name
	AND EXISTS (SELECT 1 FROM gdfctl_results l WHERE l.run = r.id AND ` + knows + `) ORDER BY r.queued_at DESC, r.id DESC LIMIT 1)`

// Left is what the last runs left that say so, of each schedule in force.
func (q queries) Left(ctx context.Context) ([]*Left, error) {
	var all []*Left
	err := q.each(ctx, func(rows *sql.Rows) error {
		l := &Left{}
		all = append(all, l)
		return rows.Scan(&l.Workspace, &l.Schedule, moment{&l.At}, &l.Unknown, &l.Held, &l.Pending)
	}, `SELECT s.workspace, s.name, k.ended_at, k.unknown, k.held, k.pending FROM gdfctl_schedules s JOIN gdfctl_results k ON k.run = `+lastKnowing+`
		AND k.attempt = (SELECT max(l.attempt) FROM gdfctl_results l WHERE l.run = k.run AND `+knows+`) WHERE s.active = 1`)
	return all, err
}

// Fact is what one slice of a run reported.
type Fact struct {
	Workspace, Schedule, Run string
	Attempt                  int
	Outcome                  string
	Agent                    string // that does the run, or did its last slice
	BeganAt, EndedAt         time.Time
	JSON                     []byte
}

// Facts are those of slices that ended since a time and whose JSON has a text, the oldest
// first.
func (q queries) Facts(ctx context.Context, text string, since time.Time) ([]*Fact, error) {
	return q.facts(ctx, `f.ended_at >= ? AND f.facts LIKE ?`, stamp(since), `%`+text+`%`)
}

// lastGood is the last run of a schedule s that saw what it was to see.
const lastGood = `(SELECT o.id FROM gdfctl_runs o WHERE o.workspace = s.workspace AND o.schedule = s.name AND o.state IN ('done', 'incomplete')
	ORDER BY o.queued_at DESC, o.id DESC LIMIT 1)`

// LatestFacts are those of the last run of each schedule in force that saw what it was to
// see: one that failed does not know better than the one before. And they are those of the
// last slice since, of runs that go on or failed, whose JSON has a text: that much, it saw.
func (q queries) LatestFacts(ctx context.Context, text string) ([]*Fact, error) {
	has := `%` + text + `%`
	return q.facts(ctx, `(r.id IN (SELECT `+lastGood+` FROM gdfctl_schedules s WHERE s.active = 1)
			AND f.attempt = (SELECT max(attempt) FROM gdfctl_results WHERE run = r.id)
		OR r.id IN (SELECT (SELECT o.id FROM gdfctl_runs o WHERE o.workspace = s.workspace AND o.schedule = s.name AND o.queued_at > coalesce((SELECT queued_at FROM gdfctl_runs WHERE id = `+lastGood+`), 0)
				AND EXISTS (SELECT 1 FROM gdfctl_results WHERE run = o.id AND facts LIKE ?) ORDER BY o.queued_at DESC, o.id DESC LIMIT 1) FROM gdfctl_schedules s WHERE s.active = 1)
			AND f.attempt = (SELECT max(attempt) FROM gdfctl_results WHERE run = r.id AND facts LIKE ?))`, has, has)
}

func (q queries) facts(ctx context.Context, where string, args ...any) ([]*Fact, error) {
	var all []*Fact
	err := q.each(ctx, func(rows *sql.Rows) error {
		f := &Fact{}
		all = append(all, f)
		return rows.Scan(&f.Workspace, &f.Schedule, &f.Run, &f.Attempt, &f.Outcome, &f.Agent, moment{&f.BeganAt}, moment{&f.EndedAt}, &f.JSON)
	}, `SELECT r.workspace, r.schedule, f.run, f.attempt, f.outcome, r.agent, f.began_at, f.ended_at, f.facts
		FROM gdfctl_results f JOIN gdfctl_runs r ON r.id = f.run WHERE f.facts <> '' AND `+where+` ORDER BY f.ended_at, f.run`, args...)
	return all, err
}
