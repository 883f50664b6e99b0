package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

type applyOptions struct {
	planFlags
	autoApprove bool
	first       int
	maxFailures int
	deadline    durationFlag
	parallelism int
	lockTimeout durationFlag
}

func newApply(p *program) *cobra.Command {
	o := applyOptions{}
	cmd := &cobra.Command{
		Use:   "apply [FILE]",
		Short: "Make the changes of a saved plan, or plan and ask",
		Long: `apply makes the changes of a saved plan, or makes a plan, shows it and asks.
Each change is written down before it is sent and after it was answered, so
that a run that is stopped or killed at any moment is continued by the next
one, and nothing is sent twice. The first Ctrl-C stops sending and saves; a
second one, more than a second later, stops at once.`,
		Example: `  gdfctl apply
  gdfctl apply release.plan
  gdfctl apply --first 10                 a canary: ten orders, the rest later
  gdfctl apply --auto-approve --json      in CI, for programs`,
		Args: atMostOneArg("a saved plan's file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			for name, nothing := range map[string]bool{"first": o.first == 0, "deadline": o.deadline == 0} {
				if cmd.Flags().Changed(name) && nothing {
					return usagef("--%s 0 is refused, since it could mean nothing at all or no limit: leave it out for no limit", name)
				}
			}
			file := ""
			if len(args) == 1 {
				file = args[0]
				for _, name := range []string{"target", "exclude", "refresh", "keep-going"} {
					if cmd.Flags().Changed(name) {
						return usagef("--%s belongs to planning: a saved plan is applied as it is", name)
					}
				}
			}
			return p.runApply(cmd.Context(), file, o)
		},
	}
	o.register(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&o.autoApprove, "auto-approve", false, "don't ask")
	flags.IntVar(&o.first, "first", 0, "change only the first `N` orders, as a canary")
	flags.IntVar(&o.maxFailures, "max-failures", 0, "stop after `N` failed changes (0: no limit); calls under way then can fail too, so N exactly only with --parallelism 1")
	flags.Var(&o.deadline, "deadline", "stop sending after this `duration`, for example 25m")
	flags.IntVar(&o.parallelism, "parallelism", 0, "calls of one account under way at once (default: as many as its limit allows in a second, 10 at least)")
	flags.Var(&o.lockTimeout, "lock-timeout", "wait this `duration` for another run to end")
	return cmd
}

func (p *program) runApply(ctx context.Context, file string, o applyOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	if o.first < 0 || o.maxFailures < 0 || o.parallelism < 0 || o.parallelism > godatafeed.MostAtOnce {
		return usagef("--first, --max-failures and --parallelism take numbers that are not negative; --parallelism is %d at most", godatafeed.MostAtOnce)
	}
	a := &applying{p: p, o: o, runID: newRunID(p.now())}
	now := p.now
	if file != "" {
		saved, err := p.openSaved(file)
		if err != nil {
			return err
		}
		a.saved, now = saved, saved.now
	}
	w, err := p.openAt(ctx, o.variableFlags, now)
	if err != nil {
		return err
	}
	defer w.close()
	a.w = w
	if err := w.signing(); err != nil {
		return err
	}
	if a.policies, err = w.policies(o.planFlags); err != nil {
		return err
	}
	if file == "" && !o.autoApprove && (!p.terminal || o.json) {
		return errors.New("cannot ask for approval without a terminal; nothing was read or changed: give --auto-approve, or save a plan and apply that")
	}
	defer a.tell(ctx) // at last, when all is saved and the next run can begin
	session, err := w.store.Lock(ctx, "apply", time.Duration(o.lockTimeout))
	if err != nil {
		return whatToDoIfLocked(err)
	}
	defer session.Close() //nolint:errcheck // the kernel frees the lock of a process that ends
	p.notices(session.Notices())
	w.adopt(session.State())
	if err := w.unclaimed(session.State()); err != nil {
		return fmt.Errorf("nothing was sent: %w", err)
	}
	if _, err := w.store.VerifyAudit(""); err != nil {
		return fmt.Errorf("nothing was sent, because the audit record is not as it was written: %w", err)
	}

	defer context.AfterFunc(ctx, func() {
		fmt.Fprintln(p.stderr, "\nStopping: nothing more is sent, and what is under way has some seconds to end. Another Ctrl-C stops at once.")
	})()
	a.session = session
	switch {
	case a.saved == nil:
		err = a.makePlan(ctx)
	case session.State().PlanDone(a.saved.hash):
		return a.doneBefore()
	default:
		err = a.takePlan(ctx)
	}
	if err != nil {
		return err
	}
	return a.run(ctx)
}

// applying is one apply between its plan and its summary.
type applying struct {
	p        *program
	w        *workspace
	o        applyOptions
	session  *state.Session
	policies []spec.Policy
	runID    string
	plan     *plan.Plan
	result   *apply.Result // once it was executed
	hash     string
	saved    *savedPlan // nil: it was made just now
	signed   string     // the file of the signed head, once it is written
}

