package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/console"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/present"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/view/html"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/junit"
	"github.com/gdfctl/gdfctl/internal/view/markdown"
	"github.com/gdfctl/gdfctl/internal/view/text"
	"github.com/gdfctl/gdfctl/internal/words"
)

// planFlags are what plan and apply have in common.
type planFlags struct {
	variableFlags
	ciFlags
	targets   []string
	excludes  []string
	refresh   string
	policies  []string
	policyRef policyRefFlag
	keepGoing bool
	full      bool
	commandline.Format
}

func (f *planFlags) register(cmd *cobra.Command) {
	f.variableFlags.register(cmd)
	f.ciFlags.register(cmd)
	cmd.Flags().StringArrayVar(&f.targets, "target", nil, "only this `address`: a block like batch.shipments, or one order of it (repeatable)")
	cmd.Flags().StringArrayVar(&f.excludes, "exclude", nil, "everything except this `address` (repeatable)")
	cmd.Flags().StringVar(&f.refresh, "refresh", "open", "which orders to read: `open|all`; all reads closed ones too")
	cmd.Flags().StringArrayVar(&f.policies, "policy-dir", nil, "a `directory` whose policy block applies too (repeatable)")
	f.policyRef.register(cmd)
	cmd.Flags().BoolVar(&f.keepGoing, "keep-going", false, "skip accounts that can't be read, and exit 3")
	cmd.Flags().BoolVar(&f.full, "full", false, "show every order, not only the first of each group")
	f.Format.Register(cmd, report.Text, report.JSON, report.Markdown, report.JUnit)
}

func (p *program) scope(f planFlags) (reconcile.Scope, error) {
	if f.refresh != "open" && f.refresh != "all" {
		return reconcile.Scope{}, commandline.Usagef("--refresh must be open or all")
	}
	if err := p.beginCI(f.ciFlags); err != nil {
		return reconcile.Scope{}, err
	}
	source, err := p.source(f.variableFlags)
	return reconcile.Scope{
		Source: source, Targets: f.targets, Excludes: f.excludes, Closed: f.refresh == "all",
		Policies: f.policies, PolicyRef: string(f.policyRef), KeepGoing: f.keepGoing, MadeWith: f.madeWith(),
	}, err
}

type planOptions struct {
	planFlags
	reports      reportFlags
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
	o.reports.register(cmd)
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
		err = o.reports.begin()
	}
	if err != nil {
		return err
	}
	show := func(made *reconcile.PlanReport) error {
		if err := console.Shown(p.showPlan(made, o.planFlags)); err != nil {
			return err
		}
		err := o.reports.write(
			func(w io.Writer) error { return markdown.Plan(w, p.job().Plan(made)) },
			func(w io.Writer) error { return html.Plan(w, p.job().Plan(made)) },
		)
		if err != nil {
			return err
		}
		p.planForCI(made)
		p.warnOpenCalls(made)
		return nil
	}
	made, err := reconcile.Plan(ctx, reconcile.PlanRequest{Scope: scope, Out: o.out, Publish: o.publish, AllowDirty: o.allowDirty, Show: show}, p.deps(), p.observe)
	if err != nil {
		return err
	}
	if o.out != "" && o.Talk() {
		fmt.Fprintf(p.stdout, "\nSaved to %s. To make exactly these changes: %s\n", safetext.Line(o.out), p.command("apply", o.out))
	}
	if e := made.Published; e != nil {
		out := p.stdout
		if !o.Talk() {
			out = p.stderr
		}
		if e.Head == "" {
			fmt.Fprintf(out, "\nPublished plan %s for no commit. When it was reviewed: %s\n", plan.ShortHash(e.Hash), p.command("apply", "--published", plan.ShortHash(e.Hash)))
		} else {
			fmt.Fprintf(out, "\nPublished plan %s for commit %s. When that is merged: %s\n", plan.ShortHash(e.Hash), plan.ShortHash(safetext.Line(e.Head)), p.command("apply", "--published"))
		}
	}
	return planCode(made, o.detailedExit)
}

// planText is a plan for people.
func (p *program) planText(r *reconcile.PlanReport, full bool) text.PlanText {
	return text.PlanText{Plan: present.Plan(r), Zones: r.Zones, Full: full, Command: p.command}
}

// showPlan prints the plan in the form that was asked for, and what the latest
// check of feeds found where feeds are watched.
func (p *program) showPlan(r *reconcile.PlanReport, f planFlags) error {
	if !f.Talk() {
		switch doc := present.Plan(r); f.Chosen {
		case report.Markdown:
			return markdown.Plan(p.stdout, p.job().Plan(r))
		case report.HTML:
			return html.Plan(p.stdout, p.job().Plan(r))
		case report.JUnit:
			return junit.Plan(p.stdout, doc)
		default:
			return json.Object(p.stdout, doc)
		}
	}
	if err := p.planText(r, f.full).Write(p.stdout, p.styleOut); err != nil || !r.Watches {
		return err
	}
	return text.PlanWatches(p.stdout, p.styleOut, r.Feeds, p.now())
}

// warnOpenCalls says that there are calls whose outcome is not known.
func (p *program) warnOpenCalls(r *reconcile.PlanReport) {
	switch {
	case r.Unclaimed != nil:
		p.warn("apply will send nothing: " + r.Unclaimed.Error())
	case r.OpenCalls > 0:
		p.warn(fmt.Sprintf("%s without a known outcome; the next apply finds out before it sends anything for the same order",
			words.Count(r.OpenCalls, "earlier call", "earlier calls")))
	}
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
	saved, err := reconcile.ShowPlan(ctx, reconcile.ShowPlanRequest{Source: reconcile.Source{Dir: p.chdir}, File: path}, p.deps(), p.observe)
	if err != nil {
		return err
	}
	return p.showPlan(saved, o.planFlags)
}
