package present

import (
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
)

// ReadExport is the report of an export for which a batch was written.
func ReadExport(r *reconcile.InitFromReport) *report.ReadExport {
	out := report.NewReadExport(r.File, r.Table, r.Written, r.Kept, r.Next)
	out.SetBatch(r.Batch, r.NoSources)
	out.BatchThere, out.Counts = r.There, r.Counts
	out.Sources = append(out.Sources, r.Sources...)
	out.Diagnostics = report.Diagnostics(r.Diagnostics)
	if e := r.Export; e != nil {
		out.Export = &report.ExportLook{
			Preset: e.Preset.Name, Title: e.Preset.Title, Rows: e.Rows, Damaged: e.Damaged, HeaderLine: e.HeaderLine, Delimiter: e.Delimiter, Encoding: e.Encoding,
			Columns: e.Columns, Buyers: append([]string{}, e.Buyers...), Stores: []report.ExportStore{},
		}
		out.Export.SetStores(e.StoreColumn, e.StoresHidden)
		for _, s := range r.Stores {
			out.Export.Stores = append(out.Export.Stores, report.NewExportStore(s.Name, s.Rows, s.Source))
		}
	}
	for _, t := range r.Tried {
		row := report.NewReadRow(t.Line, t.Problem)
		for _, c := range t.Cells {
			row.Cells = append(row.Cells, report.NewReadCell(c.Attribute, c.Column, c.Cell, c.Value))
		}
		out.Rows = append(out.Rows, row)
	}
	if c := r.Copied; c != nil {
		out.Copy = &report.ExportCopy{File: r.Copy, Columns: c.Columns, Dropped: c.Dropped, Rows: c.Rows, LeftOut: c.LeftOut, Lines: append([]int{}, c.Lines...)}
	}
	return out
}
