package agentdb

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"time"
)

// clock is that of the database: machines that share it may disagree about the time.
type clock struct {
	mu     sync.Mutex // guards the others
	said   time.Time  // by the database
	at     time.Time  // when, by this machine, which measures from there on
	schema int        // of the database, as it said then
}

// Sync reads the clock of a database that machines share, and asks whether this program may
// still use it.
func (d *DB) Sync(ctx context.Context) error {
	said := `0`
	if d.Shared() {
		said = `CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)`
	}
	asked := time.Now()
	var now time.Time
	var at, needs int
	err := d.each(ctx, func(rows *sql.Rows) error { return rows.Scan(moment{&now}, &at, &needs) },
		`SELECT `+said+`, schema, min_program FROM gdfctl_meta`)
	if err != nil {
		return err
	}
	d.clock.mu.Lock()
	defer d.clock.mu.Unlock()
	d.clock.at, d.clock.schema = time.Now(), at
	d.clock.said = now.Add(d.clock.at.Sub(asked) / 2)
	return d.program.fits(at, needs)
}

// Now is the time by which schedules are due: that of the database, as far as Sync read it
// last.
func (d *DB) Now() time.Time {
	if !d.Shared() {
		return d.Options.Now()
	}
	return d.serverNow()
}

// HasStates reports whether the database has tables for the states of workspaces, and for which of them
// are listed: people have not migrated one of the version before yet.
func (q queries) HasStates() bool {
	q.of.clock.mu.Lock()
	defer q.of.clock.mu.Unlock()
	return q.of.clock.schema >= withStates
}

// QueueNow is the time by which River has its jobs.
func (d *DB) QueueNow() time.Time {
	if !d.Shared() {
		return time.Now()
	}
	return d.serverNow()
}

func (d *DB) serverNow() time.Time {
	d.clock.mu.Lock()
	defer d.clock.mu.Unlock()
	return d.clock.said.Add(time.Since(d.clock.at))
}

// Times are in the tables as milliseconds since 1970, and 0 where there is none.
func stamp(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// moment scans a time.
type moment struct{ to *time.Time }

// lastMoment is the end of the year 9999: no report can say a later time, and of a row with
// one, the others are of use.
const lastMoment = 253402300799999

// Scan implements sql.Scanner.
func (m moment) Scan(value any) error {
	ms, ok := value.(int64)
	if !ok {
		return fmt.Errorf("a time is stored as %T", value)
	}
	*m.to = time.Time{}
	if ms != 0 {
		*m.to = time.UnixMilli(min(max(ms, 1), lastMoment)).UTC()
	}
	return nil
}
