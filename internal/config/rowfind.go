package config

import (
	"strings"

	"github.com/gdfctl/gdfctl/internal/lang"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/table"
)

// exportAgain is the way out of what a spreadsheet did to a number.
const exportAgain = "export the table again and do not open it in a spreadsheet"

// findOrder names the row's order. A number that a spreadsheet changed names none, or
// another one.
func (batch *batchBlock) findOrder(w *draft, row table.Row, intern *interner) {
	batch.readFind(w, row, intern)
	if w.Problem == nil && (rules.DamagedName(w.Find.Number) || rules.DamagedName(w.Find.OrderNumber)) {
		w.Problem = w.badRow(row, batch.numberExpr(), "a spreadsheet changed the order's number; "+exportAgain)
	}
}

// numberExpr is the expression of the order's number, if it is written as a key of
// find.
func (batch *batchBlock) numberExpr() *lang.RowExpr {
	for _, key := range batch.findKeys {
		if key.name == "source_order_number" || key.name == "order_number" {
			return key.expr
		}
	}
	return batch.find
}

// readFind evaluates find. A text that stays is copied: a cell is part of its
// record's memory.
func (batch *batchBlock) readFind(w *draft, row table.Row, intern *interner) {
	if batch.find != nil {
		v, diags := batch.find.Eval(row)
		if diags.HasErrors() {
			w.problem(row, batch.find, "find", diags)
			return
		}
		found, f := wishedFind(v, nil)
		if f != nil {
			w.fault(row, batch.find, f)
		}
		w.Find = spec.Find{
			ID: strings.Clone(found.ID), Source: intern.text(found.Source),
			Number: strings.Clone(found.Number), OrderNumber: strings.Clone(found.OrderNumber),
		}
		return
	}
	for _, key := range batch.findKeys {
		text, _, diags := key.expr.Text(row)
		if diags.HasErrors() {
			w.problem(row, key.expr, "find", diags)
			continue
		}
		if text == "" {
			w.fault(row, key.expr, &fault{"find", key.name + " is empty", "The row does not name an order. Fill the cell, or skip such rows with where."})
			continue
		}
		switch key.name {
		case "id":
			w.Find.ID = strings.Clone(text)
		case "source":
			w.Find.Source = intern.text(text)
		case "source_order_number":
			w.Find.Number = strings.Clone(text)
		case "order_number":
			w.Find.OrderNumber = strings.Clone(text)
		}
	}
}
