package commandline

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/sandbox"
)

// Sandbox is the flags of a simulated API that is served.
type Sandbox struct {
	sandbox.Options
	Listen      string // a loopback address
	noLimit     bool
	executeLate time.Duration
	clockOffset time.Duration
	faults      []string
}

// Register adds the flags.
func (o *Sandbox) Register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&o.Listen, "listen", "127.0.0.1:0", "the loopback `address` to serve on; port 0 takes a free one")
	flags.Uint64Var(&o.Seed, "seed", 0, "same seed, same orders and feeds")
	flags.IntVar(&o.Orders, "orders", sandbox.DefaultOrders, "orders to make up")
	flags.IntVar(&o.Feeds, "feeds", sandbox.DefaultFeeds, "feeds to make up")
	flags.StringVar(&o.File, "file", "", "keep the orders and feeds in this `file`, and continue with them next time")
	flags.StringVar(&o.ConsumerKey, "consumer-key", sandbox.DefaultConsumerKey, "the `key` that is accepted")
	flags.DurationVar(&o.TokenLifespan, "token-lifespan", 0, "how long a token is valid (0: forever)")
	flags.IntVar(&o.Burst, "burst", sandbox.DefaultBurst, "calls at once")
	flags.Float64Var(&o.PerSecond, "per-second", sandbox.DefaultPerSecond, "calls per second after that")
	flags.BoolVar(&o.noLimit, "no-limit", false, "no call limit")
	flags.IntVar(&o.PageCap, "page-cap", 0, "the largest page that is served (0: no cap)")
	flags.BoolVar(&o.NewestFirst, "newest-first", false, "list the newest orders first")
	flags.StringVar(&o.DateField, "date-field", sandbox.DateSource, "the creation date that filters use: source or destination")
	flags.StringVar(&o.Style, "style", sandbox.StyleDocumented, "spelling of answers: documented or other")
	flags.DurationVar(&o.ReadLag, "read-lag", 0, "how long it takes until reads show a write that took effect")
	flags.DurationVar(&o.executeLate, "execute-late", 0, "how long it takes until a write that was received takes effect")
	flags.DurationVar(&o.clockOffset, "clock-offset", 0, "how far the simulated API's clock is ahead of this machine's; behind it, if negative")
	flags.StringArrayVar(&o.Refuses, "refuse-carrier", nil, "a `carrier` that marketplaces refuse after the API accepted it (repeatable)")
	flags.DurationVar(&o.RefuseAfter, "refuse-after", time.Hour, "how long after a shipment its marketplace refuses the carrier")
	flags.StringArrayVar(&o.Silent, "silent", nil, "a `source` whose own status never follows a change (repeatable)")
	flags.IntVar(&o.Arrivals, "arrivals", 0, "a new order arrives at every `N`-th listing (0: never)")
	flags.StringArrayVar(&o.faults, "fault", nil, "fail on purpose (repeatable)")
	flags.BoolVar(&o.Control, "control", false, "also serve the control interface, under /_sandbox/")
}

// Complete reads the flags that are not options of the sandbox yet, and checks the
// rest. The simulated clock follows now.
func (o *Sandbox) Complete(now func() time.Time) error {
	o.Now = func() time.Time { return now().Add(o.clockOffset) }
	if !sandbox.OnLoopback(o.Listen) {
		return Usagef("--listen takes a loopback address, like 127.0.0.1:8080: the sandbox is not for a network")
	}
	switch {
	case o.Orders < 0, o.Feeds < 0, o.Burst < 0, o.PerSecond < 0, o.PageCap < 0, o.Arrivals < 0:
		return Usagef("a number is negative: --orders, --feeds, --burst, --per-second, --page-cap and --arrivals take none")
	case o.Burst == 0, o.PerSecond == 0:
		return Usagef("--burst and --per-second can't be 0; --no-limit takes the call limit away")
	case o.TokenLifespan < 0, o.ReadLag < 0, o.executeLate < 0, o.RefuseAfter < 0:
		return Usagef("a duration is negative: --token-lifespan, --read-lag, --execute-late and --refuse-after take none")
	case o.DateField != sandbox.DateSource && o.DateField != sandbox.DateDestination:
		return Usagef("--date-field takes %s or %s", sandbox.DateSource, sandbox.DateDestination)
	case o.Style != sandbox.StyleDocumented && o.Style != sandbox.StyleOther:
		return Usagef("--style takes %s or %s", sandbox.StyleDocumented, sandbox.StyleOther)
	}
	for _, text := range o.faults {
		f, err := sandbox.ParseFault(text)
		if err != nil {
			return Usagef("--fault: %w", err)
		}
		o.Faults = append(o.Faults, f)
	}
	// The options call none by a negative number, since 0 is their default.
	o.Orders, o.Feeds = noneIsNegative(o.Orders), noneIsNegative(o.Feeds)
	if o.noLimit {
		o.Burst = -1
	}
	if late := o.executeLate; late > 0 {
		o.ExecuteLate = func() time.Duration { return late }
	}
	return nil
}

func noneIsNegative(n int) int {
	if n == 0 {
		return -1
	}
	return n
}

// KeyToShow repeats the made-up key only: one that was chosen may be a real one.
func (o *Sandbox) KeyToShow() string {
	if o.ConsumerKey == sandbox.DefaultConsumerKey {
		return o.ConsumerKey
	}
	return "..."
}
