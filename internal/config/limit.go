package config

import (
	"github.com/hashicorp/hcl/v2"

	"github.com/gdfctl/gdfctl/internal/diag"
)

// limited makes plain diagnostics of what HCL and this package found, sorted, and
// not too many of one kind.
func limited(diags hcl.Diagnostics) diag.List {
	var list diag.List
	told := false
	for _, d := range diags {
		if d == reportedAlready {
			told = true
			continue
		}
		list = append(list, plain(d))
	}
	list = diag.Limited(list)
	if told && !list.HasErrors() {
		list = append(list, plain(reportedAlready))
	}
	return list
}

// plain is a diagnostic without HCL.
func plain(d *hcl.Diagnostic) *diag.Diagnostic {
	p := &diag.Diagnostic{Severity: diag.Error, Summary: d.Summary, Detail: d.Detail}
	if d.Severity == hcl.DiagWarning {
		p.Severity = diag.Warning
	}
	if r := d.Subject; r != nil {
		p.Range = plainRange(*r)
	}
	return p
}

func plainAll(diags hcl.Diagnostics) diag.List {
	var list diag.List
	for _, d := range diags {
		list = append(list, plain(d))
	}
	return list
}
