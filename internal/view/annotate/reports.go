package annotate

import (
	"cmp"
	"strings"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// Diagnostics adds what is wrong with a configuration.
func (l *List) Diagnostics(found []report.Diagnostic) {
	if l == nil {
		return
	}
	for _, d := range found {
		n := note{title: d.Summary, text: d.Detail}
		if n.text == "" {
			n.text = d.Summary // an annotation needs a text
		}
		if r := d.Range; r != nil {
			n.file, n.line, n.column = r.Filename, r.Start.Line, r.Start.Column
		}
		switch d.Severity {
		case report.SeverityError:
			l.fail(n)
		case report.SeverityWarning:
			l.warn(n)
		}
	}
}

// Failure adds why a command failed.
func (l *List) Failure(f *report.Failure) {
	if l == nil {
		return
	}
	if len(f.Error.Diagnostics) == 0 {
		l.fail(note{title: "gdfctl failed", text: f.Error.Message})
	}
	l.Diagnostics(f.Error.Diagnostics)
}

// Plan adds what a plan does not do. That it exceeds a limit is a failure of the
// command.
func (l *List) Plan(d *report.Plan) {
	if l == nil {
		return
	}
	refused := d.RefusedLater()
	if refused != nil {
		for _, f := range refused.Findings {
			l.fail(at(f.DefinedAt, "refused by the marketplace", f.Ref().String()+": "+f.Message))
		}
	}
	for _, m := range d.Missing {
		l.fail(note{title: "account " + m.Name + " could not be read", text: m.Message})
	}
	for _, b := range d.Stopped {
		l.fail(note{title: b.Address + " is stopped", text: strings.Join(append([]string{b.Why() + ". " + b.Raise}, b.Messages...), "\n")})
	}
	for _, group := range d.HeldByCode {
		for _, h := range group {
			l.warn(at(h.DefinedAt, "held back: "+string(h.Code), cmp.Or(h.Order.String(), h.Address)+": "+h.Message))
		}
	}
	for i := range d.Findings {
		f := &d.Findings[i]
		if refused != nil && f.Rule == refused.Rule {
			continue
		}
		n := at(f.DefinedAt, f.Rule, f.Address+": "+f.Message)
		switch f.Severity {
		case rules.Error:
			l.fail(n)
		case rules.Warn:
			l.warn(n)
		}
	}
}

// Apply adds the changes that were not made.
func (l *List) Apply(r *report.Apply) {
	if l == nil {
		return
	}
	if r.Stopped != "" {
		l.fail(note{title: "apply stopped", text: r.Stopped})
	}
	for _, item := range r.Unrecorded {
		l.fail(itemNote("not recorded", &item))
	}
	for i := range r.Items {
		switch item := &r.Items[i]; item.Result {
		case apply.Failed, apply.Unknown:
			l.fail(itemNote(string(item.Result), item))
		case apply.HeldBack, apply.Skipped:
			l.warn(itemNote(report.ResultTitle(item.Result), item))
		}
	}
}

func itemNote(title string, item *apply.Item) note {
	return at(item.DefinedAt, string(item.Action)+": "+title, cmp.Or(item.Order.String(), item.Address)+": "+item.Message)
}

// Feeds adds the rules that feeds do not meet.
func (l *List) Feeds(r *report.FeedsCheck) {
	if l == nil {
		return
	}
	for _, a := range r.Problems {
		l.fail(note{title: "account " + a.Account + " could not be read", text: a.Message})
	}
	for _, g := range r.Watches {
		for _, f := range g.Feeds {
			for i := range f.Results {
				res := &f.Results[i]
				n := at(res.DefinedAt, report.RuleTitle(res), f.Name+": "+res.Message)
				switch report.StandingOf(res) {
				case report.Failing:
					l.fail(n)
				case report.Warning:
					l.warn(n)
				}
			}
		}
	}
}

func at(place spec.Place, title, text string) note {
	return note{file: place.File, line: place.Line, column: place.Column, title: title, text: text}
}
