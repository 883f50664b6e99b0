package reconcile

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/checkout"
	"github.com/gdfctl/gdfctl/internal/notify"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// ApplyRequest asks for changes to be made: those of a saved plan, or those of
// a plan that is made now.
type ApplyRequest struct {
	Scope
	File        string           // the saved plan; empty: a plan is made now
	Reviewed    *ReviewedRequest // make of the plan only what was reviewed; nil: all
	Resend      *ResendRequest   // send these orders again, and nothing else; nil: make what the configuration wants
	Only        []order.Action   // a plan with another action is refused; nil: all are allowed
	First       int              // change only so many orders, as a canary; 0: all
	MaxFailures int              // stop after so many failed changes; 0: no limit
	Parallelism int              // calls of one account at once; 0: as its limit allows
	Deadline    time.Duration
	LockTimeout time.Duration // how long to wait for another run to end
	Calls       int           // that it makes at most, as far as is known before there is a plan; 0: not known
	Found       *Found        // what earlier runs of this process knew of calls whose outcome is open; nil: nothing
	// PlanLate makes no plan while calls of a run that is gone can still take effect: nobody waits
	// to see it, and orders that come in meanwhile are in it.
	PlanLate bool
	// Approve decides on a plan that was made now, before any call is sent. One
	// without changes is decided on where calls of an earlier run are open: they
	// can be sent again. Nil: it is approved.
	Approve func(context.Context, *plan.Plan) (bool, error)
	// Cancellations is how many cancels the caller approves beforehand, where nobody is
	// asked; nil: that is not said.
	Cancellations *int
	// Asks says that Approve waits for a person. Where others share the state, nobody
	// has to wait for that person: the lease is taken when they decided.
	Asks bool
}

// ApplyReport is how an apply ended.
type ApplyReport struct {
	RunID      string
	Plan       *plan.Plan
	Hash       string                    // the plan's
	Result     *apply.Result             // empty where nothing was to be sent
	Sent       bool                      // the plan was executed
	Resent     bool                      // it was one of orders to send again, by their names
	DoneBefore string                    // the earlier run that carried the plan out; empty: none did
	Reviewed   []ReviewedPlan            // the published plans that counted
	Zones      map[string]*time.Location // of the accounts, by name; UTC where there is none
	// Doubles are calls that may have been executed twice: a former run said so too late.
	Doubles    []state.Double
	Elapsed    time.Duration // of the execution
	AuditHead  audit.Head
	SignedHead string // the file of the signed head; empty: it was not signed
}

// Complete reports whether everything holds that the plan wants.
func (r *ApplyReport) Complete() bool {
	if r.Resent && len(r.Plan.Held) > 0 { // people named them
		return false
	}
	return len(r.Doubles) == 0 && r.Result.Clean() && len(r.Plan.Missing) == 0 && len(r.Plan.Stopped) == 0
}

// Apply makes changes. Each is written down before it is sent and after it was
// answered, so that a run which stops at any moment is continued by the next
// one, and nothing is sent twice. The report is nil if the run ended before
// there was anything to do.
func Apply(ctx context.Context, req ApplyRequest, d Deps, o Observer) (*ApplyReport, error) {
	o = o.inTurn()
	ctx = o.withWaits(ctx)
	if req.Reviewed != nil && d.Provenance.Commit == "" {
		d.Provenance.Commit, _ = checkout.At(req.Source.dir()).Head(ctx) // or openReview says why not
	}
	a := newApplying(req, d)
	if req.File != "" {
		saved, err := d.openSaved(req.File)
		if err != nil {
			return nil, err
		}
		a.saved = saved
	}
	w, err := d.strict(ctx, req.Source, o, func() time.Time { return a.planTime(d.Now) })
	if err != nil {
		return nil, err
	}
	defer w.close()
	return a.in(ctx, w)
}

func newApplying(req ApplyRequest, d Deps) *applying {
	return &applying{req: req, said: map[state.Key]string{}, report: &ApplyReport{RunID: d.runID(), Result: &apply.Result{}, Resent: req.Resend != nil}}
}

