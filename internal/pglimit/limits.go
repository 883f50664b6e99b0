package pglimit

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/postgres"
)

const (
	// mostConnections are those of a process: one for a taking, and one for what was given
	// back or refused meanwhile.
	mostConnections = 2
	// patience is how long the server waits for the row of an account, which others hold
	// for less than a millisecond.
	patience = 3 * time.Second
)

// Limits are the levels of all accounts, in one database.
type Limits struct {
	named  string
	server *postgres.Server
	pool   *postgres.Pool

	answered atomic.Bool // the database did: then it is away or slow, and no mistake
}

// Open returns the levels in the database that a url names. It connects to nothing.
// named is what people call the url in messages.
func Open(url, named string) *Limits {
	server := postgres.At(url, named, true)
	return &Limits{named: named, server: server, pool: postgres.NewPool(server, mostConnections)}
}

// Expect says that the database is known to answer, although it was not asked for levels yet.
func (l *Limits) Expect() { l.answered.Store(true) }

// Of is the place of one account's level: see godatafeed.BucketID.
func (l *Limits) Of(account string) godatafeed.Place { return &place{l, account, clock} }

// Close closes the connections.
func (l *Limits) Close() error { return l.pool.Close() }

type place struct {
	*Limits
	account string
	clock   string // SQL for the time
}

// Take implements godatafeed.Place.
func (p *place) Take(ctx context.Context, a godatafeed.Ask) (taken int, after godatafeed.Bucket, err error) {
	after, taken, err = p.execute(ctx, p.take(a))
	return taken, after, err
}

// Return implements godatafeed.Place.
func (p *place) Return(ctx context.Context, s godatafeed.Shape, taken time.Time, unused int) error {
	_, _, err := p.execute(ctx, p.giveBack(s, taken, unused))
	return err
}

// Refuse implements godatafeed.Place.
func (p *place) Refuse(ctx context.Context, s godatafeed.Shape, retryAfter time.Duration) error {
	_, _, err := p.execute(ctx, p.refuse(s, retryAfter))
	return err
}

// Look implements godatafeed.Place.
func (p *place) Look(ctx context.Context, s godatafeed.Shape) (godatafeed.Bucket, error) {
	b, _, err := p.execute(ctx, p.look(s))
	return b, err
}

// execute executes a statement that returns the account's row, which it makes first
// where there is none.
func (p *place) execute(ctx context.Context, statement string) (b godatafeed.Bucket, taken int, err error) {
	err = p.pool.Use(ctx, func(s *postgres.Session) error {
		rows, err := s.Transaction(ctx, patience, statement)
		if err == nil && len(rows) == 0 {
			if _, err = s.Transaction(ctx, patience, p.begin()); err == nil {
				rows, err = s.Transaction(ctx, patience, statement)
			}
		}
		switch {
		case err != nil:
			return err
		case len(rows) != 1:
			return errNoRow
		}
		b, taken, err = bucket(rows[0])
		return err
	})
	if err != nil {
		failed := p.failed(err)
		failed.Known = p.answered.Load()
		return b, 0, failed
	}
	p.answered.Store(true)
	return b, taken, nil
}

var errNoRow = errors.New("the table lost a row")

// failed is an error in words.
func (l *Limits) failed(err error) *godatafeed.PlaceError {
	var answer *pgconn.PgError
	if errors.As(err, &answer) {
		switch answer.Code {
		case "42P01", "3F000":
			return &godatafeed.PlaceError{Absent: true, Reason: fmt.Sprintf("the database of %s has no tables of an agent", l.named)}
		case "42501":
			return &godatafeed.PlaceError{
				Absent: true, Reason: l.server.Said(answer, schema, table),
				Remedy: fmt.Sprintf("As an administrator of the database, for this role: GRANT USAGE ON SCHEMA %s TO ROLE; GRANT SELECT, INSERT, UPDATE ON %s TO ROLE", schema, Table),
			}
		case "55P03":
			return &godatafeed.PlaceError{Reason: "another transaction kept the account's row locked for " + patience.String()}
		}
	}
	c := l.server.Explain(err, patience)
	return &godatafeed.PlaceError{Reason: c.Reason, Remedy: strings.TrimSuffix(c.Remedy, "."), Final: c.Refuses}
}
