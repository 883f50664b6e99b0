package pglimit

import (
	"fmt"
	"strconv"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/postgres"
)

// The arithmetic is that of godatafeed.Bucket, on the server: so each change is one
// statement, and its time is that of the server when nobody else changes the row.

// clock is the server's, at the moment, and not that of the statement's beginning: it may
// have waited for the row.
const clock = "clock_timestamp()"

// leaked is SQL for what a row b has become now. Where the clock was set back, nothing
// leaks, and what lasts until later lasts as long as before.
func leaked(clock string, s godatafeed.Shape) string {
	return fmt.Sprintf(`(SELECT %[1]s AS now) c
	CROSS JOIN LATERAL (SELECT greatest(0, extract(epoch FROM c.now - b.at)::double precision) AS seconds) e
	CROSS JOIN LATERAL (SELECT least(e.seconds, (1 - b.share) / %[2]s) AS slow) r
	CROSS JOIN LATERAL (SELECT
		greatest(0, b.level - %[3]s * (r.slow * (b.share + %[2]s * r.slow / 2) + e.seconds - r.slow)) AS level,
		least(1, b.share + %[2]s * e.seconds) AS share,
		CASE WHEN b.until IS NOT NULL THEN c.now + least(b.until - greatest(b.at, c.now), %[4]s) END AS until,
		CASE WHEN b.halved IS NOT NULL THEN least(b.halved, c.now) END AS halved,
		CASE WHEN b.filled IS NOT NULL THEN least(b.filled, c.now) END AS filled,
		CASE WHEN b.crowded IS NOT NULL THEN least(b.crowded, c.now) END AS crowded
	) l`, clock, number(godatafeed.Recovery), number(s.Rate), seconds(godatafeed.MaxRetryAfter))
}

// columns are what is read of a row, or of what it has become.
const columns = `level, share, (extract(epoch FROM at) * 1000000)::bigint, coalesce((extract(epoch FROM until) * 1000000)::bigint, 0),
	coalesce((extract(epoch FROM halved) * 1000000)::bigint, 0), coalesce((extract(epoch FROM filled) * 1000000)::bigint, 0),
	coalesce((extract(epoch FROM crowded) * 1000000)::bigint, 0), taken`

// change is a statement that changes a row after it has leaked, to what the SQL of set
// says. Its expressions are evaluated again where another change came first.
func (p *place) change(s godatafeed.Shape, set, with string) string {
	return fmt.Sprintf(`UPDATE %s AS b SET (level, at, until, share, halved, filled, crowded, taken) = (SELECT %s FROM %s %s)
	WHERE account = %s RETURNING %s`, Table, set, leaked(p.clock, s), with, postgres.Text(p.account), columns)
}

// take is the statement for a taking.
func (p *place) take(a godatafeed.Ask) string {
	return p.change(a.Shape, `l.level + t.taken, c.now, l.until, l.share, l.halved, l.filled, CASE WHEN t.taken > 0 OR l.until > c.now THEN l.crowded ELSE c.now END, t.taken`, fmt.Sprintf(`
	CROSS JOIN LATERAL (SELECT %s - l.level + %s AS room) f
	CROSS JOIN LATERAL (SELECT CASE
		WHEN l.until > c.now THEN 0
		WHEN f.room >= 1 THEN floor(least(f.room, %d))
		WHEN f.room + %s >= 1 THEN 1
		ELSE 0 END::integer AS taken) t`, number(a.Usable), number(godatafeed.Tolerance), a.Want, number(a.Ahead)))
}

// giveBack is the statement that takes calls out again.
func (p *place) giveBack(s godatafeed.Shape, taken time.Time, unused int) string {
	return p.change(s, fmt.Sprintf(`CASE WHEN l.filled >= %[1]s THEN l.level ELSE
		greatest(0, l.level - greatest(0, %[2]d - %[3]s * greatest(0, extract(epoch FROM c.now - %[1]s)::double precision))) END,
		c.now, l.until, l.share, l.halved, l.filled, l.crowded, 0`, moment(taken), unused, number(s.Rate)), "")
}

// refuse is the statement for a 429.
func (p *place) refuse(s godatafeed.Shape, retryAfter time.Duration) string {
	return p.change(s, fmt.Sprintf(`%[1]s, c.now, greatest(l.until, c.now + nullif(%[2]s, interval '0')),
		CASE WHEN l.halved > c.now - %[3]s THEN l.share ELSE greatest(%[4]s, l.share / 2) END,
		CASE WHEN l.halved > c.now - %[3]s THEN l.halved ELSE c.now END, c.now, l.crowded, 0`,
		number(s.Size), seconds(min(max(retryAfter, 0), godatafeed.MaxRetryAfter)), seconds(godatafeed.HalvingPause), number(godatafeed.MinShare)), "")
}

// look reads what a row has become, and changes nothing.
func (p *place) look(s godatafeed.Shape) string {
	return fmt.Sprintf(`SELECT %s FROM (SELECT l.*, c.now AS at, b.taken FROM %s AS b CROSS JOIN LATERAL %s WHERE b.account = %s) AS now`,
		columns, Table, leaked(p.clock, s), postgres.Text(p.account))
}

// begin is the statement that makes an empty bucket, if there is none.
func (p *place) begin() string {
	return fmt.Sprintf(`INSERT INTO %s (account, level, at, share) VALUES (%s, 0, %s, 1) ON CONFLICT DO NOTHING`, Table, postgres.Text(p.account), p.clock)
}

func number(f float64) string {
	return "'" + strconv.FormatFloat(f, 'g', -1, 64) + "'::double precision"
}

func seconds(d time.Duration) string {
	return fmt.Sprintf("interval '%d microseconds'", d.Microseconds())
}

func moment(t time.Time) string {
	return fmt.Sprintf("(timestamptz 'epoch' + interval '%d microseconds')", t.UnixMicro())
}

// bucket reads a row.
func bucket(row []string) (b godatafeed.Bucket, taken int, err error) {
	if b.Level, err = strconv.ParseFloat(row[0], 64); err != nil {
		return b, 0, err
	}
	if b.Share, err = strconv.ParseFloat(row[1], 64); err != nil {
		return b, 0, err
	}
	for i, to := range []*time.Time{&b.At, &b.Until, &b.Halved, &b.Filled, &b.Crowded} {
		micro, err := strconv.ParseInt(row[2+i], 10, 64)
		if err != nil {
			return b, 0, err
		}
		if micro != 0 {
			*to = time.UnixMicro(micro).UTC()
		}
	}
	taken, err = strconv.Atoi(row[7])
	return b, taken, err
}
