package agentdb

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/gdfctl/gdfctl/internal/postgres"
)

// Schema has all tables of agents in PostgreSQL, and River's.
const Schema = "gdfctl_agent"

// connections is how many an agent has at most: it looks, does slices and asks River.
const connections = 8

// connectPostgres says how connections are made, and how long a server that is asked may say nothing. The
// first question makes one.
func (d *DB) connectPostgres(silent time.Duration) error {
	d.server = postgres.At(d.URL, "the url of the agent's database", true)
	config, err := pgx.ParseConfig(d.URL)
	if err != nil {
		return d.Explain(err)
	}
	postgres.Secure(&config.Config)
	postgres.Impatient(&config.Config, silent)
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = patience
	}
	// Nothing is kept in a session, so a pooler may hand each transaction to another one.
	config.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	d.sql = stdlib.OpenDB(*config)
	d.sql.SetMaxOpenConns(connections)
	d.sql.SetMaxIdleConns(connections / 2)
	d.sql.SetConnMaxIdleTime(5 * time.Minute)
	return nil
}

// Explain is an error of the database as people may see it: those of PostgreSQL's driver
// are full of addresses and names.
func (d *DB) Explain(err error) error {
	var already *postgres.Error
	if err == nil || !d.Shared() || errors.As(err, &already) {
		return err
	}
	c := d.server.Explain(err, patience, Schema)
	if errors.Is(err, context.Canceled) {
		c.Of = context.Canceled
	}
	if c.Remedy != "" {
		c.Reason += ". " + c.Remedy
	}
	return &postgres.Error{Text: c.Reason, Of: c.Of}
}

var (
	tableNames = regexp.MustCompile(`\b(?:` + Schema + `\.)?(?:gdfctl_[a-z]+|river_job)\b`)
	rewritten  sync.Map // statements, as PostgreSQL has them
)

// inSchema is the name of a table with its schema.
func inSchema(name string) string {
	if name == Schema || strings.HasPrefix(name, Schema+".") {
		return name
	}
	return Schema + "." + name
}

// vanished lets the server end a transaction in which nothing is asked for so long: a machine
// that died, or stands still, keeps no rows from others. Nothing is kept in a session.
func (tx *Tx) vanished(ctx context.Context, limit time.Duration) error {
	return tx.each(ctx, func(*sql.Rows) error { return nil }, `SELECT set_config('idle_in_transaction_session_timeout', ?, true)`, strconv.FormatInt(limit.Milliseconds(), 10))
}

// dialect is a statement as the database has it: names of tables with their schema, and
// values with numbers.
func (d *DB) dialect(statement string) string {
	if !d.Shared() {
		return statement
	}
	if done, ok := rewritten.Load(statement); ok {
		return done.(string)
	}
	var b strings.Builder
	n := 0
	for _, r := range tableNames.ReplaceAllStringFunc(statement, inSchema) {
		if r != '?' {
			b.WriteRune(r)
			continue
		}
		n++
		b.WriteString("$" + strconv.Itoa(n))
	}
	rewritten.Store(statement, b.String())
	return b.String()
}
