package pglog

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/gdfctl/gdfctl/internal/postgres"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// Prove implements sharedlog.Place, on a log of another name in the same tables.
func (p *Place) Prove(ctx context.Context) (warnings []string, err error) {
	probe := newPlace(p.server, p.tables.schema, "probe/"+rand.Text())
	probe.limit = p.limit
	defer func() {
		left := errors.Join(probe.erase(context.WithoutCancel(ctx)), probe.Close())
		if err == nil { // otherwise both have the same reason
			err = left
		}
	}()
	if err := probe.write(ctx, probe.begin()); err != nil {
		return nil, err
	}
	if err := probe.race(ctx); err != nil {
		return nil, err
	}
	return p.warnings(ctx)
}

// race appends two records at one place at the same time, and one for another
// timeline.
func (p *Place) race(ctx context.Context) error {
	records := []sharedlog.Raw{{Data: []byte("{\"probe\":1}\n"), Kind: "probe"}, {Data: []byte("{\"probe\":2}\n"), Kind: "probe"}}
	results := make([]chan error, len(records))
	for i, r := range records {
		results[i] = make(chan error, 1)
		go func() { results[i] <- p.Append(ctx, sharedlog.Before, r) }()
	}
	first, second := <-results[0], <-results[1]
	if second == nil {
		first, second = second, first
		records[0] = records[1]
	}
	var taken *sharedlog.TakenError
	switch {
	case first != nil:
		return first
	case second == nil:
		return p.refused(postgres.Cause{Reason: "of two writers at the same place, it let both in"})
	case !errors.As(second, &taken):
		return second
	}
	page, err := p.Read(ctx, -1)
	if err != nil {
		return err
	}
	if len(page.Records) != 1 || page.Records[0].Position() != records[0].Position() {
		return p.refused(postgres.Cause{Reason: "it does not return what was written"})
	}
	var moved *sharedlog.TimelineError
	err = p.Append(ctx, records[0].Position(), sharedlog.Raw{N: 1, Data: []byte("{\"probe\":3}\n"), Kind: "probe", Timeline: "another"})
	if err == nil {
		return p.refused(postgres.Cause{Reason: "it let in a writer that another server was meant for"})
	}
	if !errors.As(err, &moved) {
		return err
	}
	const value = "a value"
	return p.Put(ctx, sharedlog.HashOf([]byte(value)), []byte(value))
}

// warnings are what makes the server lose records that it has confirmed.
func (p *Place) warnings(ctx context.Context) ([]string, error) {
	var set []string
	err := p.pool.Use(ctx, func(s *postgres.Session) error {
		rows, err := p.transaction(ctx, s, `
			SELECT current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit'), current_setting('synchronous_standby_names'),
				(SELECT count(*) FROM pg_stat_replication WHERE state IS DISTINCT FROM 'backup')
				+ (SELECT count(*) FROM pg_replication_slots WHERE slot_type = 'physical' AND NOT temporary)`)
		if err == nil {
			set = rows[0]
		}
		return err
	})
	if err != nil {
		return nil, p.notRead(err)
	}
	var warnings []string
	for i, name := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
		if set[i] == "off" || set[i] == "local" {
			warnings = append(warnings, fmt.Sprintf("The server runs with %s = %s: a crash of its machine can lose or damage records that it has confirmed.", name, set[i]))
		}
	}
	if strings.TrimSpace(set[3]) == "" && set[4] != "0" {
		warnings = append(warnings, "The server has a standby, and no synchronous one: a failover can lose the last records. Set synchronous_standby_names.")
	}
	return warnings, nil
}

// erase removes a log.
func (p *Place) erase(ctx context.Context) error {
	var statements []string
	for _, t := range p.tables.all() {
		statements = append(statements, `DELETE FROM `+t.name+` WHERE name = `+postgres.Text(p.name))
	}
	return p.write(ctx, strings.Join(statements, ";\n"))
}
