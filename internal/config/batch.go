package config

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/gdfctl/gdfctl/internal/lang"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/table"
)

// batchBlock is a batch, ready to be evaluated over the rows of its table.
type batchBlock struct {
	origin   *spec.Origin
	source   tableSource
	group    *lang.RowExpr // rows next to each other with one key are one
	where    *lang.RowExpr
	texts    map[string]*lang.RowExpr // attributes whose value is one text
	find     *lang.RowExpr            // find as a whole …
	findKeys []findKey                // … or, where it is written as { key = … }, its values
	replaces string
	preset   *usedPreset // nil: none

	voided     *lang.RowExpr // the row's label is void
	noTracking *lang.RowExpr
	latestBy   *lang.RowExpr // how late a row is: the latest of those that differ stands

	latestFile    bool // a later file's wish replaces an earlier one
	multipleFirst bool // of two numbers for one order in one file, the first stands
}

// findKey is one key of a find and the expression of its value.
type findKey struct {
	name string
	expr *lang.RowExpr
}

var batchSchema = &hcl.BodySchema{Attributes: append([]hcl.AttributeSchema{
	{Name: "rows", Required: true},
	{Name: "preset"},
	{Name: "group"},
	{Name: "where"},
	{Name: "voided"},
	{Name: "latest"},
	{Name: "latest_by"},
	{Name: "multiple_tracking"},
	{Name: "max_changes"},
	{Name: "max_held"},
}, wishAttributes...)}

// rowTexts are the attributes that are evaluated for each row as one text.
var rowTexts = []string{"status", "order_number", "tracking_number", "carrier", "shipped_at", "shipped_on", "reason", "attempt"}

func (l *loader) batchBlocks() hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, b := range l.blocks["batch"] {
		batch, more := l.batchBlock(b)
		diags = append(diags, batch.placed(more)...)
		if !more.HasErrors() {
			l.cfg.batches = append(l.cfg.batches, batch)
			l.cfg.Batches = append(l.cfg.Batches, batch.origin.String())
		}
	}
	return diags
}

func (l *loader) batchBlock(b *hcl.Block) (*batchBlock, hcl.Diagnostics) {
	if diags := misnamed(b, "a batch", ": the name is part of every address"); diags.HasErrors() {
		return &batchBlock{}, diags
	}
	content, diags := contentOf(b.Body, batchSchema)
	l.noteReplaces(content)
	account, more := l.accountFor(content, diags, b.DefRange)
	diags = append(diags, more...)
	batch := &batchBlock{origin: &spec.Origin{Kind: "batch", Name: b.Labels[0], Account: account}, texts: map[string]*lang.RowExpr{}}
	diags = append(diags, l.preset(batch, content)...)
	if attr, ok := content.Attributes["rows"]; ok {
		diags = append(diags, l.tableSource(batch, attr)...)
	}
	for _, name := range []string{"find", "status"} {
		if _, ok := content.Attributes[name]; !ok && !lang.Mistyped(diags, name) {
			diags = append(diags, errorAt(b.DefRange, "Missing "+name, map[string]string{
				"find":   `Say which order a row means, for example find = { source = "Amazon", source_order_number = row["Order Number"] }.`,
				"status": `Write the wanted status: "acknowledged", "shipped" or "cancelled".`,
			}[name])...)
		}
	}
	diags = append(diags, l.batchSettings(batch, content)...)
	diags = append(diags, shipDate(content.Attributes, batch.ownOf(content.Attributes), account)...)
	// times without a zone in parse_time mean the account's.
	base := l.cfg.base.NewChild()
	if account != nil {
		base.Functions = l.functionsOf(account)
	}
	if attr, ok := content.Attributes["group"]; ok {
		expr, more := l.rowExpr(attr.Expr, base)
		batch.group, diags = expr, append(diags, more...)
		base = base.NewChild()
		base.Functions = base.Parent().Functions
		base.Variables = map[string]cty.Value{lang.RowCount: cty.UnknownVal(cty.Number)}
	}
	for _, name := range rowTexts {
		if attr, ok := content.Attributes[name]; ok {
			expr, more := l.rowExpr(attr.Expr, base)
			diags = append(diags, more...)
			batch.texts[name] = expr
		}
	}
	for name, target := range batch.flags() {
		if attr, ok := content.Attributes[name]; ok {
			expr, more := l.rowExpr(attr.Expr, base)
			*target, diags = expr, append(diags, more...)
		}
	}
	if attr, ok := content.Attributes["find"]; ok {
		diags = append(diags, l.rowFind(batch, attr.Expr, base)...)
	}
	if diags.HasErrors() {
		return batch, diags
	}
	return batch, append(diags, batch.checkConstants(content, b.DefRange)...)
}

