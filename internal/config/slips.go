package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/gdfctl/gdfctl/internal/nearest"
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
	case "gdfctl", "policy", "rate_limit", "content":
	case "account", "variable", "order", "batch", "release", "watch", "notify", "rule":
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
	for _, d := range diags {
		if !isLater(d, schema) {
			d.Detail = withNearestName(d.Detail, content, schema)
		}
	}
	for _, attr := range schema.Attributes {
		if attr.Required && mistyped(diags, attr.Name) {
			missing := fmt.Sprintf("The argument %q is required", attr.Name)
			diags = slices.DeleteFunc(diags, func(d *hcl.Diagnostic) bool { return strings.HasPrefix(d.Detail, missing) })
		}
	}
	return content, diags
}

var (
	unexpectedArgument = regexp.MustCompile(`^An argument named "([^"]+)" is not expected here\.(?: Did you mean "[^"]+"\?)?$`)
	unexpectedBlock    = regexp.MustCompile(`^Blocks of type "([^"]+)" are not expected here\.(?: Did you mean "[^"]+"\?)?$`)
)

// withNearestName puts the nearest name into HCL's message about one that the
// schema doesn't have. HCL itself suggests the first that is similar.
func withNearestName(detail string, content *hcl.BodyContent, schema *hcl.BodySchema) string {
	var names []string
	found := unexpectedArgument.FindStringSubmatch(detail)
	if found != nil {
		for _, attr := range schema.Attributes {
			if content.Attributes[attr.Name] == nil { // those that are there were not meant
				names = append(names, attr.Name)
			}
		}
	} else if found = unexpectedBlock.FindStringSubmatch(detail); found != nil {
		for _, block := range schema.Blocks {
			names = append(names, block.Type)
		}
	} else {
		return detail
	}
	sentence, _, _ := strings.Cut(detail, " Did you mean")
	return sentence + didYouMean(found[1], names)
}

// didYouMean is the question for the nearest of the names, with a space before
// it, or nothing if word is not a typo of any.
func didYouMean(word string, names []string) string {
	if name := nearest.Name(word, names); name != "" {
		return fmt.Sprintf(" Did you mean %q?", name)
	}
	return ""
}

// mistyped reports whether HCL takes an argument that it doesn't know for a slip
// of the named one.
func mistyped(diags hcl.Diagnostics, name string) bool {
	meant := fmt.Sprintf("Did you mean %q?", name)
	return slices.ContainsFunc(diags, func(d *hcl.Diagnostic) bool { return strings.HasSuffix(d.Detail, meant) })
}
