package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// root is the module's directory, seen from this package.
const root = "../.."

// The list for people names every mutant, and no other.
func TestMutantsAreListed(t *testing.T) {
	mutants, err := readMutants(os.DirFS(root + "/testdata/mutants"))
	if err != nil {
		t.Fatal(err)
	}
	document, err := os.ReadFile(root + "/docs/mutants.md")
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, m := range mutants {
		want = append(want, m.name)
	}
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z0-9-]+)` \\|").FindAllSubmatch(document, -1) {
		got = append(got, string(row[1]))
	}
	slices.Sort(got)
	for _, name := range want {
		if !slices.Contains(got, name) {
			t.Errorf("docs/mutants.md does not list %s", name)
		}
	}
	for _, name := range got {
		if !slices.Contains(want, name) {
			t.Errorf("docs/mutants.md lists %s, and there is no such mutant", name)
		}
	}
}

var testFunction = regexp.MustCompile(`(?m)^func (Test\w+)\(`)

// testsOf names the tests of a package.
func testsOf(t *testing.T, pkg string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, pkg, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range testFunction.FindAllSubmatch(text, -1) {
			names = append(names, string(match[1]))
		}
	}
	return names
}
