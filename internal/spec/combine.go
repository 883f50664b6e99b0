package spec

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// CellOfSeveral is the code of a note: of several tracking numbers in one cell,
// the first stands. No row gave way, so nothing else would name the others.
const CellOfSeveral = "multiple_tracking"

// combination is what becomes of everything that wants something of one order.
// Making one changes no wish: the same wishes can be combined again together
// with others, once it is known that they are about the same order.
type combination struct {
	release *Release
	left    []*Wish // in the order of places
	removed []removal
	notes   []Remark
	made    *Wish // what is wanted; nil if nothing is

	numbered *Origin // the standing order that gives it its order number; nil if none does
}

// removal is a wish that a step took out.
type removal struct {
	wish *Wish
	step Step
	by   *Wish // that stands instead; nil for a release
}

// combine takes all wishes about one order through the steps, void rows and bad
// ones among them. The result is a function of their set: the order of files,
// blocks and rows has no influence but through the places.
func combine(wishes []*Wish, release *Release) *combination {
	c := &combination{release: release, left: slices.Clone(wishes)}
	slices.SortFunc(c.left, compareWishes)
	if release != nil {
		c.remove(StepRelease, func(*Wish) (*Wish, bool) { return nil, true })
		return c
	}
	standing := c.takeStanding()
	written := len(c.left) > 0
	c.replaces()
	c.voided()
	c.latest()
	c.fold()
	c.standing(standing, written)
	c.voidWanted()
	return c
}

// compareWishes orders wishes by file, line and column, and those of one place,
// which stand in a list, as they stand there.
func compareWishes(a, b *Wish) int {
	return cmp.Or(a.Place.compareNaturally(b.Place), cmp.Compare(a.no, b.no))
}

// remove takes out wishes of which by says so, and what stands instead of each.
// It is asked about all of them before the first is taken out.
func (c *combination) remove(step Step, by func(*Wish) (instead *Wish, removed bool)) {
	var left []*Wish
	for _, w := range c.left {
		if instead, removed := by(w); removed {
			c.removed = append(c.removed, removal{w, step, instead})
			continue
		}
		left = append(left, w)
	}
	c.left = left
}

// byBlock lists what is left of each block, in the order of first places.
func (c *combination) byBlock() [][]*Wish {
	var blocks [][]*Wish
	at := map[*Origin]int{}
	for _, w := range c.left {
		i, seen := at[w.Origin]
		if !seen {
			i = len(blocks)
			at[w.Origin] = i
			blocks = append(blocks, nil)
		}
		blocks[i] = append(blocks[i], w)
	}
	return blocks
}

// replacements is what the steps took out, for a plan.
func (c *combination) replacements() []Replacement {
	var all []Replacement
	for _, r := range c.removed {
		p := Replacement{Address: r.wish.Address(), Place: r.wish.Place, By: r.step}
		switch {
		case r.by != nil:
			p.ByAddress, p.ByPlace = r.by.Address(), r.by.Place
		case c.release != nil:
			p.ByPlace, p.Reason = c.release.Place, c.release.Reason
		}
		all = append(all, p)
	}
	return all
}

// outcome is the wish that the combination comes to, with what it was made of.
// Where nothing is wanted, it stands for the order's wishes that were dropped.
func (c *combination) outcome(parts []*Wish) *Wish {
	w := c.made
	if w == nil {
		first := slices.MinFunc(parts, compareWishes)
		w = &Wish{Origin: first.Origin, Find: first.Find, Place: first.Place}
	}
	e := extra{parts: slices.Clone(parts), replaced: c.replacements(), notes: c.notes, released: c.release, numbered: c.numbered}
	if w.extra != nil {
		e.by = w.extra.by
	}
	w.extra = &e
	return w
}

// Together combines wishes that turned out to be about one order, as if all had
// named it in the same way. The second result says whether anything is wanted
// of the order; if not, the first one holds what took the wishes out.
func Together(wishes []*Wish, release *Release) (*Wish, bool) {
	var parts []*Wish
	for _, w := range wishes {
		parts = append(parts, w.parts()...)
		if w.extra != nil {
			release = cmp.Or(release, w.extra.released)
		}
	}
	c := combine(parts, release)
	if c.made != nil && slices.Contains(parts, c.made) {
		// it belongs to the first run's result, which stays as it is
		same := *c.made
		c.made = &same
	}
	return c.outcome(parts), c.made != nil
}

// parts is what a wish was combined of, or it alone.
func (w *Wish) parts() []*Wish {
	if w.extra == nil || w.extra.parts == nil {
		return []*Wish{w}
	}
	return w.extra.parts
}

// Replaced lists the wishes that were taken out on the way to this one.
func (w *Wish) Replaced() []Replacement {
	if w.extra == nil {
		return nil
	}
	return w.extra.replaced
}

// Remarks lists what people should know of the way to this wish.
func (w *Wish) Remarks() []Remark {
	all := w.notes()
	if n := w.Number; n != nil && len(n.Others) > 0 && w.Problem == nil {
		all = append(slices.Clone(all), Remark{CellOfSeveral, fmt.Sprintf("the cell has more tracking numbers, and %s is the first: left out is %s",
			w.Want.Tracking, strings.Join(n.Others, ", ")), n.Place})
	}
	return all
}

// notes are the remarks of the steps.
func (w *Wish) notes() []Remark {
	if w.extra == nil {
		return nil
	}
	return w.extra.notes
}

// Origins lists the blocks that had a say in this wish, each once.
func (w *Wish) Origins() []*Origin {
	if w.extra == nil || w.extra.parts == nil {
		return []*Origin{w.Origin}
	}
	var all []*Origin
	for _, p := range w.extra.parts {
		if !slices.Contains(all, p.Origin) {
			all = append(all, p.Origin)
		}
	}
	return all
}

// Numbers lists the tracking numbers that the configuration has for this order,
// each once: of what stands and of what gave way, and not the void ones.
func (w *Wish) Numbers() []string {
	var all []string
	for _, p := range w.parts() {
		if p.Want.Tracking != "" && !p.Voided && !slices.Contains(all, p.Want.Tracking) {
			all = append(all, p.Want.Tracking)
		}
	}
	slices.Sort(all)
	return all
}

// Addresses lists the names under which a wish can be selected: its own, and
// those of all that it was combined of.
func (w *Wish) Addresses() []string {
	all := []string{w.Address()}
	if w.extra == nil {
		return all
	}
	for _, p := range w.extra.parts {
		if a := p.Address(); !slices.Contains(all, a) {
			all = append(all, a)
		}
	}
	return all
}
