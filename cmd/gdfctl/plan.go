package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/screen"
)

// planFlags are what plan and apply have in common.
type planFlags struct {
	commandline.Variables
	commandline.CI
	targets   []string
	excludes  []string
	refresh   string
	policies  []string
	policyRef commandline.PolicyRef
	keepGoing bool
	full      bool
	commandline.Format
}

func (f *planFlags) register(cmd *cobra.Command) {
	f.Variables.Register(cmd)
	f.CI.Register(cmd)
	cmd.Flags().StringArrayVar(&f.targets, "target", nil, "only this `address`: a block like batch.shipments, or one order of it (repeatable)")
	cmd.Flags().StringArrayVar(&f.excludes, "exclude", nil, "everything except this `address` (repeatable)")
	cmd.Flags().StringVar(&f.refresh, "refresh", "open", "which orders to read: `open|all`; all reads closed ones too")
	cmd.Flags().StringArrayVar(&f.policies, "policy-dir", nil, "a `directory` whose policy block applies too (repeatable)")
	f.policyRef.Register(cmd, reconcile.NoPolicyRef)
	cmd.Flags().BoolVar(&f.keepGoing, "keep-going", false, "skip accounts that can't be read, and exit 3")
	cmd.Flags().BoolVar(&f.full, "full", false, "show every order, not only the first of each group")
	f.Format.Register(cmd, report.Text, report.JSON, report.Markdown, report.JUnit)
}

func (p *program) scope(f planFlags) (reconcile.Scope, error) {
	if f.refresh != "open" && f.refresh != "all" {
		return reconcile.Scope{}, commandline.Usagef("--refresh must be open or all")
	}
	if err := p.beginCI(f.CI); err != nil {
		return reconcile.Scope{}, err
	}
	return reconcile.Scope{
		Source: p.source(f.Variables), Targets: f.targets, Excludes: f.excludes, Closed: f.refresh == "all",
		Policies: f.policies, PolicyRef: f.policyRef.Name, KeepGoing: f.keepGoing, MadeWith: f.Named(),
	}, nil
}

type planOptions struct {
	planFlags
	reports      commandline.Reports
	out          string
	publish      bool
	allowDirty   bool
	detailedExit bool
}

func newPlan(p *program) *cobra.Command {
	o := planOptions{}
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Show what apply would change",
		Long: `plan reads live orders in as few calls as possible and compares them with the
configuration. It shows what apply would change, how many calls that takes, and
which orders are held back and why. It changes neither orders nor the state.`,
		Example: `  gdfctl plan
  gdfctl plan --out release.plan && gdfctl apply release.plan
  gdfctl plan --json | jq .summary
  gdfctl plan --target 'batch.shipments["Amazon/112-1234567-1234567"]'`,
		Args: commandline.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runPlan(cmd.Context(), o) },
	}
	o.register(cmd)
	o.reports.Register(cmd)
	cmd.Flags().StringVar(&o.out, "out", "", "save the plan to this `file`, for apply")
	cmd.Flags().BoolVar(&o.publish, "publish", false, "keep the plan beside a shared state, for apply --published")
	cmd.Flags().BoolVar(&o.allowDirty, "allow-dirty", false, "with --publish: also with files that are not committed, for no commit")
	cmd.Flags().BoolVar(&o.detailedExit, "detailed-exitcode", false, "exit 2 if there are changes, 0 if there are none")
	return cmd
}

func (p *program) runPlan(ctx context.Context, o planOptions) error {
	scope, err := p.scope(o.planFlags)
	if err == nil && o.allowDirty && !o.publish {
		err = commandline.Usagef("--allow-dirty belongs to --publish: a plan that is only shown or saved stands for no commit")
	}
	if err == nil {
		err = o.reports.Check()
	}
	if err != nil {
		return err
	}
	show := func(made *reconcile.PlanReport) error {
		return p.Planned(made, o.Chosen, o.full, screen.Files(o.reports))
	}
	made, err := reconcile.Plan(ctx, reconcile.PlanRequest{Scope: scope, Out: o.out, Publish: o.publish, AllowDirty: o.allowDirty, Show: show}, p.deps(), p.Observe)
	if err != nil {
		return err
	}
	p.Kept(made, o.out, o.Chosen)
	return planCode(made, o.detailedExit)
}

type showOptions struct{ planFlags }

func newShow(p *program) *cobra.Command {
	o := showOptions{}
	cmd := &cobra.Command{
		Use:   "show FILE",
		Short: "Show a saved plan",
		Example: `  gdfctl show release.plan
  gdfctl show --format json release.plan | jq '.changes[].address'`,
		Args: commandline.OneArg("the file of the plan"),
		RunE: func(cmd *cobra.Command, args []string) error { return p.runShow(cmd.Context(), args[0], o) },
	}
	o.Format.Register(cmd, report.Text, report.JSON, report.Markdown, report.HTML, report.JUnit)
	cmd.Flags().BoolVar(&o.full, "full", false, "show every order, not only the first of each group")
	return cmd
}

func (p *program) runShow(ctx context.Context, path string, o showOptions) error {
	saved, err := reconcile.ShowPlan(ctx, reconcile.ShowPlanRequest{Source: reconcile.Source{Dir: p.Dir}, File: path}, p.deps(), p.Observe)
	if err != nil {
		return err
	}
	return p.Plan(saved, o.Chosen, o.full)
}
