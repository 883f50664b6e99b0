package agentdb

import (
	"context"
	"database/sql"
	"time"
)

// Pause keeps schedules from running. Without a schedule, those of a workspace; without
// a workspace too, all.
type Pause struct {
	Workspace, Schedule string
	Reason, Who         string
	At                  time.Time
}

// Pause keeps a pause, instead of one of the same schedules.
func (q queries) Pause(ctx context.Context, p *Pause) error {
	_, err := q.exec(ctx, `INSERT INTO gdfctl_pauses (workspace, name, reason, who, at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (workspace, name) DO UPDATE SET reason = excluded.reason, who = excluded.who, at = excluded.at`,
		p.Workspace, p.Schedule, p.Reason, p.Who, stamp(p.At))
	return err
}

// Resume ends a pause, and reports whether there was one.
func (q queries) Resume(ctx context.Context, workspace, schedule string) (was bool, err error) {
	n, err := q.exec(ctx, `DELETE FROM gdfctl_pauses WHERE workspace = ? AND name = ?`, workspace, schedule)
	return n > 0, err
}

// Pauses are all pauses.
type Pauses []*Pause

// Pauses are those of all workspaces.
func (q queries) Pauses(ctx context.Context) (Pauses, error) {
	var all Pauses
	err := q.each(ctx, func(rows *sql.Rows) error {
		p := &Pause{}
		all = append(all, p)
		return rows.Scan(&p.Workspace, &p.Schedule, &p.Reason, &p.Who, moment{&p.At})
	}, `SELECT workspace, name, reason, who, at FROM gdfctl_pauses ORDER BY workspace, name`)
	return all, err
}

// Of is what keeps a schedule from running, the widest first; nil: nothing.
func (all Pauses) Of(workspace, schedule string) *Pause {
	for _, p := range all { // in the order of their names, so the widest comes first
		if (p.Workspace == "" || p.Workspace == workspace) && (p.Schedule == "" || p.Workspace == workspace && p.Schedule == schedule) {
			return p
		}
	}
	return nil
}