// batchSettings reads the attributes that are not evaluated over rows.
func (l *loader) batchSettings(batch *batchBlock, content *hcl.BodyContent) hcl.Diagnostics {
	var diags hcl.Diagnostics
	s := l.scope("var", "local")
	choose := func(name, one, other string) bool {
		attr, ok := content.Attributes[name]
		if !ok {
			return false
		}
		text, more := s.text(attr)
		diags = append(diags, more...)
		if !more.HasErrors() && text != one && text != other {
			diags = append(diags, errorAt(attr.Expr.Range(), "Invalid "+name, fmt.Sprintf("Write %q or %q.", one, other))...)
		}
		return text == other
	}
	batch.latestFile = choose("latest", "error", "file")
	batch.multipleFirst = choose("multiple_tracking", "error", "first")
	if both, ok := content.Attributes["latest_by"]; ok && content.Attributes["latest"] != nil {
		diags = append(diags, errorAt(both.NameRange, "latest and latest_by can't be used together", "Both say which row counts. Remove one of them.")...)
	}
	diags = append(diags, l.batchLimits(batch.origin.String(), content.Attributes)...)
	if attr, ok := content.Attributes["replaces"]; ok {
		text, more := s.text(attr)
		diags = append(diags, more...)
		if batch.replaces = text; !more.HasErrors() && !addressForm.MatchString(text) {
			diags = append(diags, errorAt(attr.Expr.Range(), "replaces does not name a block", `Write the address of a batch or an order, like "batch.shipments".`)...)
		}
	}
	return diags
}

// rowScope is what an expression over rows may name.
func (l *loader) rowScope(base *hcl.EvalContext) scope {
	roots := []string{"row", "var", "local"}
	if _, grouped := base.Variables[lang.RowCount]; grouped {
		roots = append(roots, lang.RowCount)
	}
	return l.scope(roots...)
}

func (l *loader) rowExpr(expr hcl.Expression, base *hcl.EvalContext) (*lang.RowExpr, hcl.Diagnostics) {
	if diags := l.rowScope(base).check(expr); diags.HasErrors() {
		return nil, diags
	}
	compiled, diags := lang.CompileRow(expr, base)
	diags = withoutTables(diags)
	if !diags.HasErrors() && compiled.Constant() {
		if v, _ := compiled.Eval(table.Row{}); !v.IsWhollyKnown() {
			diags = append(diags, reportedAlready)
		}
	}
	return compiled, diags
}

// rowFind compiles find. Written as an object with plain keys, as it nearly
// always is, its values are compiled one by one: reading a cell is then all
// that a row costs.
func (l *loader) rowFind(batch *batchBlock, expr hcl.Expression, base *hcl.EvalContext) hcl.Diagnostics {
	if diags := l.rowScope(base).check(expr); diags.HasErrors() {
		return diags
	}
	pairs, mapDiags := hcl.ExprMap(expr)
	if mapDiags.HasErrors() {
		find, diags := l.rowExpr(expr, base)
		batch.find = find
		return diags
	}
	var diags hcl.Diagnostics
	shape := map[string]cty.Value{}
	for _, pair := range pairs {
		key, more := pair.Key.Value(nil)
		if more.HasErrors() || key.IsNull() || !key.IsKnown() || key.Type() != cty.String {
			return append(diags, errorAt(pair.Key.Range(), "Invalid find", "A key of find must be a plain word. "+findShape)...)
		}
		name := key.AsString()
		if _, twice := shape[name]; twice {
			return append(diags, errorAt(pair.Key.Range(), "Invalid find", fmt.Sprintf("%s is written twice.", name))...)
		}
		value, more := l.rowExpr(pair.Value, base)
		diags = append(diags, more...)
		batch.findKeys = append(batch.findKeys, findKey{name, value})
		shape[name] = cty.StringVal("a value")
		if !more.HasErrors() && value.Constant() {
			shape[name], _ = value.Eval(table.Row{})
		}
	}
	if !diags.HasErrors() {
		_, f := wishedFind(cty.ObjectVal(shape), expr)
		diags = append(diags, f.at(expr.Range())...)
	}
	return diags
}

// checkConstants finds, before any row is read, what would be wrong with every
// row.
func (batch *batchBlock) checkConstants(content *hcl.BodyContent, block hcl.Range) hcl.Diagnostics {
	probe := draft{spec.Wish{Origin: batch.origin, Attempt: 1}}
	var diags hcl.Diagnostics
	for _, name := range rowTexts {
		expr := batch.texts[name]
		if expr == nil || !expr.Constant() {
			continue
		}
		at := content.Attributes[name].Expr.Range()
		if name == "attempt" {
			diags = append(diags, errorAt(at, "attempt is the same for all rows",
				"It would send every row that differs again. Use an order block for those orders, or an expression over row.")...)
			continue
		}
		text, _, more := expr.Text(table.Row{})
		diags = append(diags, more...)
		if more.HasErrors() {
			continue
		}
		diags = append(diags, probe.setRowText(name, text).at(at)...)
	}
	if batch.group != nil && batch.group.Constant() {
		diags = append(diags, errorAt(content.Attributes["group"].Expr.Range(), "group is the same for every row", `Write the text that the rows of one order share, like row["Order Number"].`)...)
	}
	diags = append(diags, batch.checkFlags(content)...)
	if diags.HasErrors() || probe.Want.Status == "" {
		return diags
	}
	for _, name := range unused(probe.Want.Status) {
		if attr, ok := batch.ownOf(content.Attributes)[name]; ok {
			diags = append(diags, warningAt(attr.NameRange, name+" has no effect", fmt.Sprintf("It is not sent with status %q.", probe.Want.Status))...)
		}
	}
	// what a row could still give is not missing
	for name, expr := range batch.texts {
		if !expr.Constant() && name != "attempt" && name != "shipped_at" && name != "shipped_on" {
			probe.setRowText(name, "a value")
		}
	}
	probe.Find.ID = "of a row"
	if f := probe.complete(); f != nil {
		diags = append(diags, errorAt(block, f.summary, f.detail)...)
	}
	return diags
}
