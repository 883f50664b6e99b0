package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/console"
	"github.com/gdfctl/gdfctl/internal/forge"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/screen"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

type commentOptions struct {
	kind   string
	strict bool
	commandline.Format
}

func newComment(p *program) *cobra.Command {
	o := commentOptions{}
	cmd := &cobra.Command{
		Use:   "comment FILE...",
		Short: "Show a report in the pull request of this CI job",
		Long: `comment shows a report that plan, apply, verify, status or feeds check wrote as
Markdown in the pull request that this CI job is for, on GitHub or GitLab. It
replaces its last comment of that kind, but never one of a later run, and never
one that somebody else wrote. If the changes differ from a plan that somebody approved, a new
comment says so. Of several reports, it shows a table of their headlines.

What the forge can't or may not do is a warning or a note, and the exit code is
0, unless --strict is set. - reads the report from standard input.`,
		Example: `  gdfctl plan --format markdown > plan.md
  gdfctl comment plan.md
  gdfctl feeds check --format markdown | gdfctl comment -`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return commandline.Usagef("%s takes the files of reports, or - for standard input", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return p.runComment(cmd.Context(), args, o) },
	}
	cmd.Flags().StringVar(&o.kind, "kind", "", "`"+forge.KindNames("|", "|")+"`: needed if the first line of FILE does not say it")
	cmd.Flags().BoolVar(&o.strict, "strict", false, "exit 1 if the report could not be shown")
	o.Format.Register(cmd, report.Text, report.JSON)
	return cmd
}

func (p *program) runComment(ctx context.Context, paths []string, o commentOptions) error {
	req := reconcile.CommentRequest{Kind: forge.Kind(o.kind), Dir: p.Dir}
	for _, path := range paths {
		content, err := commandline.ReadInput(path, p.In, forge.MostComment)
		if err != nil {
			return err
		}
		req.Reports = append(req.Reports, content)
	}
	r, err := reconcile.Comment(ctx, req, p.deps(), p.Observe)
	if err != nil {
		return err
	}
	doc := report.NewComment(r.Mark, r.Commented, r.Failed)
	if err := console.Shown(screen.Print(&p.Screen, o.Chosen, doc, text.Comment)); err != nil {
		return err
	}
	if r.Result == forge.Failed {
		p.Warn("not commented: " + r.Failed.Error())
	}
	for _, problem := range r.Problems {
		p.Warn(problem.Error())
	}
	if o.strict && (r.Failed != nil || len(doc.Problems) > 0) {
		return &saidError{exitError}
	}
	return nil
}
