//go:build !race

package main

import (
	"go/parser"
	"go/token"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestMutantsFit notices at once, and without running any, what would make a
// mutant worthless: code that has changed, and tests that have other names now.
func TestMutantsFit(t *testing.T) {
	mutants, err := readMutants(os.DirFS(root + "/testdata/mutants"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mutants {
		t.Run(m.name, func(t *testing.T) {
			mutated, err := m.apply(os.DirFS(root))
			if err != nil {
				t.Fatal(err)
			}
			for name, text := range mutated {
				if path.Ext(name) != ".go" {
					continue
				}
				if _, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution); err != nil {
					t.Error(err)
				}
			}
			pattern, _, _ := strings.Cut(m.tests, "/")
			if named := regexp.MustCompile(pattern); !slices.ContainsFunc(testsOf(t, m.pkg), named.MatchString) {
				t.Errorf("no test of %s matches %s", m.pkg, pattern)
			}
		})
	}
}
