package config

import (
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/carrier"
	"github.com/gdfctl/gdfctl/internal/lang"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/table"
)

// numberOfBlock looks at the tracking number of an order block.
func (w *draft) numberOfBlock(text string, at spec.Place) *fault {
	switch numbers := numbersOf(text); len(numbers) {
	case 0:
		w.noteDamage(text, "", at)
	case 1:
		w.Want.Tracking = numbers[0]
	default:
		return &fault{"tracking_number", "Two tracking numbers", "The API accepts one number per order. Remove the others."}
	}
	return nil
}

// numbersOf lists the tracking numbers of a cell that holds several, each once;
// nil for any other cell.
func numbersOf(cell string) []string {
	var numbers []string
	for _, part := range carrier.Split(cell) {
		number := strings.Clone(carrier.Clean(part))
		if !slices.ContainsFunc(numbers, func(n string) bool { return carrier.SameNumber(n, number) }) {
			numbers = append(numbers, number)
		}
	}
	return numbers
}

// numberOfRow looks at a row's cell of tracking numbers as it is, white space
// included: it tells words from numbers, and one number from two.
func (batch *batchBlock) numberOfRow(w *draft, row table.Row, expr *lang.RowExpr, cell string) {
	if w.Want.Status != order.Shipped || cell == "" {
		return
	}
	at := cellPlace(w.Place, row, expr)
	if at.Line == w.Place.Line {
		w.NumberColumn = int32(at.Column)
	}
	switch numbers := numbersOf(cell); {
	case len(numbers) == 0:
		column := ""
		if columns := expr.Columns(); len(columns) == 1 {
			column = columns[0].Name
		}
		w.noteDamage(cell, column, at)
	case len(numbers) == 1 || batch.multipleFirst:
		w.Want.Tracking = numbers[0]
		w.Number = &spec.Number{Place: at, Others: numbers[1:]}
	case w.Problem == nil:
		w.Problem = &spec.Problem{
			Code: spec.SplitShipment, Place: at, Message: "two tracking numbers in one cell: the API accepts one",
			Suggestion: `remove the others, or set multiple_tracking = "first"`,
		}
	}
}

func (w *draft) noteDamage(text, column string, at spec.Place) {
	if f, damaged := rules.Damaged(text, column); damaged {
		w.Number = &spec.Number{Damage: new(f), Place: at}
	}
}

// roundedRows looks for numbers that a spreadsheet rounded: only a whole file of
// them shows it.
type roundedRows struct {
	file rules.RoundedFile
	from int // the first candidate of the file
}

// markRounded notes the damage of the rows of a file that was read.
func (r *roundedRows) mark(g *spec.Gathering) {
	if !r.file.Suspicious() {
		return
	}
	for c := range g.From(r.from) {
		if f, damaged := r.file.Damaged(c.Want.Tracking); damaged {
			c.Number = &spec.Number{Damage: new(f), Place: c.NumberPlace()}
		}
	}
}
