package config_test

import (
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/config"
)

// CR LF is told of where it changes a value, and only there.
func TestLineEnds(t *testing.T) {
	heredoc := "locals {\n  a = <<-EOT\n    hello\n  EOT\n}\n"
	for text, line := range map[string]int{
		heredoc: 0,
		strings.ReplaceAll(heredoc, "\n", "\r\n"): 2,
		"locals {\r\n  a = 1\r\n}\r\n":            0,
		"# see <<EOT\r\nlocals {\r\n}\r\n":        0,
	} {
		diags := config.LineEnds([]byte(text), "main.hcl")
		switch {
		case line == 0 && len(diags) > 0:
			t.Errorf("%q: %s", text, diags)
		case line > 0 && (len(diags) != 1 || diags[0].Range.Start.Line != line || diags.HasErrors()):
			t.Errorf("%q: %v", text, diags)
		}
	}
}
