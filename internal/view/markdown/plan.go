package markdown

import (
	"cmp"
	"io"
	"strconv"
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
)

// Plan prints a plan for whoever reviews it, on a phone perhaps: what keeps it from
// being carried out, what can't be undone, what is held back, and then the rest.
func Plan(w io.Writer, d *report.Plan) error {
	v := &planView{d: d, r: &d.Review, changes: d.ByAction(), times: d.Clock(), watched: report.FeedsOf(d.Watches)}
	rare := []*part{v.refused(), v.limits(), v.missing(), v.stopped(), v.partial(), v.cancels(), v.corrections(), v.inserts()}
	held, unsettled, noticed := v.held(), v.unsettled(), v.noticed()
	ships, details, feeds, after := v.ships(), v.details(), v.feeds(), v.after()
	parts := append([]*part{whole(""), whole(v.headline()), v.unusual()}, rare...)
	parts = append(parts, held, unsettled, noticed, ships, details, feeds, after)
	parts[0] = whole(marked(d.Mark) + title("Plan", v.r.Workspace, v.things))
	return write(w, parts, details, held, feeds, noticed, unsettled, held, feeds, noticed, ships)
}

// planView is a plan while it is printed.
type planView struct {
	d       *report.Plan
	r       *report.Review
	changes map[order.Action][]*plan.Change
	times   report.Clock
	watched report.WatchGroup // the feeds of all watches
	things  int               // to check, of what was printed
}

// toCheck counts a part that wants a look.
func (v *planView) toCheck(text string) *part {
	v.things++
	return whole(text)
}

// headline says in three lines what the plan does, and how long that takes.
func (v *planView) headline() string {
	does, also := v.d.Headline()
	text := "\n" + paragraph("**%s**", cmp.Or(figures(does), "No changes"))
	if len(also) > 0 {
		text += "\n" + paragraph("%s", figures(also))
	}
	if takes := v.d.Takes(); takes != "" {
		text += "\n" + paragraph("%s", takes)
	}
	return text
}

// figures stand beside each other, and what is held back is seen.
func figures(list []report.Figure) string {
	parts := make([]string, len(list))
	for i, f := range list {
		if parts[i] = f.String(); f.Kind == report.KindHeld {
			parts[i] = "**" + parts[i] + "**"
		}
	}
	return strings.Join(parts, " · ")
}

// name is how people call an order, with a link to the line that wants something
// of it.
func (v *planView) name(ref order.Ref, address, page string) string {
	if ref.Source != "" && ref.SourceNumber != "" {
		return plain(ref.Source, mostName/2) + " " + link(plain(ref.SourceNumber, mostName/2), page)
	}
	return link(orderName(ref, address), page)
}

// changed is the name of an order that is changed, with its place.
func (v *planView) changed(c *plan.Change) string {
	return v.placed(c.Order, c.Address, v.r.PageOf(c.DefinedAt), c.DefinedAt.File, c.DefinedAt.Line)
}

// placed is the name of an order, with the line that wants something of it where there is
// no page to link to.
func (v *planView) placed(ref order.Ref, address, page, file string, line int) string {
	name := v.name(ref, address, page)
	if page == "" && file != "" {
		name += "<br>" + place(file, line)
	}
	return name
}

// place is where an order is written. A column would make an emoji of the line.
func place(file string, line int) string { return plain(file+":"+strconv.Itoa(line), mostName) }

func (v *planView) words(account, message string) string {
	return plain(v.times.Local(account, message), mostReason)
}
