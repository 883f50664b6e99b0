package report

import (
	"github.com/gdfctl/gdfctl/internal/jsonformat"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// ReadExport is how an export was recognized and read, and what was written for it.
type ReadExport struct {
	FormatVersion string           `json:"format_version"`
	File          string           `json:"file"`
	Table         string           `json:"table"`  // what the batch reads, from the configuration
	Export        *ExportLook      `json:"export"` // null: a batch reads it already
	Rows          []ReadRow        `json:"read"`   // the first rows that are used
	Batch         *string          `json:"batch"`
	BatchThere    bool             `json:"batch_kept"` // the batch was there already
	Counts        *spec.BatchCount `json:"counts"`     // null: it could not be read
	Sources       []string         `json:"sources"`
	NoSources     *string          `json:"sources_unknown"` // why; null: they are known
	Copy          *ExportCopy      `json:"copy"`            // null: none was asked for
	Diagnostics   []Diagnostic     `json:"diagnostics"`
	Written       []string         `json:"written"`
	Kept          []string         `json:"kept"`
	Next          []string         `json:"next"`
}

// NewReadExport is the report of nothing yet.
func NewReadExport(file, table string, written, kept, next []string) *ReadExport {
	return &ReadExport{
		FormatVersion: jsonformat.Version, File: file, Table: table, Rows: []ReadRow{}, Sources: []string{}, Diagnostics: []Diagnostic{},
		Written: listed(written), Kept: listed(kept), Next: listed(next),
	}
}

// SetBatch sets the batch, and why sources are not known.
func (r *ReadExport) SetBatch(batch, noSources string) {
	r.Batch, r.NoSources = nullable(batch), nullable(noSources)
}

// ExportLook is what an export shows of itself.
type ExportLook struct {
	Preset       string        `json:"preset"`
	Title        string        `json:"title"`
	Rows         int           `json:"rows"`
	Damaged      int           `json:"damaged"` // rows with another number of cells than the header
	HeaderLine   int           `json:"header_line"`
	Delimiter    string        `json:"delimiter"`
	Encoding     string        `json:"encoding"`
	Columns      int           `json:"columns"`
	Buyers       []string      `json:"buyer_columns"`
	StoreColumn  *string       `json:"store_column"`  // null: there is none
	StoresHidden *string       `json:"stores_hidden"` // why they are not shown; null: they are
	Stores       []ExportStore `json:"stores"`
}

// SetStores sets the column with the stores, and why they are not shown.
func (l *ExportLook) SetStores(column, hidden string) {
	l.StoreColumn, l.StoresHidden = nullable(column), nullable(hidden)
}

// ExportStore is a store of an export.
type ExportStore struct {
	Name   string  `json:"name"`
	Rows   int     `json:"rows"`
	Source *string `json:"source"` // of live orders; null: not known
}

// NewExportStore is a store, with the source that it is taken for.
func NewExportStore(name string, rows int, source string) ExportStore {
	return ExportStore{name, rows, nullable(source)}
}

// ReadRow is how one row is read.
type ReadRow struct {
	Line    int        `json:"line"`
	Problem *string    `json:"problem"` // why it can't be used; null: it can
	Cells   []ReadCell `json:"cells"`
}

// NewReadRow is how a row is read, so far without its cells.
func NewReadRow(line int, problem string) ReadRow {
	return ReadRow{line, nullable(problem), []ReadCell{}}
}

// ReadCell is a cell that an attribute reads, and what it makes of it.
type ReadCell struct {
	Attribute string  `json:"attribute"`
	Column    string  `json:"column"`
	Cell      string  `json:"cell"`
	Value     *string `json:"value"` // null: the cell as it is
}

// NewReadCell is a cell and what is made of it.
func NewReadCell(attribute, column, cell, value string) ReadCell {
	return ReadCell{attribute, column, cell, nullable(value)}
}

// ExportCopy is a copy of an export with the columns that are needed.
type ExportCopy struct {
	File    string   `json:"file"`
	Columns []string `json:"columns"`
	Dropped int      `json:"dropped_columns"`
	Rows    int      `json:"rows"`
	LeftOut int      `json:"left_out"` // damaged rows
	Lines   []int    `json:"left_out_lines"`
}
