package spec

import (
	"slices"

	"github.com/gdfctl/gdfctl/internal/carrier"
	"github.com/gdfctl/gdfctl/internal/rules"
)

// Number is what is known of a wish's tracking number beside the number itself.
type Number struct {
	Damage *rules.Finding // why the cell holds no number (SHIP18), or nil
	Place  Place          // of the cell
	Others []string       // that the table also has for the order
}

// Damage is why the wanted tracking number is none, or nil. A cell of which
// nothing is noted is looked at again: a wish can be put together from several.
func (w *Wish) Damage() *rules.Finding {
	if w.Number != nil && w.Number.Damage != nil {
		return w.Number.Damage
	}
	if f, damaged := rules.Damaged(w.Want.Tracking, ""); damaged {
		return new(f) // not &f, which would cost memory for each of a million numbers that are not damaged
	}
	return nil
}

// OtherNumbers are more tracking numbers that the configuration has for the
// order: of rows that gave way, and of cells with several.
func (w *Wish) OtherNumbers() []string {
	var all []string
	add := func(number string) {
		if !carrier.SameNumber(number, w.Want.Tracking) && !slices.ContainsFunc(all, func(n string) bool { return carrier.SameNumber(n, number) }) {
			all = append(all, number)
		}
	}
	for _, number := range w.Numbers() {
		add(number)
	}
	for _, p := range w.parts() {
		if p.Number != nil {
			for _, number := range p.Number.Others {
				add(number)
			}
		}
	}
	return all
}

// NumberPlace is where the tracking number stands.
func (w *Wish) NumberPlace() Place {
	if w.Number != nil {
		return w.Number.Place
	}
	at := w.Place
	if w.NumberColumn > 0 {
		at.Column = int(w.NumberColumn)
	}
	return at
}
