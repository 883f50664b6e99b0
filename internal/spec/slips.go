package spec

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// contentOf reads a block's body. A required argument that HCL takes a mistyped
// one for ("Did you mean …?") is not told as missing too.
func contentOf(b *hcl.Block, schema *hcl.BodySchema) (*hcl.BodyContent, hcl.Diagnostics) {
	content, diags := b.Body.Content(schema)
	for _, attr := range schema.Attributes {
		if attr.Required && mistyped(diags, attr.Name) {
			missing := fmt.Sprintf("The argument %q is required", attr.Name)
			diags = slices.DeleteFunc(diags, func(d *hcl.Diagnostic) bool { return strings.HasPrefix(d.Detail, missing) })
		}
	}
	return content, diags
}

// mistyped reports whether HCL takes an argument that it doesn't know for a slip
// of the named one.
func mistyped(diags hcl.Diagnostics, name string) bool {
	meant := fmt.Sprintf("Did you mean %q?", name)
	return slices.ContainsFunc(diags, func(d *hcl.Diagnostic) bool { return strings.HasSuffix(d.Detail, meant) })
}
