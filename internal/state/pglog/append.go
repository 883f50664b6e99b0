package pglog

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/gdfctl/gdfctl/internal/postgres"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// Append implements sharedlog.Place.
//
// If the log ends with the record already, because an earlier attempt put it there
// after all, it counts as appended: but only when a commit behind it has proved it
// durable.
func (p *Place) Append(ctx context.Context, prev sharedlog.Position, r sharedlog.Raw) error {
	ctx, cancel := context.WithTimeout(ctx, p.patience())
	defer cancel()
	err := p.pool.Use(ctx, func(s *postgres.Session) error {
		done, err := p.append(ctx, s, prev, r)
		if err != nil || done {
			return err
		}
		return p.lost(ctx, s, prev, r)
	})
	return p.notWritten(err)
}

// append makes the attempt, and reports whether the log ended with prev, on a
// server with the record's timeline.
func (p *Place) append(ctx context.Context, s *postgres.Session, prev sharedlog.Position, r sharedlog.Raw) (bool, error) {
	next := r.Position()
	rows, err := p.transaction(ctx, s, fmt.Sprintf(`
		WITH moved AS (
			UPDATE %s SET n = n + 1, hash = %s
			WHERE name = %s AND n = %d AND hash = %s AND (%s = '' OR %s = %s)
			RETURNING n
		), added AS (
			INSERT INTO %s (name, n, hash, data, kind, at, snapshot)
			SELECT %s, n, %s, %s, %s, %s::timestamptz, %t FROM moved
		)
		SELECT count(*) FROM moved`,
		p.tables.head(), postgres.Text(next.Hash),
		postgres.Text(p.name), prev.N, postgres.Text(prev.Hash), postgres.Text(r.Timeline), postgres.Text(r.Timeline), timeline,
		p.tables.record(),
		postgres.Text(p.name), postgres.Text(next.Hash), postgres.Bytes(r.Data), postgres.Text(r.Kind), postgres.Text(r.At.UTC().Format(time.RFC3339Nano)), r.Snapshot))
	if err != nil {
		return false, err
	}
	return rows[0][0] == "1", nil
}

// lost finds out why nothing was appended.
func (p *Place) lost(ctx context.Context, s *postgres.Session, prev sharedlog.Position, r sharedlog.Raw) error {
	found, err := s.Query(ctx, `SELECT `+timeline+`, head.n::text, head.hash FROM (VALUES ($1)) log (name) LEFT JOIN `+p.tables.head()+` head USING (name)`, p.name)
	if err != nil {
		return err
	}
	is, n, hash := found[0][0], found[0][1], found[0][2]
	switch {
	case is == nil:
		return p.refused(p.server.Standby())
	case r.Timeline != "" && string(is) != r.Timeline:
		// Also if the record is there: its writer has to hear that others may be lost.
		return &sharedlog.TimelineError{Place: p.String(), Was: r.Timeline, Is: string(is)}
	case n == nil:
		return p.refused(notBegun)
	case string(n) == strconv.FormatInt(r.N, 10) && string(hash) == r.Position().Hash:
		return p.confirm(ctx, s)
	}
	return &sharedlog.TakenError{Place: p.String(), Prev: prev}
}

// confirm commits something behind all that is in the log. A record can be seen that
// no synchronous standby has, if whoever waited for the standby was interrupted.
func (p *Place) confirm(ctx context.Context, s *postgres.Session) error {
	_, err := p.transaction(ctx, s, `UPDATE `+p.tables.head()+` SET n = n WHERE name = `+postgres.Text(p.name)+` RETURNING n`)
	return err
}

// write executes statements in one transaction.
func (p *Place) write(ctx context.Context, statements string) error {
	ctx, cancel := context.WithTimeout(ctx, p.patience())
	defer cancel()
	return p.notWritten(p.pool.Use(ctx, func(s *postgres.Session) error {
		_, err := p.transaction(ctx, s, statements)
		return err
	}))
}

// patience is the time for one call.
func (p *Place) patience() time.Duration { return postgres.Patience(p.limit) }

// transaction executes a statement in a transaction and returns its rows.
func (p *Place) transaction(ctx context.Context, s *postgres.Session, statement string) ([][]string, error) {
	return s.Transaction(ctx, p.limit, statement)
}
