package spec

import (
	"fmt"
	"maps"
	"path"

	"github.com/gdfctl/gdfctl/internal/order"
)

// LatestFile is the code of a note: which of two files is the later one was
// seen by nothing but the number that a browser gives a second download.
const LatestFile = "latest_file"

// latest leaves, of the rows of a batch that differ, those of the last file or
// of the largest value of latest_by.
func (c *combination) latest() {
	for _, block := range c.byBlock() {
		b := block[0].Origin.Combining
		if b == nil || len(block) == 1 {
			continue
		}
		switch b.Latest {
		case LatestByFile:
			c.latestOf(block, StepLatest, laterFile)
		case LatestByValue:
			c.latestOf(block, StepLatestBy, func(a, b *Wish) bool { return a.latestBy().beats(b.latestBy()) })
		}
	}
}

func laterFile(a, b *Wish) bool {
	return a.Place.File != b.Place.File && compareFiles(a.Place.File, b.Place.File) > 0
}

// latestOf takes out the rows of a block that lose against a later one that
// differs. Of those that beat a row, the latest is named, and then the first.
func (c *combination) latestOf(block []*Wish, step Step, later func(a, b *Wish) bool) {
	winners := latestOfEachKind(block, later)
	lost := map[*Wish]*Wish{}
	for _, w := range block {
		for _, of := range winners {
			best := of.best
			if best.Same(w) {
				best = of.second
			}
			if best != nil && later(best, w) && mayRemove(best, w) &&
				(lost[w] == nil || later(best, lost[w]) || !later(lost[w], best) && compareWishes(best, lost[w]) < 0) {
				lost[w] = best
			}
		}
	}
	repeat := map[wanted]bool{} // what is wanted by rows that stand: who wants the same does not compete
	for _, w := range block {
		if lost[w] == nil && w.Problem == nil {
			repeat[w.wanted()] = true
		}
	}
	maps.DeleteFunc(lost, func(w, _ *Wish) bool { return w.Problem == nil && repeat[w.wanted()] })
	if len(lost) == 0 {
		return
	}
	if step == StepLatest {
		if a, b := undated(lost); a != nil {
			c.made = a.contradicts(b, []string{"latest"}, "file names do not sort by date; name files 2026-01-02 or use latest_by")
			return
		}
		c.noteCopies(lost)
	}
	c.remove(step, func(w *Wish) (*Wish, bool) { return lost[w], lost[w] != nil })
}

// winners are the latest row of a kind, and the latest that differs from it: a
// row loses against one of the two, if against any of the kind.
type winners struct{ best, second *Wish }

// latestOfEachKind finds the winners among the rows that mayRemove and later
// treat alike. A table whose find does not tell orders apart has all its rows
// in one block, so they are not compared pair by pair.
func latestOfEachKind(block []*Wish, later func(a, b *Wish) bool) map[any]*winners {
	type kind struct {
		numbered, acknowledges bool
		value                  latestKind
	}
	all := map[any]*winners{}
	for _, w := range block {
		k := kind{w.Want.Tracking != "", w.Want.Status == order.Acknowledged, w.latestBy().kind}
		of := all[k]
		switch {
		case of == nil:
			all[k] = &winners{best: w}
		case later(w, of.best):
			if !w.Same(of.best) {
				of.second = of.best
			}
			of.best = w
		case !w.Same(of.best) && (of.second == nil || later(w, of.second)):
			of.second = w
		}
	}
	return all
}

// mayRemove keeps what is known of an order from being lost: a row without a
// number never removes one with a number, nor an acknowledge a shipment.
func mayRemove(a, b *Wish) bool {
	if a.Want.Tracking == "" && b.Want.Tracking != "" {
		return false
	}
	return a.Want.Status != order.Acknowledged || b.Want.Status != order.Shipped
}

// undated is the first pair of rows between which a date decided that file
// names do not sort by.
func undated(lost map[*Wish]*Wish) (loser, winner *Wish) {
	for a, b := range lost {
		if datesDoNotSort(a.Place.File, b.Place.File) && (loser == nil || compareWishes(a, loser) < 0) {
			loser, winner = a, b
		}
	}
	return loser, winner
}

// noteCopies notes files of which only the number of a copy says which is later.
func (c *combination) noteCopies(lost map[*Wish]*Wish) {
	told := map[[2]string]bool{}
	for _, w := range c.left {
		by := lost[w]
		if by == nil || !differInCopyNumber(w.Place.File, by.Place.File) || told[[2]string{w.Place.File, by.Place.File}] {
			continue
		}
		told[[2]string{w.Place.File, by.Place.File}] = true
		c.notes = append(c.notes, Remark{LatestFile, fmt.Sprintf("%s was taken as the later file than %s; delete the older one, or use latest_by",
			path.Base(by.Place.File), path.Base(w.Place.File)), by.Place})
	}
}
