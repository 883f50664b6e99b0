package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/lang"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/table"
)

// mostGrouped is how many rows may be one.
const mostGrouped = 1000

// grouped is a row that was put together.
type grouped struct {
	table.Row
	more      int           // rows in it that no other grouped row counts
	problem   *spec.Problem // why its order is held
	undecided bool          // whether it counts at all: voided and where are not asked
}

// rowGroup puts rows together that stand next to each other in one file and have
// one key.
type rowGroup struct {
	batch *batchBlock
	key   string
	rows  []table.Row // of the group that is open, at most mostGrouped
	count int         // of them, those beyond included
}

func newRowGroup(batch *batchBlock) *rowGroup { return &rowGroup{batch: batch} }

// add takes one more row and returns what it completes.
func (g *rowGroup) add(row table.Row) []grouped {
	seen := row
	if seen.Header != nil {
		seen.Err = nil // its missing cells are empty
	}
	key, blank, diags := g.batch.group.Text(seen)
	if diags.HasErrors() || blank {
		alone := grouped{Row: row.Keep()}
		if seen.Err == nil && diags.HasErrors() {
			w := draft{spec.Wish{Place: spec.Place{File: row.File, Line: row.Line}}}
			w.problem(row, g.batch.group, "group", diags)
			alone.problem = w.Problem
		}
		return append(g.end(), alone)
	}
	var done []grouped
	if g.count > 0 && key != g.key {
		done = g.end()
	}
	if g.count++; g.count == 1 {
		g.key = strings.Clone(key)
	}
	if g.count <= mostGrouped {
		g.rows = append(g.rows, row.Keep())
	}
	return done
}

// end completes the group that is open.
func (g *rowGroup) end() []grouped {
	if g.count == 0 {
		return nil
	}
	rows, count := g.rows, g.count
	g.rows, g.count = nil, 0
	good := slices.Collect(func(yield func(table.Row) bool) {
		for _, row := range rows {
			if row.Err == nil && !yield(row) {
				return
			}
		}
	})
	if len(good) == 0 { // nothing can be made of them together
		alone := make([]grouped, len(rows))
		for i, row := range rows {
			alone[i].Row = row
		}
		alone[0].more = count - len(rows)
		return alone
	}
	var undecided bool
	problem := g.wrongRow(rows, count)
	parcels := good[:1]
	if problem == nil {
		parcels, problem, undecided = g.parcels(good)
	}
	done := make([]grouped, len(parcels))
	for i, row := range parcels {
		row.Count = count
		done[i] = grouped{Row: row, problem: problem, undecided: undecided}
	}
	done[0].more = count - len(done)
	return done
}

// wrongRow is why rows can't be one: one of them can't be used, or there are too
// many.
func (g *rowGroup) wrongRow(rows []table.Row, count int) *spec.Problem {
	for _, row := range rows {
		if row.Err != nil {
			return &spec.Problem{Code: spec.BadRow, Message: row.Err.Error() + ", in a group of rows", Place: spec.Place{File: row.File, Line: row.Line}}
		}
	}
	if count > mostGrouped {
		return &spec.Problem{Code: spec.BadRow, Message: fmt.Sprintf("group: %d rows in a row have one key, and at most %d may. Let group name the order", count, mostGrouped), Place: spec.Place{File: rows[0].File, Line: rows[0].Line}}
	}
	return nil
}

