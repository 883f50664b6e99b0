package spec

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// replacements refuses a `replaces` that names no block: mistyped, it would
// leave two wishes in conflict, or nothing replaced at all.
func (l *loader) replacements() hcl.Diagnostics {
	var known []string
	for _, kind := range []string{"batch", "order"} {
		for _, b := range l.blocks[kind] {
			known = append(known, (&Origin{Kind: kind, Name: b.Labels[0]}).String())
		}
	}
	var diags hcl.Diagnostics
	for _, kind := range []string{"batch", "order"} {
		for _, b := range l.blocks[kind] {
			content, _, _ := b.Body.PartialContent(&hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "replaces"}}})
			attr, ok := content.Attributes["replaces"]
			if !ok {
				continue
			}
			address, wrong := l.scope("var", "local").text(attr)
			if wrong.HasErrors() || !addressForm.MatchString(address) || slices.Contains(known, address) {
				continue // right, or told where the block was read
			}
			diags = append(diags, errorAt(attr.Expr.Range(), fmt.Sprintf("No block has the address %s", address),
				"The blocks are: "+strings.Join(known, ", ")+".")...)
		}
	}
	return diags
}
