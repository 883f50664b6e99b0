package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/words"
)

func newOrders(p *program) *cobra.Command {
	cmd := group("orders", "Look at live orders", newOrdersList(p), newOrdersGet(p), newOrdersCount(p))
	cmd.Example = `  gdfctl orders list --status new --from 7d`
	return cmd
}

type ordersListOptions struct {
	orderQuery
	outputFlag
	limit     int
	unclaimed bool
	withPII   bool
}

func newOrdersList(p *program) *cobra.Command {
	o := ordersListOptions{}
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List live orders",
		Long: `list shows the orders that the API has now, of the account's lookback unless
--from says otherwise. Buyers are shown only with --with-pii; nothing is kept.
--unclaimed shows the open orders that the configuration does not name.`,
		Example: `  gdfctl orders list --status new
  gdfctl orders list --unclaimed
  gdfctl orders list --source Walmart --from 7d
  gdfctl orders list --from 2026-11-01 --to 2026-11-30 --output csv > november.csv`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runOrdersList(cmd.Context(), o) },
	}
	o.orderQuery.register(cmd)
	o.outputFlag.register(cmd)
	cmd.Flags().IntVar(&o.limit, "limit", 0, "show `N` orders at most (0: all)")
	cmd.Flags().BoolVar(&o.unclaimed, "unclaimed", false, "only open orders that no wish and no release of the configuration names")
	cmd.Flags().BoolVar(&o.withPII, "with-pii", false, "show buyers too: names, addresses, e-mail, phone")
	return cmd
}

func (p *program) runOrdersList(ctx context.Context, o ordersListOptions) error {
	if o.limit < 0 {
		return usagef("--limit takes a number that is not negative")
	}
	if o.unclaimed && o.status != "" && !order.ParseStatus(o.status).Open() {
		return usagef("--unclaimed shows open orders: --status takes new or processing with it")
	}
	w, a, client, err := p.live(ctx, o.variableFlags, o.accountFlag)
	if err != nil {
		return err
	}
	defer w.close()
	query, err := o.query(a, p.now())
	if err != nil {
		return err
	}
	found, err := w.listOrders(ctx, a, client, query, o)
	if err != nil {
		return apiError(ctx, a.Name, err)
	}
	if o.unclaimed {
		if found, err = w.notClaimed(ctx, a, found, o.limit); err != nil {
			return err
		}
	}
	if len(found.items) == 0 && o.talk() {
		fmt.Fprintf(p.stdout, "No orders from %s to %s match.\n", query.From.Format(time.RFC3339), query.To.Format(time.RFC3339))
		return nil
	}
	if err := o.orders(p, report.Orders(found.items, o.withPII)); err != nil {
		return err
	}
	if found.cut {
		fmt.Fprintf(p.stderr, "The first %s; there may be more: raise --limit, or leave it out.\n", words.Count(o.limit, "order", "orders"))
	} else if o.talk() {
		fmt.Fprintf(p.stderr, "%s.\n", words.Count(len(found.items), "order", "orders"))
	}
	return nil
}

// listOrders asks for buyers only where they are wanted, and keeps what the
// listing shows of the API.
func (w *workspace) listOrders(ctx context.Context, a *spec.Account, client *godatafeed.Client, q godatafeed.OrderQuery, o ordersListOptions) (listed[report.LiveOrder], error) {
	l := listing[report.LiveOrder]{
		id:   func(live *report.LiveOrder) string { return live.ID },
		size: a.PageSize, limit: o.limit,
		get: func(page, size int) ([]report.LiveOrder, error) {
			if o.withPII {
				orders, err := client.ListOrdersWithBuyer(ctx, q, page, size)
				return liveOrders(orders, withBuyer), err
			}
			orders, err := client.ListOrderDetails(ctx, q, page, size)
			return liveOrders(orders, withoutBuyer), err
		},
	}
	if o.source != "" {
		l.keep = func(live *report.LiveOrder) bool { return order.SourceKey(live.Source) == order.SourceKey(o.source) }
	}
	if source := l.keep; o.unclaimed {
		l.limit, l.keep = 0, func(live *report.LiveOrder) bool { return waits(live) && (source == nil || source(live)) }
	}
	found, err := l.read()
	if err == nil && found.pageCap > 0 {
		w.learn(map[string]int{a.Name: found.pageCap})
	}
	return found, err
}

