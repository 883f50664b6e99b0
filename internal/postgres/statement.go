package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Patience is the time for one call whose statements may take so long. The server
// gives up before, except for a commit that it can no longer take back.
func Patience(limit time.Duration) time.Duration { return limit + 5*time.Second }

// settings is SQL for what holds in one transaction, whatever the role's defaults
// are: waiting ends, and a commit is durable.
func settings(limit time.Duration) string {
	lock, statement := limit.Milliseconds(), (limit + 2*time.Second).Milliseconds() // a lock says more
	return fmt.Sprintf(`SELECT set_config('statement_timeout', '%d', true), set_config('lock_timeout', '%d', true),
		set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true)`, statement, lock)
}

// ErrUnconfirmed says that a commit returned although the server could not do all
// that makes it durable.
var ErrUnconfirmed = errors.New("the server committed, but no synchronous standby has confirmed it")

// Transaction executes a statement in a transaction, in which it waits for locks
// until the limit, and returns its rows. All of
// it is one message: the server has the whole of it or executes nothing, and never
// waits for the rest of it with a lock in its hand. That is why values are in the
// text, in a form that has no meaning in SQL.
func (s *Session) Transaction(ctx context.Context, limit time.Duration, statement string) ([][]string, error) {
	answers := s.Exec(ctx, strings.Join([]string{`BEGIN ISOLATION LEVEL READ COMMITTED`, settings(limit), statement, `COMMIT`}, ";\n"))
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
			return nil, errors.Join(ErrUnconfirmed, answers.Close())
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

// Query executes one statement that needs no transaction around it. Arguments are
// texts, numbers, or bytes as they are; its columns have to be texts or bytes.
func (s *Session) Query(ctx context.Context, sql string, arguments ...any) ([][][]byte, error) {
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

// Text is SQL for a text, whatever is in it.
func Text(s string) string { return `convert_from(` + Bytes([]byte(s)) + `, 'UTF8')` }

// Bytes is SQL for bytes.
func Bytes(data []byte) string { return fmt.Sprintf(`decode('%x', 'hex')`, data) }
