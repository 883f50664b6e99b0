package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/screen"
	"github.com/gdfctl/gdfctl/internal/view/csv"
	"github.com/gdfctl/gdfctl/internal/view/text"
	"github.com/gdfctl/gdfctl/internal/words"
)

func newOrders(p *program) *cobra.Command {
	cmd := commandline.Group("orders", "Show live orders", newOrdersList(p), newOrdersGet(p), newOrdersCount(p))
	cmd.Example = `  gdfctl orders list --status new --since 7d`
	return cmd
}

// orderQuery are the flags that choose live orders.
type orderQuery struct {
	commandline.Variables
	commandline.Account
	since, until string
	from, to     string // what they were called
	status       string
	source       string
}

func (f *orderQuery) register(cmd *cobra.Command) {
	f.Variables.Register(cmd)
	f.Account.Register(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.status, "status", "", `only orders in this `+"`status`"+`: "new", "processing", "shipped" or "cancelled"`)
	flags.StringVar(&f.source, "source", "", "only orders of this `marketplace`, in upper or lower case")
	flags.StringVar(&f.since, "since", "", "created at or after this `time`: a date, an RFC 3339 time, or 7d for seven days ago (default: the account's lookback)")
	flags.StringVar(&f.until, "until", "", "created before this `time`; a date includes the whole day (default: now)")
	for name, old := range map[string]*string{"from": &f.from, "to": &f.to} {
		flags.StringVar(old, name, "", "")
		// The error is for a flag that doesn't exist.
		_ = flags.MarkHidden(name)
	}
	_ = cmd.RegisterFlagCompletionFunc("status", cobra.FixedCompletions([]cobra.Completion{"new", "processing", "shipped", "cancelled"}, cobra.ShellCompDirectiveNoFileComp))
}

// request is what the flags choose.
func (f *orderQuery) request(p *program) (reconcile.OrdersRequest, error) {
	req := reconcile.OrdersRequest{Source: p.source(f.Variables), Account: f.Account.Name, Marketplace: f.source}
	if f.status != "" {
		if req.Status = order.ParseStatus(f.status); !req.Status.Known() {
			return req, commandline.Usagef(`--status must be "new", "processing", "shipped" or "cancelled"`)
		}
	}
	since, err := commandline.Renamed(p.Warn, "from", f.from, "since", f.since)
	if err != nil {
		return req, err
	}
	until, err := commandline.Renamed(p.Warn, "to", f.to, "until", f.until)
	if err != nil {
		return req, err
	}
	if req.Created, err = parsePeriod(since, until); err != nil {
		return req, err
	}
	return req, nil
}

type ordersListOptions struct {
	orderQuery
	commandline.Format
	limit     int
	unclaimed bool
	withPII   bool
}

func newOrdersList(p *program) *cobra.Command {
	o := ordersListOptions{}
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List live orders",
		Long: `list shows the orders that the API has now, created within the account's
lookback or since the time of --since. Buyers are shown only with --with-pii;
nothing is stored. --unclaimed shows the open orders that the configuration does
not name.`,
		Example: `  gdfctl orders list --status new
  gdfctl orders list --unclaimed
  gdfctl orders list --source Walmart --since 7d
  gdfctl orders list --since 2026-11-01 --until 2026-11-30 --format csv > november.csv`,
		Args: commandline.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runOrdersList(cmd.Context(), o) },
	}
	o.orderQuery.register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON, report.CSV)
	o.RegisterOutput(cmd, p.Warn)
	cmd.Flags().IntVar(&o.limit, "limit", 0, "show at most `N` orders (0: all)")
	cmd.Flags().BoolVar(&o.unclaimed, "unclaimed", false, "only open orders that no order, batch or release block names")
	cmd.Flags().BoolVar(&o.withPII, "with-pii", false, "also show buyers: name, address, email, phone")
	return cmd
}

func (p *program) runOrdersList(ctx context.Context, o ordersListOptions) error {
	req, err := o.request(p)
	if err != nil {
		return err
	}
	req.Limit, req.Unclaimed, req.Buyers = o.limit, o.unclaimed, o.withPII
	found, err := reconcile.ListOrders(ctx, req, p.deps(), p.Observe)
	if err != nil {
		return err
	}
	if len(found.Orders) == 0 && o.Talk() {
		fmt.Fprintf(p.Out, "No orders created from %s to %s match.\n", found.Since.Format(time.RFC3339), found.Until.Format(time.RFC3339))
		return nil
	}
	orders := make([]report.LiveOrder, len(found.Orders))
	for i, live := range found.Orders {
		orders[i] = report.LiveOrder(live)
	}
	if err := screen.PrintList(&p.Screen, o.Chosen, report.Orders(orders, o.withPII), csv.Orders, text.Orders); err != nil {
		return err
	}
	if found.Cut {
		fmt.Fprintf(p.Err, "The first %s; there may be more: raise --limit, or omit it.\n", words.Count(o.limit, "order", "orders"))
	} else if o.Talk() {
		fmt.Fprintf(p.Err, "%s.\n", words.Count(len(orders), "order", "orders"))
	}
	return nil
}

type ordersGetOptions struct {
	commandline.Variables
	commandline.Account
	commandline.Format
	withPII bool
}

func newOrdersGet(p *program) *cobra.Command {
	o := ordersGetOptions{}
	cmd := &cobra.Command{
		Use:   "get ID",
		Short: "Show one live order in full",
		Example: `  gdfctl orders get tHbuSCBLMHNXP0VIYiycumodmWyfG6pj
  gdfctl orders get --format json tHbuSCBLMHNXP0VIYiycumodmWyfG6pj`,
		Args: commandline.OneArg("the order's ID"),
		RunE: func(cmd *cobra.Command, args []string) error { return p.runOrdersGet(cmd.Context(), args[0], o) },
	}
	o.Variables.Register(cmd)
	o.Account.Register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON, report.CSV)
	o.RegisterOutput(cmd, p.Warn)
	cmd.Flags().BoolVar(&o.withPII, "with-pii", false, "also show the buyer: name, address, email, phone")
	return cmd
}

func (p *program) runOrdersGet(ctx context.Context, id string, o ordersGetOptions) error {
	if strings.TrimSpace(id) == "" {
		return commandline.Usagef("the order's ID is empty")
	}
	live, err := reconcile.GetOrder(ctx, reconcile.OrderRequest{Source: p.source(o.Variables), Account: o.Account.Name, ID: id, Buyer: o.withPII}, p.deps(), p.Observe)
	if err != nil {
		return err
	}
	return screen.PrintList(&p.Screen, o.Chosen, report.OneOrder(report.LiveOrder(live)), csv.Order, text.Order)
}

type ordersCountOptions struct {
	orderQuery
	commandline.Format
}

func newOrdersCount(p *program) *cobra.Command {
	o := ordersCountOptions{}
	cmd := &cobra.Command{
		Use:   "count",
		Short: "Count live orders",
		Long: `count asks the API for the number of orders, in one call. The API can't count by
marketplace: with --source, the orders are listed and counted.`,
		Example: `  gdfctl orders count --status new
  gdfctl orders count --since 24h`,
		Args: commandline.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runOrdersCount(cmd.Context(), o) },
	}
	o.orderQuery.register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON, report.CSV)
	o.RegisterOutput(cmd, p.Warn)
	return cmd
}

func (p *program) runOrdersCount(ctx context.Context, o ordersCountOptions) error {
	req, err := o.request(p)
	if err != nil {
		return err
	}
	n, err := reconcile.CountOrders(ctx, req, p.deps(), p.Observe)
	if err != nil {
		return err
	}
	return p.Count(o.Chosen, n)
}
