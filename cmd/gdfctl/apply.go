package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/console"
	"github.com/gdfctl/gdfctl/internal/forge"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/present"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/view/html"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/junit"
	"github.com/gdfctl/gdfctl/internal/view/markdown"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

type applyOptions struct {
	planFlags
	reports      reportFlags
	autoApprove  bool
	cancels      int
	cancelsGiven bool
	published    bool
	older        bool
	first        int
	maxFailures  int
	deadline     commandline.Duration
	parallelism  int
	lockTimeout  commandline.Duration
}

func newApply(p *program) *cobra.Command {
	o := applyOptions{}
	cmd := &cobra.Command{
		Use:   "apply [FILE]",
		Short: "Make the changes of a saved plan, or of a new plan after asking",
		Long: `apply makes the changes of a saved plan. Without one, it makes a plan, shows it
and asks. Each change is recorded before it is sent and after it is answered: if
a run is stopped or killed at any moment, the next run continues, and no change
is sent twice. The first Ctrl-C stops sending and saves the state; a second one,
more than a second later, stops at once.`,
		Example: `  gdfctl apply
  gdfctl apply release.plan
  gdfctl apply --first 10                 a canary: ten orders now, the rest later
  gdfctl apply --published                after a merge: what reviewers were shown
  gdfctl apply --auto-approve --json      in CI, for programs`,
		Args: commandline.AtMostOneArg("the file of a saved plan, or with --published the hash of a published one"),
		RunE: func(cmd *cobra.Command, args []string) error {
			for name, nothing := range map[string]bool{"first": o.first == 0, "deadline": o.deadline == 0} {
				if cmd.Flags().Changed(name) && nothing {
					return commandline.Usagef("--%s 0 is not allowed, because it could mean nothing or no limit: omit it for no limit", name)
				}
			}
			if o.cancelsGiven = cmd.Flags().Changed("approve-cancellations"); o.cancelsGiven && (!o.autoApprove || len(args) > 0 || o.published) {
				return commandline.Usagef("--approve-cancellations is for --auto-approve of a plan that is made now: a person is asked, and a saved or published plan is confirmed already")
			}
			file := ""
			if len(args) == 1 {
				if file = args[0]; file == "" { // as with a variable of the shell that is not set
					return commandline.Usagef("the name of the plan is empty: nothing was planned or sent")
				}
				for _, name := range []string{"target", "exclude", "refresh", "keep-going"} {
					if cmd.Flags().Changed(name) && !o.published {
						return commandline.Usagef("--%s is for planning: a saved plan is applied as it is", name)
					}
				}
			}
			return p.runApply(cmd.Context(), file, o)
		},
	}
	o.register(cmd)
	o.reports.register(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&o.published, "published", false, "make only the changes that a published plan showed to reviewers; with a HASH, that plan alone counts")
	flags.BoolVar(&o.older, "older", false, "with --published: also from a commit before the one that was applied last")
	flags.BoolVar(&o.autoApprove, "auto-approve", false, "do not ask for approval")
	flags.IntVar(&o.cancels, "approve-cancellations", 0, "with --auto-approve: go on only if the plan cancels exactly `N` orders")
	flags.IntVar(&o.first, "first", 0, "change only the first `N` orders, as a canary")
	flags.IntVar(&o.maxFailures, "max-failures", 0, "stop after `N` failed changes (0: no limit); calls already under way can still fail, so the number is exact only with --parallelism 1")
	flags.Var(&o.deadline, "deadline", "stop sending after this `duration`, for example 25m")
	flags.IntVar(&o.parallelism, "parallelism", 0, "run `N` calls of one account at once (default: as many as its limit allows in a second, at least 10)")
	flags.Var(&o.lockTimeout, "lock-timeout", "wait up to this `duration` for another run to end")
	return cmd
}

