package config

import (
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/lang"
)

// limited makes plain diagnostics of what HCL and this package found, sorted, and
// not too many of one kind.
func limited(diags hcl.Diagnostics) diag.List {
	others := slices.DeleteFunc(slices.Clone(diags), func(d *hcl.Diagnostic) bool { return d == reportedAlready })
	list := diag.Limited(lang.Plain(others))
	if len(others) < len(diags) && !list.HasErrors() {
		list = append(list, lang.Plain(hcl.Diagnostics{reportedAlready})...)
	}
	return list
}
