package main

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/sandbox"
)

type sandboxOptions struct {
	sandbox.Options
	listen      string
	noLimit     bool
	executeLate time.Duration
	clockOffset time.Duration
	faults      []string
}

func newSandbox(p *program) *cobra.Command {
	o := sandboxOptions{}
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Serve the built-in simulator of the API on loopback",
		Long: `sandbox serves a simulated GoDataFeed API with made-up orders and feeds, on
loopback only, until it is interrupted. Where the API's documentation leaves
something open, it behaves in the most dangerous way that a server could. --fault
makes it fail on purpose. A configuration with endpoint = "sandbox" needs no
server: it runs the same simulator inside gdfctl.

A fault is OPERATION:KIND[=VALUE][:KEY=VALUE]...: an operation such as
list_orders, get_order, update_status, acknowledge or any; a kind of status,
html, cut_before, cut_after, hang, half_body, slow_body, success_false,
redirect, empty or delay; and the keys nth, p, times, delay, effect and
retry_after.`,
		Example: `  gdfctl sandbox
  gdfctl sandbox --listen 127.0.0.1:8080 --orders 5000 --page-cap 100 --file world.json
  gdfctl sandbox --fault update_status:status=500:p=0.1 --fault any:status=429:times=5:retry_after=30`,
		Args: commandline.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runSandbox(cmd.Context(), o) },
	}
	o.register(cmd)
	return cmd
}

func (o *sandboxOptions) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&o.listen, "listen", "127.0.0.1:0", "the loopback `address` to serve on; port 0 takes a free one")
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
	flags.IntVar(&o.Arrivals, "arrivals", 0, "a new order arrives at every `N`-th listing (0: never)")
	flags.StringArrayVar(&o.faults, "fault", nil, "fail on purpose (repeatable)")
	flags.BoolVar(&o.Control, "control", false, "also serve the control interface, under /_sandbox/")
}

func (p *program) runSandbox(ctx context.Context, o sandboxOptions) error {
	if err := o.complete(); err != nil {
		return err
	}
	o.Now = func() time.Time { return p.now().Add(o.clockOffset) }
	world, err := sandbox.New(o.Options)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", o.listen)
	if err != nil {
		return fmt.Errorf("the sandbox can't listen on %s: %w\nAnother process may use the port: choose another one, or 0 for a free one", o.listen, err)
	}
	url := "http://" + l.Addr().String()
	fmt.Fprintf(p.stdout, "The sandbox answers on %s\n", url)
	if o.Control {
		fmt.Fprintf(p.stdout, "Its control side: %s/_sandbox/truth\n", url)
	}
	fmt.Fprintf(p.stdout, "\n  export GDF_ENDPOINT=%s GDF_CONSUMER_KEY=%s\n\nCtrl-C stops it.\n", url, o.keyToShow())
	if err := sandbox.Serve(ctx, l, world); err != nil {
		return fmt.Errorf("the sandbox stopped: %w", err)
	}
	return nil
}

// complete reads the flags that are not options of the sandbox yet, and checks
// the rest.
func (o *sandboxOptions) complete() error {
	if !sandbox.OnLoopback(o.listen) {
		return commandline.Usagef("--listen takes a loopback address, like 127.0.0.1:8080: the sandbox is not for a network")
	}
	switch {
	case o.Orders < 0, o.Feeds < 0, o.Burst < 0, o.PerSecond < 0, o.PageCap < 0, o.Arrivals < 0:
		return commandline.Usagef("a number is negative: --orders, --feeds, --burst, --per-second, --page-cap and --arrivals take none")
	case o.Burst == 0, o.PerSecond == 0:
		return commandline.Usagef("--burst and --per-second can't be 0; --no-limit takes the call limit away")
	case o.TokenLifespan < 0, o.ReadLag < 0, o.executeLate < 0:
		return commandline.Usagef("a duration is negative: --token-lifespan, --read-lag and --execute-late take none")
	case o.DateField != sandbox.DateSource && o.DateField != sandbox.DateDestination:
		return commandline.Usagef("--date-field takes %s or %s", sandbox.DateSource, sandbox.DateDestination)
	case o.Style != sandbox.StyleDocumented && o.Style != sandbox.StyleOther:
		return commandline.Usagef("--style takes %s or %s", sandbox.StyleDocumented, sandbox.StyleOther)
	}
	for _, text := range o.faults {
		f, err := sandbox.ParseFault(text)
		if err != nil {
			return commandline.Usagef("--fault: %w", err)
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

// keyToShow repeats the made-up key only: one that was chosen may be a real one.
func (o *sandboxOptions) keyToShow() string {
	if o.ConsumerKey == sandbox.DefaultConsumerKey {
		return o.ConsumerKey
	}
	return "..."
}
