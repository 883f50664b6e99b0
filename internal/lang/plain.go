package lang

import (
	"github.com/hashicorp/hcl/v2"

	"github.com/gdfctl/gdfctl/internal/diag"
)

// Plain is diagnostics without HCL.
func Plain(diags hcl.Diagnostics) diag.List {
	var list diag.List
	for _, d := range diags {
		p := &diag.Diagnostic{Severity: diag.Error, Summary: d.Summary, Detail: d.Detail}
		if d.Severity == hcl.DiagWarning {
			p.Severity = diag.Warning
		}
		if r := d.Subject; r != nil {
			p.Range = PlainRange(*r)
		}
		list = append(list, p)
	}
	return list
}

// PlainRange is a place without HCL.
func PlainRange(r hcl.Range) *diag.Range {
	return &diag.Range{File: r.Filename, Start: diag.Pos(r.Start), End: diag.Pos(r.End)}
}