// text is where words for people go: --json keeps standard output for
// programs.
func (a *applying) text() (io.Writer, text.Style) {
	if a.o.json {
		return a.p.stderr, a.p.styleErr
	}
	return a.p.stdout, a.p.styleOut
}

// makePlan plans under the lock and records what the reads showed.
func (a *applying) makePlan(ctx context.Context) error {
	made, err := a.w.makePlan(ctx, a.o.planFlags, a.policies, a.session.State())
	if err != nil {
		return err
	}
	a.plan = made.plan
	if a.hash, err = made.plan.Hash(); err != nil {
		return err
	}
	out, style := a.text()
	if err := shown(a.p.planText(a.plan, a.hash, zonesOf(a.w.cfg), a.o.full).Write(out, style)); err != nil {
		return err
	}
	if err := a.p.violated(made.violations); err != nil {
		return err
	}
	for seen := range plan.Observe(made.input) {
		a.session.Observe(seen.Key, seen.Live.Ref, seen.Live.Created(), state.Observed{
			Values: seen.Live.Values, SourceStatus: seen.Live.SourceStatus, At: seen.At,
		}, seen.Verified, seen.Closed)
	}
	return nil
}

func (a *applying) run(ctx context.Context) error {
	if len(a.plan.Changes) == 0 && !a.openCalls() {
		return a.nothingToDo()
	}
	if err := a.approve(ctx); err != nil {
		return err
	}
	a.release()
	apis, err := a.apis()
	if err != nil {
		return err
	}
	if err := a.session.Begin(state.Run{ID: a.runID, PlanHash: a.hash, Command: "apply"}); err != nil {
		return fmt.Errorf("nothing was sent, because it could not be written down first: %w", err)
	}
	started := a.p.now()
	events, done := a.events()
	policy := a.policies[0]
	policy.Rules = allRules(a.policies)
	result, runErr := apply.Run(ctx, apply.Options{
		Plan: a.plan, Accounts: a.accounts(), APIs: apis, Journal: a.session, RunID: a.runID, Policy: policy,
		Learned: a.w.known(), Parallelism: a.o.parallelism, First: a.o.first, MaxFailures: a.o.maxFailures,
		Deadline: time.Duration(a.o.deadline), Now: a.p.now, Events: events,
	})
	done()
	a.result = result
	if result.Complete() && runErr == nil {
		a.session.FinishPlan(a.hash)
	}
	runErr = errors.Join(runErr, a.save())
	return a.finish(result, runErr, a.p.now().Sub(started))
}

// save keeps what happened, and signs the end of the record of it.
func (a *applying) save() error {
	if err := a.session.Commit(); err != nil {
		return fmt.Errorf("the state could not be saved; what happened is in the journal, and the next run takes it from there: %w", err)
	}
	signed, err := a.session.SignHead()
	if signed {
		a.signed = a.w.store.Paths().Head
	}
	return err
}

// nothingToDo keeps what the reads showed: that an applied change is verified
// by now saves calls from now on.
func (a *applying) nothingToDo() error {
	if a.saved != nil {
		a.session.FinishPlan(a.hash)
	}
	if err := a.save(); err != nil {
		return err
	}
	if a.saved != nil {
		return a.ended(a.plan, "The plan has no changes.")
	}
	return a.ended(a.plan, "")
}

// ended is the end of an apply that had nothing to send.
func (a *applying) ended(pl *plan.Plan, text string) error {
	sum := report.Applied{RunID: a.runID, At: a.p.now(), Result: &apply.Result{}, HeldBack: len(pl.Held), Deferred: len(pl.Deferred), Missing: pl.Missing}
	if len(pl.Missing)+len(pl.Stopped) > 0 {
		sum.ExitCode = exitIncomplete
	}
	if a.o.json {
		if err := shown(json.Line(a.p.stdout, report.NewApply(sum))); err != nil {
			return err
		}
	} else if text != "" {
		fmt.Fprintln(a.p.stdout, text)
	}
	if sum.ExitCode != exitDone {
		return &saidError{sum.ExitCode}
	}
	return nil
}

// whatToDoIfLocked adds the way on to a LockedError.
func whatToDoIfLocked(err error) error {
	var locked *state.LockedError
	if errors.As(err, &locked) {
		return fmt.Errorf("%w\nWait for that run to end, or let this one wait: --lock-timeout 10m", err)
	}
	return err
}

// newRunID names a run: the time, for people, and chance, against two runs in
// one second.
func newRunID(now time.Time) string {
	var b [4]byte
	rand.Read(b[:])
	return now.UTC().Format("20060102T150405Z") + "-" + hex.EncodeToString(b[:])
}

func orNone(s string) string {
	if s == "" {
		return "none yet"
	}
	return s
}
