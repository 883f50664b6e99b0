package config

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/hcl/v2"

	"github.com/gdfctl/gdfctl/internal/lang"
	"github.com/gdfctl/gdfctl/internal/nearest"
	"github.com/gdfctl/gdfctl/internal/table"
)

// exprs are the expressions of a batch that are evaluated for each row.
func (batch *batchBlock) exprs() iter.Seq[*lang.RowExpr] {
	return func(yield func(*lang.RowExpr) bool) {
		all := []*lang.RowExpr{batch.group, batch.voided, batch.where, batch.noTracking, batch.latestBy, batch.find}
		for _, key := range batch.findKeys {
			all = append(all, key.expr)
		}
		for _, name := range rowTexts {
			all = append(all, batch.texts[name])
		}
		for _, expr := range all {
			if expr != nil && !yield(expr) {
				return
			}
		}
	}
}

// keyColumns are the columns that find reads: a row without them is none.
func (batch *batchBlock) keyColumns() []string {
	var names []string
	add := func(expr *lang.RowExpr) {
		for _, c := range expr.Columns() {
			if !c.Optional {
				names = append(names, c.Name)
			}
		}
	}
	if batch.find != nil {
		add(batch.find)
	}
	for _, key := range batch.findKeys {
		add(key.expr)
	}
	return names
}

// checkColumns compares a table's header with the columns that the batch reads,
// and reports once each that is missing or stands there twice.
func (batch *batchBlock) checkColumns(file string, h *table.Header) hcl.Diagnostics {
	if wanted := batch.strangers(h); len(wanted) > 0 {
		return errorAt(batch.source.at, fmt.Sprintf("%s has none of the columns that the batch reads", file), batch.otherPreset(h)+fmt.Sprintf(
			"They are: %s. If the header is on a later line, write that line in csv(), for example header_line = 2. If the file has no header, name its columns in csv(): columns = [\"…\", \"…\"].",
			quotedList(wanted)))
	}
	var diags hcl.Diagnostics
	told := map[string]bool{}
	for expr := range batch.exprs() {
		for _, c := range expr.Columns() {
			_, ok := h.Index(c.Name)
			if told[c.Name] || ok && !h.Twice(c.Name) || !ok && c.Optional {
				continue
			}
			told[c.Name] = true
			if ok {
				diags = append(diags, errorAt(batch.placeOf(c.Range), fmt.Sprintf("%s has several columns %q", file, c.Name),
					batch.presetReads(c)+batch.sameMeaning(c.Name, h)+"It is not clear which one to use. Rename or remove the others.")...)
				continue
			}
			diags = append(diags, errorAt(batch.placeOf(c.Range), fmt.Sprintf("%s has no column %q", file, c.Name), batch.presetReads(c)+batch.otherPreset(h)+otherColumns(c.Name, h.Names))...)
		}
		if repeated := h.Repeated(); expr.Dynamic() && len(repeated) > 0 && !told[""] {
			told[""] = true
			diags = append(diags, errorAt(expr.Range(), file+" has columns of the same name", fmt.Sprintf(
				"The expression reads the whole row, and the header names %s more than once. Read columns by their names, or rename the further ones.", quotedList(repeated)))...)
		}
	}
	return diags
}

// strangers are the columns that the batch reads, if the header has none of them
// nor any like them. Then it is no header: it may be a row, and names buyers.
func (batch *batchBlock) strangers(h *table.Header) []string {
	var wanted []string
	for expr := range batch.exprs() {
		for _, c := range expr.Columns() {
			if slices.Contains(wanted, c.Name) {
				continue
			}
			if _, ok := h.Index(c.Name); ok || slices.ContainsFunc(h.Names, func(name string) bool { return name != "" && isNear(c.Name, name) }) {
				return nil
			}
			if !c.Optional {
				wanted = append(wanted, c.Name)
			}
		}
	}
	return wanted
}

// hasColumns reports whether a table's header has the columns that the batch
// reads.
func (batch *batchBlock) hasColumns(h *table.Header) bool {
	return !batch.checkColumns("", h).HasErrors()
}

// otherColumns says what there is instead of a column, the closest name first.
func otherColumns(name string, names []string) string {
	var named []string
	for _, n := range names {
		if n != "" {
			named = append(named, n)
		}
	}
	if len(named) == 0 {
		return "Its header has no names at all."
	}
	if slices.ContainsFunc(named, looksLikeCell) {
		return `Its first line looks like a row. If the file has no header, name the columns in csv(), for example columns = ["Order Number", "Tracking Number"].`
	}
	hint := ""
	if near := nearest.Sorted(name, named)[0]; isNear(name, near) {
		hint = fmt.Sprintf("Did you mean %s? ", quotedList([]string{near}))
	}
	return hint + "Its columns are: " + quotedList(named) + "."
}

// looksLikeCell reports whether what stands where a column's name should be is
// rather a cell: a number, or an address. Cells are not repeated.
func looksLikeCell(name string) bool {
	const mostDigits = 5
	digits := 0
	for _, r := range name {
		if r == '@' {
			return true
		}
		if unicode.IsDigit(r) {
			digits++
		}
	}
	return digits > mostDigits
}

// isNear reports whether two names may be the same with a typing mistake, in
// other letter case, or with other words around.
func isNear(a, b string) bool {
	a, b = strings.ToLower(a), strings.ToLower(b)
	return nearest.Distance(a, b) <= len(a)/3 ||
		min(len(a), len(b)) > 2 && (strings.Contains(a, b) || strings.Contains(b, a))
}
