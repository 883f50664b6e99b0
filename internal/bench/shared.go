package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/words"
)

// measureShared runs the program with its state on this machine and in each of the
// stores that machines share, which are far away.
func measureShared(ctx context.Context, b *bench) error {
	if err := b.buildHastened(ctx); err != nil {
		return err
	}
	away := distance
	if b.quick {
		away /= hastened
	}
	if err := b.owned(ctx, func(o *owner) error { return b.sharedCommands(ctx, openStores(o, away)) }); err != nil {
		return err
	}
	atLimit := b.atLimit()
	scaled := sharedScale{"a scaled limit", 2 * hastened, distance / hastened, quick, b.hastened}
	// A run of 4,000 at the API's own limit takes 33 minutes: what a shorter one takes
	// longer in all, and not for each of its changes, is compared with 1 % of that.
	fixed := sharedRuns{scale: atLimit, orders: 200}
	long := sharedRuns{scale: scaled, orders: b.size(4000)}
	if b.quick {
		fixed.scale, fixed.orders = scaled, 60
	}
	var wg sync.WaitGroup
	var failed [2]error
	wg.Go(func() { failed[0] = fixed.run(ctx, b) })
	wg.Go(func() { failed[1] = long.run(ctx, b) })
	wg.Wait()
	for _, err := range failed {
		if err != nil {
			return err
		}
	}
	b.report.shared = append(b.report.shared, slices.Concat(fixed.runs, long.runs)...)
	long.relative(&b.report, scaledGoal)
	for i, s := range fixed.stores[1:] {
		beyond := fixed.runs[i+1].wall - fixed.runs[0].wall
		b.report.goal(fmt.Sprintf("%s, state in %s, time beyond local", fixed.name(), s.name), beyond.Seconds(), 0.01*4000/2, "s")
	}
	return nil
}

const (
	// distance is how long a round trip to a store takes.
	distance = 500 * time.Millisecond
	// hastened is by how much everything is quicker in a scaled run: the API and its
	// limit, the store, and the times of the lease.
	hastened = 25
)

// measureWhole makes as many changes as a busy day has, at the API's own limit: 33
// minutes on each store, side by side. They hardly use the cores.
func measureWhole(ctx context.Context, b *bench) error {
	r := sharedRuns{scale: b.atLimit(), orders: b.size(4000)}
	if err := r.run(ctx, b); err != nil {
		return err
	}
	b.report.shared = append(b.report.shared, r.runs...)
	r.relative(&b.report, 1.01)
	return nil
}

// scaledGoal is what a scaled run may take longer than with a local state: a second of
// it holds the work of the processors for 25, which nothing waits for otherwise.
const scaledGoal = 1.05

// sharedScale is how quick everything is.
type sharedScale struct {
	what      string
	perSecond float64
	distance  time.Duration
	latency   latency
	program   string
}

// atLimit is the API's own limit, and stores that are far away.
func (b *bench) atLimit() sharedScale {
	return sharedScale{"the API's own limit", 2, distance, slow, b.gdfctl}
}

// sharedRuns is the same apply on each store, side by side.
type sharedRuns struct {
	scale  sharedScale
	orders int

	stores []*store
	runs   []sharedFigures
}

func (r *sharedRuns) name() string {
	return fmt.Sprintf("%s, %s orders at %g/s", r.scale.what, words.Number(r.orders), r.scale.perSecond)
}

func (r *sharedRuns) run(ctx context.Context, b *bench) error {
	return b.owned(ctx, func(o *owner) (err error) {
		r.stores = openStores(o, r.scale.distance)
		r.runs, err = onEach(r.stores, func(s *store) (sharedFigures, error) { return r.apply(ctx, b, s) })
		if err != nil {
			return fmt.Errorf("%s: %w", r.name(), err)
		}
		return nil
	})
}

// relative are the goals of time in each store, compared with the local one.
func (r *sharedRuns) relative(to *report, most float64) {
	for i, s := range r.stores[1:] {
		to.goal(fmt.Sprintf("%s, state in %s, time relative to local", r.name(), s.name), r.runs[i+1].wall.Seconds()/r.runs[0].wall.Seconds(), most, "×")
	}
}