func (p *program) runApply(ctx context.Context, file string, o applyOptions) error {
	if o.first < 0 || o.maxFailures < 0 || o.parallelism < 0 || o.parallelism > godatafeed.MostAtOnce {
		return commandline.Usagef("--first, --max-failures and --parallelism must not be negative; --parallelism is at most %d", godatafeed.MostAtOnce)
	}
	scope, err := p.scope(o.planFlags)
	if err == nil {
		err = o.reports.begin()
	}
	if err != nil {
		return err
	}
	req := reconcile.ApplyRequest{
		Scope: scope, File: file, First: o.first, MaxFailures: o.maxFailures, Parallelism: o.parallelism,
		Deadline: time.Duration(o.deadline), LockTimeout: time.Duration(o.lockTimeout),
	}
	if req.Asks = !o.autoApprove; o.cancelsGiven {
		req.Cancellations = &o.cancels
	}
	switch {
	case o.published:
		req.File, req.Reviewed = "", &reconcile.ReviewedRequest{Hash: file, Older: o.older}
	case o.older:
		return commandline.Usagef("--older is for --published")
	case file == "" && !o.autoApprove && (!p.terminal || !o.Talk()):
		return errors.New("can't ask for approval without a terminal; use --auto-approve, or apply a saved plan. Nothing was changed")
	}
	v := &applyView{p: p, o: o, file: file, outcomes: report.Outcomes{}}
	req.Approve = v.approve
	_, err = reconcile.Apply(ctx, req, p.deps(), v.observe)
	switch {
	case err != nil:
		return whatToDoIfLocked(err)
	case v.failed != nil:
		return v.failed
	case v.code != exitDone:
		return &saidError{v.code}
	}
	return nil
}

// whatToDoIfLocked adds the way on to a LockedError.
func whatToDoIfLocked(err error) error {
	if _, locked := errors.AsType[*backend.LockedError](err); locked {
		return fmt.Errorf("%w\nWait for that run to end, or use --lock-timeout 10m to wait here", err)
	}
	return err
}

// question asks a person something that is done only for a yes.
func (p *program) question(ctx context.Context, about string) (bool, error) {
	return p.answered(ctx, about+" Type 'yes' to continue:", "yes")
}

// answered asks a person something that is done only for one answer.
func (p *program) answered(ctx context.Context, question, want string) (bool, error) {
	fmt.Fprintf(p.stdout, "\n%s ", question)
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(p.stdin).ReadString('\n') // an error reads as no
		answer <- strings.TrimSpace(line)
	}()
	select {
	case <-ctx.Done():
		return false, ctx.Err()
	case said := <-answer:
		return said == want, nil
	}
}

// applyView shows an apply from its events.
type applyView struct {
	p        *program
	o        applyOptions
	file     string // of the saved plan; empty: there is none
	progress *text.ApplyProgress
	outcomes report.Outcomes
	failed   error // of showing
	confirm  int   // so many cancels are approved by their number alone
	code     int   // how the command is to exit, once it was applied
}

// approve asks about a plan that has changes, unless nobody is to be asked. What
// could not be shown is not carried out: only what was shown is done.
func (v *applyView) approve(ctx context.Context, pl *plan.Plan) (bool, error) {
	switch {
	case v.failed != nil:
		return false, fmt.Errorf("nothing was sent, because the plan could not be shown: %w", v.failed)
	case v.o.autoApprove, len(pl.Changes) == 0:
		return true, nil
	}
	if v.confirm > 0 { // the number is not shown here: whoever types it has read it in the plan
		return v.p.answered(ctx, "Make these changes? They can't be undone. Type how many orders are canceled to continue:", strconv.Itoa(v.confirm))
	}
	return v.p.question(ctx, "Make these changes? They can't be undone.")
}

