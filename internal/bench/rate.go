package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/words"
)

// burst is the size of the API's bucket.
const burst = 50

// rateRun is an apply under a call limit.
type rateRun struct {
	what      string
	orders    int
	perSecond float64
	latency   latency
	shared    bool // another client takes half of the limit
	plainLoop bool // no gdfctl: read each order, write each

	took    time.Duration
	calls   ledger
	refused int // of another client
	others  int // calls of another client
}

// least is how long the bucket alone makes the calls last: what does not fit
// into the free room at the start has to leak first.
func (r *rateRun) least() float64 {
	return max(0, float64(r.calls.CallCount-burst)/r.share())
}

// share is how many calls a second the run may make.
func (r *rateRun) share() float64 {
	if r.shared {
		return r.perSecond / 2
	}
	return r.perSecond
}

// loops is how long single calls would take: a read and a write an order.
func (r *rateRun) loops() float64 { return 2 * float64(r.orders) / r.share() }

// measureRate runs applies side by side, each against a sandbox of its own:
// they wait nearly all of the time.
func measureRate(ctx context.Context, b *bench) error {
	runs := []*rateRun{
		{what: "the API's own limit", orders: 400, perSecond: 2, latency: slow},
		{what: "a scaled limit", orders: 2000, perSecond: 50},
		{what: "a scaled limit", orders: 2000, perSecond: 50, latency: quick},
		{what: "next to another client", orders: 1000, perSecond: 20, shared: true},
		{what: "a plain loop", orders: 200, perSecond: 50, plainLoop: true},
		{what: "the same orders", orders: 200, perSecond: 50},
	}
	if b.quick {
		runs = []*rateRun{
			{what: "a scaled limit", orders: 100, perSecond: 50, latency: quick},
			{what: "next to another client", orders: 60, perSecond: 50, shared: true},
			{what: "a plain loop", orders: 20, perSecond: 50, plainLoop: true},
		}
	}
	var wg sync.WaitGroup
	failed := make([]error, len(runs))
	for i, r := range runs {
		wg.Go(func() { failed[i] = r.run(ctx, b, fmt.Sprintf("rate-%d", i)) })
	}
	wg.Wait()
	for i, r := range runs {
		if failed[i] != nil {
			return fmt.Errorf("%s: %w", r.what, failed[i])
		}
		b.report.rates = append(b.report.rates, *r)
		switch {
		case r.plainLoop:
		case r.shared:
			b.report.goal(r.name()+", calls refused", 100*float64(r.calls.Throttled-r.refused)/float64(r.calls.CallCount), 10, "%")
		case r.calls.CallCount < 400:
			b.report.goal(r.name()+", time beyond the bucket's minimum", r.took.Seconds()-r.least(), 2, "s")
		default:
			b.report.goal(r.name()+", time relative to the bucket's minimum", r.took.Seconds()/r.least(), 1.01, "×")
			b.report.goal(r.name()+", calls refused", float64(r.calls.Throttled), 0, "")
		}
	}
	return nil
}

// name says what a run was, for the tables.
func (r *rateRun) name() string {
	name := fmt.Sprintf("%s, %s orders at %g/s", r.what, words.Number(r.orders), r.perSecond)
	if r.latency != (latency{}) {
		name += fmt.Sprintf(", answers after %d to %d ms", r.latency[0].Milliseconds(), r.latency[2].Milliseconds())
	}
	return name
}

// latency is how long a sandbox takes to answer: some calls, some others, and
// the rest.
type latency [3]time.Duration

var (
	slow = latency{50 * time.Millisecond, 200 * time.Millisecond, 500 * time.Millisecond}
	// At 25 times the limit, 25 times as quick: as many calls are under way.
	quick = latency{2 * time.Millisecond, 8 * time.Millisecond, 20 * time.Millisecond}
)

