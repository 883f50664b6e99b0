package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/view/text"
	"github.com/gdfctl/gdfctl/internal/watch"
	"github.com/gdfctl/gdfctl/internal/words"
)

type planOptions struct {
	planFlags
	out          string
	detailedExit bool
}

func newPlan(p *program) *cobra.Command {
	o := planOptions{}
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Show what apply would change; change nothing",
		Long: `plan reads the live orders at the fewest calls, holds them against the
configuration, and shows what apply would change, what it would cost, and which
orders are held back and why. It changes nothing: not the API, not the state.`,
		Example: `  gdfctl plan
  gdfctl plan --out release.plan && gdfctl apply release.plan
  gdfctl plan --json | jq .summary
  gdfctl plan --target 'batch.shipments["Amazon/112-1234567-1234567"]'`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runPlan(cmd.Context(), o) },
	}
	o.register(cmd)
	cmd.Flags().StringVar(&o.out, "out", "", "save the plan to this `file`, for apply")
	cmd.Flags().BoolVar(&o.detailedExit, "detailed-exitcode", false, "exit 2 if there are changes, 0 if there are none")
	return cmd
}

func (p *program) runPlan(ctx context.Context, o planOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	w, err := p.open(ctx, o.variableFlags)
	if err != nil {
		return err
	}
	defer w.close()
	policies, err := w.policies(o.planFlags)
	if err != nil {
		return err
	}
	st, notices, err := w.store.Read()
	if err != nil {
		return err
	}
	p.notices(notices)
	w.adopt(st)
	made, err := w.makePlan(ctx, o.planFlags, policies, st)
	if err != nil {
		return err
	}
	// What the plan was made from is larger than it, and let go here.
	pl, violations := made.plan, made.violations
	if err := shown(w.showPlanAndFeeds(pl, violations, o.planFlags)); err != nil {
		return err
	}
	w.tellOpen(st)
	if err := p.violated(violations); err != nil {
		return err
	}
	if o.out != "" {
		if err := savePlan(o.out, pl); err != nil {
			return err
		}
		if !o.json {
			fmt.Fprintf(p.stdout, "\nSaved to %s. To make exactly these changes: %s\n", safetext.Line(o.out), p.command("apply", o.out))
		}
	}
	if len(pl.Missing)+len(pl.Stopped) > 0 {
		return &saidError{exitIncomplete}
	}
	if o.detailedExit && len(pl.Changes) > 0 {
		return &saidError{exitChanges}
	}
	return nil
}

// savePlan writes a plan that its owner alone can read, whoever could read the
// file that it replaces: a plan names orders.
func savePlan(path string, p *plan.Plan) error {
	err := swapIn(path, 0o600, func(f *os.File) error {
		if err := setMode(f, 0o600); err != nil {
			return err
		}
		_, err := p.Encode(f)
		return err
	})
	if err != nil {
		return fmt.Errorf("the plan can't be saved to %s: %w", path, bare(err))
	}
	return nil
}

func (p *program) openPlan(path string) (*plan.Plan, string, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "", fmt.Errorf("there is no plan file %s: make one with `%s`", path, p.command("plan", "--out", path))
	}
	if err != nil {
		return nil, "", fmt.Errorf("the plan file %s can't be opened: %w", path, bare(err))
	}
	defer f.Close()
	pl, hash, err := plan.Decode(f)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", path, err)
	}
	return pl, hash, nil
}

// bare is the cause of a file error, for messages that name the path
// themselves.
func bare(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}

type showOptions struct {
	planFlags
	format string
}

func newShow(p *program) *cobra.Command {
	o := showOptions{}
	cmd := &cobra.Command{
		Use:   "show FILE",
		Short: "Show a saved plan",
		Example: `  gdfctl show release.plan
  gdfctl show --format json release.plan | jq '.changes[].address'`,
		Args: oneArg("the plan's file"),
		RunE: func(_ *cobra.Command, args []string) error { return p.runShow(args[0], o) },
	}
	cmd.Flags().StringVar(&o.format, "format", "text", "`text` or json")
	cmd.Flags().BoolVar(&o.full, "full", false, "show every order, not the first of each group")
	return cmd
}

func (p *program) runShow(path string, o showOptions) error {
	if o.format != "text" && o.format != "json" {
		return usagef("--format takes text or json")
	}
	o.json = o.format == "json"
	pl, _, err := p.openPlan(path)
	if err != nil {
		return err
	}
	return p.showPlan(pl, p.zones(), nil, watch.Report{}, o.planFlags)
}

// tellOpen says that there are calls whose outcome is not known.
func (w *workspace) tellOpen(st *state.State) {
	if err := w.unclaimed(st); err != nil {
		text.Warning(w.p.stderr, w.p.styleErr, "apply will send nothing: "+err.Error())
		return
	}
	n := 0
	for range st.OpenIntents() {
		n++
	}
	if n > 0 {
		text.Warning(w.p.stderr, w.p.styleErr, fmt.Sprintf("%s with no known outcome; the next apply finds out before it sends anything for the same order",
			words.Count(n, "earlier call", "earlier calls")))
	}
}