// in makes the changes of a workspace.
func (a *applying) in(ctx context.Context, w *workspace) (_ *ApplyReport, err error) {
	a.workspace, a.report.Zones = w, zonesOf(w.cfg)
	if err := w.signing(); err != nil {
		return nil, err
	}
	if a.policies, a.policyRef, err = w.policies(ctx, a.req.Scope); err != nil {
		return nil, err
	}
	if err := a.req.Resend.usable(); err != nil {
		return nil, err
	}
	if err := approvalsOf(a.policies).onlyReviewed(&a.req, w.Deps); err != nil {
		return nil, err
	}
	if err := w.keepsState(); err != nil {
		return nil, err
	}
	if err := a.before(ctx); err != nil {
		return nil, err
	}
	ended, err := a.locked(ctx)
	a.share()
	a.tell(ctx) // at last, when all is saved and the next run can begin
	if !ended {
		return nil, err
	}
	return a.report, err
}

// applying is one apply.
type applying struct {
	*workspace
	req      ApplyRequest
	policies []spec.Policy

	policyRef *spec.PolicyDiff // as in a PlanReport

	confirming plan.Confirming
	said       map[state.Key]string // the marketplaces' errors, as reads showed them
	look       *notify.Look         // at what became known of accepted changes; nil: nothing was saved

	session *state.Session
	saved   *savedPlan // nil: the plan is made under the lease
	review  *review    // nil: nothing needs to have been reviewed
	shown   *plan.Plan // what was approved of a resend before there was a lease
	passed  []apply.Passed
	report  *ApplyReport

	betweenTurns bool // it gave way to another run, and has no session
	doublesTold  int  // so many of the session's
	toPull       bool // a parcel must be pulled that the saved state doesn't remember
}

// planTime is the time by which the configuration's functions go.
func (a *applying) planTime(now func() time.Time) time.Time {
	if a.saved != nil {
		return a.saved.now()
	}
	return now()
}

// before does what needs no lease, and would keep others from it.
func (a *applying) before(ctx context.Context) (err error) {
	switch {
	case a.req.Reviewed != nil:
		a.review, err = a.openReview(ctx)
	case a.saved == nil && a.req.Asks && a.home.shared():
		err = a.ahead(ctx)
	}
	return err
}

// locked does what is done while the state is locked, and reports whether the
// run came to its regular end.
func (a *applying) locked(ctx context.Context) (ended bool, err error) {
	session, err := a.lock(ctx, a.operation(), a.req.LockTimeout, a.about())
	if err != nil {
		return false, err
	}
	a.session = session
	defer func() {
		if err := a.session.Close(); err != nil { // what the run did is told already
			a.warnf("%s", err)
		}
	}()
	if err := a.usable(); err != nil {
		return false, err
	}
	defer context.AfterFunc(ctx, func() { a.observe(Stopping{}) })()
	switch {
	case a.review != nil:
		err = a.takeReviewed(ctx)
	case a.req.Resend != nil:
		err = a.makeResend(ctx)
	case a.saved == nil:
		if err = a.untilQuiet(ctx); err == nil {
			err = a.makeNew(ctx)
		}
	default:
		err = a.takeSaved(ctx)
	}
	if a.report.DoneBefore != "" {
		return a.end(nil)
	}
	if err != nil {
		return false, err
	}
	return a.run(ctx)
}

// usable looks at the state that was locked.
func (a *applying) usable() error {
	a.notices(a.session.Notices()) // which name the doubles
	a.doublesTold = len(a.session.Doubles())
	a.report.Doubles = append(a.report.Doubles, a.session.Doubles()...)
	a.adopt(a.session.State())
	if err := a.unclaimed(a.session.State()); err != nil {
		return fmt.Errorf("nothing was sent: %w", err)
	}
	if _, err := a.store.VerifyAudit(""); err != nil {
		return fmt.Errorf("nothing was sent, because the audit log is not as it was written: %w", err)
	}
	return nil
}

// end tells of the end of the run.
func (a *applying) end(err error) (bool, error) {
	a.observe(Applied{ApplyReport: a.report, Err: err})
	return true, err
}

// makeNew plans under the lock and records what the reads showed.
func (a *applying) makeNew(ctx context.Context) error {
	made, in, err := a.makePlan(ctx, a.req.Scope, a.policies, a.session.State(), nil)
	if err != nil {
		return err
	}
	if err := a.planned(made, a.session.State()); err != nil {
		return err
	}
	a.meter.read(in)
	for seen := range plan.Observe(in) {
		a.remember(seen)
	}
	a.rememberParcels(made.Plan)
	return nil
}

