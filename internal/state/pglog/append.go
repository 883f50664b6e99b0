package pglog

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

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
	err := p.use(ctx, func(s *session) error {
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
func (p *Place) append(ctx context.Context, s *session, prev sharedlog.Position, r sharedlog.Raw) (bool, error) {
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
		p.tables.head(), sqlText(next.Hash),
		sqlText(p.name), prev.N, sqlText(prev.Hash), sqlText(r.Timeline), sqlText(r.Timeline), timeline,
		p.tables.record(),
		sqlText(p.name), sqlText(next.Hash), sqlBytes(r.Data), sqlText(r.Kind), sqlText(r.At.UTC().Format(time.RFC3339Nano)), r.Snapshot))
	if err != nil {
		return false, err
	}
	return rows[0][0] == "1", nil
}

// lost finds out why nothing was appended.
func (p *Place) lost(ctx context.Context, s *session, prev sharedlog.Position, r sharedlog.Raw) error {
	found, err := s.query(ctx, `SELECT `+timeline+`, head.n::text, head.hash FROM (VALUES ($1)) log (name) LEFT JOIN `+p.tables.head()+` head USING (name)`, p.name)
	if err != nil {
		return err
	}
	is, n, hash := found[0][0], found[0][1], found[0][2]
	switch {
	case is == nil:
		return p.refused(standby)
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
func (p *Place) confirm(ctx context.Context, s *session) error {
	_, err := p.transaction(ctx, s, `UPDATE `+p.tables.head()+` SET n = n WHERE name = `+sqlText(p.name)+` RETURNING n`)
	return err
}

// write executes statements in one transaction.
func (p *Place) write(ctx context.Context, statements string) error {
	ctx, cancel := context.WithTimeout(ctx, p.patience())
	defer cancel()
	return p.notWritten(p.use(ctx, func(s *session) error {
		_, err := p.transaction(ctx, s, statements)
		return err
	}))
}

// patience is the time for one call. The server gives up before, except for a commit
// that it can no longer take back.
func (p *Place) patience() time.Duration { return p.limit + 5*time.Second }

// settings is SQL for what holds in one transaction, whatever the role's defaults
// are: waiting ends, and a commit is durable.
func (p *Place) settings() string {
	lock, statement := p.limit.Milliseconds(), (p.limit + 2*time.Second).Milliseconds() // a lock says more
	return fmt.Sprintf(`SELECT set_config('statement_timeout', '%d', true), set_config('lock_timeout', '%d', true),
		set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true)`, statement, lock)
}

// errUnconfirmed says that a commit returned although the server could not do all
// that makes it durable.
var errUnconfirmed = errors.New("the server committed, but no synchronous standby has confirmed it")

// transaction executes a statement in a transaction and returns its rows. All of
// it is one message: the server has the whole of it or executes nothing, and never
// waits for the rest of it with a lock in its hand. That is why values are in the
// text, in a form that has no meaning in SQL.
func (p *Place) transaction(ctx context.Context, s *session, statement string) ([][]string, error) {
	answers := s.Exec(ctx, strings.Join([]string{`BEGIN ISOLATION LEVEL READ COMMITTED`, p.settings(), statement, `COMMIT`}, ";\n"))
	var rows [][]string
	end := ""
	for s.warnings = 0; answers.NextResult(); s.warnings = 0 {
		answer := answers.ResultReader()
		var these [][]string
		for answer.NextRow() {
			var row []string
			for _, v := range answer.Values() {
				row = append(row, string(v))
			}
			these = append(these, row)
		}
		tag, err := answer.Close()
		if err != nil {
			break // Close returns it too
		}
		if end = tag.String(); end != "COMMIT" {
			rows = these
		} else if s.warnings > 0 {
			return nil, errors.Join(errUnconfirmed, answers.Close())
		}
	}
	if err := answers.Close(); err != nil {
		return nil, err
	}
	if end != "COMMIT" {
		return nil, fmt.Errorf("the server ended the transaction with %q", end)
	}
	return rows, nil
}

// query executes one statement that needs no transaction around it. Arguments are
// texts, numbers, or bytes as they are; its columns have to be texts or bytes.
func (s *session) query(ctx context.Context, sql string, arguments ...any) ([][][]byte, error) {
	values, formats := make([][]byte, len(arguments)), make([]int16, len(arguments))
	for i, a := range arguments {
		switch a := a.(type) {
		case string:
			values[i] = []byte(a)
		case int64:
			values[i] = strconv.AppendInt(nil, a, 10)
		case []byte:
			values[i], formats[i] = append([]byte{}, a...), 1 // nil would be NULL
		}
	}
	answer := s.ExecParams(ctx, sql, values, nil, formats, []int16{1}).Read()
	return answer.Rows, answer.Err
}

// sqlText is SQL for a text, whatever is in it.
func sqlText(s string) string { return `convert_from(` + sqlBytes([]byte(s)) + `, 'UTF8')` }

// sqlBytes is SQL for bytes.
func sqlBytes(data []byte) string { return fmt.Sprintf(`decode('%x', 'hex')`, data) }
