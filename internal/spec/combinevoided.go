package spec

import (
	"fmt"
	"slices"

	"github.com/gdfctl/gdfctl/internal/carrier"
)

// VoidNumberWanted is the code of a note: a number that is void in one batch is
// what another block wants to be sent.
const VoidNumberWanted = "void_number_wanted"

// voided takes out the rows of a batch whose number is void there, and the void
// rows themselves. A label that is void in one row is void in all rows of the
// batch that name the same order; where a void row names no order, in all rows
// of the batch.
func (c *combination) voided() {
	if !slices.ContainsFunc(c.left, func(w *Wish) bool { return w.Voided || w.Origin.voids(w.Want.Tracking) }) {
		return
	}
	void := map[*Origin][]*Wish{}
	for _, w := range c.left {
		if w.Voided {
			void[w.Origin] = append(void[w.Origin], w)
		}
	}
	c.remove(StepVoided, func(w *Wish) (*Wish, bool) {
		if w.Voided {
			return w, true
		}
		by := voidedBy(w.Want.Tracking, void[w.Origin], w.Origin)
		return by, by != nil
	})
}

// voidedBy is the row that makes a number void in a batch, nil if none does:
// one of those about its order, or one that names no order.
func voidedBy(number string, rows []*Wish, origin *Origin) *Wish {
	if number == "" {
		return nil
	}
	for _, v := range rows {
		if carrier.SameNumber(v.Want.Tracking, number) && v.Want.Tracking != "" {
			return v
		}
	}
	if origin.Combining == nil {
		return nil
	}
	return origin.Combining.void.row(number)
}

// voidWanted notes a number that is wanted and is void in another block's batch.
func (c *combination) voidWanted() {
	if c.made == nil || c.made.Problem != nil || c.made.Want.Tracking == "" {
		return
	}
	if v := voidIn(c.made.Want.Tracking, c.all()); v != nil {
		c.notes = append(c.notes, Remark{VoidNumberWanted, fmt.Sprintf(
			"%s is void at %s, and %s at %s still wants it to be sent", c.made.Want.Tracking, v.Place, c.made.Origin, c.made.Place), c.made.Place})
	}
}

// all is what was combined, whether it was taken out or not.
func (c *combination) all() []*Wish {
	all := append([]*Wish{}, c.left...)
	for _, r := range c.removed {
		all = append(all, r.wish)
	}
	return all
}

// voidIn is the row that makes a number of this order void, in whatever batch.
func voidIn(number string, parts []*Wish) *Wish {
	var first *Wish
	for _, p := range parts {
		var rows []*Wish
		if p.Voided {
			rows = []*Wish{p}
		}
		if v := voidedBy(number, rows, p.Origin); v != nil && (first == nil || compareWishes(v, first) < 0) {
			first = v
		}
	}
	return first
}

// Void reports whether a batch says that the label with this number is void,
// and where. A released order is nobody's business any more.
func (w *Wish) Void(number string) (Place, bool) {
	if w.extra != nil && w.extra.released != nil {
		return Place{}, false
	}
	v := voidIn(number, w.parts())
	if v == nil {
		return Place{}, false
	}
	return v.Place, true
}

// voidNumbers are the numbers that are void in a whole batch: those of void
// rows that name no order.
type voidNumbers struct {
	byKey map[string]*Wish // the first row of each, by carrier.NumberKey
}

func (v *voidNumbers) add(w *Wish) {
	if v.byKey == nil {
		v.byKey = map[string]*Wish{}
	}
	key := carrier.NumberKey(w.Want.Tracking)
	if known := v.byKey[key]; known == nil || compareWishes(w, known) < 0 {
		v.byKey[key] = w
	}
}

func (v *voidNumbers) row(number string) *Wish {
	if len(v.byKey) == 0 {
		return nil
	}
	return v.byKey[carrier.NumberKey(number)]
}
