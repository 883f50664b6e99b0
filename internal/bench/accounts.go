package main

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

const accounts = 50

// measureAccounts applies to many accounts at once, each with a bucket of its
// own, and beside that to the slowest of them alone.
func measureAccounts(ctx context.Context, b *bench) error {
	const slowest = accounts - 1
	orders := func(account int) int { // 151 to 200
		if b.quick {
			return 55
		}
		return 151 + account
	}
	all := make([]int, accounts)
	for i := range all {
		all[i] = orders(i)
	}
	together, alone := &manyAccounts{orders: all}, &manyAccounts{orders: all[slowest:]}
	var wg sync.WaitGroup
	var failed [2]error
	wg.Go(func() { failed[0] = together.apply(ctx, b, "accounts-together") })
	wg.Go(func() { failed[1] = alone.apply(ctx, b, "accounts-alone") })
	wg.Wait()
	for _, err := range failed {
		if err != nil {
			return err
		}
	}
	what := fmt.Sprintf("`apply`, %d accounts at %d/s each", accounts, accountRate)
	b.report.ran(what, together.usage, together.calls)
	b.report.ran("`apply`, the slowest of them alone", alone.usage, alone.calls)
	b.report.goal(what+", time relative to the slowest alone", together.usage.wall.Seconds()/alone.usage.wall.Seconds(), 1.05, "×")
	return nil
}

// accountRate is what each account's bucket leaks in a second.
const accountRate = 5

// manyAccounts is a configuration of some accounts.
type manyAccounts struct {
	orders []int // of each account
	usage  usage
	calls  int
}

// apply runs one server an account, all in this process, and ships all their
// orders.
func (m *manyAccounts) apply(ctx context.Context, b *bench, name string) error {
	p, err := b.newPlace(name, "")
	if err != nil {
		return err
	}
	var config strings.Builder
	servers := make([]*apiserver.Server, len(m.orders))
	for i, n := range m.orders {
		live := apiserver.Generate(uint64(i), n, apiserver.New)
		servers[i] = apiserver.Start(apiserver.Options{ConsumerKey: "sandbox", TokenPrefix: "token-", Orders: live, Burst: burst, PerSecond: accountRate})
		defer servers[i].Close()
		fmt.Fprintf(&config, accountBatch, i, servers[i].URL, accountRate, i, i, i)
		var table strings.Builder
		table.WriteString("Order Number,Store,Tracking Number\n")
		for k, o := range live {
			fmt.Fprintf(&table, "%s,%s,1Z999AA1%04d%06d\n", o.SourceNumber, o.Source, i, k)
		}
		if err := p.write(fmt.Sprintf("orders-%d.csv", i), table.String()); err != nil {
			return err
		}
	}
	if err := p.write("main.hcl", config.String()); err != nil {
		return err
	}
	if m.usage, err = p.run(ctx, "apply", "--auto-approve"); err != nil {
		return err
	}
	b.say("apply, %d accounts: %s, %s CPU, %.0f MiB", len(servers), m.usage.wall, m.usage.cpu, m.usage.peak/mebi)
	for i, server := range servers {
		m.calls += server.Total()
		switch executed := server.Executed(); {
		case server.Throttled() > 0:
			return fmt.Errorf("account %d: %d calls overflowed the bucket", i, server.Throttled())
		case server.Writes() != m.orders[i], len(executed) != m.orders[i]:
			return fmt.Errorf("account %d: %d writes to %d orders, want %d", i, server.Writes(), len(executed), m.orders[i])
		}
	}
	return nil
}

const accountBatch = `
account "shop-%d" {
  endpoint = %q
  rate_limit {
    limit_per_second = %d
  }
}
batch "shipments-%d" {
  account         = "shop-%d"
  rows            = csv("orders-%d.csv")
  find            = { source = row["Store"], source_order_number = row["Order Number"] }
  status          = "shipped"
  tracking_number = row["Tracking Number"]
  carrier         = "UPS"
}
`
