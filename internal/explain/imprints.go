package explain

import (
	"hash/maphash"
	"slices"

	"github.com/gdfctl/gdfctl/internal/carrier"
)

// imprint stands for a text: a cell can be a buyer's, and is compared without being kept.
type imprint uint64

// imprints makes them, with a seed that no other run has.
type imprints struct{ seed maphash.Seed }

func newImprints() imprints { return imprints{maphash.MakeSeed()} }

func (p imprints) text(s string) imprint { return imprint(maphash.String(p.seed, "="+s)) }

func (p imprints) tracking(s string) imprint { return imprint(maphash.String(p.seed, "~"+s)) }

// of is what a cell can be compared by: as it is, and as carriers write a number.
func (p imprints) of(cell string) []imprint {
	all := []imprint{p.text(cell)}
	if key := carrier.NumberKey(cell); key != "" {
		all = append(all, p.tracking(key))
	}
	return all
}

// anyOf reports whether one of the cells is a number of the order.
func (p imprints) anyOf(s *Subject, cells []imprint) bool {
	is := func(text string) bool { return text != "" && slices.Contains(cells, p.text(text)) }
	return is(s.Ref.ID) || is(s.Ref.SourceNumber) || slices.ContainsFunc(s.Numbers, is) ||
		slices.ContainsFunc(s.Tracking, func(t string) bool {
			key := carrier.NumberKey(t)
			return is(t) || key != "" && slices.Contains(cells, p.tracking(key))
		})
}
