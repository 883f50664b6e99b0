package html

import (
	"cmp"
	"io"
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Plan prints a plan: what keeps it from being carried out, what can't be undone,
// what is held back, what is shipped, failing feeds, what happens next, and then
// every order.
func Plan(out io.Writer, d *report.Plan) error {
	v := &planView{
		sections: sections{writer: &writer{}, review: &d.Review}, d: d, changes: d.ByAction(), times: d.Clock(), watched: report.FeedsOf(d.Watches),
	}
	v.refused()
	v.unusual()
	v.limits()
	v.missing()
	v.stopped()
	v.partial()
	v.cancels()
	v.corrections()
	v.inserts()
	v.held()
	v.unsettled()
	v.noticed()
	v.ships()
	v.feeds()
	v.next()
	page := document{
		kind: "Plan", workspace: d.Review.Workspace, things: v.things, about: v.about(), head: v.headline, body: v.writer, orders: d.Orders(), page: &d.Review, foot: v.facts,
	}
	return page.write(out)
}

// planView is a plan while it is printed.
type planView struct {
	sections
	d       *report.Plan
	changes map[order.Action][]*plan.Change
	times   report.Clock
	watched report.WatchGroup // the feeds of all watches
}

func (v *planView) about() string {
	about := strings.TrimSpace("plan " + v.d.PlanHashShort)
	if !v.d.CreatedAt.IsZero() {
		about += " · read " + v.times.Date(v.d.CreatedAt)
	}
	return about
}

func (v *planView) headline(w *writer) {
	does, also := v.d.Headline()
	if len(does) == 0 {
		w.el("p", "No changes", class("lead"))
	}
	writeFigures(w, append(does, also...))
	if takes := v.d.Takes(); takes != "" {
		w.el("p", takes, class("muted"))
	}
}

// writeFigures writes numbers beside each other, what wants a look in its color.
func writeFigures(w *writer, figures []report.Figure) {
	if len(figures) == 0 {
		return
	}
	w.in("ul", func() {
		for _, f := range figures {
			w.in("li", func() {
				w.el("strong", words.Number(f.Number))
				w.text(" " + f.What)
			}, class(string(toneOf(f.Kind))))
		}
	}, class("figures"))
}

// facts say which plan this is.
func (v *planView) facts(w *writer) {
	facts := []fact{{"Plan", v.d.PlanHash, ""}, {"In its pull request", v.d.Review.Numbered(), ""}}
	writeFacts(w, append(facts, reviewFacts(&v.d.Review)...), v.d.Version)
}

// fact is a thing that an auditor looks for.
type fact struct{ what, text, page string }

func reviewFacts(r *report.Review) []fact {
	var facts []fact
	if r.Commit != "" {
		facts = append(facts, fact{"Commit", r.Commit, ""})
	}
	if r.Base != "" {
		facts = append(facts, fact{"Base", strings.TrimSpace(r.Branch + " " + r.Base), ""})
	}
	if r.RunURL != "" {
		facts = append(facts, fact{"Run", r.RunURL, r.RunURL})
	}
	return facts
}

func writeFacts(w *writer, facts []fact, version string) {
	writeFactList(w, facts)
	w.el("p", strings.TrimSpace("Made by gdfctl "+version)+". Order and tracking numbers are in this file: keep it where you keep those.", class("muted"))
}

func writeFactList(w *writer, facts []fact) {
	w.in("dl", func() {
		for _, f := range facts {
			if f.text != "" {
				w.in("div", func() {
					w.el("dt", f.what)
					w.in("dd", func() { w.link(f.text, f.page) })
				})
			}
		}
	})
}

// unusual is what is not so on other days.
func (v *planView) unusual() {
	u := v.d.Unusual
	if u == nil {
		return
	}
	show := v.section
	if u.WantsALook() {
		show = v.toCheck
	}
	show(warn, "!", "Unusual", func() {
		for _, line := range u.Lines() {
			v.in("p", func() { v.foreign(line) })
		}
	})
}

func (v *planView) limits() {
	n := len(v.d.Violations)
	if n == 0 {
		return
	}
	v.toCheck(bad, "✗", "Beyond the policy: nothing will be sent", func() {
		v.list(listing{label: "Limits", all: true, columns: []column{{"Limit", "first"}, {"Why", ""}}, n: n, cell: func(row, column int) {
			if column == 0 {
				v.el("code", v.d.Violations[row].Limit)
				return
			}
			v.lines(v.d.Violations[row].Message, v.d.Violations[row].Remedy)
		}})
	})
}

func (v *planView) missing() {
	n := len(v.d.Missing)
	if n == 0 {
		return
	}
	v.toCheck(bad, "✗", "Not read: "+words.Count(n, "account", "accounts"), func() {
		v.el("p", "Of their orders the plan says nothing.")
		v.list(listing{label: "Accounts that were not read", all: true, columns: []column{{"Account", "first"}, {"Orders", "count"}, {"Why", ""}}, n: n, cell: func(row, column int) {
			switch m := v.d.Missing[row]; column {
			case 0:
				v.foreign(m.Name)
			case 1:
				v.text(words.Number(m.Orders))
			default:
				v.foreign(m.Message)
			}
		}})
	})
}

func (v *planView) stopped() {
	n := len(v.d.Stopped)
	if n == 0 {
		return
	}
	title, sentence := v.d.Stops()
	v.toCheck(bad, "✗", "Stopped: "+title, func() {
		v.el("p", sentence)
		v.list(listing{label: "Stopped blocks", all: true, columns: []column{{"Block", "first"}, {"Why", ""}}, n: n, cell: func(row, column int) {
			b := v.d.Stopped[row]
			if column == 0 {
				v.foreign(b.Address)
				return
			}
			v.lines(b.Why(), b.Raise, strings.Join(b.Messages, "; "))
		}})
	})
}

func (v *planView) partial() {
	if len(v.d.Partial) == 0 {
		return
	}
	v.toCheck(warn, "!", "This plan is partial", func() {
		v.in("p", func() { v.el("code", strings.Join(v.d.Partial, ", ")) })
	})
}

// changedColumns are those of changes that can't be undone.
func changedColumns(what string) []column {
	return []column{{"Order", "first"}, {what, ""}, {"Where", "place"}}
}

func (v *planView) cancels() {
	list := v.changes[order.Cancel]
	if len(list) == 0 {
		return
	}
	v.toCheck(bad, "✗", "Cancel "+words.Number(len(list))+" (cannot be undone)", func() {
		v.changed(order.Cancel, "Cancellations", "Reason", func(c *plan.Change) { v.foreign(cmp.Or(c.Reason, "no reason")) })
	})
}

func (v *planView) inserts() {
	list := v.changes[order.Insert]
	if len(list) == 0 {
		return
	}
	v.toCheck(warn, "+", "Insert "+words.Count(len(list), "order", "orders")+" (cannot be undone)", func() {
		v.changed(order.Insert, "Inserts", "Placed", func(c *plan.Change) { v.foreign(v.times.Time(c.Account, c.Created)) })
	})
}

// changed lists the changes of one kind.
func (v *planView) changed(action order.Action, label, what string, cell func(c *plan.Change)) {
	list := v.changes[action]
	v.list(listing{label: label, columns: changedColumns(what), n: len(list), filter: "kind", value: string(action), cell: func(row, column int) {
		switch c := list[row]; column {
		case 0:
			v.order(c.Order, c.Address)
		case 1:
			cell(c)
		default:
			v.place(c.DefinedAt)
		}
	}})
}

func (v *planView) corrections() {
	list := v.changes[order.Correct]
	if len(list) == 0 {
		return
	}
	v.toCheck(warn, "~", "Correct "+words.Count(len(list), "tracking number", "tracking numbers"), func() {
		v.changed(order.Correct, "Corrections", "Old → new", func(c *plan.Change) {
			to, some := v.times.CorrectionOf(c), false
			for _, part := range []report.WasIs{to.Carrier, to.Number, to.ShipTime} {
				if part.Is == "" {
					continue
				}
				if some {
					v.void("br")
				}
				v.wasIs(part)
				some = true
			}
		})
	})
}