// planned makes a plan that was made now the one of this run, and shows it. The
// error says which limits of the policy it is beyond.
func (a *applying) planned(made *PlanReport, st *state.State) (err error) {
	if made.Hash, err = made.Plan.Hash(); err != nil {
		return err
	}
	made.PolicyRef, made.Before = a.policyRef, a.workspace.before(st, false)
	a.report.Plan, a.report.Hash = made.Plan, made.Hash
	a.observe(Planned{made})
	return errors.Join(withinPolicy(made.Violations), a.allowed())
}

func (a *applying) run(ctx context.Context) (bool, error) {
	pl := a.report.Plan
	if len(pl.Changes) == 0 && len(a.passed) == 0 && (a.req.Resend != nil || !a.openCalls()) {
		return a.nothingToDo()
	}
	if err := a.approve(ctx); err != nil {
		return false, err
	}
	a.release()
	apis, err := a.apis()
	if err != nil {
		return false, err
	}
	if err := a.saveParcels(); err != nil {
		return false, err
	}
	if err := a.begin(a.session, a.report.RunID); err != nil {
		return false, fmt.Errorf("nothing was sent, because the journal could not be written: %w", err)
	}
	a.sized(pl)
	started := a.Now()
	result, runErr := a.inTurns(ctx, apply.Options{
		Plan: pl, Passed: a.passed, Accounts: a.callable(), APIs: apis, RunID: a.report.RunID, Policy: spec.Strictest(a.policies),
		Learned: a.known(), Parallelism: a.req.Parallelism, First: a.req.First, MaxFailures: a.req.MaxFailures,
		Body:     a.newRows().body,
		Deadline: a.req.Deadline, Now: a.Now, Events: func(e apply.Event) { a.observe(Progressed{e}) },
	})
	a.report.Result, a.report.Sent = result, true
	if runErr == nil {
		a.finished(result)
	}
	if !a.betweenTurns { // or all is saved
		runErr = errors.Join(runErr, a.save())
	}
	a.report.Elapsed = a.Now().Sub(started)
	return a.end(runErr)
}

// begin begins a turn of the run in the journal.
func (a *applying) begin(session *state.Session, id string) error {
	run := state.Run{ID: id, PlanHash: a.report.Hash, Command: a.operation()}
	if a.review != nil {
		run.Reviews = a.review.reviews
	}
	return session.Begin(run)
}

// finished remembers which plans were carried out, and up to which commit.
func (a *applying) finished(result *apply.Result) {
	if a.review != nil {
		a.review.finished(a, result)
		return
	}
	if result.Complete() && a.req.Resend == nil && (a.saved != nil || a.report.Sent) {
		a.session.FinishPlan(a.report.Hash, a.report.RunID, countsOf(a.report.Plan))
	}
}

// approve asks, unless the plan was saved or published, and so reviewed.
func (a *applying) approve(ctx context.Context) error {
	if a.saved != nil || a.review != nil || a.shown != nil {
		return nil
	}
	if err := a.confirmed(); err != nil || a.req.Approve == nil {
		return err
	}
	return approved(ctx, a.req.Approve, a.report.Plan)
}

// commit saves the state, and tells of calls that may have been executed twice: a
// former run recorded that only now.
func (a *applying) commit() error {
	err := a.session.Commit()
	for _, d := range a.session.Doubles()[a.doublesTold:] {
		a.warnf("%s", d)
		a.report.Doubles = append(a.report.Doubles, d)
		a.doublesTold++
	}
	return err
}

// notSaved says what became of what happened.
func (a *applying) notSaved(err error) error {
	if a.home.shared() { // what is not in the log is told of where the lease ends
		return fmt.Errorf("the state could not be saved, and the next run continues from what is recorded: %w", err)
	}
	return fmt.Errorf("the state could not be saved; what happened is in the journal, and the next run continues from there: %w", err)
}

// nothingToDo keeps what the reads showed: that an applied change is verified
// by now saves calls from now on.
func (a *applying) nothingToDo() (bool, error) {
	a.finished(a.report.Result)
	if err := a.save(); err != nil {
		return false, err
	}
	return a.end(nil)
}

// openCalls reports whether earlier runs left calls without a known outcome.
func (a *applying) openCalls() bool {
	for range a.session.State().OpenIntents() {
		return true
	}
	return false
}
