package config

import (
	"iter"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/gdfctl/gdfctl/internal/table"
)

// objectRows makes a table of a list of objects that stands in the
// configuration itself. Its rows are placed where the list is written.
func objectRows(v cty.Value, at hcl.Range) (iter.Seq2[table.Row, error], bool) {
	if v.IsNull() || !v.IsKnown() || !(v.Type().IsTupleType() || v.Type().IsListType() || v.Type().IsSetType()) {
		return nil, false
	}
	for it := v.ElementIterator(); it.Next(); {
		_, row := it.Element()
		if row.IsNull() || !(row.Type().IsObjectType() || row.Type().IsMapType()) {
			return nil, false
		}
	}
	return func(yield func(table.Row, error) bool) {
		for it := v.ElementIterator(); it.Next(); {
			_, row := it.Element()
			if row.Type().IsMapType() {
				row = cty.ObjectVal(row.AsValueMap()) // of an empty map: nil, an object without attributes
			}
			if !yield(table.Row{File: at.Filename, Line: at.Start.Line, Object: row}, nil) {
				return
			}
		}
	}, true
}
