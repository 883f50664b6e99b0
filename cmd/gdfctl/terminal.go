package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/provenance"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

// deps is the world of the use cases.
func (p *program) deps() reconcile.Deps {
	return reconcile.Deps{Env: p.env, Now: p.now, Version: version, Provenance: provenance.Detect(provenance.Process()), Command: p.command}
}

// observe shows the events that all commands show alike.
func (p *program) observe(e reconcile.Event) {
	switch e := e.(type) {
	case reconcile.Diagnosed:
		text.Diagnostics(p.stderr, p.styleErr, e.Diagnostics, e.Files)
	case reconcile.Warned:
		p.warn(e.Text)
	case reconcile.Waited:
		text.Waiting(p.stderr, p.styleErr, fmt.Sprintf("account %s: %s", e.Account, e.Wait))
	case reconcile.CheckedTooSoon:
		text.CheckedTooSoon(p.stderr, p.styleErr, e.Since)
	case reconcile.Stopping:
		fmt.Fprintln(p.stderr, "\nStopping: no more calls are sent, and those under way have a few seconds to finish. Press Ctrl-C again to stop at once.")
	}
}

func (p *program) warn(message string) { text.Warning(p.stderr, p.styleErr, message) }

// tellError prints an error. Lines of its own are part of it; those of an argument
// that it quotes, in whatever package, are escaped.
func (p *program) tellError(err error) {
	if config, ok := errors.AsType[*reconcile.ConfigError](err); ok {
		text.Diagnostics(p.stderr, p.styleErr, config.Diagnostics, config.Files)
		return
	}
	if policy, ok := errors.AsType[*reconcile.PolicyError](err); ok {
		text.Violations(p.stderr, p.styleErr, policy.Violations)
		return
	}
	message := err.Error()
	if _, ok := errors.AsType[*reconcile.RequestError](err); ok {
		message = "--" + message // a field of a request is the flag of its name
	}
	for _, arg := range p.args {
		_, value, _ := strings.Cut(arg, "=")
		for _, quoted := range []string{arg, filepath.Clean(arg), strings.TrimLeft(arg, "-"), value, filepath.Clean(value)} {
			if escaped := safetext.Line(quoted); escaped != quoted {
				message = strings.ReplaceAll(message, quoted, escaped)
			}
		}
	}
	text.Error(p.stderr, p.styleErr, errors.New(message))
}

// ask asks a person whether a plan is to be carried out.
func (p *program) ask(ctx context.Context, _ *plan.Plan) (bool, error) {
	fmt.Fprint(p.stdout, "\nMake these changes? They can't be undone. Type 'yes' to continue: ")
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(p.stdin).ReadString('\n') // an error reads as no
		answer <- strings.TrimSpace(line)
	}()
	select {
	case <-ctx.Done():
		return false, ctx.Err()
	case said := <-answer:
		return said == "yes", nil
	}
}

// planText is a plan for people.
func (p *program) planText(r *reconcile.PlanReport, full bool) text.PlanText {
	return text.PlanText{Plan: r.Plan, Hash: r.Hash, Zones: r.Zones, Full: full, Command: p.command}
}

// applyView shows an apply from its events.
type applyView struct {
	p        *program
	o        applyOptions
	file     string // of the saved plan; empty: there is none
	progress *text.ApplyProgress
	failed   error // of showing
	code     int   // how the command is to exit, once it was applied
}

func (v *applyView) observe(e reconcile.Event) {
	switch e := e.(type) {
	case reconcile.Planned:
		out, style := v.text()
		v.fail(v.p.planText(e.PlanReport, v.o.full).Write(out, style))
	case reconcile.PlanOpened:
		if !v.o.json {
			fmt.Fprintf(v.p.stdout, "Applying %s, plan hash %s, made %s.\n", safetext.Line(e.File), plan.ShortHash(e.Hash), e.Made.Format("2006-01-02 15:04:05 MST"))
		}
	case reconcile.Progressed:
		v.progressed(e.Event)
	case reconcile.Applied:
		v.applied(e.ApplyReport, e.Err)
	default:
		v.p.observe(e)
	}
}

// text is where words for people go: --json keeps standard output for
// programs.
func (v *applyView) text() (io.Writer, text.Style) {
	if v.o.json {
		return v.p.stderr, v.p.styleErr
	}
	return v.p.stdout, v.p.styleOut
}

func (v *applyView) fail(err error) {
	if err := shown(err); err != nil && v.failed == nil {
		v.failed = err
	}
}

func (v *applyView) progressed(e apply.Event) {
	if v.o.json {
		_ = json.Line(v.p.stdout, e) // a closed pipe must not stop an apply
		return
	}
	if v.progress == nil {
		v.progress = text.NewApplyProgress(v.p.stdout, v.p.styleOut)
	}
	v.progress.Event(e, v.p.now())
}

func (v *applyView) applied(r *reconcile.ApplyReport, err error) {
	if v.progress != nil {
		v.progress.Done()
	}
	sum := report.Applied{
		RunID: r.RunID, At: v.p.now(), Result: r.Result, HeldBack: len(r.Plan.Held), Deferred: len(r.Plan.Deferred), Missing: r.Plan.Missing,
		AuditHash: r.AuditHead.Hash, AuditLine: r.AuditHead.Lines, AuditFile: r.SignedHead, Elapsed: r.Elapsed, ExitCode: applyCode(r, err),
	}
	if !r.Sent {
		sum.AuditFile = ""
	}
	v.code = sum.ExitCode
	switch {
	case v.o.json:
		v.fail(json.Line(v.p.stdout, report.NewApply(sum)))
	case r.Sent:
		sum.NextStep = v.nextStep(r.Result, sum.ExitCode)
		text.Apply(v.p.stdout, v.p.styleOut, report.NewApply(sum))
	case r.DoneBefore:
		fmt.Fprintf(v.p.stdout, "%s was already carried out; there is nothing left to do.\n", safetext.Line(v.file))
	case v.file != "":
		fmt.Fprintln(v.p.stdout, "The plan has no changes.")
	}
}

func (v *applyView) nextStep(result *apply.Result, code int) string {
	again := v.p.command("apply")
	if v.file != "" {
		again = v.p.command("apply", v.file)
	}
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
