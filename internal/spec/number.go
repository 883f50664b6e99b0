package spec

import (
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/carrier"
	"github.com/gdfctl/gdfctl/internal/lang"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/table"
)

// Number is what is known of a wish's tracking number beside the number itself.
type Number struct {
	Damage *rules.Finding // why the cell holds no number (SHIP18), or nil
	Place  Place          // of the cell
	Others []string       // that the table also has for the order
}

// Damage is why the wanted tracking number is none, or nil. A cell of which
// nothing is noted is looked at again: a wish can be put together from several.
func (w *Wish) Damage() *rules.Finding {
	if w.Number != nil && w.Number.Damage != nil {
		return w.Number.Damage
	}
	if f, damaged := rules.Damaged(w.Want.Tracking, ""); damaged {
		return new(f) // not &f, which would cost memory for each of a million numbers that are not damaged
	}
	return nil
}

// OtherNumbers are more tracking numbers that the configuration has for the
// order: of rows that gave way, and of cells with several.
func (w *Wish) OtherNumbers() []string {
	var all []string
	add := func(number string) {
		if !order.SameTracking(number, w.Want.Tracking) && !slices.ContainsFunc(all, func(n string) bool { return order.SameTracking(n, number) }) {
			all = append(all, number)
		}
	}
	for _, number := range w.Numbers() {
		add(number)
	}
	for _, p := range w.parts() {
		if p.Number != nil {
			for _, number := range p.Number.Others {
				add(number)
			}
		}
	}
	return all
}

// NumberPlace is where the tracking number stands.
func (w *Wish) NumberPlace() Place {
	if w.Number != nil {
		return w.Number.Place
	}
	at := w.Place
	if w.numberColumn > 0 {
		at.Column = int(w.numberColumn)
	}
	return at
}

// numberOfBlock looks at the tracking number of an order block.
func (w *Wish) numberOfBlock(text string, at Place) *fault {
	switch numbers := numbersOf(text); len(numbers) {
	case 0:
		w.noteDamage(text, "", at)
	case 1:
		w.Want.Tracking = numbers[0]
	default:
		return &fault{"tracking_number", "Two tracking numbers", "The API takes one number for an order. Leave the others out."}
	}
	return nil
}

// numbersOf lists the tracking numbers of a cell that holds several, each once;
// nil for any other cell.
func numbersOf(cell string) []string {
	var numbers []string
	for _, part := range carrier.Split(cell) {
		number := strings.Clone(carrier.Clean(part))
		if !slices.ContainsFunc(numbers, func(n string) bool { return order.SameTracking(n, number) }) {
			numbers = append(numbers, number)
		}
	}
	return numbers
}

// numberOfRow looks at a row's cell of tracking numbers as it is, white space
// included: it tells words from numbers, and one number from two.
func (batch *batchBlock) numberOfRow(w *Wish, row table.Row, expr *lang.RowExpr, cell string) {
	if w.Want.Status != order.Shipped || cell == "" {
		return
	}
	at := cellPlace(w.Place, row, expr)
	if at.Line == w.Place.Line {
		w.numberColumn = int32(at.Column)
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
		w.Number = &Number{Place: at, Others: numbers[1:]}
	case w.Problem == nil:
		w.Problem = &Problem{
			Code: SplitShipment, Place: at, Message: "two tracking numbers in one cell: the API takes one",
			Suggestion: `leave the others out, or set multiple_tracking = "first"`,
		}
	}
}

func (w *Wish) noteDamage(text, column string, at Place) {
	if f, damaged := rules.Damaged(text, column); damaged {
		w.Number = &Number{Damage: new(f), Place: at}
	}
}

// roundedRows looks for numbers that a spreadsheet rounded: only a whole file of
// them shows it.
type roundedRows struct {
	file rules.RoundedFile
	from int // the first candidate of the file
}

// markRounded notes the damage of the rows of a file that was read.
func (g *gathering) markRounded(r *roundedRows) {
	if !r.file.Suspicious() {
		return
	}
	for c := range g.candidates() {
		if int(c.no) < r.from {
			continue
		}
		if f, damaged := r.file.Damaged(c.Want.Tracking); damaged {
			c.Number = &Number{Damage: new(f), Place: c.NumberPlace()}
		}
	}
}
