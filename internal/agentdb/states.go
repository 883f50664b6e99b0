package agentdb

import (
	"context"
	"database/sql"
	"time"
)

// State is the state of a workspace, which knows what its runs did: one row. Another one is not the
// workspace's, whatever machine has it.
type State struct {
	Workspace string
	Lineage   string
	Serial    int64  // of the last version that a run saved
	Place     string // where the last run had it
	Run       string // that has it in files of its machine, and has not said that it ended; empty: none
	At        time.Time

	// The last machine whose state was another one, and why it is not used. Zero: none was since
	// the state of that place was used.
	RefusedPlace, RefusedWhy string
	RefusedAt                time.Time
}

// States are all rows, by their workspaces. There are none before HasStates.
func (q queries) States(ctx context.Context) (map[string]*State, error) {
	return q.statesWhere(ctx, `workspace <> ''`)
}

// State is that of a workspace; nil: none is known.
func (q queries) State(ctx context.Context, workspace string) (*State, error) {
	all, err := q.statesWhere(ctx, `workspace = ?`, workspace)
	return all[workspace], err
}

func (q queries) statesWhere(ctx context.Context, where string, args ...any) (map[string]*State, error) {
	all := map[string]*State{}
	if !q.HasStates() {
		return all, nil
	}
	err := q.each(ctx, func(rows *sql.Rows) error {
		s := &State{}
		err := rows.Scan(&s.Workspace, &s.Lineage, &s.Serial, &s.Place, &s.Run, moment{&s.At}, &s.RefusedPlace, &s.RefusedWhy, moment{&s.RefusedAt})
		all[s.Workspace] = s
		return err
	}, `SELECT workspace, lineage, serial, place, run, at, refused_place, refused_why, refused_at FROM gdfctl_states WHERE `+where, args...)
	return all, err
}

// FirstState notes the state of a workspace of which none is known. false: one is.
func (q queries) FirstState(ctx context.Context, s *State) (bool, error) {
	n, err := q.exec(ctx, `INSERT INTO gdfctl_states (workspace, lineage, serial, place, run, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (workspace) DO NOTHING`,
		s.Workspace, s.Lineage, s.Serial, s.Place, s.Run, stamp(s.At))
	return n == 1, err
}

// UseState says that a run has the state that is known, under the name that it has now. What was
// refused at that place is over. false: another run was first, so that it is to be asked about again.
func (q queries) UseState(ctx context.Context, known, now *State) (bool, error) {
	n, err := q.exec(ctx, `UPDATE gdfctl_states SET lineage = ?, serial = ?, place = ?, run = ?, at = ?,
		refused_why = CASE refused_place WHEN ? THEN '' ELSE refused_why END, refused_at = CASE refused_place WHEN ? THEN 0 ELSE refused_at END,
		refused_place = CASE refused_place WHEN ? THEN '' ELSE refused_place END
		WHERE workspace = ? AND lineage = ? AND serial = ? AND place = ? AND run = ?`,
		now.Lineage, max(known.Serial, now.Serial), now.Place, now.Run, stamp(now.At), now.Place, now.Place, now.Place,
		now.Workspace, known.Lineage, known.Serial, known.Place, known.Run)
	return n == 1, err
}

// StateLeft says what a run left of the state that it had.
func (q queries) StateLeft(ctx context.Context, s *State) error {
	_, err := q.exec(ctx, `UPDATE gdfctl_states SET serial = CASE WHEN serial < ? THEN ? ELSE serial END, run = CASE run WHEN ? THEN '' ELSE run END
		WHERE workspace = ? AND lineage = ?`, s.Serial, s.Serial, s.Run, s.Workspace, s.Lineage)
	return err
}

// RefuseState notes that the state at a place is not the workspace's. false: that was known, so there is
// nothing to report.
func (q queries) RefuseState(ctx context.Context, workspace, place, why string, at time.Time) (news bool, err error) {
	n, err := q.exec(ctx, `UPDATE gdfctl_states SET refused_place = ?, refused_why = ? WHERE workspace = ? AND (refused_place <> ? OR refused_why <> ?)`,
		place, why, workspace, place, why)
	if err == nil {
		_, err = q.exec(ctx, `UPDATE gdfctl_states SET refused_at = ? WHERE workspace = ?`, stamp(at), workspace)
	}
	return n > 0, err
}

// AcceptState makes a state that of a workspace, whichever was before.
func (q queries) AcceptState(ctx context.Context, s *State) error {
	_, err := q.exec(ctx, `INSERT INTO gdfctl_states (workspace, lineage, serial, place, run, at) VALUES (?, ?, ?, ?, '', ?)
		ON CONFLICT (workspace) DO UPDATE SET lineage = excluded.lineage, serial = excluded.serial, place = excluded.place, run = '', at = excluded.at,
		refused_place = '', refused_why = '', refused_at = 0`, s.Workspace, s.Lineage, s.Serial, s.Place, stamp(s.At))
	return err
}
