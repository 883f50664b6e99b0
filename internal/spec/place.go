package spec

import (
	"cmp"
	"strconv"

	"github.com/hashicorp/hcl/v2"
)

// String is file:line, or file:line:column where the column is known.
func (p Place) String() string {
	s := p.File + ":" + strconv.Itoa(p.Line)
	if p.Column > 0 {
		s += ":" + strconv.Itoa(p.Column)
	}
	return s
}

func placeOf(r hcl.Range) Place {
	return Place{File: r.Filename, Line: r.Start.Line, Column: r.Start.Column}
}

// compare orders places by file and line, so that results don't depend on the
// order in which files were read.
func (p Place) compare(q Place) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
}

// before reports whether a place comes first, files in their natural order.
func (p Place) before(q Place) bool { return p.compareNaturally(q) < 0 }

func errorAt(r hcl.Range, summary, detail string) hcl.Diagnostics {
	return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: summary, Detail: detail, Subject: r.Ptr()}}
}

func warningAt(r hcl.Range, summary, detail string) hcl.Diagnostics {
	return hcl.Diagnostics{{Severity: hcl.DiagWarning, Summary: summary, Detail: detail, Subject: r.Ptr()}}
}

// rowRange is the place of one cell as a range, which is how diagnostics carry
// it.
func rowRange(file string, line, column int) hcl.Range {
	at := hcl.Pos{Line: line, Column: max(column, 1)}
	return hcl.Range{Filename: file, Start: at, End: at}
}
