package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/gdfctl/gdfctl/internal/words"
)

// measureMany takes a state of a hundred thousand open orders into each store, far away,
// and uses it there: what single commands cost that have all of it to read or to write.
func measureMany(ctx context.Context, b *bench) error {
	orders := b.size(100_000)
	api, err := b.serve(ctx, "--no-limit", "--orders", strconv.Itoa(worldFor(orders)))
	if err != nil {
		return err
	}
	defer api.stop()
	local, err := b.newPlace("many-local", api.url)
	if err != nil {
		return err
	}
	m := many{b: b, orders: orders, config: noLimit + rowBatch}
	if err := local.write("main.hcl", m.config); err != nil {
		return err
	}
	if err := local.shipments(func(add func(source, number string)) error {
		return api.open(ctx, orders, func(o liveOrder) {
			m.last = o.Source + " " + o.Number
			add(o.Source, o.Number)
		})
	}); err != nil {
		return err
	}
	if _, err := local.run(ctx, "apply", "--auto-approve"); err != nil {
		return err
	}
	err = b.owned(ctx, func(o *owner) error {
		for _, s := range openStores(o, distance) {
			if err := m.on(ctx, s, local, api.url); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
		}
		return nil
	})
	slices.SortStableFunc(b.report.many, func(a, b sharedFigures) int { return strings.Compare(a.what, b.what) }) // by command
	return err
}

// many is a state of many open orders.
type many struct {
	b      *bench
	orders int
	config string
	last   string // an order of it
}

// on measures it in one store: a copy of what is on this machine moves there.
func (m *many) on(ctx context.Context, s *store, local *place, endpoint string) error {
	p, err := m.b.newPlace("many-on-"+s.label(), endpoint)
	if err == nil {
		err = os.CopyFS(p.dir, os.DirFS(local.dir))
	}
	if err != nil {
		return err
	}
	if s.line != nil {
		u, err := s.take(ctx, p, m.config, "state", "migrate", "--auto-approve")
		if err != nil {
			return err
		}
		if err := m.ran(s, "`state migrate`", u, traffic{}); err != nil {
			return err
		}
	}
	for _, command := range []struct {
		what  string
		fresh bool // on a machine that never read the state
		args  []string
	}{
		{"`state show`, on a new machine", true, []string{"state", "show", m.last}},
		{"`state show`", false, []string{"state", "show", m.last}},
		{"`state rm`", false, []string{"state", "rm", m.last, "--reason", "to see how long it takes"}},
		{"`plan`", false, []string{"plan"}},
	} {
		if command.fresh {
			if s.line == nil {
				continue
			}
			if err := os.RemoveAll(filepath.Join(p.dir, ".gdfctl")); err != nil {
				return err
			}
		}
		before, err := s.traffic()
		if err != nil {
			return err
		}
		u, err := p.run(ctx, command.args...)
		if err != nil {
			return err
		}
		if err := m.ran(s, command.what, u, before); err != nil {
			return err
		}
	}
	return os.RemoveAll(p.dir)
}

// ran keeps a run for the report.
func (m *many) ran(s *store, what string, u usage, before traffic) error {
	f := sharedFigures{what: fmt.Sprintf("%s, %s open orders", what, words.Number(m.orders)), store: s.name, usage: u}
	after, err := s.traffic()
	f.traffic = after.since(before)
	m.b.say("%s", f)
	m.b.report.many = append(m.b.report.many, f)
	return err
}