func (l latency) flags() []string {
	if l == (latency{}) {
		return nil
	}
	return []string{
		"--fault", fmt.Sprintf("any:delay=%s:p=0.3", l[0]),
		"--fault", fmt.Sprintf("any:delay=%s:p=0.5", l[1]),
		"--fault", fmt.Sprintf("any:delay=%s", l[2]),
	}
}

// serveLimited starts a sandbox with so many open orders and a call limit.
func (b *bench) serveLimited(ctx context.Context, orders int, perSecond float64, l latency) (*server, error) {
	args := []string{"--burst", strconv.Itoa(burst), "--per-second", fmt.Sprint(perSecond), "--orders", strconv.Itoa(worldFor(orders))}
	return b.serve(ctx, append(args, l.flags()...)...)
}

// limited is the account of such a sandbox.
func limited(perSecond float64) string {
	return fmt.Sprintf("account \"main\" {\n  settle = \"1s\"\n  rate_limit {\n    limit_per_second = %g\n  }\n}\n", perSecond)
}

func (r *rateRun) run(ctx context.Context, b *bench, name string) error {
	api, err := b.serveLimited(ctx, r.orders, r.perSecond, r.latency)
	if err != nil {
		return err
	}
	defer api.stop()
	p, err := b.newPlace(name, api.url)
	if err != nil {
		return err
	}
	if err := p.write("main.hcl", limited(r.perSecond)+rowBatch); err != nil {
		return err
	}
	var ids []string
	if err := p.shipments(func(add func(source, number string)) error {
		return api.open(ctx, r.orders, func(o liveOrder) {
			ids = append(ids, o.ID)
			add(o.Source, o.Number)
		})
	}); err != nil {
		return err
	}
	began := time.Now()
	switch {
	case r.plainLoop:
		err = r.single(ctx, api, ids)
	case r.shared:
		err = r.beside(ctx, p, api, ids)
	default:
		_, err = p.run(ctx, "apply", "--auto-approve")
	}
	r.took = time.Since(began)
	if err != nil {
		return err
	}
	if r.calls, err = api.ledger(ctx); err != nil {
		return err
	}
	r.calls.CallCount -= r.others
	b.say("%s: %s, %d calls, %d refused", r.name(), r.took, r.calls.CallCount, r.calls.Throttled-r.refused)
	return api.changedOnce(ctx, r.orders)
}

func (r *rateRun) single(ctx context.Context, api *server, ids []string) error {
	s, err := newSingles(ctx, api.url, r.perSecond)
	if err != nil {
		return err
	}
	return s.loop(ctx, ids)
}

// beside applies while another client takes half of the limit.
func (r *rateRun) beside(ctx context.Context, p *place, api *server, ids []string) error {
	other, err := newSingles(ctx, api.url, r.perSecond/2)
	if err != nil {
		return err
	}
	filling, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() {
		var err error
		r.others, r.refused, err = other.fill(filling, ids)
		r.others++ // its token
		ended <- err
	}()
	_, failed := p.run(ctx, "apply", "--auto-approve")
	stop()
	if err := <-ended; failed == nil {
		failed = err
	}
	return failed
}

func (r *report) rateTable(b *strings.Builder) {
	if len(r.rates) == 0 {
		return
	}
	b.WriteString("\n### With a call limit\n\n| run | calls | refused | time | bucket's minimum | ratio | single calls | faster |\n" +
		"|---|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, run := range r.rates {
		ratio := ""
		if !run.plainLoop {
			ratio = fmt.Sprintf("%.3f", run.took.Seconds()/run.least())
		}
		fmt.Fprintf(b, "| %s | %s | %d | %s | %s | %s | %s | %.1f × |\n", run.name(),
			words.Number(run.calls.CallCount), run.calls.Throttled-run.refused, figure(run.took.Seconds(), "s"), figure(run.least(), "s"), ratio,
			figure(run.loops(), "s"), run.loops()/run.took.Seconds())
	}
}
