package main

import (
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

// events returns what to do with a run's events, and what at its end.
func (a *applying) events() (func(apply.Event), func()) {
	if a.o.json {
		// a closed pipe must not stop an apply
		return func(e apply.Event) { _ = json.Line(a.p.stdout, e) }, func() {}
	}
	progress := text.NewApplyProgress(a.p.stdout, a.p.styleOut)
	return func(e apply.Event) { progress.Event(e, a.p.now()) }, progress.Done
}

func (a *applying) finish(result *apply.Result, runErr error, elapsed time.Duration) error {
	head := a.session.AuditHead()
	sum := report.Applied{RunID: a.runID, At: a.p.now(), Result: result, HeldBack: len(a.plan.Held), Deferred: len(a.plan.Deferred), AuditHash: head.Hash, AuditLine: head.Lines, AuditFile: a.signed, Elapsed: elapsed, Missing: a.plan.Missing}
	switch {
	case runErr != nil:
		sum.ExitCode = exitError
	case result.Interrupted:
		sum.ExitCode = exitInterrupted
	case !result.Clean(), len(a.plan.Missing) > 0, len(a.plan.Stopped) > 0:
		sum.ExitCode = exitIncomplete
	}
	sum.NextStep = a.nextStep(result, sum.ExitCode)
	if a.o.json {
		if err := shown(json.Line(a.p.stdout, report.NewApply(sum))); err != nil {
			return err
		}
	} else {
		text.Apply(a.p.stdout, a.p.styleOut, report.NewApply(sum))
	}
	if runErr != nil {
		return runErr
	}
	if sum.ExitCode != exitDone {
		return &saidError{sum.ExitCode}
	}
	return nil
}

func (a *applying) nextStep(result *apply.Result, code int) string {
	again := a.p.command("apply")
	if a.saved != nil {
		again = a.p.command("apply", a.saved.file)
	}
	switch {
	case result.Canary:
		return fmt.Sprintf("That was the canary: look at the orders, then go on with %s.", again)
	case !result.Complete():
		return fmt.Sprintf("Nothing is lost: run %s again, it goes on with what is left.", again)
	case code != exitDone:
		return fmt.Sprintf("Run %s to see what is left.", a.p.command("plan"))
	}
	return ""
}
