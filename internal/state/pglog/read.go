package pglog

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/gdfctl/gdfctl/internal/postgres"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// pageSize is how many records one Read returns at most, and firstSize how many from
// the first one on: who asks for that seldom needs the others.
const (
	pageSize  = 200
	firstSize = 20
)

// Read implements sharedlog.Place. One statement sees one moment of the log.
func (p *Place) Read(ctx context.Context, after int64) (sharedlog.Page, error) {
	size := pageSize
	if after < 0 {
		size = firstSize
	}
	rows, err := p.query(ctx, `
		SELECT here.timeline, head.n::text, next.n::text, next.data
		FROM (SELECT `+timeline+` AS timeline) here
		LEFT JOIN `+p.tables.head()+` head ON head.name = $1
		LEFT JOIN LATERAL (
			SELECT n, data FROM `+p.tables.record()+` WHERE name = $1 AND n > $2 ORDER BY n LIMIT `+strconv.Itoa(size)+`
		) next ON true
		ORDER BY next.n`, p.name, after)
	if err != nil {
		return sharedlog.Page{}, p.notRead(err)
	}
	timeline, end := rows[0][0], rows[0][1]
	if timeline == nil {
		return sharedlog.Page{}, p.unreadable(p.server.Standby())
	}
	if end == nil || string(end) == "-1" {
		return sharedlog.Page{}, fmt.Errorf("%s: %w", p, sharedlog.ErrNoLog)
	}
	page := sharedlog.Page{Timeline: string(timeline)}
	for _, row := range rows {
		next := after + 1 + int64(len(page.Records))
		if string(row[2]) != strconv.FormatInt(next, 10) {
			break // behind a gap, or nothing
		}
		page.Records = append(page.Records, sharedlog.Raw{N: next, Data: row[3]})
	}
	last, err := strconv.ParseInt(string(end), 10, 64)
	if err == nil && len(page.Records) == 0 && last > after {
		return sharedlog.Page{}, fmt.Errorf("%s: record %d: %w", p, after+1, sharedlog.ErrTrimmed)
	}
	page.End = err == nil && last == after+int64(len(page.Records))
	return page, nil
}

// Start implements sharedlog.Place.
func (p *Place) Start(ctx context.Context) (int64, error) {
	rows, err := p.query(ctx, `
		SELECT `+timeline+`, (SELECT n::text FROM `+p.tables.head()+` WHERE name = $1),
			(SELECT max(n)::text FROM `+p.tables.record()+` WHERE name = $1 AND snapshot)`, p.name)
	if err != nil {
		return 0, p.notRead(err)
	}
	timeline, end, snapshot := rows[0][0], rows[0][1], rows[0][2]
	switch {
	case timeline == nil:
		return 0, p.unreadable(p.server.Standby())
	case end == nil || string(end) == "-1":
		return 0, fmt.Errorf("%s: %w", p, sharedlog.ErrNoLog)
	case snapshot == nil:
		return 0, nil
	}
	return strconv.ParseInt(string(snapshot), 10, 64)
}

// query executes a statement on its own.
func (p *Place) query(ctx context.Context, sql string, arguments ...any) ([][][]byte, error) {
	return p.queryWithin(ctx, p.patience(), sql, arguments...)
}

func (p *Place) queryWithin(ctx context.Context, patience time.Duration, sql string, arguments ...any) (rows [][][]byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err = p.pool.Use(ctx, func(s *postgres.Session) error {
		rows, err = s.Query(ctx, sql, arguments...)
		return err
	})
	return rows, err
}
