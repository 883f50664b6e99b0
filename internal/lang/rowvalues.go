package lang

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/table"
)

// fill gives the cells of the expression the values of a row. Where something else
// reads the row, or a column is not there, it also sets the variable row, to an
// object of the columns that the expression reads, or of all of them if that is
// not known.
func (e *RowExpr) fill(row table.Row) {
	if e.counts {
		e.ctx.Variables[RowCount] = cty.NumberIntVal(int64(max(1, row.Count)))
	}
	if row.Header == nil {
		e.fillObject(row.Object)
	} else {
		e.fillCells(row)
	}
}

func (e *RowExpr) fillCells(row table.Row) {
	e.locate(row.Header)
	absent := false
	for _, c := range e.cells {
		if text, ok := e.cellAt(row.Cells, c.column); ok {
			c.value = cty.StringVal(text)
		} else {
			c.value, absent = cty.NilVal, true
		}
	}
	if !e.whole && !absent {
		return
	}
	clear(e.values)
	if e.dynamic {
		for i, name := range row.Header.Names {
			if name != "" && i < len(row.Cells) {
				e.values[name] = cty.StringVal(row.Cells[i])
			}
		}
	} else {
		for i, c := range e.columns {
			if text, ok := e.cellAt(row.Cells, i); ok {
				e.values[c.Name] = cty.StringVal(text)
			}
		}
	}
	e.ctx.Variables[rowName] = cty.ObjectVal(e.values)
}

func (e *RowExpr) fillObject(object cty.Value) {
	clear(e.values)
	if e.dynamic && isObject(object) {
		maps.Copy(e.values, object.AsValueMap())
	}
	for _, c := range e.columns {
		e.values[c.Name] = attribute(object, c.Name)
	}
	for _, c := range e.cells {
		c.value = e.values[e.columns[c.column].Name]
	}
	if e.whole {
		e.ctx.Variables[rowName] = cty.ObjectVal(e.values)
	}
}

// locate finds the columns in a header, once for each file.
func (e *RowExpr) locate(h *table.Header) {
	if e.header == h {
		return
	}
	e.header = h
	for i, c := range e.columns {
		e.at[i] = -1
		if at, ok := h.Index(c.Name); ok {
			e.at[i] = at
		}
	}
}

// cellAt is the cell of one of e.columns, which were located. A row can be
// shorter than its header.
func (e *RowExpr) cellAt(cells []string, column int) (string, bool) {
	at := e.at[column]
	if at < 0 || at >= len(cells) {
		return "", false
	}
	return cells[at], true
}

const (
	mostKnown    = 1000 // values that an expression remembers
	longestKnown = 100  // bytes of a text that it remembers
)

// only is the text that an expression of a single column makes its value of.
func (e *RowExpr) only(row table.Row) (text string, ok bool) {
	if e.dynamic || e.counts || len(e.columns) != 1 {
		return "", false
	}
	if row.Header == nil {
		v := attribute(row.Object, e.columns[0].Name)
		if v.Type() != cty.String || !v.IsKnown() || v.IsNull() || v.IsMarked() {
			return "", false
		}
		return v.AsString(), true
	}
	e.locate(row.Header)
	return e.cellAt(row.Cells, 0)
}

// withoutColumns reports whether a file has none of the columns that the expression
// makes its value of: then that value is the same for all of its rows.
func (e *RowExpr) withoutColumns(row table.Row) bool {
	if e.dynamic || e.counts || row.Header == nil {
		return false
	}
	e.locate(row.Header)
	return !slices.ContainsFunc(e.at, func(at int) bool { return at >= 0 })
}

// remember keeps the value that a text gave. Columns such as carriers, stores and
// marks of what is void hold few texts: looking one up takes a twentieth of the
// time of an evaluation.
func (e *RowExpr) remember(text string, v cty.Value) {
	if len(e.known) >= mostKnown || len(text) > longestKnown || v.IsMarked() || !v.IsNull() && !v.Type().IsPrimitiveType() {
		return
	}
	if v.Type() == cty.String && v.IsKnown() && !v.IsNull() && len(v.AsString()) > longestKnown {
		return
	}
	e.known[strings.Clone(text)] = v
}

// cell is the cell of a plain expression, normalised as HCL normalises all text,
// so that it is the same whether or not a function comes between.
func (e *RowExpr) cell(row table.Row) (string, bool) {
	e.locate(row.Header)
	text, ok := e.cellAt(row.Cells, 0)
	return cty.NormalizeString(text), ok
}

// attribute is a member of a JSONL row; what is not there is null.
func attribute(object cty.Value, name string) cty.Value {
	if !isObject(object) || !object.Type().HasAttribute(name) {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	return object.GetAttr(name)
}

func isObject(v cty.Value) bool {
	return v != cty.NilVal && v.Type().IsObjectType() && v.IsKnown() && !v.IsNull()
}

// missing is the error for a plain expression whose column the file has not.
func (e *RowExpr) missing(row table.Row) hcl.Diagnostics {
	const most = 30
	names := safetext.Quoted(row.Header.Names, most)
	return hcl.Diagnostics{{
		Severity: hcl.DiagError, Summary: "No such column", Subject: e.columns[0].Range.Ptr(),
		Detail: fmt.Sprintf("%s has no column %q. It has %s.", safetext.Line(row.File), e.columns[0].Name, strings.Join(names, ", ")),
	}}
}
