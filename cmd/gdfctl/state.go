package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

func newState(p *program) *cobra.Command {
	cmd := group("state", "Look at and mend what gdfctl remembers", newStateList(p), newStateShow(p), newStateRm(p), newStateUnlock(p), newStateRebuild(p))
	cmd.Long = `The state is what gdfctl did to which order, and what later reads showed. These
commands need no credentials and make no call: they never change an order.`
	cmd.Example = `  gdfctl state list
  gdfctl state show 112-1234567-1234567`
	return cmd
}

type stateOptions struct {
	variableFlags
	account string
	json    bool
}

func (o *stateOptions) register(cmd *cobra.Command) {
	o.variableFlags.register(cmd)
	cmd.Flags().StringVar(&o.account, "account", "", "only orders of this account, by `name` (default: all)")
}

func newStateList(p *program) *cobra.Command {
	o := stateOptions{}
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the orders that are kept",
		Long: `list shows the orders that are not closed, with the last change to each and how
far it has come:

  unknown   what became of a call is not known; the next apply finds out
  pending   the API accepted the change, and reads don't show it yet
  applied   the API accepted the change; it was not read back for long enough
  verified  reads show the change for good
  open      nothing was changed yet`,
		Example: `  gdfctl state list
  gdfctl state list --json | jq '.orders[] | select(.status == "unknown")'`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runStateList(cmd.Context(), o) },
	}
	o.register(cmd)
	cmd.Flags().BoolVar(&o.json, "json", false, "print JSON for programs")
	return cmd
}

func (p *program) runStateList(ctx context.Context, o stateOptions) error {
	w, err := p.openRecords(o.variableFlags)
	if err != nil {
		return err
	}
	defer w.close()
	st, notices, err := w.store.Read()
	if err != nil {
		return err
	}
	p.notices(notices)
	entries := slices.DeleteFunc(slices.Collect(st.Entries()), func(e *state.Entry) bool {
		return o.account != "" && e.Account != o.account
	})
	list := report.NewState(st.Lineage(), st.Serial(), entries, nil)
	if o.json {
		return json.Object(p.stdout, list)
	}
	if len(entries) == 0 {
		fmt.Fprintln(p.stdout, "The state holds no open orders.")
		return nil
	}
	if err := text.StateList(p.stdout, p.styleOut, list); err != nil {
		return err
	}
	fmt.Fprintln(p.stderr, list.Counts())
	return nil
}

func newStateShow(p *program) *cobra.Command {
	o := stateOptions{}
	cmd := &cobra.Command{
		Use:   "show ORDER",
		Short: "Show all that is kept of one order",
		Long: `show takes any name of an order: its id, the marketplace's number, with or
without the marketplace, your own number, a tracking number, or the address of
a plan. A closed order is found by its id, by the marketplace with its number,
or by any number that the audit record holds.`,
		Example: `  gdfctl state show 112-1234567-1234567
  gdfctl state show 'Amazon 112-1234567-1234567'
  gdfctl state show 'batch.shipments["Amazon/112-1234567-1234567"]' --json`,
		Args: oneArg("an order's id, one of its numbers, or an address"),
		RunE: func(cmd *cobra.Command, args []string) error { return p.runStateShow(cmd.Context(), args[0], o) },
	}
	o.register(cmd)
	cmd.Flags().BoolVar(&o.json, "json", false, "print JSON for programs")
	return cmd
}

func (p *program) runStateShow(ctx context.Context, name string, o stateOptions) error {
	w, err := p.openRecords(o.variableFlags)
	if err != nil {
		return err
	}
	defer w.close()
	st, notices, err := w.store.Read()
	if err != nil {
		return err
	}
	p.notices(notices)
	found, err := w.findKept(st, name, o.account)
	if err != nil {
		return err
	}
	list := report.NewState(st.Lineage(), st.Serial(), found.entries, found.closed)
	if o.json {
		return json.Object(p.stdout, list)
	}
	return text.State(p.stdout, p.styleOut, list)
}
