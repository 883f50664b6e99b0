package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/screen"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

type explainOptions struct {
	commandline.Variables
	commandline.Format
	commandline.Account
	offline bool
}

func newExplain(p *program) *cobra.Command {
	o := explainOptions{}
	cmd := &cobra.Command{
		Use:   "explain NUMBER",
		Short: "Show everything about one order, by any of its numbers",
		Long: `explain finds an order by its ID, by the marketplace's number, by your own number,
by a tracking number, also one that was replaced, or by an address. It shows

  - every row and block that names the order, and which one stands
  - what was sent, when, with which plan and by whom
  - what GoDataFeed and the marketplace show now
  - what the next apply would do, as plan decides it
  - which command helps

It changes nothing. It reads the order, or lists the orders of the lookback where
only a number is known; with --offline, it makes no call. If several orders have
the number, it shows each of them.`,
		Example: `  gdfctl explain 112-1234567-1234567
  gdfctl explain 1Z999AA10123456784 --offline
  gdfctl explain SO-30001 --json | jq '.orders[].next'`,
		Args: commandline.OneArg("a number of the order"),
		RunE: func(cmd *cobra.Command, args []string) error { return p.runExplain(cmd.Context(), args[0], o) },
	}
	o.Variables.Register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON)
	o.Account.RegisterFilter(cmd, "only orders of this account, by `name` (default: all)")
	cmd.Flags().BoolVar(&o.offline, "offline", false, "make no call: show what the last read showed")
	return cmd
}

func (p *program) runExplain(ctx context.Context, number string, o explainOptions) error {
	r, err := reconcile.Explain(ctx, reconcile.ExplainRequest{Source: p.source(o.Variables), Order: number, Account: o.Account.Name, Offline: o.offline}, p.deps(), p.Observe)
	if err != nil {
		return err
	}
	explained := report.NewExplained(number, r.Offline, r.Unread, r.Orders, p.Command)
	return screen.Print(&p.Screen, o.Chosen, explained, text.Explained)
}
