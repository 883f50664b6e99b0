package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/text"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// planFlags are what plan and apply have in common.
type planFlags struct {
	variableFlags
	targets  []string
	excludes []string
	refresh  string
	policies []string
	full     bool
	json     bool
	// keepGoing leaves out accounts that can't be read.
	keepGoing bool
}

func (f *planFlags) register(cmd *cobra.Command) {
	f.variableFlags.register(cmd)
	cmd.Flags().StringArrayVar(&f.targets, "target", nil, "only this `address`: a block like batch.shipments, or one order of it (repeatable)")
	cmd.Flags().StringArrayVar(&f.excludes, "exclude", nil, "all but this `address` (repeatable)")
	cmd.Flags().StringVar(&f.refresh, "refresh", "open", "orders to read: `open|all`; all reads closed ones too")
	cmd.Flags().StringArrayVar(&f.policies, "policy-dir", nil, "a `directory` whose policy block holds too (repeatable)")
	cmd.Flags().BoolVar(&f.keepGoing, "keep-going", false, "leave out accounts that cannot be read, and exit 3")
	cmd.Flags().BoolVar(&f.full, "full", false, "show every order, not the first of each group")
	cmd.Flags().BoolVar(&f.json, "json", false, "print JSON for programs")
}

func (f *planFlags) check() error {
	if f.refresh != "open" && f.refresh != "all" {
		return usagef("--refresh takes open or all")
	}
	return nil
}

// planned is a plan with what it was made from.
type planned struct {
	plan       *plan.Plan
	input      plan.Input
	violations []plan.Violation
}

// makePlan reads the tables and the live orders, and decides.
func (w *workspace) makePlan(ctx context.Context, f planFlags, policies []spec.Policy, st *state.State) (*planned, error) {
	wishes, err := w.wishes(ctx)
	if err != nil {
		return nil, err
	}
	req := plan.ReadRequest{
		Accounts: w.cfg.Accounts, APIs: map[string]plan.Reader{}, Wishes: wishes, State: st,
		Select: plan.Selection{Targets: f.targets, Excludes: f.excludes}, Learned: w.known(), All: f.refresh == "all", Now: w.p.now,
		KeepGoing: f.keepGoing, Unreadable: map[string]error{},
	}
	if unmatched := req.Select.Unmatched(wishes); len(unmatched) > 0 {
		return nil, fmt.Errorf("--target or --exclude: %s", strings.Join(unmatched, "\n"))
	}
	w.tellEmpty(wishes)
	for _, a := range req.Needed() {
		client, err := w.client(a)
		switch {
		case err == nil:
			req.APIs[a.Name] = client
		case f.keepGoing:
			req.Unreadable[a.Name] = err
		default:
			return nil, err
		}
	}
	snapshot, err := plan.Read(ctx, req)
	if err != nil {
		if ctx.Err() != nil {
			return nil, errInterrupted
		}
		return nil, err
	}
	caps := map[string]int{}
	for name, s := range snapshot.Accounts {
		caps[name] = s.PageCap
	}
	w.learn(caps)
	in := plan.Input{
		Accounts: w.cfg.Accounts, Policy: w.cfg.Policy, Wishes: wishes, State: st, Snapshot: snapshot,
		Select: req.Select, All: req.All, Now: w.p.now(), Version: version,
	}
	in.Policy.Rules, in.Policy.Raised = allRules(policies), allRaised(policies)
	p, diags := plan.Build(in)
	text.Diagnostics(w.p.stderr, w.p.styleErr, diags, w.cfg.Files)
	if diags.HasErrors() {
		return nil, &saidError{exitError}
	}
	p.MadeWith = f.madeWith()
	return &planned{plan: p, input: in, violations: checkPolicies(p, policies)}, nil
}

// showPlanAndFeeds prints the plan, and what the latest check of feeds found
// where feeds are watched.
func (w *workspace) showPlanAndFeeds(pl *plan.Plan, violations []plan.Violation, f planFlags) error {
	if len(w.cfg.Watches) == 0 {
		return w.p.showPlan(pl, zonesOf(w.cfg), violations, watch.Report{}, f)
	}
	feeds := w.latestFeeds()
	if err := w.p.showPlan(pl, zonesOf(w.cfg), violations, feeds, f); err != nil || f.json {
		return err
	}
	return text.PlanWatches(w.p.stdout, w.p.styleOut, feeds, w.p.now())
}

// showPlan prints the plan in the form that was asked for; programs get with it
// what the latest check of feeds found.
func (p *program) showPlan(pl *plan.Plan, zones map[string]*time.Location, violations []plan.Violation, feeds watch.Report, f planFlags) error {
	if f.json {
		doc, err := pl.Document(violations)
		if err != nil {
			return err
		}
		return json.Object(p.stdout, report.PlanForPrograms(doc, feeds))
	}
	hash, err := pl.Hash()
	if err != nil {
		return err
	}
	return p.planText(pl, hash, zones, f.full).Write(p.stdout, p.styleOut)
}

// violated prints the limits of the policy that a plan exceeds, and ends the
// command if there are any.
func (p *program) violated(violations []plan.Violation) error {
	if len(violations) == 0 {
		return nil
	}
	text.Violations(p.stderr, p.styleErr, violations)
	return &saidError{exitError}
}
