package pglog

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"time"
)

// batch is how many records or values one statement removes at most: it ends long
// before a limit of the server.
const batch = 1000

// slow is how many times as long as another call that of a value may take: a large
// one, on a slow line.
const slow = 10

// Trim implements sharedlog.Place. A statement removes all of its records at once,
// so readers never see one that is gone while an older one is there.
func (p *Place) Trim(ctx context.Context, before int64) error {
	for {
		removed, err := p.query(ctx, `
			DELETE FROM `+p.tables.record()+` WHERE name = $1 AND n IN (
				SELECT n FROM `+p.tables.record()+` WHERE name = $1 AND n BETWEEN 1 AND $2::bigint - 1 ORDER BY n LIMIT $3
			) RETURNING ''`, p.name, before, int64(batch))
		if err != nil {
			return p.notWritten(err)
		}
		if len(removed) < batch {
			return nil
		}
	}
}

// Put implements sharedlog.Place. It is durable with the next commit: both are in
// one write-ahead log.
func (p *Place) Put(ctx context.Context, hash string, value []byte) error {
	_, err := p.queryWithin(ctx, slow*p.patience(), `
		INSERT INTO `+p.tables.value()+` AS v (name, hash, data, put_at) VALUES ($1, $2, $3, clock_timestamp())
		ON CONFLICT (name, hash) DO UPDATE SET data = excluded.data, put_at = excluded.put_at`, p.name, hash, value)
	return p.notWritten(err)
}

// Get implements sharedlog.Place.
func (p *Place) Get(ctx context.Context, hash string) ([]byte, error) {
	rows, err := p.queryWithin(ctx, slow*p.patience(), `SELECT data FROM `+p.tables.value()+` WHERE name = $1 AND hash = $2`, p.name, hash)
	if err != nil {
		return nil, p.notRead(err)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s: value %.12s: %w", p, hash, fs.ErrNotExist)
	}
	return rows[0][0], nil
}

// Sweep implements sharedlog.Place. One that is put again meanwhile is young when
// its removal comes to it, and stays.
func (p *Place) Sweep(ctx context.Context, kept func(hash string) bool, before time.Time) error {
	limit := before.UTC().Format(time.RFC3339Nano)
	rows, err := p.query(ctx, `SELECT hash FROM `+p.tables.value()+` WHERE name = $1 AND put_at < $2::timestamptz`, p.name, limit)
	if err != nil {
		return p.notWritten(err)
	}
	var old []string
	remove := func() error {
		_, err := p.query(ctx, `
			DELETE FROM `+p.tables.value()+`
			WHERE name = $1 AND put_at < $2::timestamptz AND hash = ANY (string_to_array($3, ' '))`, p.name, limit, strings.Join(old, " "))
		old = old[:0]
		return p.notWritten(err)
	}
	for _, row := range rows {
		if hash := string(row[0]); !kept(hash) {
			old = append(old, hash)
		}
		if len(old) == batch {
			if err := remove(); err != nil {
				return err
			}
		}
	}
	if len(old) == 0 {
		return nil
	}
	return remove()
}