func liveOrders[T any](orders []T, convert func(*T) report.LiveOrder) []report.LiveOrder {
	out := make([]report.LiveOrder, len(orders))
	for i := range orders {
		out[i] = convert(&orders[i])
	}
	return out
}

func withBuyer(o *godatafeed.OrderWithBuyer) report.LiveOrder {
	return report.LiveOrder{OrderDetails: o.OrderDetails, Buyer: &o.Buyer}
}

func withoutBuyer(o *godatafeed.OrderDetails) report.LiveOrder {
	return report.LiveOrder{OrderDetails: *o}
}

type ordersGetOptions struct {
	variableFlags
	accountFlag
	outputFlag
	withPII bool
}

func newOrdersGet(p *program) *cobra.Command {
	o := ordersGetOptions{}
	cmd := &cobra.Command{
		Use:   "get ID",
		Short: "Show one live order in full",
		Example: `  gdfctl orders get tHbuSCBLMHNXP0VIYiycumodmWyfG6pj
  gdfctl orders get --output json tHbuSCBLMHNXP0VIYiycumodmWyfG6pj`,
		Args: oneArg("the order's id"),
		RunE: func(cmd *cobra.Command, args []string) error { return p.runOrdersGet(cmd.Context(), args[0], o) },
	}
	o.variableFlags.register(cmd)
	o.accountFlag.register(cmd)
	o.outputFlag.register(cmd)
	cmd.Flags().BoolVar(&o.withPII, "with-pii", false, "show the buyer too: name, address, e-mail, phone")
	return cmd
}

func (p *program) runOrdersGet(ctx context.Context, id string, o ordersGetOptions) error {
	if strings.TrimSpace(id) == "" {
		return usagef("the order's id is empty")
	}
	w, a, client, err := p.live(ctx, o.variableFlags, o.accountFlag)
	if err != nil {
		return err
	}
	defer w.close()
	live, err := getOrder(ctx, client, id, o.withPII)
	if godatafeed.IsNotFound(err) {
		return fmt.Errorf("account %s has no order with the id %q\nIds are case-sensitive, and no order numbers: `%s` shows them", a.Name, id, p.command("orders", "list"))
	}
	if err != nil {
		return apiError(ctx, a.Name, err)
	}
	return o.order(p, report.OneOrder(live))
}

func getOrder(ctx context.Context, client *godatafeed.Client, id string, buyer bool) (report.LiveOrder, error) {
	if buyer {
		o, err := client.GetOrderWithBuyer(ctx, id)
		return withBuyer(&o), err
	}
	o, err := client.GetOrderDetails(ctx, id)
	return withoutBuyer(&o), err
}

type ordersCountOptions struct {
	orderQuery
	outputFlag
}

func newOrdersCount(p *program) *cobra.Command {
	o := ordersCountOptions{}
	cmd := &cobra.Command{
		Use:   "count",
		Short: "Count live orders",
		Long: `count asks the API how many orders there are, in one call. The API can't count
those of one marketplace: with --source they are listed.`,
		Example: `  gdfctl orders count --status new
  gdfctl orders count --from 24h`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runOrdersCount(cmd.Context(), o) },
	}
	o.orderQuery.register(cmd)
	o.outputFlag.register(cmd)
	return cmd
}

func (p *program) runOrdersCount(ctx context.Context, o ordersCountOptions) error {
	w, a, client, err := p.live(ctx, o.variableFlags, o.accountFlag)
	if err != nil {
		return err
	}
	defer w.close()
	query, err := o.query(a, p.now())
	if err != nil {
		return err
	}
	var n int
	if o.source == "" {
		n, err = client.CountOrders(ctx, query)
	} else {
		var found listed[report.LiveOrder]
		found, err = w.listOrders(ctx, a, client, query, ordersListOptions{orderQuery: o.orderQuery})
		n = len(found.items)
	}
	if err != nil {
		return apiError(ctx, a.Name, err)
	}
	return o.count(p, n)
}
