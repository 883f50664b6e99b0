package screen

import (
	"context"
	"fmt"
	"io"
	"strconv"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/console"
	"github.com/gdfctl/gdfctl/internal/forge"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/present"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/html"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/junit"
	"github.com/gdfctl/gdfctl/internal/view/markdown"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

// Apply shows an apply from its events.
type Apply struct {
	Screen    *Screen
	Format    report.Format
	Full      bool     // every order of the plan
	Auto      bool     // nobody is to be asked
	File      string   // of the saved plan; empty: there is none
	Published bool     // only what published plans showed is done
	Resend    []string // the command line that sends these orders again; nil: it is an apply
	Files     Files
	ExitCode  func(*reconcile.ApplyReport, error) int // how the command is to exit

	progress *text.ApplyProgress
	outcomes report.Outcomes
	failed   error // of showing
	confirm  int   // so many cancels are approved by their number alone
	code     int   // that of ExitCode, once it was applied
}

// Ended is how the command is to exit, and why what it did could not be shown.
func (v *Apply) Ended() (int, error) { return v.code, v.failed }

// Approve asks about a plan that has changes, unless nobody is to be asked. What
// could not be shown is not carried out: only what was shown is done.
func (v *Apply) Approve(ctx context.Context, pl *plan.Plan) (bool, error) {
	switch {
	case v.failed != nil:
		return false, fmt.Errorf("nothing was sent, because the plan could not be shown: %w", v.failed)
	case v.Auto, len(pl.Changes) == 0:
		return true, nil
	}
	if v.confirm > 0 { // the number is not shown here: whoever types it has read it in the plan
		return v.Screen.answered(ctx, "Make these changes? They can't be undone. Type how many orders are canceled to continue:", strconv.Itoa(v.confirm))
	}
	if v.Resend != nil {
		return v.Screen.Question(ctx, "Send these orders again? That can't be undone.")
	}
	return v.Screen.Question(ctx, "Make these changes? They can't be undone.")
}

// Observe shows an event.
func (v *Apply) Observe(e reconcile.Event) {
	switch e := e.(type) {
	case reconcile.Planned:
		v.confirm = e.Confirm
		if v.Resend == nil || e.Plan.Summary().Orders > 0 { // of no order there is nothing to show
			out, style := v.text()
			v.fail(v.Screen.planText(e.PlanReport, v.Full).Write(out, style))
		}
		v.Screen.planInCI(e.PlanReport)
	case reconcile.PlanOpened:
		if v.Format != report.JSON {
			out, _ := v.text()
			text.PlanOpened(out, e.File, e.Hash, e.Made)
		}
	case reconcile.Progressed:
		v.progressed(e.Event)
	case reconcile.Applied:
		v.applied(e.ApplyReport, e.Err)
	case reconcile.WaitingForLease:
		if v.Format == report.JSON {
			_ = json.Line(v.Screen.Out, v.Screen.waiting(e))
		}
		v.Screen.Observe(e)
	default:
		v.Screen.Observe(e)
	}
}

// text is where words for people go: other formats keep standard output for
// themselves.
func (v *Apply) text() (io.Writer, text.Style) {
	if v.Format != report.Text {
		return v.Screen.Err, v.Screen.StyleErr
	}
	return v.Screen.Out, v.Screen.StyleOut
}

func (v *Apply) fail(err error) {
	if err := console.Shown(err); err != nil && v.failed == nil {
		v.failed = err
	}
}

func (v *Apply) progressed(e apply.Event) {
	if v.outcomes == nil {
		v.outcomes = report.Outcomes{}
	}
	v.outcomes.Note(e)
	if v.Format == report.JSON {
		_ = json.Line(v.Screen.Out, e) // a closed pipe must not stop an apply
		return
	}
	if v.progress == nil {
		v.progress = text.NewApplyProgress(v.text())
	}
	v.progress.Event(e, v.Screen.Now())
}

func (v *Apply) applied(r *reconcile.ApplyReport, err error) {
	if v.progress != nil {
		v.progress.Done()
	}
	v.code = v.ExitCode(r, err)
	sum := present.Applied(r, v.Screen.Now(), v.code)
	if r.Sent {
		sum.NextStep = v.nextStep(r.Result)
	}
	if v.Files.HTML != "" {
		sum.Carried = present.Carried(r, v.outcomes)
	}
	doc := report.NewApply(sum)
	doc.Mark, doc.Review = v.Screen.Job().Mark(forge.Apply).String(), v.Screen.Job().Review()
	inMarkdown := func(w io.Writer) error { return markdown.Apply(w, doc) }
	v.fail(v.Files.write(inMarkdown, func(w io.Writer) error { return html.Apply(w, doc) }))
	v.Screen.annotations.Apply(doc)
	v.Screen.summarize(inMarkdown)
	switch v.Format {
	case report.JSON:
		v.fail(json.Line(v.Screen.Out, doc))
	case report.Markdown:
		v.fail(markdown.Apply(v.Screen.Out, doc))
	case report.JUnit:
		v.fail(junit.Apply(v.Screen.Out, doc))
	default:
		v.appliedText(r, doc)
	}
}

func (v *Apply) appliedText(r *reconcile.ApplyReport, doc *report.Apply) {
	out := v.Screen.Out
	switch {
	case r.Sent:
		text.Apply(out, v.Screen.StyleOut, doc)
	case r.DoneBefore != "":
		text.PlanDoneBefore(out, v.File, r.DoneBefore)
	case v.Resend != nil && len(r.Plan.Changes) == 0:
		fmt.Fprintln(out, "No order has to be sent again.")
	case v.Published:
		fmt.Fprintln(out, "Nothing that was reviewed is left to do.")
	case v.File != "":
		fmt.Fprintln(out, "The plan has no changes.")
	}
}

func (v *Apply) nextStep(result *apply.Result) string {
	command := v.Screen.Command
	if v.Resend != nil && !result.Complete() {
		return fmt.Sprintf("Run %s to find out what happened to calls whose outcome is unknown; then %s sends what was not reached.", command("apply"), command(v.Resend...))
	}
	words := []string{"apply"}
	if v.Published {
		words = append(words, "--published")
	}
	if v.File != "" {
		words = append(words, v.File)
	}
	switch {
	case result.Canary:
		return fmt.Sprintf("That was the canary: check the orders, then continue with %s.", command(words...))
	case !result.Complete():
		return fmt.Sprintf("Nothing is lost: run %s again to continue.", command(words...))
	case v.code != 0:
		return fmt.Sprintf("Run %s to see what is left.", command("plan"))
	}
	return ""
}