// parcels makes one row of an order's rows, or one for each tracking number: what
// is done about several is decided as for rows that are not grouped. Carrier, ship
// date, and whether a label is void are said of its number, and not of the order's
// other parcels. Any other column in which the rows differ holds the order. If that
// is one by which voided or where decides, they can't be asked.
func (g *rowGroup) parcels(rows []table.Row) (parcels []table.Row, problem *spec.Problem, undecided bool) {
	tracking := columnsReadBy(g.batch.texts["tracking_number"])
	ofNumber := g.columnsOfNumber()
	numbers := byNumber(rows, tracking)
	apart := slices.Concat(tracking, columnsReadBy(g.batch.voided))
	for _, name := range g.readColumns(rows[0]) {
		if slices.Contains(tracking, name) {
			continue
		}
		compared := [][]table.Row{rows}
		if len(numbers) > 1 && slices.Contains(ofNumber, name) {
			compared = numbers
			if _, other := difference(rows, name); other >= 0 {
				apart = append(apart, name)
			}
		}
		for _, rows := range compared {
			if first, other := difference(rows, name); other >= 0 {
				return []table.Row{merge(rows)}, &spec.Problem{Code: spec.GroupDiffers, Message: fmt.Sprintf(
					"the rows of one order differ in the column %q, on lines %d and %d: correct one of them, or change group so that it differs for them", name, rows[first].Line, rows[other].Line,
				), Place: spec.Place{File: rows[other].File, Line: rows[other].Line}}, g.decides(name)
			}
		}
	}
	whole := merge(rows)
	if len(numbers) < 2 {
		return []table.Row{whole}, nil, false
	}
	for _, rows := range numbers {
		parcels = append(parcels, withColumns(whole, merge(rows), apart))
	}
	return parcels, nil, false
}

// columnsOfNumber are the columns that say something of a parcel, and not of its
// order.
func (g *rowGroup) columnsOfNumber() []string {
	texts := g.batch.texts
	var names []string
	for _, expr := range []*lang.RowExpr{g.batch.voided, texts["carrier"], texts["shipped_at"], texts["shipped_on"], g.batch.noTracking, g.batch.latestBy} {
		names = append(names, columnsReadBy(expr)...)
	}
	return names
}

// decides reports whether a column says if a row counts at all.
func (g *rowGroup) decides(name string) bool {
	return slices.ContainsFunc([]*lang.RowExpr{g.batch.voided, g.batch.where}, func(expr *lang.RowExpr) bool {
		return expr != nil && (expr.Dynamic() || slices.Contains(columnsReadBy(expr), name))
	})
}

// columnsReadBy are the columns that an expression reads by name.
func columnsReadBy(expr *lang.RowExpr) []string {
	if expr == nil {
		return nil
	}
	var names []string
	for _, c := range expr.Columns() {
		names = append(names, c.Name)
	}
	return names
}

// readColumns are the columns that the batch reads, each once.
func (g *rowGroup) readColumns(row table.Row) []string {
	var names []string
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for expr := range g.batch.exprs() {
		for _, c := range expr.Columns() {
			add(c.Name)
		}
		if expr.Dynamic() && row.Header != nil {
			for _, name := range row.Header.Names {
				add(name)
			}
		}
	}
	return names
}

// difference is which rows have two different values in a column, blank ones
// aside; other is -1 if none do.
func difference(rows []table.Row, name string) (first, other int) {
	first = -1
	for i, row := range rows {
		v, filled := valueOf(row, name)
		switch {
		case !filled:
		case first < 0:
			first = i
		default:
			if w, _ := valueOf(rows[first], name); !v.RawEquals(w) {
				return first, i
			}
		}
	}
	return first, -1
}

// byNumber divides the rows of a group that have a tracking number by it.
func byNumber(rows []table.Row, tracking []string) [][]table.Row {
	var numbers [][]table.Row
	for _, row := range rows {
		if !slices.ContainsFunc(tracking, func(name string) bool { _, filled := valueOf(row, name); return filled }) {
			continue
		}
		i := slices.IndexFunc(numbers, func(of []table.Row) bool {
			return !slices.ContainsFunc(tracking, func(name string) bool {
				a, _ := valueOf(of[0], name)
				b, _ := valueOf(row, name)
				return !a.RawEquals(b)
			})
		})
		if i < 0 {
			i = len(numbers)
			numbers = append(numbers, nil)
		}
		numbers[i] = append(numbers[i], row)
	}
	return numbers
}
