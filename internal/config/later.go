package config

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/gdfctl/gdfctl/internal/lang"
)

// later has the words of each block that are kept for later versions. They are
// refused like any word that a block doesn't have, but never taken for a typo.
var later = map[*hcl.BodySchema][]string{
	orderSchema:      {"severity"},
	batchSchema:      {"severity"},
	policyRuleSchema: {"severity"},
}

// isLater puts a better message in place of HCL's about a word that is kept for later. It
// reports whether it did.
func isLater(d *hcl.Diagnostic, schema *hcl.BodySchema) bool {
	what, word := "", ""
	if argument, block := lang.Unexpected(d); argument != "" {
		what, word = "%q is not supported yet", argument
	} else if block != "" {
		what, word = "%q blocks are not supported yet", block
	}
	if !slices.Contains(later[schema], word) {
		return false
	}
	d.Summary, d.Detail = fmt.Sprintf(what, word), "Remove it: this version of gdfctl does not support it."
	return true
}
