package junit

import (
	"cmp"
	"io"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// Plan writes a plan as tests: one for each change, which passes, and one for
// each order that is held back, which was skipped and says why. Limits of the
// policy and stopped batches are failures, as they are for the exit code, and
// an account that could not be read is an error.
func Plan(w io.Writer, d *report.Plan) error {
	at := d.CreatedAt.UTC().Format(time.RFC3339)
	policy, orders := suite{Name: "policy", Timestamp: at}, suite{Name: "orders", Timestamp: at}
	for _, v := range d.Violations {
		policy.add(testcase{Class: "policy", Name: safetext.Line(v.Limit), Failure: because(v.Message+". "+v.Remedy, v.Limit)})
	}
	for _, b := range d.Stopped {
		message := b.Why() + ". " + b.Raise
		if len(b.Messages) > 0 {
			message += " " + b.Messages[0]
		}
		policy.add(testcase{Class: "policy", Name: safetext.Line(b.Address), Failure: because(message, string(b.Code))})
	}
	for _, m := range d.Missing {
		policy.add(testcase{Class: "accounts", Name: safetext.Line(m.Name), Error: because(m.Message, "")})
	}
	if policy.Tests == 0 {
		policy.add(testcase{Class: "policy", Name: "limits"})
	}
	for i := range d.Changes {
		c := &d.Changes[i]
		orders.add(testcase{Class: safetext.Line(c.Account), Name: safetext.Line(c.Address)}.at(c.DefinedAt))
	}
	for _, group := range d.HeldByCode {
		for _, h := range group {
			orders.add(testcase{
				Class: safetext.Line(h.Account), Name: safetext.Line(h.Address),
				Skipped: because("held back: "+string(h.Code)+": "+h.Message, ""),
			}.at(h.DefinedAt))
		}
	}
	return writeSuites(w, "gdfctl plan", policy, orders)
}

// Apply writes how an apply ended as tests: the run itself, which fails if its
// exit code is not 0, and each change that did not end well.
func Apply(w io.Writer, r *report.Apply) error {
	at := r.At.UTC().Format(time.RFC3339)
	run, orders := suite{Name: "apply", Timestamp: at}, suite{Name: "orders", Timestamp: at}
	whole := testcase{Class: "apply", Name: "run " + safetext.Line(r.RunID), Time: seconds(r.Elapsed)}
	run.Time = whole.Time
	if r.ExitCode == 0 {
		whole.Output = safetext.Line(r.Outcome)
	} else {
		whole.Failure = because(cmp.Or(r.Stopped, r.Outcome), "")
	}
	run.add(whole)
	for _, item := range r.Unrecorded {
		c := caseOfItem(&item)
		c.Error = because("not recorded: "+item.Message, "")
		orders.add(c)
	}
	for _, item := range r.Items {
		c := caseOfItem(&item)
		switch item.Result {
		case apply.Failed, apply.Unknown:
			c.Failure = because(item.Message, string(item.Result))
		default:
			c.Skipped = because(string(item.Result)+": "+item.Message, "")
		}
		orders.add(c)
	}
	return writeSuites(w, "gdfctl apply", run, orders)
}

func caseOfItem(item *apply.Item) testcase {
	return testcase{Class: safetext.Line(item.Account), Name: safetext.Line(item.Address) + " " + string(item.Action)}.at(item.DefinedAt)
}

// Validation writes what was found of a configuration: an error is a failure, a
// warning was skipped and says what, and an info is in the output of its test.
func Validation(w io.Writer, r *report.Validation) error {
	s := suite{Name: "configuration"}
	for _, d := range r.Diagnostics {
		c := testcase{Class: "configuration", Name: safetext.Line(d.Summary)}
		switch d.Severity {
		case report.SeverityError:
			c.Failure = because(d.Summary, "")
			c.Failure.Text = safetext.Line(d.Detail)
		case report.SeverityWarning:
			c.Skipped = because("warning: "+d.Summary+": "+d.Detail, "")
		default:
			c.Output = safetext.Line(d.Detail)
		}
		if d.Range != nil {
			c = c.at(spec.Place{File: d.Range.Filename, Line: d.Range.Start.Line})
		}
		s.add(c)
	}
	if s.Tests == 0 {
		s.add(testcase{Class: "configuration", Name: "valid"})
	}
	return writeSuites(w, "gdfctl validate", s)
}

func because(message, kind string) *reason {
	return &reason{Message: safetext.Line(message), Type: safetext.Line(kind)}
}
