package config

import (
	"github.com/zclconf/go-cty/cty"

	"github.com/gdfctl/gdfctl/internal/table"
)

// valueOf is what a row has in a column. Blank text and null are nothing.
func valueOf(row table.Row, name string) (v cty.Value, filled bool) {
	if row.Header != nil {
		cell, _ := row.Cell(name)
		return cty.StringVal(cell), cell != ""
	}
	if row.Object.Type().HasAttribute(name) && !isBlank(row.Object.GetAttr(name)) {
		return row.Object.GetAttr(name), true
	}
	return cty.StringVal(""), false
}

func isBlank(v cty.Value) bool {
	return v.IsNull() || v.Type() == cty.String && table.Clean(v.AsString()) == ""
}

// merge is the first row, with its blank cells filled from the next row that has
// something there.
func merge(rows []table.Row) table.Row {
	merged := rows[0].Keep()
	if merged.Header == nil {
		members := map[string]cty.Value{}
		for _, row := range rows {
			for name, v := range row.Object.AsValueMap() {
				if have, ok := members[name]; !ok || isBlank(have) {
					members[name] = v
				}
			}
		}
		merged.Object = cty.ObjectVal(members)
		return merged
	}
	for i, cell := range merged.Cells {
		for _, row := range rows[1:] {
			if cell == "" && i < len(row.Cells) {
				cell = row.Cells[i]
			}
		}
		merged.Cells[i] = cell
	}
	return merged
}

// withColumns is a row with the cells of another one in some columns. It stands
// where that one does.
func withColumns(row, from table.Row, names []string) table.Row {
	out := from.Keep()
	if row.Header == nil {
		members := row.Object.AsValueMap()
		for _, name := range names {
			v, _ := valueOf(from, name)
			members[name] = v
		}
		out.Object = cty.ObjectVal(members)
		return out
	}
	copy(out.Cells, row.Cells)
	for _, name := range names {
		if i, ok := row.Header.Index(name); ok {
			out.Cells[i], _ = from.Cell(name)
		}
	}
	return out
}
