package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"strconv"
	"time"

	"github.com/gdfctl/gdfctl/internal/words"
)

// noLimit is an account whose calls never wait. What it applied may be seen to
// have been taken at once, so that the next plan closes it.
const noLimit = `
account "main" {
  page_size = 1000
  take_time = "1s"
  rate_limit {
    burst            = 1000000
    limit_per_second = 1000000
  }
}
policy {
  max_changes = 1000000
}
`

const takeTime = time.Second

// measureOrders takes ten thousand orders through a plan, and a hundred thousand
// through all that happens to them.
func measureOrders(ctx context.Context, b *bench) error {
	_, stop, err := b.planned(ctx, b.size(10_000), 0)
	if err != nil {
		return err
	}
	stop()
	w, stop, err := b.planned(ctx, b.size(100_000), 15)
	if err != nil {
		return err
	}
	defer stop()
	return w.whole(ctx)
}

// orderWorld is a sandbox without a limit, and a batch that ships its open
// orders.
type orderWorld struct {
	*place
	api     *server
	orders  int // wanted
	all     int // in the lookback
	last    string
	counted ledger // up to the last command
}

// planned makes such a world and plans. seconds is how long that may take;
// 0 stands for the goals of small plans.
func (b *bench) planned(ctx context.Context, orders int, seconds float64) (_ *orderWorld, stop func(), err error) {
	w := &orderWorld{orders: orders, all: worldFor(orders)}
	if w.api, err = b.serve(ctx, "--no-limit", "--orders", strconv.Itoa(w.all)); err != nil {
		return nil, nil, err
	}
	defer func() {
		if err != nil {
			w.api.stop()
		}
	}()
	if w.place, err = b.newPlace(fmt.Sprintf("orders-%d", orders), w.api.url); err != nil {
		return nil, nil, err
	}
	if err := w.write("main.hcl", noLimit+rowBatch); err != nil {
		return nil, nil, err
	}
	if err := w.shipments(func(add func(source, number string)) error {
		return w.api.open(ctx, orders, func(o liveOrder) {
			w.last = o.Source + " " + o.Number
			add(o.Source, o.Number)
		})
	}); err != nil {
		return nil, nil, err
	}
	u, calls, err := w.command(ctx, "`plan`", "plan", "--out", "release.plan")
	if err != nil {
		return nil, nil, err
	}
	what := fmt.Sprintf("`plan`, %s orders", words.Number(orders))
	if seconds > 0 {
		b.report.within(what, u, seconds, 300)
	} else {
		b.report.goal(what+", CPU", u.cpu.Seconds(), 1, "s")
		b.report.goal(what+", memory", u.peak/mebi, 100, "MiB")
	}
	b.report.goal(fmt.Sprintf("%s among %s, calls", what, words.Number(w.all)), float64(calls.reads()-1), math.Ceil(float64(w.all)/1000)+4, "")
	return w, w.api.stop, nil
}

// whole is what comes after the plan.
func (w *orderWorld) whole(ctx context.Context) error {
	report := &w.b.report
	u, _, err := w.command(ctx, "`show` the plan", "show", "release.plan")
	if err != nil {
		return err
	}
	report.goal("first lines of `show`, "+words.Number(w.orders)+" changes", u.first.Seconds(), 1, "s")
	_, calls, err := w.command(ctx, "`apply` the plan", "apply", "--auto-approve", "release.plan")
	if err != nil {
		return err
	}
	if calls.writes() != w.orders {
		return fmt.Errorf("%d writes were sent for %d changes", calls.writes(), w.orders)
	}
	if err := w.api.changedOnce(ctx, w.orders); err != nil {
		return err
	}
	if u, _, err = w.command(ctx, "`state show`, all orders open", "state", "show", w.last); err != nil {
		return err
	}
	opened := fmt.Sprintf("a state of %s open orders", words.Number(w.orders))
	report.within(opened+", open", u, 1, 150)
	saved, _, err := w.command(ctx, "`state rm`, all orders open", "state", "rm", w.last, "--reason", "to see how long it takes")
	if err != nil {
		return err
	}
	report.goal(opened+", save", (saved.wall - u.wall).Seconds(), 1, "s")
	select { // until the marketplace has taken the last one
	case <-time.After(takeTime):
	case <-ctx.Done():
		return ctx.Err()
	}
	if _, _, err = w.command(ctx, "`apply` that closes the orders", "apply", "--auto-approve"); err != nil {
		return err
	}
	if _, calls, err = w.command(ctx, "`plan`, all orders closed", "plan"); err != nil {
		return err
	}
	report.goal(fmt.Sprintf("`plan`, %s orders closed, calls", words.Number(w.orders)), float64(calls.CallCount), 0, "")
	return os.RemoveAll(w.dir)
}

// command runs gdfctl, keeps what it took for the report, and returns the calls
// that it made.
func (w *orderWorld) command(ctx context.Context, what string, args ...string) (usage, ledger, error) {
	u, err := w.run(ctx, args...)
	if err != nil {
		return u, ledger{}, err
	}
	counted, err := w.api.ledger(ctx)
	if err != nil {
		return u, ledger{}, err
	}
	calls := counted.since(w.counted)
	w.counted = counted
	what = fmt.Sprintf("%s, %s orders", what, words.Number(w.orders))
	w.b.say("%s: %s, %.0f MiB, %d calls", what, u.wall, u.peak/mebi, calls.CallCount)
	w.b.report.ran(what, u, calls.CallCount)
	return u, calls, nil
}
