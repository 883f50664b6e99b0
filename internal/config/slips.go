package config

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/gdfctl/gdfctl/internal/lang"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// misnamed refuses the name of a block that is not an identifier. What the
// block is stands with its article.
func misnamed(b *hcl.Block, what, because string) hcl.Diagnostics {
	if hclsyntax.ValidIdentifier(b.Labels[0]) {
		return nil
	}
	return errorAt(b.LabelRanges[0], "Invalid name of "+what, "Use letters, digits, - and _, beginning with a letter"+because+".")
}

// blocksSeen is where the block of a type and name stands first.
type blocksSeen map[string]map[string]spec.Place

// duplicate refuses a second block of one kind and name, which would have the
// same address, and a second one of a kind that there is only one of.
func (seen blocksSeen) duplicate(b *hcl.Block) hcl.Diagnostics {
	name, what := "", b.Type+" block"
	said, advice := "There is already one at %s.", "Write both into one block."
	switch b.Type {
	case "gdfctl", "policy", "rate_limit", "content", "limits":
	case "account", "variable", "order", "batch", "standing", "new_orders", "release", "watch", "notify", "rule", "schedule":
		name, what = b.Labels[0], fmt.Sprintf("%s %q", b.Type, b.Labels[0])
		said, advice = "There is already a "+b.Type+" of that name at %s.", "Give one of them another name."
	default:
		return nil
	}
	if first, ok := seen[b.Type][name]; ok {
		return errorAt(b.DefRange, "Duplicate "+what, fmt.Sprintf(said, first)+" "+advice)
	}
	if seen[b.Type] == nil {
		seen[b.Type] = map[string]spec.Place{}
	}
	seen[b.Type][name] = placeOf(b.DefRange)
	return nil
}

// contentOf reads a body. A misspelt name comes with the nearest one of the
// schema, and a required argument that it stands for is not reported as missing
// too.
func contentOf(body hcl.Body, schema *hcl.BodySchema) (*hcl.BodyContent, hcl.Diagnostics) {
	content, diags := body.Content(withEarlierNames(schema))
	diags = append(diags, presentNames(content, schema)...)
	return content, lang.NearestNames(diags, content, schema, func(d *hcl.Diagnostic) bool { return isLater(d, schema) })
}
