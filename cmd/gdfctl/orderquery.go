package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// orderQuery are the flags that choose live orders.
type orderQuery struct {
	variableFlags
	accountFlag
	periodFlags
	status string
	source string
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

// query is what the API is asked. Both ends are fixed before the first page is
// read, so that orders which arrive meanwhile move no page.
func (f *orderQuery) query(a *spec.Account, now time.Time) (godatafeed.OrderQuery, error) {
	q := godatafeed.OrderQuery{}
	if f.status != "" {
		if q.Status = order.ParseStatus(f.status); !q.Status.Known() {
			return q, usagef("--status takes new, processing, shipped or cancelled")
		}
	}
	from, to, err := f.period([2]string{"from", "to"}, now, a.Timezone)
	if err != nil {
		return q, err
	}
	if to.IsZero() {
		to = now
	}
	if from.IsZero() {
		from = to.Add(-a.Lookback)
	}
	if !from.Before(to) {
		return q, usagef("--from is not in the past")
	}
	q.From, q.To = from, to
	return q, nil
}
