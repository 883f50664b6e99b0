package main

import (
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state"
)

// auditActions are what a record can be about.
var auditActions = []string{
	string(order.Insert), string(order.Acknowledge), string(order.Ship), string(order.Correct), string(order.Cancel),
	state.AuditStateRm, state.AuditUnlock, state.AuditGap,
}

// auditFilterFlags choose records of the audit record.
type auditFilterFlags struct {
	periodFlags
	order  string
	run    string
	action string
}

func (f *auditFilterFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.order, "order", "", "only this order, by any of its `number`s, old or new")
	flags.StringVar(&f.run, "run", "", "only what this run did, by its `id`")
	flags.StringVar(&f.action, "action", "", "only this `action`: "+strings.Join(auditActions, ", "))
	flags.StringVar(&f.from, "since", "", "at or after this `time`: a date, RFC 3339, or like 7d for seven days ago")
	flags.StringVar(&f.to, "until", "", "before this `time`; a date counts to its end")
	// The error is for a flag that doesn't exist or has completions already.
	_ = cmd.RegisterFlagCompletionFunc("action", cobra.FixedCompletions(auditActions, cobra.ShellCompDirectiveNoFileComp))
}

// filter is what the flags choose. Dates without a zone are UTC's: the record
// is of all accounts.
func (f *auditFilterFlags) filter(now time.Time) (state.AuditFilter, error) {
	if f.action != "" && !slices.Contains(auditActions, f.action) {
		return state.AuditFilter{}, usagef("--action takes one of: %s", strings.Join(auditActions, ", "))
	}
	since, until, err := f.period([2]string{"since", "until"}, now, nil)
	return state.AuditFilter{Any: f.order, RunID: f.run, Action: f.action, Since: since, Until: until}, err
}
