package agentdb

import (
	"context"
	"database/sql"
	"time"
)

// Workspace is what is known of a workspace whose configuration is in git: one row.
type Workspace struct {
	Name      string
	Commit    string    // in force; empty: none yet
	FetchedAt time.Time // when the branch was last fetched

	// The tip that was not taken last, and why: empty if that in force is the tip.
	RefusedCommit, RefusedWhy string
	RefusedAt                 time.Time
}

// Workspaces are all rows, by their names.
func (q queries) Workspaces(ctx context.Context) (map[string]*Workspace, error) {
	all := map[string]*Workspace{}
	err := q.each(ctx, func(rows *sql.Rows) error {
		w := &Workspace{}
		err := rows.Scan(&w.Name, &w.Commit, moment{&w.FetchedAt}, &w.RefusedCommit, &w.RefusedWhy, moment{&w.RefusedAt})
		all[w.Name] = w
		return err
	}, `SELECT workspace, commit_hash, fetched_at, refused_commit, refused_why, refused_at FROM gdfctl_workspaces`)
	return all, err
}

// Advance brings a commit of a workspace into force, instead of the one that the
// caller knows ("": none). What was refused before is forgotten. false: another agent has
// brought one into force meanwhile.
func (d *DB) Advance(ctx context.Context, workspace, from, to string, at time.Time) (moved bool, err error) {
	err = d.In(ctx, func(tx *Tx) error {
		if _, err := tx.exec(ctx, `INSERT INTO gdfctl_workspaces (workspace) VALUES (?) ON CONFLICT (workspace) DO NOTHING`, workspace); err != nil {
			return err
		}
		n, err := tx.exec(ctx, `UPDATE gdfctl_workspaces SET commit_hash = ?, fetched_at = ?, refused_commit = '', refused_why = '', refused_at = 0
			WHERE workspace = ? AND commit_hash = ?`, to, stamp(at), workspace, from)
		moved = n == 1
		return err
	})
	return moved, err
}

// Fetched says that the branch of a workspace was fetched.
func (q queries) Fetched(ctx context.Context, workspace string, at time.Time) error {
	_, err := q.exec(ctx, `INSERT INTO gdfctl_workspaces (workspace, fetched_at) VALUES (?, ?)
		ON CONFLICT (workspace) DO UPDATE SET fetched_at = CASE WHEN excluded.fetched_at > gdfctl_workspaces.fetched_at THEN excluded.fetched_at ELSE gdfctl_workspaces.fetched_at END`,
		workspace, stamp(at))
	return err
}

// Refuse says that a tip does not come into force. false: that was known, so there is
// nothing to report.
func (q queries) Refuse(ctx context.Context, workspace, commit, why string, at time.Time) (news bool, err error) {
	n, err := q.exec(ctx, `INSERT INTO gdfctl_workspaces (workspace, refused_commit, refused_why, refused_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (workspace) DO UPDATE SET refused_commit = excluded.refused_commit, refused_why = excluded.refused_why, refused_at = excluded.refused_at
		WHERE gdfctl_workspaces.refused_commit <> excluded.refused_commit OR gdfctl_workspaces.refused_why <> excluded.refused_why`,
		workspace, commit, why, stamp(at))
	return n > 0, err
}

// Accept forgets what was refused: the branch is again at the commit in force.
func (q queries) Accept(ctx context.Context, workspace string) error {
	_, err := q.exec(ctx, `UPDATE gdfctl_workspaces SET refused_commit = '', refused_why = '', refused_at = 0 WHERE workspace = ? AND refused_at <> 0`, workspace)
	return err
}

// Leave forgets what was known of a workspace in git: it is in a directory now.
func (tx *Tx) Leave(ctx context.Context, workspace string) error {
	_, err := tx.exec(ctx, `DELETE FROM gdfctl_workspaces WHERE workspace = ?`, workspace)
	return err
}

// Behind reports whether another commit of a workspace is in force. In a transaction, none
// comes into force until it ends.
func (tx *Tx) Behind(ctx context.Context, workspace, commit string) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE gdfctl_workspaces SET fetched_at = fetched_at WHERE workspace = ? AND commit_hash <> ?`, workspace, commit)
	return n > 0, err
}

// CommitsInUse are those that open runs of workspaces have.
func (q queries) CommitsInUse(ctx context.Context) (map[string]bool, error) {
	open, err := q.runsWhere(ctx, `r.ended_at = 0 AND r.commit_hash <> ''`)
	used := map[string]bool{}
	for _, r := range open {
		used[r.Commit] = true
	}
	return used, err
}
