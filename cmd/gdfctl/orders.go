package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/words"
)

func newOrders(p *program) *cobra.Command {
	cmd := group("orders", "Look at live orders", newOrdersList(p), newOrdersGet(p), newOrdersCount(p))
	cmd.Example = `  gdfctl orders list --status new --from 7d`
	return cmd
}

// orderQuery are the flags that choose live orders.
type orderQuery struct {
	variableFlags
	accountFlag
	from, to string
	status   string
	source   string
}

func (f *orderQuery) register(cmd *cobra.Command) {
	f.variableFlags.register(cmd)
	f.accountFlag.register(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.status, "status", "", "only orders in this `status`: new, processing, shipped or cancelled")
	flags.StringVar(&f.source, "source", "", "only orders of this `marketplace`, in any case")
	flags.StringVar(&f.from, "from", "", "created at or after this `time`: a date, RFC 3339, or like 7d for seven days ago (default: the account's lookback)")
	flags.StringVar(&f.to, "to", "", "created before this `time`; a date counts to its end (default: now)")
	_ = cmd.RegisterFlagCompletionFunc("status", cobra.FixedCompletions([]cobra.Completion{"new", "processing", "shipped", "cancelled"}, cobra.ShellCompDirectiveNoFileComp))
}

// request is what the flags choose.
func (f *orderQuery) request(p *program) (reconcile.OrdersRequest, error) {
	req := reconcile.OrdersRequest{Account: f.account, Marketplace: f.source}
	if f.status != "" {
		if req.Status = order.ParseStatus(f.status); !req.Status.Known() {
			return req, usagef("--status takes new, processing, shipped or cancelled")
		}
	}
	var err error
	if req.Created, err = parsePeriod([2]string{"from", "to"}, f.from, f.to); err != nil {
		return req, err
	}
	req.Source, err = p.source(f.variableFlags)
	return req, err
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
	req, err := o.request(p)
	if err != nil {
		return err
	}
	if o.unclaimed && req.Status != "" && !req.Status.Open() {
		return usagef("--unclaimed shows open orders: --status takes new or processing with it")
	}
	req.Limit, req.Unclaimed, req.Buyers = o.limit, o.unclaimed, o.withPII
	found, err := reconcile.ListOrders(ctx, req, p.deps(), p.observe)
	if err != nil {
		return err
	}
	if len(found.Orders) == 0 && o.talk() {
		fmt.Fprintf(p.stdout, "No orders from %s to %s match.\n", found.Since.Format(time.RFC3339), found.Until.Format(time.RFC3339))
		return nil
	}
	orders := make([]report.LiveOrder, len(found.Orders))
	for i, live := range found.Orders {
		orders[i] = report.LiveOrder(live)
	}
	if err := o.orders(p, report.Orders(orders, o.withPII)); err != nil {
		return err
	}
	if found.Cut {
		fmt.Fprintf(p.stderr, "The first %s; there may be more: raise --limit, or leave it out.\n", words.Count(o.limit, "order", "orders"))
	} else if o.talk() {
		fmt.Fprintf(p.stderr, "%s.\n", words.Count(len(orders), "order", "orders"))
	}
	return nil
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
	source, err := p.source(o.variableFlags)
	if err != nil {
		return err
	}
	live, err := reconcile.GetOrder(ctx, reconcile.OrderRequest{Source: source, Account: o.account, ID: id, Buyer: o.withPII}, p.deps(), p.observe)
	if err != nil {
		return err
	}
	return o.order(p, report.OneOrder(report.LiveOrder(live)))
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
	req, err := o.request(p)
	if err != nil {
		return err
	}
	n, err := reconcile.CountOrders(ctx, req, p.deps(), p.observe)
	if err != nil {
		return err
	}
	return o.count(p, n)
}
