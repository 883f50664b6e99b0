package spec

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// SplitShipment is the code of a held order that one file ships under several
// tracking numbers: the API has one number an order and no line items.
const SplitShipment = "split_shipment"

// settle decides which wishes stand: releases drop wishes, `replaces` and
// `latest` choose between them, equal wishes become one, and what is left in
// conflict is an error that shows both places. The result does not depend on
// the order in which files and blocks were read.
func (g *gathering) settle() hcl.Diagnostics {
	all := g.sorted()
	g.released = make(map[releaseKey]*Released, len(g.out.Released))
	for i := range g.out.Released {
		r := &g.out.Released[i]
		g.released[releaseKey{r.Account, g.canonical(r.Find)}] = r
	}
	var diags hcl.Diagnostics
	standing := make([]*candidate, 0, len(all))
	var group []*candidate // about one order; used again
	for i := range all {
		group = append(group, all[i].candidate)
		if next := i + 1; next < len(all) && all[i].prefix == all[next].prefix &&
			g.sameOrder(all[i].candidate, all[next].candidate) && !all[i].Find.Empty() {
			continue
		}
		stands, more := g.settleOrder(group)
		if stands != nil {
			standing = append(standing, stands)
		}
		diags = append(diags, more...)
		group = group[:0]
	}
	g.publish(standing)
	return diags
}

// settleOrder returns the wish that stands for one order, nil if none does.
func (g *gathering) settleOrder(group []*candidate) (*candidate, hcl.Diagnostics) {
	if len(group) == 1 && len(g.released) == 0 {
		return group[0], nil
	}
	if r := g.released[releaseKey{group[0].Origin.Account, g.canonical(group[0].Find)}]; r != nil {
		for _, c := range group {
			g.fates[c.no] = replaced
			g.out.Replaced = append(g.out.Replaced, Replacement{
				Address: c.Address(), Place: c.Place,
				By: "release", ByPlace: r.Place, Released: true, Reason: r.Reason,
			})
		}
		return nil, nil
	}
	group = g.replaced(group)
	var standing []*candidate
	for i := 0; i < len(group); {
		j := i + 1
		for j < len(group) && group[j].Origin == group[i].Origin {
			j++
		}
		stands, rival := g.ofBlock(group[i:j])
		if rival != nil {
			return nil, conflict(stands, rival)
		}
		standing = append(standing, stands)
		i = j
	}
	return settleBlocks(standing)
}

// settleBlocks settles what several blocks want of one order, and returns it at
// the place that comes first.
func settleBlocks(standing []*candidate) (*candidate, hcl.Diagnostics) {
	if bad := worst(standing); bad != nil {
		return bad, nil
	}
	first := standing[0]
	for _, c := range standing[1:] {
		if !c.same(standing[0]) {
			return nil, conflict(standing[0], c)
		}
		if c.Place.before(first.Place) {
			first = c
		}
	}
	return first, nil
}

// worst is the candidate that holds the order back, if one does. A bad row and
// a good one about one order are no conflict: which is meant is not for gdfctl
// to say. Of several, that of a bad row comes before the question of parcels,
// and then the first.
func worst(group []*candidate) *candidate {
	var found *candidate
	for _, c := range group {
		switch {
		case c.Problem == nil:
		case found == nil,
			found.Problem.Code == c.Problem.Code && c.Place.before(found.Place),
			found.Problem.Code == SplitShipment && c.Problem.Code != SplitShipment:
			found = c
		}
	}
	return found
}

// releaseKey is how a release and a wish name the same order.
type releaseKey struct {
	account *Account
	find    Find // canonical
}

// replaced takes out the wishes that another block's `replaces` puts aside.
func (g *gathering) replaced(group []*candidate) []*candidate {
	by := map[string]*candidate{}
	for _, c := range group {
		if c.from.replaces != "" && c.from.replaces != c.from.address {
			by[c.from.replaces] = c
		}
	}
	if len(by) == 0 {
		return group
	}
	var kept []*candidate
	for _, c := range group {
		winner := by[c.from.address]
		// blocks that replace each other in a circle all stay, and are a conflict
		if winner == nil || inCircle(by, c.from.address) {
			kept = append(kept, c)
			continue
		}
		g.fates[c.no] = replaced
		g.out.Replaced = append(g.out.Replaced, Replacement{
			Address: c.Address(), Place: c.Place,
			By: winner.Address(), ByPlace: winner.Place,
		})
	}
	return kept
}

// inCircle reports whether a block is replaced by one that, through whatever
// others, it replaces itself.
func inCircle(by map[string]*candidate, origin string) bool {
	at := origin
	for range by {
		winner := by[at]
		if winner == nil {
			return false
		}
		if at = winner.from.address; at == origin {
			return true
		}
	}
	return false
}

func conflict(a, b *candidate) hcl.Diagnostics {
	if b.Place.before(a.Place) {
		a, b = b, a
	}
	how := "Take one of them out, or say which stands with replaces."
	if a.from == b.from && a.from.batch != nil {
		how = `Take one of them out; if the later file is right, set latest = "file".`
	}
	return errorAt(rowRange(b.Place.File, b.Place.Line, b.Place.Column), "Two different wishes for one order",
		fmt.Sprintf("%s at %s and %s at %s want different things of one order (%s). %s",
			a.Address(), a.Place, b.Address(), b.Place, strings.Join(differing(a, b), ", "), how))
}

// differing names the attributes in which two wishes differ, without values.
func differing(a, b *candidate) []string {
	var names []string
	add := func(name string, differs bool) {
		if differs {
			names = append(names, name)
		}
	}
	add("status", a.Want.Status != b.Want.Status)
	add("order_number", a.Want.OrderNumber != b.Want.OrderNumber)
	add("tracking_number", a.Want.Tracking != b.Want.Tracking)
	add("carrier", a.Want.Carrier != b.Want.Carrier)
	add("shipped_at", !a.Want.ShippedAt.Equal(b.Want.ShippedAt))
	add("attempt", a.Attempt != b.Attempt)
	return names
}
