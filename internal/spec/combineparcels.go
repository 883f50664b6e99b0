package spec

import (
	"fmt"
	"slices"

	"github.com/gdfctl/gdfctl/internal/carrier"
)

// SplitShipment is the code of a held order that one file ships under several
// tracking numbers: the API has one number an order and no line items.
const SplitShipment = "split_shipment"

// mostParcels is beyond what anybody sends for one order: more is a table whose
// find does not tell orders apart.
const mostParcels = 50

// parcels is what one batch ships under several tracking numbers.
type parcels struct {
	first  *Wish // with the number that comes first
	second *Wish // the first one with another number
}

// parcelsOf finds several tracking numbers in the rows of one batch, if one file
// has all of them; another file may repeat some. Numbers that no file has
// together contradict each other.
func parcelsOf(block []*Wish) (p parcels, several bool) {
	var numbers []*Wish // the first row of each number
	in := map[string]map[int]bool{}
	seen := map[[2]string]bool{}
	for _, w := range block {
		file, text := w.Place.File, w.Want.Tracking
		if text == "" || seen[[2]string{file, text}] {
			continue
		}
		seen[[2]string{file, text}] = true
		i := slices.IndexFunc(numbers, func(n *Wish) bool { return carrier.SameNumber(n.Want.Tracking, text) })
		if i < 0 {
			if i = len(numbers); i == mostParcels {
				return p, false
			}
			numbers = append(numbers, w)
		}
		if in[file] == nil {
			in[file] = map[int]bool{}
		}
		in[file][i] = true
	}
	if len(numbers) < 2 {
		return p, false
	}
	for _, has := range in {
		if len(has) == len(numbers) {
			return parcels{numbers[0], numbers[1]}, true
		}
	}
	return p, false
}

// parcels keeps the first number of an order in several parcels where the batch
// says so, and holds the order back where it does not.
func (c *combination) parcels() {
	first := map[*Origin]*Wish{}
	for _, block := range c.byBlock() {
		b := block[0].Origin.Combining
		if b == nil {
			continue
		}
		p, several := parcelsOf(block)
		switch {
		case !several:
		case b.MultipleFirst:
			first[p.first.Origin] = p.first
		case c.made == nil:
			c.made = p.first.held(&Problem{
				Code: SplitShipment, Place: p.first.Place,
				Message:    fmt.Sprintf("two tracking numbers for one order, here and at %s: the API accepts one", p.second.Place),
				Suggestion: severalNumbers,
			})
		}
	}
	if len(first) == 0 {
		return
	}
	c.remove(StepMultipleTracking, func(w *Wish) (*Wish, bool) {
		p := first[w.Origin]
		return p, p != nil && w.Want.Tracking != "" && !carrier.SameNumber(w.Want.Tracking, p.Want.Tracking)
	})
}

// held is a wish of which nothing is done, for that reason.
func (w *Wish) held(p *Problem) *Wish {
	h := *w
	h.Problem = p
	return &h
}
