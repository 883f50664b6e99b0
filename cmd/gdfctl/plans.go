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

func newPlans(p *program) *cobra.Command {
	cmd := commandline.Group("plans", "List, show and discard published plans", newPlansList(p), newPlansShow(p), newPlansDiscard(p))
	cmd.Long = `plan --publish keeps a plan beside a state that machines share, where reviewers
and apply --published find it. A published plan proves nothing: apply plans again,
and only makes the changes that both plans have.`
	cmd.Example = `  gdfctl plans list
  gdfctl plans show 37637a124fb3`
	return cmd
}

type plansOptions struct {
	planFlags
	reason string
}

func newPlansList(p *program) *cobra.Command {
	o := plansOptions{}
	cmd := &cobra.Command{
		Use: "list", Short: "List the published plans, the newest last",
		Example: `  gdfctl plans list --json | jq -r '.plans[] | select(.partial) | .plan_hash'`,
		Args:    commandline.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.runPlansList(cmd.Context(), o) },
	}
	o.Variables.Register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON)
	return cmd
}

func (p *program) runPlansList(ctx context.Context, o plansOptions) error {
	found, err := reconcile.ListPlans(ctx, p.source(o.Variables), p.deps(), p.Observe)
	if err != nil {
		return err
	}
	plans := make([]report.PublishedPlan, len(found))
	for i, e := range found {
		plans[i] = report.NewPublishedPlan(report.PublishedPlan{
			PlanHash: e.Hash, ConfigHash: e.ConfigHash, Version: e.Version, Who: e.Who, Head: e.Head, Base: e.Base,
			PullRequest: e.PullRequest, Changes: e.Changes, Partial: e.Partial,
		}, e.Made, e.At, e.ForgeAt, e.DoneBy)
	}
	return screen.Print(&p.Screen, o.Chosen, report.NewPublishedPlans(plans), text.PublishedPlans)
}

func newPlansShow(p *program) *cobra.Command {
	o := plansOptions{}
	cmd := &cobra.Command{
		Use: "show HASH", Short: "Show a published plan",
		Example: `  gdfctl plans show 37637a124fb3 --full`,
		Args:    commandline.OneArg("the hash of the plan, or its beginning"),
		RunE:    func(cmd *cobra.Command, args []string) error { return p.runPlansShow(cmd.Context(), args[0], o) },
	}
	o.Variables.Register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON, report.Markdown, report.HTML, report.JUnit)
	cmd.Flags().BoolVar(&o.full, "full", false, "show every order, not only the first of each group")
	return cmd
}

func (p *program) runPlansShow(ctx context.Context, hash string, o plansOptions) error {
	shown, err := reconcile.ShowPublished(ctx, p.source(o.Variables), hash, p.deps(), p.Observe)
	if err != nil {
		return err
	}
	return p.Plan(shown, o.Chosen, o.full)
}

func newPlansDiscard(p *program) *cobra.Command {
	o := plansOptions{}
	cmd := &cobra.Command{
		Use: "discard HASH", Short: "Discard a published plan: it does not count as reviewed any more",
		Example: `  gdfctl plans discard 37637a124fb3 --reason "planned from the wrong branch"`,
		Args:    commandline.OneArg("the hash of the plan, or its beginning"),
		RunE:    func(cmd *cobra.Command, args []string) error { return p.runPlansDiscard(cmd.Context(), args[0], o) },
	}
	o.Variables.Register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON)
	cmd.Flags().StringVar(&o.reason, "reason", "", "the `reason`, which is kept with the plans (required)")
	return cmd
}

func (p *program) runPlansDiscard(ctx context.Context, hash string, o plansOptions) error {
	e, err := reconcile.DiscardPlan(ctx, p.source(o.Variables), hash, o.reason, p.deps(), p.Observe)
	if err != nil {
		return err
	}
	return screen.Print(&p.Screen, o.Chosen, report.NewDiscarded(e.Hash), text.PlanDiscarded)
}
