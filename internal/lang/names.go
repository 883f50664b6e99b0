package lang

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/gdfctl/gdfctl/internal/nearest"
)

// NearestNames improves what HCL says of a body. A misspelt name comes with the nearest
// one of the schema, and a required argument that it stands for is not reported as missing
// too. skip says of which messages it is not to: nil of none.
func NearestNames(diags hcl.Diagnostics, content *hcl.BodyContent, schema *hcl.BodySchema, skip func(*hcl.Diagnostic) bool) hcl.Diagnostics {
	for _, d := range diags {
		if skip == nil || !skip(d) {
			d.Detail = withNearestName(d, content, schema)
		}
	}
	for _, attr := range schema.Attributes {
		if attr.Required && Mistyped(diags, attr.Name) {
			missing := fmt.Sprintf("The argument %q is required", attr.Name)
			diags = slices.DeleteFunc(diags, func(d *hcl.Diagnostic) bool { return strings.HasPrefix(d.Detail, missing) })
		}
	}
	return diags
}

var (
	unexpectedArgument = regexp.MustCompile(`^An argument named "([^"]+)" is not expected here\.(?: Did you mean "[^"]+"\?)?$`)
	unexpectedBlock    = regexp.MustCompile(`^Blocks of type "([^"]+)" are not expected here\.(?: Did you mean "[^"]+"\?)?$`)
)

// Unexpected is the argument or the type of block that HCL says a schema doesn't have.
func Unexpected(d *hcl.Diagnostic) (argument, block string) {
	if found := unexpectedArgument.FindStringSubmatch(d.Detail); found != nil {
		return found[1], ""
	}
	if found := unexpectedBlock.FindStringSubmatch(d.Detail); found != nil {
		return "", found[1]
	}
	return "", ""
}

// withNearestName puts the nearest name into HCL's message about one that the
// schema doesn't have. HCL itself suggests the first that is similar.
func withNearestName(d *hcl.Diagnostic, content *hcl.BodyContent, schema *hcl.BodySchema) string {
	var names []string
	argument, block := Unexpected(d)
	switch {
	case argument != "":
		for _, attr := range schema.Attributes {
			if content.Attributes[attr.Name] == nil { // those that are there were not meant
				names = append(names, attr.Name)
			}
		}
	case block != "":
		for _, block := range schema.Blocks {
			names = append(names, block.Type)
		}
	default:
		return d.Detail
	}
	sentence, _, _ := strings.Cut(d.Detail, " Did you mean")
	return sentence + nearest.Question(argument+block, names)
}

// Mistyped reports whether HCL takes an argument that it doesn't know for a slip
// of the named one.
func Mistyped(diags hcl.Diagnostics, name string) bool {
	meant := fmt.Sprintf("Did you mean %q?", name)
	return slices.ContainsFunc(diags, func(d *hcl.Diagnostic) bool { return strings.HasSuffix(d.Detail, meant) })
}

// EnvironmentName is NAME of an expression that is env.NAME and nothing else.
func EnvironmentName(expr hcl.Expression) string {
	e, ok := expr.(*hclsyntax.ScopeTraversalExpr)
	if !ok || len(e.Traversal) != 2 || e.Traversal.RootName() != "env" {
		return ""
	}
	attr, ok := e.Traversal[1].(hcl.TraverseAttr)
	if !ok {
		return ""
	}
	return attr.Name
}
