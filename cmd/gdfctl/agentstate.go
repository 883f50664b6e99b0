package main

import (
	"context"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/agent"
	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/report"
)

func newAgentAcceptState(p *program) *cobra.Command {
	o := agentOptions{}
	cmd := &cobra.Command{
		Use: "accept-state WORKSPACE", Short: "Say which state a workspace has from now on",
		Long: `accept-state makes the state that this machine has of a workspace the one that agents use.
Agents of several machines remember which state each workspace has, so that none of them sends
anything with another one. Where you moved the files of a state to another machine, put them back
from a copy, or began a new state on purpose, run this on the machine that has the state now. The
reason is in the audit log of that state.

A state that ` + "`gdfctl state migrate`" + ` moves stays the same one: it needs none of this.`,
		Example: `  gdfctl agent accept-state seller-17 --config /etc/gdfctl/agent.hcl --reason "the machine was replaced"`,
		Args:    commandline.OneArg("the name of the workspace"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.runAgentAcceptState(cmd.Context(), args[0], o)
		},
	}
	o.registerWhere(cmd)
	o.Format.Register(cmd, report.Text, report.JSON)
	cmd.Flags().StringVar(&o.reason, "reason", "", "the `reason`, for the audit log (required)")
	return cmd
}

func (p *program) runAgentAcceptState(ctx context.Context, workspace string, o agentOptions) error {
	options, err := p.agent(o, slog.DiscardHandler)
	if err != nil {
		return err
	}
	accepted, err := agent.AcceptState(ctx, options, workspace, o.reason)
	if err != nil {
		return err
	}
	return p.agentDone(o, report.AgentDone{State: accepted})
}
