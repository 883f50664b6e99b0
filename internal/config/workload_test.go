package config_test

import (
	"fmt"
	"strings"
	"testing"
)

// Thousands of values, each of them allowed, must not fill the memory.
func TestTheWholeConfigurationIsBounded(t *testing.T) {
	var source strings.Builder
	source.WriteString("locals {\n  a = join(\"\", [for i in range(1000) : \"" + strings.Repeat("x", 1000) + "\"])\n")
	for i := range 400 {
		fmt.Fprintf(&source, "  b%d = upper(local.a)\n", i)
	}
	source.WriteString("}\n")
	_, diags := load(t, files{"main.hcl": source.String()}, world{})
	if !strings.Contains(said(diags), "The configuration takes too much work") {
		t.Errorf("%d diagnostics: %.300s", len(diags), said(diags))
	}
}
