package agentdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/postgres"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// Options say which database it is.
type Options struct {
	URL       string           // of PostgreSQL, which machines share; empty: a file
	Directory string           // of the file
	Now       func() time.Time // the clock of whoever uses a file
}

// DB is the database, as one process uses it.
type DB struct {
	queries
	Options
	sql     *sql.DB
	program program
	path    string           // of the file
	server  *postgres.Server // nil: it is a file
	clock   clock
	agent   string // that claims runs; empty: one that others don't see
}

// Tx is a transaction.
type Tx struct {
	queries
	SQL *sql.Tx // for River, which inserts its jobs with it
}

// Open opens the database. A file is made or migrated, and others may have it open too. In
// PostgreSQL, people make and migrate the tables: see Migrate.
func Open(ctx context.Context, o Options) (*DB, error) { return open(ctx, o, thisProgram()) }

func open(ctx context.Context, o Options, p program) (*DB, error) {
	d, err := connect(o, p, silence)
	if err != nil {
		return nil, err
	}
	if d.Shared() {
		err = d.fits(ctx)
	} else {
		err = d.migrateFile(ctx)
	}
	if err == nil {
		err = d.Sync(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the agent's database %s can't be used: %w", d.Name(), err), d.Close())
	}
	return d, nil
}

// Migrate brings the database to this program's schema, and returns its name.
func Migrate(ctx context.Context, o Options) (string, error) { return migrate(ctx, o, thisProgram()) }

func migrate(ctx context.Context, o Options, p program) (string, error) {
	d, err := connect(o, p, migrating)
	if err != nil {
		return "", err
	}
	if d.Shared() {
		err = d.migrateShared(ctx)
	} else {
		err = d.migrateFile(ctx)
	}
	if err != nil {
		err = fmt.Errorf("the agent's database %s can't be migrated: %w", d.Name(), err)
	}
	return d.Name(), errors.Join(err, d.Close())
}

func connect(o Options, p program, silent time.Duration) (*DB, error) {
	d := &DB{Options: o, program: p}
	var err error
	if o.URL != "" {
		err = d.connectPostgres(silent)
	} else {
		err = d.openFile()
	}
	d.queries = queries{d.sql, d}
	return d, err
}

// Shared reports whether machines share the database, so that other agents may run.
func (d *DB) Shared() bool { return d.server != nil }

// Name says which database it is, in messages.
func (d *DB) Name() string {
	if d.Shared() {
		return "in PostgreSQL"
	}
	return safetext.Line(d.path)
}

// Kind says what kind of database it is.
func (d *DB) Kind() string {
	if d.Shared() {
		return "PostgreSQL"
	}
	return "SQLite"
}

// Ping asks whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	return d.Explain(d.sql.PingContext(ctx))
}

// Close ends all connections. All that counts was committed.
func (d *DB) Close() error { return d.sql.Close() }

// RunningError says that another agent has the database.
type RunningError struct{ Path string }

func (e *RunningError) Error() string {
	return fmt.Sprintf("another agent is running in this directory: it holds %s", safetext.Line(e.Path))
}

// TryAlone makes this process the only one that runs what is in a file. nil: another agent
// is running, or may be.
func (d *DB) TryAlone() (*disk.Lock, error) {
	if d.Shared() {
		return nil, nil
	}
	return disk.TryLock(d.lockFile())
}

// Alone is TryAlone, and an error if another agent has the file.
func (d *DB) Alone() (*disk.Lock, error) {
	lock, err := d.TryAlone()
	if err == nil && lock == nil && !d.Shared() {
		err = &RunningError{d.lockFile()}
	}
	return lock, err
}

// In runs a transaction.
func (d *DB) In(ctx context.Context, do func(*Tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return d.transaction(ctx, patience, do)
}

// transaction runs one in which the server waits at most so long for the next question.
func (d *DB) transaction(ctx context.Context, idle time.Duration, do func(*Tx) error) error {
	tx, err := d.sql.BeginTx(ctx, nil)
	if err != nil {
		return d.Explain(err)
	}
	defer func() { _ = tx.Rollback() }() // of one that was committed, it does nothing
	t := &Tx{queries{tx, d}, tx}
	if d.Shared() {
		if err := t.vanished(ctx, idle); err != nil {
			return err
		}
	}
	if err := do(t); err != nil {
		return err
	}
	return d.Explain(tx.Commit())
}

const (
	// patience is how long one question to the database may take: it may be away.
	patience = 10 * time.Second
	// silence is the same for questions that River asks, which sets no limit to some of
	// them: that for jobs would wait until the system gives the connection up.
	silence = 3 * patience
	// migrating is how long a migration may take.
	migrating = 2 * time.Minute
)

// queries are what can be asked of the database, and in a transaction.
type queries struct {
	on querier
	of *DB
}

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// exec returns how many rows a statement changed.
func (q queries) exec(ctx context.Context, statement string, args ...any) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	result, err := q.on.ExecContext(ctx, q.of.dialect(statement), args...)
	if err != nil {
		return 0, q.of.Explain(err)
	}
	return result.RowsAffected()
}

// each reads the rows of a query. While it does, nothing else can be asked: there may be
// one connection.
func (q queries) each(ctx context.Context, scan func(*sql.Rows) error, query string, args ...any) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	rows, err := q.on.QueryContext(ctx, q.of.dialect(query), args...)
	if err != nil {
		return q.of.Explain(err)
	}
	for err == nil && rows.Next() {
		err = scan(rows)
	}
	return errors.Join(err, q.of.Explain(errors.Join(rows.Close(), rows.Err())))
}
