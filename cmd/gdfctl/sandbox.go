package main

import (
	"context"
	"fmt"
	"net"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/sandbox"
)

func newSandbox(p *program) *cobra.Command {
	o := commandline.Sandbox{}
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
	o.Register(cmd)
	return cmd
}

func (p *program) runSandbox(ctx context.Context, o commandline.Sandbox) error {
	if err := o.Complete(p.Now); err != nil {
		return err
	}
	world, err := sandbox.New(o.Options)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return fmt.Errorf("the sandbox can't listen on %s: %w\nAnother process may use the port: choose another one, or 0 for a free one", o.Listen, err)
	}
	url := "http://" + l.Addr().String()
	fmt.Fprintf(p.Out, "The sandbox answers on %s\n", url)
	if o.Control {
		fmt.Fprintf(p.Out, "Its control side: %s/_sandbox/truth\n", url)
	}
	fmt.Fprintf(p.Out, "\n  export GDF_ENDPOINT=%s GDF_CONSUMER_KEY=%s\n\nCtrl-C stops it.\n", url, o.KeyToShow())
	if err := sandbox.Serve(ctx, l, world); err != nil {
		return fmt.Errorf("the sandbox stopped: %w", err)
	}
	return nil
}