// apply ships all orders once.
func (r *sharedRuns) apply(ctx context.Context, b *bench, s *store) (f sharedFigures, err error) {
	f = sharedFigures{what: r.name() + ", `apply`", store: s.name}
	api, err := b.serveLimited(ctx, r.orders, r.scale.perSecond, r.scale.latency)
	if err != nil {
		return f, err
	}
	defer api.stop()
	p, err := s.begin(ctx, b, fmt.Sprintf("shared-%d-%s", r.orders, s.label()), api.url, limited(r.scale.perSecond)+rowBatch)
	if err != nil {
		return f, err
	}
	p.program = r.scale.program
	if err := p.shipments(func(add func(source, number string)) error {
		return api.open(ctx, r.orders, func(o liveOrder) { add(o.Source, o.Number) })
	}); err != nil {
		return f, err
	}
	if err := f.measure(ctx, s, p, "apply", "--auto-approve"); err != nil {
		return f, err
	}
	if s.line != nil {
		if f.kept, err = s.bytes(); err != nil {
			return f, err
		}
	}
	b.say("%s", f)
	return f, api.changedOnce(ctx, r.orders)
}

// sharedFigures is a command on a store.
type sharedFigures struct {
	what, store string
	usage
	traffic
	kept int64 // bytes in the store afterwards; 0: not asked
}

// measure runs a command.
func (f *sharedFigures) measure(ctx context.Context, s *store, p *place, args ...string) error {
	before, err := s.traffic()
	if err != nil {
		return err
	}
	if f.usage, err = p.run(ctx, args...); err != nil {
		return err
	}
	after, err := s.traffic()
	f.traffic = after.since(before)
	return err
}

func (f sharedFigures) String() string {
	return fmt.Sprintf("%s, %s: %s, %s CPU, %.0f MiB, %d records, %d round trips, %.2f MiB carried, %.2f MiB kept", f.what, f.store, f.wall.Round(time.Millisecond), f.cpu, f.peak/mebi,
		f.records, f.trips, float64(f.bytes)/mebi, float64(f.kept)/mebi)
}

// sharedCommands is what single commands cost, side by side on each store.
func (b *bench) sharedCommands(ctx context.Context, all []*store) error {
	results, err := onEach(all, func(s *store) ([]sharedFigures, error) { return b.commandsOn(ctx, s) })
	if err != nil {
		return err
	}
	for k := range results[0] {
		for i := range results {
			b.report.shared = append(b.report.shared, results[i][k])
		}
	}
	return nil
}

func (b *bench) commandsOn(ctx context.Context, s *store) ([]sharedFigures, error) {
	const few = 7
	api, err := b.serve(ctx, "--no-limit", "--orders", fmt.Sprint(worldFor(2*few)))
	if err != nil {
		return nil, err
	}
	defer api.stop()
	p, err := s.begin(ctx, b, "shared-commands-"+s.label(), api.url, noLimit+rowBatch)
	if err != nil {
		return nil, err
	}
	if err := p.shipments(func(add func(source, number string)) error {
		return api.open(ctx, few, func(o liveOrder) { add(o.Source, o.Number) })
	}); err != nil {
		return nil, err
	}
	var done []sharedFigures
	for _, command := range []struct {
		what string
		args []string
	}{
		{"`plan`, 7 orders", []string{"plan"}},
		{"`apply`, 7 orders", []string{"apply", "--auto-approve"}},
		{"`apply`, nothing to do", []string{"apply", "--auto-approve"}},
		{"`state list`", []string{"state", "list"}},
	} {
		f := sharedFigures{what: command.what, store: s.name}
		if err := f.measure(ctx, s, p, command.args...); err != nil {
			return nil, err
		}
		b.say("%s", f)
		done = append(done, f)
	}
	return done, nil
}

func sharedTable(b *strings.Builder, title string, all []sharedFigures) {
	if len(all) == 0 {
		return
	}
	b.WriteString("\n### " + title + "\n\n| command | state in | time | beyond local | relative | records | round trips | carried | kept | CPU | peak memory |\n" +
		"|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	var local time.Duration
	command := ""
	for _, f := range all {
		if f.what != command {
			command, local = f.what, 0
		}
		beyond, relative, records, trips, carried, kept := "", "", "", "", "", ""
		if f.store == "local" {
			local = f.wall
		} else {
			if local > 0 {
				beyond = figure((f.wall - local).Seconds(), "s")
			}
			records, trips, carried = words.Number(f.records), words.Number(int(f.trips)), figure(float64(f.bytes)/mebi, "MiB")
		}
		if f.kept > 0 { // a long run: a short one is round trips alone
			relative = figure(f.wall.Seconds()/local.Seconds(), "×")
			kept = figure(float64(f.kept)/mebi, "MiB")
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", f.what, f.store, figure(f.wall.Seconds(), "s"), beyond, relative,
			records, trips, carried, kept, figure(f.cpu.Seconds(), "s"), figure(f.peak/mebi, "MiB"))
	}
}
