package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/gdfctl/gdfctl/internal/rules"
)

// raised reads a policy's severity: rules whose warnings are errors here.
func (s scope) raised(attr *hcl.Attribute) (rules.Raised, hcl.Diagnostics) {
	at := attr.Expr.Range()
	advice := fmt.Sprintf(`Write { %s = "error" }. These can be raised: %s.`, rules.Raisable[0], strings.Join(rules.Raisable, ", "))
	v, diags := s.value(attr.Expr)
	if diags.HasErrors() || v.IsNull() {
		return nil, diags
	}
	if !v.Type().IsObjectType() && !v.Type().IsMapType() {
		return nil, append(diags, errorAt(at, "severity must be an object", advice)...)
	}
	raised := rules.Raised{}
	for it := v.ElementIterator(); it.Next(); {
		key, element := it.Element()
		rule := key.AsString()
		severity, ok := scalarText(element)
		switch {
		case !slices.Contains(rules.Raisable, rule):
			diags = append(diags, errorAt(at, fmt.Sprintf("The severity of %q can't be set", rule), advice)...)
		case !ok || !slices.Contains([]string{"error", "warning"}, severityWord(severity)):
			diags = append(diags, errorAt(at, "Unknown severity of "+rule, `Write "error" or "warning". A policy can raise a rule and never lower it.`)...)
		case severity == "error":
			raised[rule] = true
		}
	}
	return raised, diags
}

// severityWord is a severity in the word that is used for it: "warn" is accepted
// for "warning".
func severityWord(text string) string {
	if text == "warn" {
		return "warning"
	}
	return text
}
