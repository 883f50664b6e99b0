package config

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
)

// renamed has the attributes whose names changed, by their present names. The
// earlier name is accepted for one more release, with a warning, and is never
// suggested.
var renamed = map[string]string{
	"limit_per_second": "per_second",
}

// withEarlierNames is a schema that also accepts the earlier names of its
// attributes.
func withEarlierNames(schema *hcl.BodySchema) *hcl.BodySchema {
	wide := *schema
	wide.Attributes = slices.Clone(schema.Attributes)
	for _, attr := range schema.Attributes {
		if earlier, ok := renamed[attr.Name]; ok {
			wide.Attributes = append(wide.Attributes, hcl.AttributeSchema{Name: earlier})
		}
	}
	return &wide
}

// presentNames gives attributes with an earlier name their present one.
func presentNames(content *hcl.BodyContent, schema *hcl.BodySchema) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, attr := range schema.Attributes {
		earlier, found := content.Attributes[renamed[attr.Name]]
		if !found {
			continue
		}
		delete(content.Attributes, earlier.Name)
		if content.Attributes[attr.Name] != nil {
			diags = append(diags, errorAt(earlier.NameRange, fmt.Sprintf("%s is the earlier name of %s", earlier.Name, attr.Name),
				"Both are set. Remove "+earlier.Name+".")...)
			continue
		}
		diags = append(diags, warningAt(earlier.NameRange, fmt.Sprintf("%s is now called %s", earlier.Name, attr.Name),
			"Write "+attr.Name+". The next release will not accept the earlier name.")...)
		present := *earlier
		present.Name = attr.Name
		content.Attributes[attr.Name] = &present
	}
	return diags
}
