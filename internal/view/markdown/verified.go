package markdown

import (
	"io"
	"slices"

	"github.com/gdfctl/gdfctl/internal/report"
)

// Verified prints what happened to accepted changes: what needs a person with its
// orders, and the rest in numbers.
func Verified(w io.Writer, r *report.Verified) error {
	intro := "\n" + paragraph("%s", r.Footing())
	if r.Things() == 0 {
		intro = "\n" + paragraph("**Nothing needs you**") + intro
	}
	parts := []*part{whole(marked(r.Mark) + title("Verify", r.Review.Workspace, r.Things())), whole(intro)}
	var lists []*part
	for _, g := range r.Groups {
		if !g.Person {
			continue
		}
		lists = append(lists, listing(heading("! %s", g.Head()), "Order", "What", len(g.Orders), func(i int) (string, string) {
			o := g.Orders[i]
			what := plain(o.Change(), mostName)
			if o.Message != nil {
				what += "<br>" + plain(r.Clock.Local(o.Account, *o.Message), mostReason)
			}
			return plain(o.Order.String(), mostName), what
		}))
	}
	var rest []*report.VerifiedGroup
	for _, g := range r.Groups {
		if !g.Person {
			rest = append(rest, g)
		}
	}
	counts := listing(heading("The others"), "What", "Oldest", len(rest), func(i int) (string, string) {
		oldest := rest[i].Orders[0]
		return rest[i].Head(), r.Clock.Time(oldest.Account, oldest.AppliedAt)
	})
	return write(w, slices.Concat(parts, lists, []*part{counts}), lists...)
}
