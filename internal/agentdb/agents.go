package agentdb

import (
	"context"
	"database/sql"
	"time"
)

// Agent is a process that runs what is in the database: one row.
type Agent struct {
	ID, Host            string
	PID                 int
	Version             string
	StartedAt, LastSeen time.Time
}

// Seen says that an agent is running.
func (q queries) Seen(ctx context.Context, a *Agent, now time.Time) error {
	_, err := q.exec(ctx, `INSERT INTO gdfctl_agents (id, host, pid, version, started_at, last_seen, program) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET last_seen = excluded.last_seen`, a.ID, a.Host, a.PID, a.Version, stamp(now), stamp(now), q.of.program.schema())
	return err
}

// Works says that an agent is running, and that it is the one that claims runs from now on. Others take
// up the runs of one that they don't see any more.
func (d *DB) Works(ctx context.Context, a *Agent, now time.Time) error {
	d.agent = a.ID
	return d.Seen(ctx, a, now)
}

// Gone says that an agent has ended.
func (q queries) Gone(ctx context.Context, id string) error {
	_, err := q.exec(ctx, `DELETE FROM gdfctl_agents WHERE id = ?`, id)
	return err
}

// ForgetAgents removes those that were last seen before a time.
func (q queries) ForgetAgents(ctx context.Context, before time.Time) error {
	_, err := q.exec(ctx, `DELETE FROM gdfctl_agents WHERE last_seen < ?`, stamp(before))
	return err
}

// Agents are those that are known, the one that was seen last first.
func (q queries) Agents(ctx context.Context) ([]*Agent, error) {
	var all []*Agent
	err := q.each(ctx, func(rows *sql.Rows) error {
		a := &Agent{}
		all = append(all, a)
		return rows.Scan(&a.ID, &a.Host, &a.PID, &a.Version, moment{&a.StartedAt}, moment{&a.LastSeen})
	}, `SELECT id, host, pid, version, started_at, last_seen FROM gdfctl_agents ORDER BY last_seen DESC, id`)
	return all, err
}
