package reconcile

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/config"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/published"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// Scope is what a plan is made of: the configuration, and which part of it.
type Scope struct {
	Source
	Targets   []string     // only these addresses; empty: all
	Excludes  []string     // all but these addresses
	Guessed   bool         // nobody wrote Targets: see plan.Selection
	Closed    bool         // read closed orders too
	Policies  []string     // directories whose policy blocks hold too
	PolicyRef string       // a commit whose policy holds too; empty: the base of this CI job's pull request; see NoPolicyRef
	Limits    *spec.Policy // of this run, beside the policies; nil: there are none
	KeepGoing bool         // leave out accounts that can't be read
	MadeWith  []string     // how to name the variables again, without their values
}

// partial names what leaves out something of what the configuration wants.
func (s Scope) partial() []string {
	var flags []string
	for _, address := range s.Targets {
		flags = append(flags, "--target "+address)
	}
	for _, address := range s.Excludes {
		flags = append(flags, "--exclude "+address)
	}
	return flags
}

// PlanRequest asks for a plan.
type PlanRequest struct {
	Scope
	Out     string // the file to save the plan to; empty: none
	Publish bool   // keep it where `apply --published` finds it
	// AllowDirty publishes a plan of files that the commit does not hold: it stands for
	// no commit then.
	AllowDirty bool
	// Show shows the plan before it is saved: a saved plan counts as reviewed, and
	// after an error it isn't saved. nil shows nothing.
	Show func(*PlanReport) error
}

// PlanReport is a plan, and what has to be known beside it.
type PlanReport struct {
	Plan       *plan.Plan
	Hash       string
	Violations []plan.Violation
	Confirm    int // so many cancels are approved by their number alone; 0: yes will do
	Before     Before
	PolicyRef  *spec.PolicyDiff          // how the policy differs from that of another commit; nil: there is none
	Zones      map[string]*time.Location // of the accounts, by name; UTC where there is none
	Watches    bool                      // the configuration watches feeds
	Feeds      watch.Report              // what the latest check of them found
	// OpenCalls is how many earlier calls have no known outcome. Unclaimed is why
	// an apply would send nothing, if such calls are of no account that there is.
	OpenCalls int
	Unclaimed error
	Publishes bool             // it was asked to be published
	Until     time.Time        // from when on the policy lets nobody apply it; zero: not known
	Numbered  Numbered         // in its pull request; only if it is to be published
	Published *published.Entry // nil: it was not published

	publication publication
}

// Plan makes a plan and changes nothing: not the API, not the state. Where the
// plan is beyond the policy's limits, or can't be saved, the report comes with
// an error.
func Plan(ctx context.Context, req PlanRequest, d Deps, o Observer) (*PlanReport, error) {
	o = o.inTurn()
	report, err := d.plan(o.withWaits(ctx), req, o)
	if err != nil {
		return nil, err
	}
	if req.Show != nil {
		if err := req.Show(report); err != nil {
			return nil, err
		}
	}
	if err := withinPolicy(report.Violations); err != nil {
		return report, err
	}
	if req.Out != "" {
		if err := savePlan(req.Out, report.Plan); err != nil {
			return report, err
		}
	}
	if req.Publish {
		report.Published, err = report.publication.publish(ctx, report)
	}
	return report, err
}

// plan makes the plan, and lets go of all that it was made from.
func (d Deps) plan(ctx context.Context, req PlanRequest, o Observer) (*PlanReport, error) {
	w, err := d.strict(ctx, req.Source, o, d.Now)
	if err != nil {
		return nil, err
	}
	defer w.close()
	policies, diff, err := w.policies(ctx, req.Scope)
	if err != nil {
		return nil, err
	}
	dirty := false
	if req.Publish {
		if dirty, err = w.dirty(ctx, req.AllowDirty); err != nil {
			return nil, err
		}
	}
	st, err := w.readState(ctx)
	if err != nil {
		return nil, err
	}
	w.adopt(st)
	report, err := w.planReport(ctx, req, policies, st)
	if err != nil {
		return nil, err
	}
	report.PolicyRef, report.Before = diff, w.before(st, req.Publish)
	report.publication = publication{d, req.Source, o, w.home, maxReviewAge(policies).most, approvalsOf(policies), dirty}
	report.Publishes, report.Until = req.Publish, report.Plan.CreatedAt.Add(maxPlanAge(policies).most)
	if req.Publish {
		report.Until = report.Plan.CreatedAt.Add(maxReviewAge(policies).most)
	}
	if report.Hash, err = report.Plan.Hash(); err == nil && req.Publish {
		report.Numbered = report.publication.number(ctx, report.Hash)
	}
	return report, err
}

