package html

import (
	"strconv"
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/words"
)

// most is how many things of a kind a section shows. The table has all.
const most = 25

// A tone says how something ended, or how serious it is, in color.
type tone string

const (
	bad  tone = "bad"
	warn tone = "warn"
	good tone = "good"
	note tone = "note"
	odd  tone = "odd" // not known
)

// sections writes the parts of a report, and counts those that want a look.
type sections struct {
	*writer
	review *report.Review
	things int
}

// section writes a part under a heading. What wants a look has a tone other than
// note.
func (s *sections) section(t tone, sign, title string, content func()) {
	s.in("section", func() {
		s.in("h2", func() {
			if sign != "" {
				s.sign(t, sign)
			}
			s.text(title)
		})
		content()
	}, class("part "+string(t)))
}

// sign is what a heading begins with.
func (s *sections) sign(t tone, sign string) {
	s.el("span", sign, class("sign "+string(t)), attr("aria-hidden", "true"))
}

// toCheck is a section that wants a look.
func (s *sections) toCheck(t tone, sign, title string, content func()) {
	s.things++
	s.section(t, sign, title, content)
}

// column is one of a list. A phone shows its cells below each other.
type column struct {
	title string
	class string // of its cells
}

// listing are things of a kind, as a table.
type listing struct {
	label   string // for those who don't see the heading
	class   string // of the table, besides
	columns []column
	n       int
	cell    func(row, column int)
	all     bool // also if they are many: nothing else has them

	// What chooses all of them in the table of orders, if something does.
	filter name
	value  string
}

// list writes a listing, or the first of many with the way to the others.
func (s *sections) list(l listing) {
	rows := l.n
	if !l.all {
		rows = min(rows, most)
	}
	s.in("table", func() {
		s.in("thead", func() {
			s.in("tr", func() {
				for _, c := range l.columns {
					s.el("th", c.title, attr("scope", "col"), class(c.class))
				}
			})
		})
		s.in("tbody", func() {
			for row := range rows {
				s.in("tr", func() {
					for i, c := range l.columns {
						s.in("td", func() { l.cell(row, i) }, class(c.class), attr("data-label", c.title))
					}
				})
			}
		})
	}, class(strings.TrimSpace("list "+l.class)), attr("aria-label", l.label))
	if left := l.n - rows; left > 0 {
		s.in("p", func() {
			s.text("… and " + words.Number(left) + " more")
			if l.filter == "" {
				s.text(", left out here.")
				return
			}
			s.text(". ")
			s.el("a", "Show all "+words.Number(l.n)+" in the table", attr("href", "#orders"), attr("data-filter", string(l.filter)), attr("data-value", l.value))
		}, class("more"))
	}
}

// lines writes foreign texts below each other, empty ones left out.
func (s *sections) lines(texts ...string) {
	some := false
	for _, text := range texts {
		if text == "" {
			continue
		}
		if some {
			s.void("br")
		}
		s.foreign(text)
		some = true
	}
}

// order writes how people call an order.
func (s *sections) order(ref order.Ref, address string) {
	switch {
	case ref.SourceNumber != "":
		if ref.Source != "" {
			s.el("bdi", ref.Source, class("source"))
			s.text(" ")
		}
		s.el("bdi", ref.SourceNumber, class("number"))
	case ref.ID != "":
		s.el("bdi", ref.ID, class("number"))
	default:
		s.el("bdi", address, class("number"))
	}
}

// place writes where something is defined, with the page of that line.
func (s *sections) place(at spec.Place) {
	if at.File != "" {
		s.link(placeText(at), s.review.PageOf(at))
	}
}

func placeText(at spec.Place) string { return at.File + ":" + strconv.Itoa(at.Line) }

// wasIs writes a value and what replaces it.
func (s *sections) wasIs(v report.WasIs) {
	if v.Was != "" {
		s.el("del", v.Was)
		s.text(" → ")
	}
	s.el("ins", v.Is)
}
