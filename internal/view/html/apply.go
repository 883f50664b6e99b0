package html

import (
	"io"
	"strings"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Apply prints how an apply ended: what did not end well, with what to do about it,
// what was shipped, and then how every order ended.
func Apply(out io.Writer, r *report.Apply) error {
	v := &applyView{sections{writer: &writer{}, review: &r.Review}, r}
	v.stopped()
	v.parcels()
	v.unrecorded()
	v.doubles()
	v.missing()
	for _, e := range r.EndedBadly() {
		v.ended(&e)
	}
	v.shipped()
	page := document{
		kind: "Apply", workspace: r.Review.Workspace, things: v.things, about: v.about(), head: v.headline, body: v.writer, orders: r.Orders(), page: &r.Review, foot: v.facts,
	}
	return page.write(out)
}

type applyView struct {
	sections
	r *report.Apply
}

func (v *applyView) about() string {
	at := v.r.Carried.Plan.Clock().Date(v.r.At)
	return strings.TrimSpace("apply "+v.r.RunID) + " · ended " + at
}

func (v *applyView) headline(w *writer) {
	w.el("p", v.r.Ended(), class("lead"))
	writeFigures(w, v.r.Figures())
	w.el("p", v.r.Sent(), class("muted"))
	if v.r.NextStep != "" {
		w.in("p", func() {
			w.text("Next: ")
			w.foreign(v.r.NextStep)
		})
	}
}

func (v *applyView) stopped() {
	if v.r.Stopped == "" {
		return
	}
	v.toCheck(bad, "✗", "Stopped", func() {
		v.in("p", func() {
			v.text("Why: ")
			v.foreign(v.r.Stopped)
		})
	})
}

func (v *applyView) parcels() {
	list := v.r.Parcels()
	if len(list) == 0 {
		return
	}
	v.toCheck(bad, "✗", "Pull "+words.Count(len(list), "parcel", "parcels"), func() {
		v.list(listing{label: "Parcels to pull", all: true, columns: []column{{"Parcel", "first"}, {"Order", ""}, {"Why", ""}, {"Where", "place"}}, n: len(list), cell: func(row, column int) {
			switch p := list[row]; column {
			case 0:
				v.pull(p.Number)
			case 1:
				v.order(p.Order, p.Address)
			case 2:
				v.foreign(p.Why)
				v.text("; " + report.ResultWord(p.Result))
			default:
				v.place(p.DefinedAt)
			}
		}})
	})
}

// unrecorded are calls that nothing but this report records.
func (v *applyView) unrecorded() {
	list := v.r.Unrecorded
	if len(list) == 0 {
		return
	}
	v.toCheck(bad, "✗", "Not recorded "+words.Number(len(list))+": write these down", func() {
		v.el("p", report.UnrecordedAdvice)
		v.items(listing{label: "Calls that were not recorded", n: len(list), all: true}, func(i int) *apply.Item { return &list[i] })
	})
}

func (v *applyView) doubles() {
	list := v.r.Doubles
	if len(list) == 0 {
		return
	}
	v.toCheck(bad, "✗", "Possibly sent twice "+words.Number(len(list)), func() {
		v.el("p", report.DoublesAdvice)
		v.list(listing{label: "Calls that were possibly sent twice", all: true, columns: []column{{"Order", "first"}, {"Call", "call"}, {"First sent by run", ""}}, n: len(list), cell: func(row, column int) {
			switch d := list[row]; column {
			case 0:
				v.order(d.Order, d.Address)
			case 1:
				v.text(string(d.Action))
			default:
				v.foreign(d.RunID)
			}
		}})
	})
}

func (v *applyView) missing() {
	list := v.r.Missing
	if len(list) == 0 {
		return
	}
	v.toCheck(bad, "✗", "Not read: "+words.Count(len(list), "account", "accounts"), func() {
		v.list(listing{label: "Accounts that were not read", all: true, columns: []column{{"Account", "first"}, {"Why", ""}}, n: len(list), cell: func(row, column int) {
			if column == 0 {
				v.foreign(list[row].Name)
				return
			}
			v.foreign(list[row].Message)
		}})
	})
}

// ended are changes that ended in one way, which is not well.
func (v *applyView) ended(e *report.Ended) {
	t, sign := toneOf(report.Kind(report.ResultWord(e.Result))), "!"
	if e.Severe() {
		sign = "✗"
	}
	v.toCheck(t, sign, e.Title+" "+words.Number(len(e.Items)), func() {
		v.el("p", e.Advice)
		v.items(listing{label: e.Title, n: len(e.Items), filter: "kind", value: report.ResultWord(e.Result)}, func(i int) *apply.Item { return e.Items[i] })
	})
}

// items lists changes.
func (v *applyView) items(l listing, item func(i int) *apply.Item) {
	l.columns = []column{{"Order", "first"}, {"Call", "call"}, {"Why", ""}, {"Where", "place"}}
	l.cell = func(row, column int) {
		switch it := item(row); column {
		case 0:
			v.order(it.Order, it.Address)
		case 1:
			v.text(string(it.Action))
		case 2:
			v.foreign(it.Message)
		default:
			v.place(it.DefinedAt)
		}
	}
	v.list(l)
}

// shipped counts the orders that were shipped.
func (v *applyView) shipped() {
	list := v.r.Shipped()
	if len(list) == 0 {
		return
	}
	v.section(good, "✓", "Shipped "+words.Number(len(list)), func() {
		v.bars(report.ShipsOf(list), v.r.Carried.Plan.Clock(), list)
	})
}

// facts are what an auditor looks for.
func (v *applyView) facts(w *writer) {
	r := v.r
	facts := []fact{{"Run", r.RunID, ""}, {"Plan", r.Carried.Plan.PlanHash, ""}}
	for i, p := range r.Reviewed {
		if i == most {
			facts = append(facts, fact{"Reviewed plans", words.Number(len(r.Reviewed)-i) + " more", ""})
			break
		}
		facts = append(facts, fact{"Reviewed plan", words.ShortHash(p.PlanHash) + ", " + p.How(func(login string) string { return login }), ""})
	}
	facts = append(facts, fact{"Audit log", r.AuditHead, ""})
	writeFacts(w, append(facts, reviewFacts(&r.Review)...), r.Carried.Plan.Version)
}
