package html

import (
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/words"
)

// held shows parcels that must be pulled first, since somebody has to run; then the
// orders by the reason why they are held back, the rarest first.
func (v *planView) held() {
	n := len(v.d.Held)
	if n == 0 {
		return
	}
	v.toCheck(warn, "!", "Held back "+words.Number(n)+" (will not be sent)", func() {
		parcels, others := v.d.Parcels()
		if len(parcels) > 0 {
			v.in("div", func() {
				v.el("h3", "Pull "+words.Count(len(parcels), "parcel", "parcels"))
				v.list(listing{label: "Parcels to pull", all: true, columns: []column{{"Parcel", "first"}, {"Order", ""}, {"Why", ""}, {"Where", "place"}}, n: len(parcels), cell: func(row, column int) {
					h := parcels[row]
					switch why, parcel, _ := report.ParcelOf(h.Message); column {
					case 0:
						v.pull(parcel)
					case 1:
						v.order(h.Order, h.Address)
					case 2:
						v.foreign(v.times.Local(h.Account, why))
					default:
						v.place(h.DefinedAt)
					}
				}})
			}, class("group pull"))
		}
		for _, group := range others {
			v.in("div", func() { v.reason(group) }, class("group"))
		}
	})
}

// pull names a parcel that must not be handed over.
func (s *sections) pull(parcel string) {
	s.text(order.PullWords)
	s.el("bdi", parcel, class("number"))
}

// reason shows orders that are held back for one reason.
func (v *planView) reason(group []*plan.Held) {
	first := group[0]
	v.in("h3", func() {
		v.text(words.Number(len(group)) + " × ")
		v.foreign(report.CodeWord(first.Code))
	})
	v.el("p", report.Remedy(first.Code))
	v.list(listing{label: "Orders that are held back", columns: changedColumns("Why"), n: len(group), filter: "found", value: foundPrefix + string(first.Code), cell: func(row, column int) {
		switch h := group[row]; column {
		case 0:
			v.order(h.Order, h.Address)
		case 1:
			why := strings.TrimSuffix(h.Message, ".")
			if h.Suggestion != "" {
				why += "; " + h.Suggestion
			}
			v.foreign(v.times.Local(h.Account, why))
		default:
			v.place(h.DefinedAt)
		}
	}})
}

// unsettled says which orders another run is about to change, or was.
func (v *planView) unsettled() {
	n := len(v.d.Unsettled)
	if n == 0 {
		return
	}
	v.toCheck(odd, "?", "Not planned "+words.Number(n)+": the outcome of a call is not known yet", func() {
		v.list(listing{label: "Orders with a call of unknown outcome", filter: "kind", value: string(report.KindUnsettled), columns: []column{{"Order", "first"}, {"Call", "call"}, {"Run", ""}, {"Where", "place"}}, n: n, cell: func(row, column int) {
			switch o := &v.d.Unsettled[row]; column {
			case 0:
				v.order(o.Order, o.Address)
			case 1:
				v.text(string(o.Action) + ", " + report.Progress(o))
			case 2:
				v.foreign(o.RunID)
			default:
				v.place(o.DefinedAt)
			}
		}})
	})
}

// refused is what marketplaces refused after the API had accepted it.
func (v *planView) refused() {
	g := v.d.RefusedLater()
	if g == nil {
		return
	}
	v.things++
	v.section(bad, "!", "Refused by the marketplace: "+words.Count(g.Orders, "order", "orders"), func() {
		v.list(listing{label: "Refused by the marketplace", columns: []column{{"Order", "first"}, {"What", ""}, {"Where", "place"}}, n: len(g.Findings), cell: func(row, column int) {
			switch f := g.Findings[row]; column {
			case 0:
				v.order(f.Ref(), f.Address)
			case 1:
				v.foreign(v.times.Local("", f.Message))
			default:
				v.place(f.DefinedAt)
			}
		}})
	})
}

// noticed are findings that do not keep an order back, by rule.
func (v *planView) noticed() {
	groups, warnings := v.d.FoundByRule(), v.d.RulesThatWarn()
	if len(groups) == 0 {
		return
	}
	t, sign, title := note, "·", "Noticed"
	if warnings > 0 {
		v.things++
		t, sign, title = warn, "!", "Noticed: "+words.Count(warnings, "warning", "warnings")
	}
	v.section(t, sign, title, func() {
		v.list(listing{label: "Findings", columns: []column{{"Rule", "first"}, {"Orders", "count"}, {"Example", ""}}, n: len(groups), cell: func(row, column int) {
			switch g := groups[row]; column {
			case 0:
				v.in("span", func() {
					v.text(string(g.Severity) + " ")
					v.foreign(g.Rule)
				}, class("chip "+string(toneOfFinding(g))))
			case 1:
				v.text(words.Number(g.Orders))
			default:
				v.example(g.Findings[0])
			}
		}})
	})
}

func toneOfFinding(g *report.RuleFindings) tone {
	if g.Warns() {
		return warn
	}
	return note
}

func (v *planView) example(f *plan.Finding) {
	account := ""
	if c := v.d.ChangeOf(f); c != nil {
		account = c.Account
		v.order(c.Order, c.Address)
	} else {
		v.foreign(f.Address)
	}
	v.text(": ")
	v.foreign(v.times.Local(account, f.Message))
}
