package config

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
)

// later has the words of each block that are kept for later versions. They are
// refused like any word that a block doesn't have, but never taken for a typo.
var later = map[*hcl.BodySchema][]string{
	rootSchema:       {"standing", "new_orders"},
	orderSchema:      {"preset", "severity"},
	batchSchema:      {"preset", "severity"},
	policyRuleSchema: {"severity"},
}

// isLater puts a better message in place of HCL's about a word that is kept for later. It
// reports whether it did.
func isLater(d *hcl.Diagnostic, schema *hcl.BodySchema) bool {
	what, word := "", ""
	if found := unexpectedArgument.FindStringSubmatch(d.Detail); found != nil {
		what, word = "%q is not supported yet", found[1]
	} else if found := unexpectedBlock.FindStringSubmatch(d.Detail); found != nil {
		what, word = "%q blocks are not supported yet", found[1]
	}
	if !slices.Contains(later[schema], word) {
		return false
	}
	d.Summary, d.Detail = fmt.Sprintf(what, word), "Remove it: this version of gdfctl does not support it."
	return true
}
