package html

import (
	"io"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Verified prints what happened to the changes that the API accepted: what needs a person
// with the marketplace's words, the rest in numbers, and then all of them.
func Verified(out io.Writer, r *report.Verified) error {
	v := &verifiedView{sections{writer: &writer{}, review: &r.Review}, r}
	for _, g := range r.Groups {
		if g.Person {
			v.group(g)
		}
	}
	page := document{
		kind: "Verify", workspace: r.Review.Workspace, things: v.things, about: "verify · read " + r.Clock.Date(r.At), head: v.headline, body: v.writer,
		orders: r.Table(), page: &r.Review, foot: v.facts,
	}
	return page.write(out)
}

type verifiedView struct {
	sections
	r *report.Verified
}

func (v *verifiedView) headline(w *writer) {
	w.el("p", v.r.Ended(), class("lead"))
	writeFigures(w, v.r.Figures())
	w.el("p", v.r.Footing(), class("muted"))
}

// group are the changes of one word that need a person.
func (v *verifiedView) group(g *report.VerifiedGroup) {
	t, sign := toneOf(g.Kind), "✗"
	if t != bad {
		sign = "!"
	}
	v.toCheck(t, sign, g.Title+" "+words.Number(len(g.Orders)), func() {
		v.list(listing{
			label: g.Title, filter: "kind", value: string(g.Kind), n: len(g.Orders),
			class: "verified", columns: []column{{"Order", "first"}, {"Change", "change"}, {"Accepted", "place"}, {"What is known", ""}},
			cell: func(row, column int) {
				switch o := g.Orders[row]; column {
				case 0:
					v.order(o.Order, "")
				case 1:
					v.foreign(o.Change())
				case 2:
					v.text(v.r.Clock.Time(o.Account, o.AppliedAt))
				default:
					if o.Message != nil {
						v.foreign(v.r.Clock.Local(o.Account, *o.Message))
					}
				}
			},
		})
	})
}

func (v *verifiedView) facts(w *writer) { writeFacts(w, reviewFacts(&v.r.Review), v.r.Version) }
