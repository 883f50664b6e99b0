package config

import (
	"fmt"

	"github.com/gdfctl/gdfctl/internal/carrier"
	"github.com/gdfctl/gdfctl/internal/lang"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/table"
)

// cutOff says that the last cell of a file may be shorter than it was. A number that lost
// its end can still look like one, of another parcel or another order.
func cutOff(column string) string {
	return fmt.Sprintf("the file ends without a line break, and its last cell, under %s, may be cut off: export the file again, or add a line break behind the cell if it is whole",
		quotedList([]string{column}))
}

// cutRow looks at a row whose last cell, under column, may be cut off. Which order it
// is, and which parcel, must be certain; the rest is reported.
func (r *batchReader) cutRow(w *draft, row table.Row, column string, stands bool) {
	reads := func(e *lang.RowExpr) bool { return e != nil && readsCut(e, row) }
	batch := r.batch
	names := reads(batch.find) || reads(batch.group) || reads(batch.voided)
	for _, key := range batch.findKeys {
		names = names || reads(key.expr)
	}
	number := reads(batch.texts["tracking_number"]) && w.Want.Tracking != ""
	if stands && !w.Voided && w.Problem == nil && (names || number && !proven(w.Want.Tracking, w.Want.Carrier)) {
		w.Problem = &spec.Problem{Code: spec.BadRow, Message: cutOff(column), Place: w.Place}
		w.Problem.Place.Line, w.Problem.Place.Column = row.Column(column)
		return
	}
	if w.Problem != nil || number {
		return
	}
	for expr := range batch.exprs() {
		if reads(expr) {
			r.warn(&table.Error{File: row.File, Line: row.Line, Err: fmt.Errorf("%s", cutOff(column))})
			return
		}
	}
}

// readsCut reports whether an expression reads the cell that may be cut off.
func readsCut(e *lang.RowExpr, row table.Row) bool {
	if e.Dynamic() {
		return true
	}
	for _, c := range e.Columns() {
		if row.CutIn(c.Name) {
			return true
		}
	}
	return false
}

// proven reports whether the check digit of a number shows that it is whole.
func proven(number, carrierName string) bool {
	c, known := carrier.Find(carrierName)
	return carrier.Checked(number) && (!known || c.Fit(number) == carrier.Fits)
}
