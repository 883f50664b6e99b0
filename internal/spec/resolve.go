package spec

import "slices"

// resolve combines what the blocks want of each order: what stands for it, and
// what is left of orders of which nothing is wanted after all. Whether two
// wishes are about one order is seen from their finds; those that name it in
// different ways are combined once the live orders are known.
func (g *Gathering) resolve() {
	all := g.sorted()
	g.released = make(map[releaseKey]*Release, len(g.out.Released))
	for i := range g.out.Released {
		r := &g.out.Released[i]
		g.released[releaseKey{r.Account, g.canonical(r.Find)}] = r
	}
	standing := make([]*Wish, 0, len(all))
	var group []*Wish // about one order; used again
	for i := range all {
		group = append(group, all[i].Wish)
		if next := i + 1; next < len(all) && all[i].prefix == all[next].prefix &&
			g.sameOrder(all[i].Wish, all[next].Wish) && !all[i].Find.Empty() {
			continue
		}
		if stands := g.resolveOrder(group); stands != nil {
			standing = append(standing, stands)
		}
		group = group[:0]
	}
	g.publish(standing)
}

// resolveOrder returns the wish that stands for one order, nil if none does.
func (g *Gathering) resolveOrder(group []*Wish) *Wish {
	if len(group) == 1 && len(g.released) == 0 && !g.anyVoid {
		group[0].fate = stands
		return group[0]
	}
	first := group[0]
	release := g.released[releaseKey{first.Origin.Account, g.canonical(first.Find)}]
	if release == nil && alike(group) {
		first.fate = stands // the others are repeated, which is what nothing else is said of
		return first
	}
	c := combine(group, release)
	c.noteFates()
	if slices.Contains(group, c.made) {
		c.made.fate = stands
	} else if c.made != nil {
		g.made = append(g.made, c.made)
	}
	w := c.outcome(group)
	g.out.Replaced = append(g.out.Replaced, w.Replaced()...)
	if c.made == nil {
		g.out.Dropped = append(g.out.Dropped, w)
		return nil
	}
	return w
}

// alike reports whether wishes want the same for the same block, and no step can
// tell them apart: then they are one, at the first place. The first wish is
// already the one that comes first.
func alike(group []*Wish) bool {
	first := group[0]
	for _, w := range group {
		if w.Origin != first.Origin || w.extra != nil || w.Voided || first.Origin.voids(w.Want.Tracking) || w != first && !w.Same(first) {
			return false
		}
	}
	return true
}

// voids reports whether a number is void in the whole batch.
func (o *Origin) voids(number string) bool {
	return o.Combining != nil && number != "" && o.Combining.void.row(number) != nil
}

// releaseKey is how a release and a wish name the same order.
type releaseKey struct {
	account *Account
	find    Find // canonical
}
