package agentdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"
)

// Listed says that an agent has a workspace, with these accounts; nil: as it was said before.
func (q queries) Listed(ctx context.Context, workspace string, accounts []string, at time.Time) error {
	if !q.HasStates() {
		return nil
	}
	names, kept := "", `gdfctl_listed.accounts`
	if accounts != nil {
		text, err := json.Marshal(accounts)
		if err != nil {
			return err
		}
		names, kept = string(text), `excluded.accounts`
	}
	_, err := q.exec(ctx, `INSERT INTO gdfctl_listed (workspace, at, accounts) VALUES (?, ?, ?)
		ON CONFLICT (workspace) DO UPDATE SET at = excluded.at, accounts = `+kept, workspace, stamp(at), names)
	return err
}

// Accounts are those of the workspaces that say them: of others, nothing is known.
func (q queries) Accounts(ctx context.Context) (map[string][]string, error) {
	all := map[string][]string{}
	if !q.HasStates() {
		return all, nil
	}
	err := q.each(ctx, func(rows *sql.Rows) error {
		var workspace, text string
		if err := rows.Scan(&workspace, &text); err != nil {
			return err
		}
		var names []string
		if json.Unmarshal([]byte(text), &names) == nil {
			all[workspace] = names
		}
		return nil
	}, `SELECT workspace, accounts FROM gdfctl_listed WHERE accounts <> ''`)
	return all, err
}

// RetireUnlisted takes the schedules of workspaces out of force that no agent had since a time, and returns
// their names. Their runs stay, and their state is the one that it is. Nothing is known of workspaces while
// there are agents of a version that does not say which it has.
func (d *DB) RetireUnlisted(ctx context.Context, since, now time.Time) (retired []string, err error) {
	if !d.HasStates() {
		return nil, nil
	}
	err = d.In(ctx, func(tx *Tx) error {
		retired = nil
		older := 0
		if err := tx.each(ctx, func(rows *sql.Rows) error { return rows.Scan(&older) }, `SELECT count(*) FROM gdfctl_agents WHERE program < ?`, withStates); err != nil || older > 0 {
			return err
		}
		if _, err := tx.exec(ctx, `INSERT INTO gdfctl_listed (workspace, at) SELECT DISTINCT workspace, CAST(? AS BIGINT) FROM gdfctl_schedules WHERE active = 1
			ON CONFLICT (workspace) DO NOTHING`, stamp(now)); err != nil {
			return err
		}
		var gone []string
		if err := tx.each(ctx, func(rows *sql.Rows) error {
			var name string
			err := rows.Scan(&name)
			gone = append(gone, name)
			return err
		}, `SELECT workspace FROM gdfctl_listed WHERE at < ? ORDER BY workspace`, stamp(since)); err != nil {
			return err
		}
		for _, name := range gone {
			n, err := tx.exec(ctx, `DELETE FROM gdfctl_listed WHERE workspace = ? AND at < ?`, name, stamp(since))
			if err != nil {
				return err
			}
			if n == 0 {
				continue // an agent has it again
			}
			if err := tx.Retire(ctx, name); err != nil {
				return err
			}
			retired = append(retired, name)
		}
		return nil
	})
	return retired, err
}
