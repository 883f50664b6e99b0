package spec

import (
	"cmp"
	"strconv"

	"github.com/gdfctl/gdfctl/internal/diag"
)

// Place is where a wish is written. Column is 0 for a whole row.
type Place struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"-"`
}

// String is file:line, or file:line:column where the column is known.
func (p Place) String() string {
	s := p.File + ":" + strconv.Itoa(p.Line)
	if p.Column > 0 {
		s += ":" + strconv.Itoa(p.Column)
	}
	return s
}

// Compare orders places by file and line, so that results don't depend on the
// order in which files were read.
func (p Place) Compare(q Place) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
}

// compareNaturally orders places by the natural order of file names, then by
// line and column. Equal places are those of equal names.
func (p Place) compareNaturally(q Place) int {
	if p.File != q.File {
		return compareFiles(p.File, q.File)
	}
	return cmp.Or(cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
}

// before reports whether a place comes first, files in their natural order.
func (p Place) before(q Place) bool { return p.compareNaturally(q) < 0 }

// Error is a diagnostic about the place.
func (p Place) Error(summary, detail string) *diag.Diagnostic {
	return p.diagnostic(diag.Error, summary, detail)
}

// Warning is a warning about the place.
func (p Place) Warning(summary, detail string) *diag.Diagnostic {
	return p.diagnostic(diag.Warning, summary, detail)
}

// Info is something worth knowing about the place.
func (p Place) Info(summary, detail string) *diag.Diagnostic {
	return p.diagnostic(diag.Info, summary, detail)
}

// diagnostic is about one position. A column of 0 means the whole line.
func (p Place) diagnostic(severity diag.Severity, summary, detail string) *diag.Diagnostic {
	at := diag.Pos{Line: p.Line, Column: max(p.Column, 1)}
	return &diag.Diagnostic{Severity: severity, Summary: summary, Detail: detail, Range: &diag.Range{File: p.File, Start: at, End: at}}
}