func (v *applyView) observe(e reconcile.Event) {
	switch e := e.(type) {
	case reconcile.Planned:
		v.confirm = e.Confirm
		out, style := v.text()
		v.fail(v.p.planText(e.PlanReport, v.o.full).Write(out, style))
		v.p.planForCI(e.PlanReport)
	case reconcile.PlanOpened:
		if out, _ := v.text(); !v.o.JSON() {
			fmt.Fprintf(out, "Applying %s, plan hash %s, made %s.\n", safetext.Line(e.File), plan.ShortHash(e.Hash), e.Made.Format("2006-01-02 15:04:05 MST"))
		}
	case reconcile.Progressed:
		v.progressed(e.Event)
	case reconcile.Applied:
		v.applied(e.ApplyReport, e.Err)
	case reconcile.WaitingForLease:
		if v.o.JSON() {
			_ = json.Line(v.p.stdout, v.p.waiting(e))
		}
		v.p.observe(e)
	default:
		v.p.observe(e)
	}
}

// text is where words for people go: other formats keep standard output for
// themselves.
func (v *applyView) text() (io.Writer, text.Style) {
	if !v.o.Talk() {
		return v.p.stderr, v.p.styleErr
	}
	return v.p.stdout, v.p.styleOut
}

func (v *applyView) fail(err error) {
	if err := console.Shown(err); err != nil && v.failed == nil {
		v.failed = err
	}
}

func (v *applyView) progressed(e apply.Event) {
	v.outcomes.Note(e)
	if v.o.JSON() {
		_ = json.Line(v.p.stdout, e) // a closed pipe must not stop an apply
		return
	}
	if v.progress == nil {
		v.progress = text.NewApplyProgress(v.text())
	}
	v.progress.Event(e, v.p.now())
}

func (v *applyView) applied(r *reconcile.ApplyReport, err error) {
	if v.progress != nil {
		v.progress.Done()
	}
	sum := present.Applied(r, v.p.now(), applyCode(r, err))
	v.code = sum.ExitCode
	if r.Sent {
		sum.NextStep = v.nextStep(r.Result, sum.ExitCode)
	}
	if v.o.reports.html != "" {
		sum.Carried = present.Carried(r, v.outcomes)
	}
	doc := report.NewApply(sum)
	doc.Mark, doc.Review = v.p.job().Mark(forge.Apply).String(), v.p.job().Review()
	v.fail(v.o.reports.write(
		func(w io.Writer) error { return markdown.Apply(w, doc) },
		func(w io.Writer) error { return html.Apply(w, doc) },
	))
	v.p.annotations.Apply(doc)
	v.p.summarize(func(w io.Writer) error { return markdown.Apply(w, doc) })
	switch {
	case v.o.JSON():
		v.fail(json.Line(v.p.stdout, doc))
	case v.o.Chosen == report.Markdown:
		v.fail(markdown.Apply(v.p.stdout, doc))
	case v.o.Chosen == report.JUnit:
		v.fail(junit.Apply(v.p.stdout, doc))
	case r.Sent:
		text.Apply(v.p.stdout, v.p.styleOut, doc)
	case r.DoneBefore != "":
		fmt.Fprintf(v.p.stdout, "%s was already carried out, by run %s; there is nothing left to do.\n", safetext.Line(v.file), safetext.Line(r.DoneBefore))
	case v.o.published:
		fmt.Fprintln(v.p.stdout, "Nothing that was reviewed is left to do.")
	case v.file != "":
		fmt.Fprintln(v.p.stdout, "The plan has no changes.")
	}
}

func (v *applyView) nextStep(result *apply.Result, code int) string {
	words := []string{"apply"}
	if v.o.published {
		words = append(words, "--published")
	}
	if v.file != "" {
		words = append(words, v.file)
	}
	again := v.p.command(words...)
	switch {
	case result.Canary:
		return fmt.Sprintf("That was the canary: check the orders, then continue with %s.", again)
	case !result.Complete():
		return fmt.Sprintf("Nothing is lost: run %s again to continue.", again)
	case code != exitDone:
		return fmt.Sprintf("Run %s to see what is left.", v.p.command("plan"))
	}
	return ""
}
