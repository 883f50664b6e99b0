package html

import (
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/words"
)

// mostShares is how many marketplaces, carriers and days have a bar.
const mostShares = 8

// ships counts what is shipped, and accounts for what is not.
func (v *planView) ships() {
	list := v.changes[order.Ship]
	title := "No ships"
	if len(list) > 0 {
		title = "Ship " + words.Number(len(list))
	}
	v.section(note, "→", title, func() {
		if len(list) > 0 {
			sums := report.ShipsOf(list)
			v.bars(sums, v.times, list)
			v.shipped(sums)
		}
		if text := v.d.Rows(); text != "" {
			v.el("p", text+".")
		}
		for _, n := range v.d.Standing {
			v.in("p", func() { v.foreign(n.Address + ": " + n.String() + ".") })
		}
		if parts := v.d.NotChanged(); len(parts) > 0 {
			v.in("p", func() {
				v.text("Not changed: ")
				v.foreign(strings.Join(parts, "; "))
				v.text(".")
			})
		}
	})
}

// shipped says when, in the time of each account.
func (v *planView) shipped(s *report.Ships) {
	if len(s.Spans) == 0 && s.Oldest == nil {
		return
	}
	v.in("p", func() {
		for _, span := range s.Spans {
			v.text("Shipped ")
			if len(v.d.Accounts) > 1 {
				v.text("(")
				v.foreign(span.Account)
				v.text(") ")
			}
			v.text(v.times.Span(span) + ". ")
		}
		if c := s.Oldest; c != nil {
			v.text("Oldest order: " + v.times.OrderDay(c) + ".")
		}
	})
}

// bars show ships by marketplace, by carrier and by day.
func (s *sections) bars(sums *report.Ships, times report.Clock, list []*plan.Change) {
	s.in("div", func() {
		s.chart("Marketplace", report.Folded(sums.Sources, mostShares))
		s.chart("Carrier", report.Folded(sums.Carriers, mostShares))
		s.chart("Ship day", times.ShipDays(list, mostShares))
	}, class("charts"))
}

// chart is a table of numbers, each with a bar.
func (s *sections) chart(what string, shares []report.Share) {
	largest := 0
	for _, share := range shares {
		largest = max(largest, share.Orders)
	}
	s.in("table", func() {
		s.in("thead", func() {
			s.in("tr", func() {
				s.el("th", what, attr("scope", "col"))
				s.in("td", func() {})
				s.el("th", "Orders", attr("scope", "col"), class("count"))
			})
		})
		s.in("tbody", func() {
			for _, share := range shares {
				s.in("tr", func() {
					s.el("th", share.What, attr("scope", "row"))
					s.in("td", func() { s.bar(share.Orders, largest) })
					s.el("td", words.Number(share.Orders), class("count"))
				})
			}
		})
	}, class("chart"))
}

// bar is as long as a number is large, and seen if it is small.
func (s *sections) bar(n, largest int) {
	length := words.Decimal(max(float64(n)*100/float64(max(largest, 1)), 1))
	s.in("svg", func() {
		s.in("rect", func() {}, attr("width", length), attr("height", "10"), attr("rx", "1"))
	}, attr("viewBox", "0 0 100 10"), attr("preserveAspectRatio", "none"), attr("aria-hidden", "true"), attr("focusable", "false"))
}
