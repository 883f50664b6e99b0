package config

import (
	"iter"

	"github.com/zclconf/go-cty/cty"

	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/table"
)

// SeenRow is a row of a table, or an order block, as it is read, before anything is
// combined.
type SeenRow struct {
	Wish    *spec.Wish // of a row that wants nothing, only what names its order
	LeftOut bool       // by `where`
	List    string     // "only" or "except": the row of a standing order's table
	More    int        // rows behind it that `group` put together with it
	row     table.Row
}

// Texts are the cells of the row, valid until the next one: none for a block, and none
// of a new order, which has a buyer. They can be anything, also personal data: they are
// for comparing, and not for showing.
func (s SeenRow) Texts() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, cell := range s.row.Cells {
			if !yield(cell) {
				return
			}
		}
		if s.row.Object == cty.NilVal || !s.row.Object.CanIterateElements() {
			return
		}
		for _, v := range s.row.Object.AsValueMap() {
			if !v.IsNull() && v.IsKnown() && v.Type() == cty.String && !yield(v.AsString()) {
				return
			}
		}
	}
}

// showLeftOut shows a row that nobody wants anything of.
func (r *batchReader) showLeftOut(row grouped, place spec.Place) {
	w := draft{spec.Wish{Origin: r.from, Place: place}}
	row.Err = nil
	r.batch.findOrder(&w, row.Row, r.intern)
	w.Problem = nil
	r.see(SeenRow{Wish: &w.Wish, LeftOut: true, More: row.more, row: row.Row})
}
