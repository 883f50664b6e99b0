package agentdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river/rivermigrate"

	"github.com/gdfctl/gdfctl/internal/disk"
)

// What keeps a program from a database.
var (
	ErrNewer   = errors.New("a newer gdfctl has changed it: use that one")
	ErrMissing = errors.New("it has no tables yet: make them once with gdfctl agent migrate, and the same --config")
	ErrOlder   = errors.New("it is of an older gdfctl: run gdfctl agent migrate")
)

// fits says whether the program may use a database.
func (p program) fits(at, needs int) error {
	switch {
	case at == 0:
		return ErrMissing
	case at > p.schema() && needs > p.schema():
		return ErrNewer
	case at < p.schema()-1:
		return ErrOlder
	}
	return nil
}

func (d *DB) fits(ctx context.Context) error {
	at, needs, err := d.version(ctx)
	if err != nil {
		return err
	}
	return d.program.fits(at, needs)
}

// version is the schema of the database, 0 if it has none, and the least that a program must
// have.
func (q queries) version(ctx context.Context) (at, needs int, err error) {
	tables := `SELECT count(*) FROM sqlite_master WHERE name = 'gdfctl_meta'`
	if q.of.Shared() {
		tables = `SELECT count(*) WHERE to_regclass('gdfctl_meta') IS NOT NULL`
	}
	var n int
	if err := q.each(ctx, func(rows *sql.Rows) error { return rows.Scan(&n) }, tables); err != nil || n == 0 {
		return 0, 0, err
	}
	err = q.each(ctx, func(rows *sql.Rows) error { return rows.Scan(&at, &needs) }, `SELECT schema, min_program FROM gdfctl_meta`)
	return at, needs, err
}

// migrateFile brings a file to this program's schema, after a copy of one that holds
// something.
func (d *DB) migrateFile(ctx context.Context) error {
	at, needs, err := d.version(ctx)
	if err != nil {
		return err
	}
	if at >= d.program.schema() {
		return d.program.fits(at, needs)
	}
	// Not under the hands of an agent, which may be of the version before.
	lock, err := disk.WaitLock(ctx, d.lockFile(), 10*time.Second, 50*time.Millisecond)
	if err != nil {
		return err
	}
	if lock == nil {
		return &RunningError{d.lockFile()}
	}
	defer func() { _ = lock.Release() }() // it ends with the process at the latest
	if at, _, err = d.version(ctx); err != nil || at >= d.program.schema() {
		return err
	}
	if err := d.copyOf(ctx, at); err != nil {
		return err
	}
	if err := d.migrateRiver(ctx); err != nil {
		return err
	}
	return d.transaction(ctx, migrating, func(tx *Tx) error { return tx.step(ctx, at) })
}

// copyOf keeps the file as it is, beside it, unless it is empty.
func (d *DB) copyOf(ctx context.Context, at int) error {
	var n int
	if err := d.sql.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master`).Scan(&n); err != nil || n == 0 {
		return err
	}
	backup := fmt.Sprintf("%s.schema-%d", d.path, at)
	if err := disk.RemoveIfThere(disk.OS{}, backup); err != nil {
		return err
	}
	if _, err := d.sql.ExecContext(ctx, `VACUUM INTO ?`, backup); err != nil {
		return fmt.Errorf("it can't be copied before it is migrated: %w", err)
	}
	return nil
}

// migrateShared brings the tables in PostgreSQL to this program's schema, by one step:
// agents of the version before go on running, and must be able to.
func (d *DB) migrateShared(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, migrating)
	defer cancel()
	return d.transaction(ctx, migrating, func(tx *Tx) error {
		// One at a time. River changes its tables on another connection.
		if _, err := tx.exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('`+Schema+`'))`); err != nil {
			return err
		}
		at, needs, err := tx.version(ctx)
		if err != nil || at >= d.program.schema() {
			return errors.Join(err, d.program.newest(at, needs))
		}
		if err := tx.oneStep(ctx, at); err != nil {
			return err
		}
		if at == 0 {
			if err := d.makeSchema(ctx); err != nil {
				return err
			}
		}
		if err := d.migrateRiver(ctx); err != nil {
			return d.Explain(err)
		}
		return tx.step(ctx, at)
	})
}

// newest is fits, for a database that needs no migration.
func (p program) newest(at, needs int) error {
	if at == 0 {
		return nil
	}
	return p.fits(at, needs)
}

// oneStep makes sure that no agent is left behind: all that were seen run on the schema
// that the database gets.
func (tx *Tx) oneStep(ctx context.Context, at int) error {
	to := tx.of.program.schema()
	if at == 0 {
		return nil
	}
	if at < to-1 {
		return fmt.Errorf("it has schema %d, and this gdfctl makes schema %d of schema %d: migrate it with a gdfctl between them first", at, to, to-1)
	}
	var host, version string
	err := tx.each(ctx, func(rows *sql.Rows) error { return rows.Scan(&host, &version) },
		`SELECT host, version FROM gdfctl_agents WHERE program < ? AND last_seen > CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT) - 60000`, to-1)
	if err == nil && version != "" {
		err = fmt.Errorf("the agent on %s is of version %s, which can't use what comes: update it first", host, version)
	}
	return err
}

func (d *DB) makeSchema(ctx context.Context) error {
	var n int
	err := d.each(ctx, func(rows *sql.Rows) error { return rows.Scan(&n) }, `SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = '`+Schema+`'`)
	if err != nil || n > 0 {
		return err
	}
	_, err = d.exec(ctx, `CREATE SCHEMA `+Schema)
	return err
}

// migrateRiver brings River's tables to the version that ours are made for.
func (d *DB) migrateRiver(ctx context.Context) error {
	driver, err := d.Driver()
	if err != nil {
		return err
	}
	config := &rivermigrate.Config{}
	if d.Shared() {
		config.Schema = Schema
	}
	river, err := rivermigrate.New(driver, config)
	if err != nil {
		return err
	}
	_, err = river.Migrate(ctx, rivermigrate.DirectionUp, &rivermigrate.MigrateOpts{TargetVersion: riverVersion})
	return err
}

// step makes what tables lack since a schema.
func (tx *Tx) step(ctx context.Context, at int) error {
	var all []string
	for _, step := range tx.of.program.steps[at:] {
		all = append(all, tx.of.statements(step)...)
	}
	all = append(all, `CREATE TABLE IF NOT EXISTS gdfctl_meta (schema INTEGER NOT NULL, min_program INTEGER NOT NULL)`, `DELETE FROM gdfctl_meta`)
	for _, statement := range all {
		if _, err := tx.exec(ctx, statement); err != nil {
			return err
		}
	}
	to := tx.of.program.schema()
	_, err := tx.exec(ctx, `INSERT INTO gdfctl_meta (schema, min_program) VALUES (?, ?)`, to, max(to-1, 1))
	return err
}
