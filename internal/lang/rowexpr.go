package lang

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/gdfctl/gdfctl/internal/table"
)

// rowName is the variable that a row's values are read from.
const rowName = "row"

// RowCount is the variable that holds how many rows a row was made of. An
// expression can read it if the variables of its base have that name.
const RowCount = "row_count"

// RowExpr is an attribute of a batch, evaluated once for every row. It is not
// safe for concurrent use: it keeps what it needs for the next row.
type RowExpr struct {
	expr     hcl.Expression
	columns  []ColumnRef
	others   []string // variables beside the row, like local.stores
	dynamic  bool
	constant bool
	counts   bool   // reads RowCount
	plain    bool   // reads one column and does nothing with it
	spoken   spoken // words that diagnostics may quote

	fixed cty.Value // of a constant

	ctx    *hcl.EvalContext
	meter  *meter
	cells  []*cell
	whole  bool                 // something else than a cell reads the row: it needs the object
	values map[string]cty.Value // of one row, used again

	header *table.Header // that at belongs to
	at     []int         // where the columns are in the cells, -1 where they are not

	known map[string]cty.Value // by the text of the only cell that is read

	absent   cty.Value     // where no column that is read is in absentIn
	absentIn *table.Header // nil at first
}

// ColumnRef is one column that an expression reads.
type ColumnRef struct {
	Name     string
	Range    hcl.Range // where the expression first reads it
	Optional bool      // only read inside try or can: it may be missing
}

// Columns are the columns that the expression names, each once, in the order of
// the source. The caller should report, once, those that a file does not have.
func (e *RowExpr) Columns() []ColumnRef { return e.columns }

// Lookup is the one variable beside the row that the expression reads, like
// local.stores; empty if it reads none or several.
func (e *RowExpr) Lookup() string {
	if len(e.others) != 1 {
		return ""
	}
	return e.others[0]
}

// Dynamic reports whether the expression also uses the row as a whole, so that
// nothing can be said of the columns it reads: row[var.name], keys(row), a loop
// over row.
func (e *RowExpr) Dynamic() bool { return e.dynamic }

// Constant reports whether the expression does not use the row at all. It was
// then evaluated once, by CompileRow.
func (e *RowExpr) Constant() bool { return e.constant }

// Range is where the expression is written.
func (e *RowExpr) Range() hcl.Range { return e.expr.Range() }

// Eval is the value of the expression for one row. Cells of CSV are text;
// values of JSONL are what they are, and an attribute that an object lacks is
// null. Diagnostics quote no cell and hold no values.
func (e *RowExpr) Eval(row table.Row) (cty.Value, hcl.Diagnostics) {
	switch {
	case e.constant:
		return e.fixed, nil
	case row.Err != nil:
		return cty.DynamicVal, e.problem("Unusable row", row.Err.Error()+".")
	case e.plain && row.Header != nil:
		cell, ok := e.cell(row)
		if !ok {
			return cty.DynamicVal, e.missing(row)
		}
		return cty.StringVal(cell), nil
	case e.plain:
		return attribute(row.Object, e.columns[0].Name), nil
	}
	text, single := e.only(row)
	if v, ok := e.known[text]; ok && single {
		return v, nil
	}
	absent := !single && e.withoutColumns(row)
	if absent && e.absentIn == row.Header {
		return e.absent, nil
	}
	e.fill(row)
	e.meter.left, e.meter.over = maxSteps, nil
	v, diags := e.expr.Value(e.ctx)
	if e.meter.over != nil {
		return cty.DynamicVal, hcl.Diagnostics{budgetDiagnostic(e.meter.over, e.Range())}
	}
	if len(diags) > 0 {
		return v, e.scrub(diags, row)
	}
	if single {
		e.remember(text, v)
	} else if absent {
		e.absent, e.absentIn = v, row.Header
	}
	return v, nil
}

// Text is the value of the expression for one row as text without outer space.
// Numbers and bools are written as HCL writes them. blank reports that the value
// is null or nothing but space; other values are errors.
func (e *RowExpr) Text(row table.Row) (text string, blank bool, diags hcl.Diagnostics) {
	if e.plain && row.Header != nil && row.Err == nil {
		cell, ok := e.cell(row)
		if !ok {
			return "", true, e.missing(row)
		}
		text = strings.TrimSpace(cell)
		return text, text == "", nil
	}
	v, diags := e.Eval(row)
	if diags.HasErrors() {
		return "", true, diags
	}
	if v.IsMarked() {
		v, _ = v.Unmark()
	}
	if v.IsNull() {
		return "", true, diags
	}
	if !moderate(v) {
		return "", true, append(diags, budgetDiagnostic(errNumber, e.Range()))
	}
	s, err := convert.Convert(v, cty.String)
	if err != nil || !s.IsKnown() {
		return "", true, append(diags, e.problem("Not a text", "The value must be text, a number or a bool, not "+v.Type().FriendlyName()+".")...)
	}
	text = strings.TrimSpace(s.AsString())
	return text, text == "", diags
}

func (e *RowExpr) problem(summary, detail string) hcl.Diagnostics {
	return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: summary, Detail: detail, Subject: e.Range().Ptr()}}
}

// CompileRow analyses an expression over row: which columns it reads, and
// whether it reads any. What is wrong whatever a row holds (a function or a
// local that does not exist, a constant that has no value) is an error now, not
// one per row. base holds the functions and the other variables. The expression
// is changed in place: it must not be compiled twice or evaluated otherwise.
func CompileRow(expr hcl.Expression, base *hcl.EvalContext) (*RowExpr, hcl.Diagnostics) {
	e := &RowExpr{expr: expr, meter: &meter{}}
	var diags hcl.Diagnostics
	if syntax, ok := expr.(hclsyntax.Expression); ok {
		diags, _ = instrument(syntax, base)
	}
	if diags = append(diags, e.analyse(base)...); diags.HasErrors() {
		return e, diags
	}
	if e.constant {
		e.fixed, diags = EvalBudgeted(expr, base, 0)
		return e, diags
	}
	e.ctx = contextWith(base, e.meter)
	e.values = make(map[string]cty.Value, len(e.columns))
	e.at = make([]int, len(e.columns))
	e.known = map[string]cty.Value{}
	if syntax, ok := expr.(hclsyntax.Expression); ok {
		e.expr = e.placeCells(syntax, base)
	}
	reads := 0
	for _, t := range e.expr.Variables() {
		if t.RootName() == rowName {
			reads++
		}
	}
	e.whole = reads > len(e.cells)
	return e, nil
}
