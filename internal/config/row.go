package config

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/gdfctl/gdfctl/internal/lang"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/table"
)

// setRowText is setText for the values that only batches take from text.
func (w *draft) setRowText(name, text string) *fault {
	if name != "attempt" {
		return w.setText(name, text)
	}
	if text == "" {
		w.Attempt = 1
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 1000 {
		return &fault{"attempt", "Invalid attempt", "Write a whole number from 1 to 1000."}
	}
	w.Attempt = n
	return nil
}

func newDraft(row table.Row, origin *spec.Origin, intern *interner) draft {
	return draft{spec.Wish{Origin: origin, Attempt: 1, Place: spec.Place{File: intern.text(row.File), Line: row.Line}}}
}

// wish evaluates one row. The result is false if `where` leaves the row out.
// What is wrong with the row becomes the wish's Problem.
func (batch *batchBlock) wish(row table.Row, origin *spec.Origin, intern *interner) (draft, bool) {
	w := newDraft(row, origin, intern)
	wrong := row.Err
	if wrong != nil && row.Header == nil { // there is nothing to look at
		w.Problem = &spec.Problem{Code: spec.BadRow, Message: wrong.Error(), Place: w.Place}
		return w, true
	}
	row.Err = nil // voided and where see missing cells as empty ones
	if batch.flag(&w, row, "voided", batch.voided) {
		batch.voidRow(&w, row, intern)
		return w, true
	}
	if !batch.stands(&w, row) {
		return w, false
	}
	if wrong != nil {
		w.Problem = &spec.Problem{Code: spec.BadRow, Message: wrong.Error(), Place: w.Place}
		return w, true
	}
	// The order is named first, so that a fault in another cell shows whose it is.
	batch.findOrder(&w, row, intern)
	for _, name := range rowTexts {
		expr := batch.texts[name]
		if expr == nil {
			continue
		}
		text, _, diags := expr.Text(row)
		if diags.HasErrors() {
			w.problem(row, expr, name, diags)
			continue
		}
		if f := w.setRowText(batch.dateAttribute(name, text), intern.value(name, text)); f != nil {
			w.fault(row, expr, f)
		} else if name == "tracking_number" {
			batch.numberOfRow(&w, row, expr, text)
		}
	}
	w.NoTracking = batch.flag(&w, row, "no_tracking", batch.noTracking)
	if f := w.onPurpose(); f != nil {
		w.fault(row, batch.noTracking, f)
	}
	batch.setLatest(&w, row)
	w.tidy()
	if w.Problem == nil {
		if f := w.complete(); f != nil {
			w.fault(row, batch.texts[f.attr], f)
		}
	}
	return w, true
}

// held is what a row wants whose order is held whatever else it says.
func (batch *batchBlock) held(row table.Row, origin *spec.Origin, intern *interner, problem *spec.Problem) draft {
	w := newDraft(row, origin, intern)
	batch.findOrder(&w, row, intern)
	if w.Problem == nil {
		w.Problem = problem
	}
	return w
}

func notBool(name string) *fault {
	return &fault{name, name + " is neither true nor false", "Write a comparison."}
}

// fault makes the first thing that is wrong with a row its problem.
func (w *draft) fault(row table.Row, expr *lang.RowExpr, f *fault) {
	if w.Problem == nil {
		w.Problem = w.badRow(row, expr, fmt.Sprintf("%s: %s. %s", f.attr, f.summary, f.detail))
	}
}

// badRow is a problem with a row. Like all reasons for which orders are held back,
// it ends without a full stop, since more can stand behind it.
func (w *draft) badRow(row table.Row, expr *lang.RowExpr, message string) *spec.Problem {
	return &spec.Problem{Code: spec.BadRow, Message: strings.TrimSuffix(message, "."), Place: cellPlace(w.Place, row, expr)}
}

func (w *draft) problem(row table.Row, expr *lang.RowExpr, attr string, diags hcl.Diagnostics) {
	for _, d := range diags {
		if d.Severity == hcl.DiagError && w.Problem == nil {
			w.Problem = w.badRow(row, expr, attr+": "+strings.TrimSuffix(rowMessage(d, expr), ".")+presetHint(attr, expr))
			if isMissing(d, expr) {
				w.Problem.Missing = strings.Clone(cellOf(row, expr))
			}
		}
	}
}

// functionFailed begins what HCL says of a function's own error.
var functionFailed = regexp.MustCompile(`^Call to function "[^"]*" failed: `)

// rowMessage says what is wrong with a row's expression as somebody who looks
// at the table understands it.
func rowMessage(d *hcl.Diagnostic, expr *lang.RowExpr) string {
	switch {
	case isMissing(d, expr):
		list := cmp.Or(expr.Lookup(), "the list that it is looked up in")
		return fmt.Sprintf("the cell under %q is not in %s. Add it there, or correct the cell", expr.Columns()[0].Name, list)
	case d.Summary == "Error in function call" && functionFailed.MatchString(d.Detail):
		return functionFailed.ReplaceAllString(d.Detail, "")
	}
	return strings.TrimSpace(d.Summary + ". " + d.Detail)
}

// isMissing reports whether an expression looked up its only cell in vain.
func isMissing(d *hcl.Diagnostic, expr *lang.RowExpr) bool {
	return d.Summary == "Invalid index" && len(expr.Columns()) == 1
}

// cellOf is the text of the only cell that an expression reads, if it is text.
func cellOf(row table.Row, expr *lang.RowExpr) string {
	v, _ := valueOf(row, expr.Columns()[0].Name)
	if v.Type() != cty.String {
		return ""
	}
	return v.AsString()
}

// cellPlace points at the cell that an expression reads, if it reads just one.
func cellPlace(p spec.Place, row table.Row, expr *lang.RowExpr) spec.Place {
	if expr == nil || row.Header == nil || len(expr.Columns()) != 1 {
		return p
	}
	if line, column := row.Column(expr.Columns()[0].Name); column > 0 {
		p.Line, p.Column = line, column
	}
	return p
}

// quotedList is names for people: the first of them, the rest counted.
func quotedList(names []string) string {
	const most = 30
	return strings.Join(safetext.Quoted(names, most), ", ")
}

// interner keeps one copy of texts that repeat over a table, such as carriers,
// and copies the others: a cell is part of its record's memory, and would keep
// all of it alive.
type interner struct{ seen map[string]string }

const internMost = 10_000

func (i *interner) text(s string) string {
	if kept, ok := i.seen[s]; ok {
		return kept
	}
	s = strings.Clone(s)
	if len(i.seen) < internMost {
		i.seen[s] = s
	}
	return s
}

func (i *interner) value(attr, s string) string {
	switch attr {
	case "order_number", "tracking_number":
		return strings.Clone(s)
	case "status", "carrier", "reason":
		return i.text(s)
	}
	return s
}
