package config

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/gdfctl/gdfctl/internal/lang"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/table"
)

// flags are the attributes of a batch that say something about a row, and are
// not sent.
func (batch *batchBlock) flags() map[string]**lang.RowExpr {
	return map[string]**lang.RowExpr{
		"voided": &batch.voided, "where": &batch.where, "no_tracking": &batch.noTracking, "latest_by": &batch.latestBy,
	}
}

// checkFlags finds constants that would be wrong with every row.
func (batch *batchBlock) checkFlags(content *hcl.BodyContent) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, name := range sortedKeys(batch.flags()) {
		expr := *batch.flags()[name]
		if expr == nil || !expr.Constant() {
			continue
		}
		at := content.Attributes[name].Expr.Range()
		v, _ := expr.Eval(table.Row{})
		if name == "latest_by" {
			diags = append(diags, errorAt(at, "latest_by is the same for all rows", `Write an expression over row, like parse_time("%Y-%m-%d", row["Updated"]).`)...)
		} else if !isBool(v) {
			diags = append(diags, notBool(name).at(at)...)
		}
	}
	return diags
}

// flag is a condition's value for a row, false where there is none. What is
// wrong with it becomes the wish's problem.
func (batch *batchBlock) flag(w *draft, row table.Row, name string, expr *lang.RowExpr) bool {
	if expr == nil {
		return false
	}
	v, diags := expr.Eval(row)
	switch {
	case diags.HasErrors():
		w.problem(row, expr, name, diags)
		return false
	case !isBool(v):
		w.fault(row, expr, notBool(name))
		return false
	}
	return v.True()
}

// stands reports whether where keeps a row. If voided can't be told of it, where
// leaves it out only if the row has no number: no label could be void by it.
func (batch *batchBlock) stands(w *draft, row table.Row) bool {
	if batch.where == nil {
		return true
	}
	unknown := w.Problem
	w.Problem = nil
	kept := batch.flag(w, row, "where", batch.where) || w.Problem != nil
	if unknown != nil {
		kept = kept || batch.hasNumber(row)
		w.Problem = unknown
	}
	return kept
}

func (batch *batchBlock) hasNumber(row table.Row) bool {
	expr := batch.texts["tracking_number"]
	if expr == nil {
		return false
	}
	_, blank, diags := expr.Text(row)
	return !blank || diags.HasErrors()
}

func isBool(v cty.Value) bool { return v.Type() == cty.Bool && v.IsKnown() && !v.IsNull() }

// voidRow reads what a row says whose label is void: the number, and of which
// order. What it wants otherwise is of no matter. Where its order can't be read
// it names none; where its number can't, it holds its order back, since nobody
// knows which label is void.
func (batch *batchBlock) voidRow(w *draft, row table.Row, intern *interner) {
	batch.findOrder(w, row, intern)
	if w.Problem != nil {
		w.Find, w.Problem = spec.Find{}, nil
	}
	if expr := batch.texts["tracking_number"]; expr != nil {
		text, _, diags := expr.Text(row)
		if diags.HasErrors() {
			w.problem(row, expr, "tracking_number", diags)
			return
		}
		w.Want.Tracking = strings.Clone(text)
	}
	w.Voided = true
}

var notLatest = &fault{
	"latest_by", "latest_by has no value that can be compared",
	"It must be a number, a date like 2026-11-20, or a time as RFC 3339: use parse_time for other layouts.",
}

// setLatest reads how late a row is.
func (batch *batchBlock) setLatest(w *draft, row table.Row) {
	if batch.latestBy == nil {
		return
	}
	w.SetLatestBy(spec.LatestValue{})
	text, _, diags := batch.latestBy.Text(row)
	if diags.HasErrors() {
		w.problem(row, batch.latestBy, "latest_by", diags)
		return
	}
	latest, ok := spec.ParseLatest(text, w.Origin.Account.Timezone)
	if !ok {
		w.fault(row, batch.latestBy, notLatest)
		return
	}
	w.SetLatestBy(latest)
}

// onPurpose checks that a parcel which has no number on purpose has none.
func (w *draft) onPurpose() *fault {
	if !w.NoTracking || w.Want.Tracking == "" {
		return nil
	}
	if rules.Placeholder(w.Want.Tracking) {
		w.Want.Tracking, w.Number = "", nil
		return nil
	}
	return &fault{"no_tracking", "There is a tracking number", "no_tracking says that this parcel has none on purpose. Remove one of the two."}
}