// planReport makes the plan. What it was made from is larger than it, and let
// go here.
func (w *workspace) planReport(ctx context.Context, req PlanRequest, policies []spec.Policy, st *state.State) (*PlanReport, error) {
	defer st.KeepOpen()() // each order of a table is looked up
	report, _, err := w.makePlan(ctx, req.Scope, policies, st, w.moment())
	if err != nil {
		return nil, err
	}
	if report.Watches = len(w.cfg.Watches) > 0; report.Watches {
		report.Feeds = w.latestFeeds()
	}
	report.Unclaimed = w.unclaimed(st)
	for range st.OpenIntents() {
		report.OpenCalls++
	}
	return report, nil
}

// makePlan reads the tables and the live orders, and decides. The report is
// without the plan's hash, which needs neither.
// asOf is the moment of a state whose lease nobody here holds; nil under the lease.
func (w *workspace) makePlan(ctx context.Context, scope Scope, policies []spec.Policy, st *state.State, asOf *moment) (*PlanReport, plan.Input, error) {
	wishes, err := w.wishes(ctx)
	if err != nil {
		return nil, plan.Input{}, err
	}
	in, err := w.planInput(ctx, scope, policies, st, wishes, nil)
	if err != nil {
		return nil, in, err
	}
	report, err := w.build(in, scope, policies, asOf)
	return report, in, err
}

// build decides, and compares the plan with the policies.
func (w *workspace) build(in plan.Input, scope Scope, policies []spec.Policy, asOf *moment) (*PlanReport, error) {
	if asOf != nil {
		in.Position, in.InProgress = &asOf.Position, asOf.held
	}
	p, diags := plan.Build(in)
	if diags.HasErrors() {
		return nil, &ConfigError{Diagnostics: diags, Files: w.cfg.Files}
	}
	w.diagnosed(diags)
	p.MadeWith = scope.MadeWith
	confirm, _ := toConfirm(p, policies)
	return &PlanReport{Plan: p, Violations: checkPolicies(p, policies), Confirm: confirm, Zones: zonesOf(w.cfg)}, nil
}

// planInput reads the live orders that the wishes are about. resend is nil unless they
// are to be sent again.
func (w *workspace) planInput(ctx context.Context, scope Scope, policies []spec.Policy, st *state.State, wishes *spec.Wishes, resend *plan.Resending) (plan.Input, error) {
	req := plan.ReadRequest{
		Accounts: w.cfg.Accounts, APIs: map[string]plan.Reader{}, Wishes: wishes, State: st,
		Select: plan.Selection{Targets: scope.Targets, Excludes: scope.Excludes, Guessed: scope.Guessed}, Learned: w.known(), All: scope.Closed || resend != nil, Alone: resend != nil, Now: w.Now,
		KeepGoing: scope.KeepGoing, Unreadable: map[string]error{},
	}
	if unmatched := req.Select.Unmatched(wishes); len(unmatched) > 0 {
		return plan.Input{}, errors.New(strings.Join(unmatched, "\n"))
	}
	for _, batch := range wishes.Empty {
		// no mistake, but not what somebody expects who forgot to put the export there
		w.warnf("%s has no rows: its table is empty, or there is no file", batch)
	}
	for _, a := range req.Needed() {
		client, err := w.client(a)
		switch {
		case err == nil:
			req.APIs[a.Name] = client
		case scope.KeepGoing:
			req.Unreadable[a.Name] = err
		default:
			return plan.Input{}, err
		}
	}
	snapshot, err := plan.Read(ctx, req)
	if err != nil {
		if ctx.Err() != nil {
			err = ErrInterrupted
		}
		return plan.Input{}, err
	}
	caps := map[string]int{}
	for name, s := range snapshot.Accounts {
		caps[name] = s.PageCap
	}
	w.learn(caps)
	in := plan.Input{
		Accounts: w.cfg.Accounts, Policy: spec.Strictest(policies), Wishes: wishes, State: st, Snapshot: snapshot,
		Select: req.Select, Resend: resend, Learned: req.Learned, All: req.All, Now: w.Now(), Version: w.Version, Seal: seal, ConfigHash: spec.ConfigHash(wishes, w.cfg.Accounts, policies, w.cfg.Schedules), Partial: scope.partial(),
	}
	return in, nil
}

// zonesOf are the zones in which people see times.
func zonesOf(cfg *config.Config) map[string]*time.Location {
	zones := map[string]*time.Location{}
	for _, a := range cfg.Accounts {
		zones[a.Name] = a.Timezone
	}
	return zones
}
