package markdown

import (
	"io"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Status prints what needs a person, with its orders; and in numbers what waits, and
// what no table names.
func Status(w io.Writer, r *report.Status) error {
	intro := "\n" + paragraph("As of %s. %s", r.At.Format("Mon Jan 2 2006, 15:04 MST"), r.Footing())
	if r.Things() == 0 {
		intro = "\n" + paragraph("**Nothing needs you**") + intro
	}
	parts := []*part{whole(marked(r.Mark) + title("Status", r.Workspace, r.Things())), whole(intro)}
	var groups []*part
	for _, g := range report.StatusGroups {
		groups = append(groups, statusTable(r, g.Group, g.Title))
	}
	lists := []*part{statusParcels(r)}
	for _, item := range r.In(report.NeedsYou) {
		if item.Kind != report.StatusPull && len(item.Orders) > 0 {
			lists = append(lists, statusOrders(item))
		}
	}
	problems := r.Problems
	lists = append(lists, listing(heading("? Not known: %s", words.Count(len(problems), "account", "accounts")), "Account", "Why", len(problems), func(i int) (string, string) {
		return plain(problems[i].Account, mostName), plain(problems[i].Message, mostReason)
	}))
	return write(w, slices.Concat(parts, groups, lists), slices.Concat(lists, lists, groups)...)
}

// statusTable shows the items of a group: what, and since when or what helps. Parcels
// are counted here, and named below: somebody has to run for them.
func statusTable(r *report.Status, group report.StatusGroup, title string) *part {
	type line struct{ what, helps string }
	var lines []line
	parcels, pullList := 0, ""
	for _, item := range r.In(group) {
		if item.Kind == report.StatusPull {
			parcels, pullList = parcels+1, item.Command
			continue
		}
		lines = append(lines, line{item.Number() + " " + plain(item.Words(), mostName), helps(plain(item.Age(r.At), mostValue), item.Command)})
	}
	if parcels > 0 {
		lines = slices.Insert(lines, 0, line{"**" + strings.TrimSpace(order.PullWords) + "** " + words.Number(parcels), helps("", pullList)})
	}
	return listing(heading("%s", title), "What", "Since, and what helps", len(lines), func(i int) (string, string) { return lines[i].what, lines[i].helps })
}

func helps(age, command string) string {
	if age == "" || command == "" {
		return age + code(command, mostReason)
	}
	return age + "<br>" + code(command, mostReason)
}

// statusParcels names the parcels that must be pulled.
func statusParcels(r *report.Status) *part {
	var parcels []report.StatusOrder
	for _, item := range r.In(report.NeedsYou) {
		if item.Kind == report.StatusPull {
			parcels = append(parcels, item.Orders...)
		}
	}
	return listing(heading("! Pull %s", words.Count(len(parcels), "parcel", "parcels")), "Parcel", "Order", len(parcels), func(i int) (string, string) {
		p := parcels[i]
		return plain(p.Parcel.Tracking, mostValue), plain(p.Order.String(), mostName)
	})
}

// statusOrders names the orders of an item.
func statusOrders(item *report.StatusItem) *part {
	orders := item.Orders
	return listing(heading("! %s %s", item.Number(), plain(item.Words(), mostName)), "Order", "Since", len(orders), func(i int) (string, string) {
		o := orders[i]
		since := o.Since.Format("Jan 2, 15:04 MST")
		if o.Action != "" {
			since = plain(string(o.Action), mostValue) + ", " + since
		}
		return plain(o.Order.String(), mostName), since
	})
}
