package spec

import (
	"cmp"
	"fmt"

	"github.com/gdfctl/gdfctl/internal/order"
)

// ofBlock settles the wishes that one block has about one order: group is in
// the order of files and rows. The second result is the wish that is in
// conflict with the first, if one is.
func (g *gathering) ofBlock(group []*candidate) (stands, rival *candidate) {
	batch := group[0].from.batch
	if batch != nil && batch.latestFile {
		group = g.latest(group)
	}
	if bad := worst(group); bad != nil || len(group) == 1 {
		g.markOthers(group, bad, combined)
		return cmp.Or(bad, group[0]), nil
	}
	different := distinct(group)
	first := different[0]
	switch {
	case len(different) == 1:
	case batch == nil || !parcels(different, group):
		return first, different[1]
	case !batch.multipleFirst:
		g.markOthers(different, first, combined)
		first.Problem = &Problem{Code: SplitShipment, Message: fmt.Sprintf(
			"two tracking numbers for one order, here and at %s: the API takes one. Leave one row out, or set multiple_tracking = \"first\"", different[1].Place), Place: first.Place}
	default:
		g.markOthers(different, first, replaced)
		first.alsoNumbers(different[1:])
	}
	return first, nil
}

// markOthers says what became of the candidates beside the one that stands.
func (g *gathering) markOthers(group []*candidate, stands *candidate, f fate) {
	for _, c := range group {
		if c != stands {
			g.fates[c.no] = f
		}
	}
}

// latest leaves the wishes of the last file.
func (g *gathering) latest(group []*candidate) []*candidate {
	last := group[len(group)-1]
	for group[0].fileNo != last.fileNo {
		if c := group[0]; !c.same(last) {
			g.fates[c.no] = replaced
			g.out.Replaced = append(g.out.Replaced, Replacement{
				Address: c.Address(), Place: c.Place,
				By: last.Address(), ByPlace: last.Place,
			})
		}
		group = group[1:]
	}
	return group
}

// wanted is what makes two wishes for one order the same.
type wanted struct {
	status                    order.Status
	number, tracking, carrier string
	shipped                   int64
	attempt                   int
}

func (c *candidate) wanted() wanted {
	return wanted{c.Want.Status, c.Want.OrderNumber, c.Want.Tracking, c.Want.Carrier, c.Want.ShippedAt.Unix(), c.Attempt}
}

// distinct is the first of each of the different wishes in a group.
func distinct(group []*candidate) []*candidate {
	seen := map[wanted]bool{}
	var firsts []*candidate
	for _, c := range group {
		if w := c.wanted(); !seen[w] {
			seen[w] = true
			firsts = append(firsts, c)
		}
	}
	return firsts
}

// mostParcels is beyond what anybody sends for one order: more is a table whose
// find does not tell orders apart.
const mostParcels = 50

// parcels reports whether different wishes are parcels of one order: alike but
// for what a parcel has of its own, and all in one file.
func parcels(different, group []*candidate) bool {
	if len(different) > mostParcels {
		return false
	}
	for i, c := range different {
		for _, d := range different[:i] {
			if !splits(c, d) {
				return false
			}
		}
	}
	for i := 0; i < len(group); {
		j := i + 1
		for j < len(group) && group[j].fileNo == group[i].fileNo {
			j++
		}
		if len(distinct(group[i:j])) == len(different) {
			return true
		}
		i = j
	}
	return false
}

// splits reports whether two wishes are parcels of one order: alike but for
// what a parcel has of its own.
func splits(a, b *candidate) bool {
	return a.Want.Status == order.Shipped && b.Want.Status == order.Shipped &&
		a.Want.OrderNumber == b.Want.OrderNumber && a.Want.Tracking != "" && b.Want.Tracking != "" &&
		!order.SameTracking(a.Want.Tracking, b.Want.Tracking)
}

// same reports whether two wishes are good ones and want the same.
func (c *candidate) same(d *candidate) bool {
	return c.Problem == nil && d.Problem == nil && c.wanted() == d.wanted()
}
