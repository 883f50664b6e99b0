//go:build !race

package config_test

import (
	"strings"
	"testing"
)

// A file of nothing but mistakes is not read to its end: each message takes
// memory.
func TestMistakesWithoutEnd(t *testing.T) {
	t.Parallel()
	_, diags := load(t, files{"main.hcl": strings.Repeat("order \"a\" {}\n", 20_000)}, world{})
	if text := said(diags); !strings.Contains(text, "Too many mistakes") || len(diags) > 200 {
		t.Errorf("%d diagnostics: %s", len(diags), text)
	}
}

// What is held as syntax is bounded as a whole, and so is every order, of which
// several are parsed at a time.
func TestConfigurationsThatAreTooLarge(t *testing.T) {
	t.Parallel()
	list := func(elements int) string { return "[" + strings.Repeat("1,", elements) + "]" }
	half := "locals {\n  §a = " + list(150_000) + "\n  §b = " + list(150_000) + "\n}\n"
	for want, sources := range map[string]files{
		"Configuration too large": {"a.hcl": strings.ReplaceAll(half, "§", "x"), "b.hcl": strings.ReplaceAll(half, "§", "y")},
		"Order too large":         {"a.hcl": "order \"a\" {\n  status = " + list(10_001) + "\n}\n"},
		"Expression too long":     {"a.hcl": "locals {\n  a = " + list(200_001) + "\n}\n"},
	} {
		_, diags := load(t, sources, world{})
		if len(diags) != 1 || diags[0].Summary != want || diags[0].Range == nil {
			t.Errorf("want %q at a place, got %s", want, said(diags))
		}
	}
}
