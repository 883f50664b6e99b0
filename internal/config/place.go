package config

import (
	"github.com/hashicorp/hcl/v2"

	"github.com/gdfctl/gdfctl/internal/spec"
)

func placeOf(r hcl.Range) spec.Place {
	return spec.Place{File: r.Filename, Line: r.Start.Line, Column: r.Start.Column}
}

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
