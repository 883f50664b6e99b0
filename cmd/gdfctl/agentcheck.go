package main

import (
	"context"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/agent"
	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/machine"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/screen"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

// registerCheck adds the flags that look at a machine's file, instead of running it.
func (o *agentOptions) registerCheck(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&o.check, "check", false, "with --config: say what an agent can't run, and end")
	o.Format.Register(cmd, report.Text, report.JSON)
}

// completedMachine are the names that a half-written command line can have with --config. Of a file with mistakes,
// there are some too.
func (p *program) completedMachine(path string) (workspaces, schedules []string) {
	m, _ := machine.Read(path, p.Env)
	return agent.NewMachine(m, p.deps(), slog.New(slog.DiscardHandler)).Nameable()
}

func (p *program) runAgentCheck(ctx context.Context, o agentOptions) error {
	if o.config == "" {
		return commandline.Usagef("--check is for --config: a directory is checked by gdfctl validate")
	}
	m, err := p.machineFile(o.config)
	if err != nil {
		return err
	}
	found, err := agent.NewMachine(m, p.deps(), slog.New(slog.DiscardHandler)).Check(ctx)
	if err != nil {
		return err
	}
	err = screen.Print(&p.Screen, o.Chosen, found, text.AgentCheck)
	if err == nil && found.Problems() > 0 {
		err = &saidError{exitError}
	}
	return err
}
