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

func newStateInit(p *program) *cobra.Command {
	o := stateOptions{}
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Begin a state where the backend block says, and print which one it is",
		Long: `init begins a state in a place that has none. It makes what is needed there, and
proves with real writes that the place can be relied on: that it can be written
to, and that of two writes at the same time one is refused. Then it prints the
line that belongs into the backend block. With it, a place that was deleted,
renamed or mistyped is noticed: a state is never begun by accident.`,
		Example: `  gdfctl state init`,
		Args:    commandline.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.runStateInit(cmd.Context(), o) },
	}
	o.Variables.Register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON)
	return cmd
}

func (p *program) runStateInit(ctx context.Context, o stateOptions) error {
	begun, err := reconcile.InitState(ctx, p.source(o.Variables), p.deps(), p.Observe)
	if err != nil {
		return err
	}
	return screen.Print(&p.Screen, o.Chosen, report.NewBegun(begun.State, begun.Place), text.Begun)
}
