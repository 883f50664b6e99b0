package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// house is a module with one function, two tests of it, and a mutant for each
// ending.
var house = map[string]string{
	"go.mod": "module example.com/house\n\ngo 1.26\n",
	"p/p.go": "package p\n\n// Ready is true.\nfunc Ready() bool {\n\treturn true\n}\n",
	"p/p_test.go": "package p\n\nimport \"testing\"\n\nfunc TestReady(t *testing.T) {\n\tt.Run(\"at once\", func(t *testing.T) {\n\t\tif !Ready() {\n\t\t\tt.Error(\"not ready\")\n\t\t}\n\t})\n}\n\n" +
		"func TestNothing(t *testing.T) { Ready() }\n",
	"bin/old.go":                      "what was built is not copied",
	"testdata/mutants/caught.mutant":  mutantOf("^TestReady$", "-\treturn true\n+\treturn false\n"),
	"testdata/mutants/missed.mutant":  mutantOf("^TestNothing$", "-\treturn true\n+\treturn false\n"),
	"testdata/mutants/none.mutant":    mutantOf("^TestOther$", "-\treturn true\n+\treturn false\n"),
	"testdata/mutants/slow.mutant":    mutantOf("^TestReady$", "-\treturn true\n+\tselect {}\n"),
	"testdata/mutants/stale.mutant":   mutantOf("^TestReady$", "-\treturn 1\n+\treturn 2\n"),
	"testdata/mutants/unbuilt.mutant": mutantOf("^TestReady$", "-\treturn true\n+\treturn 1\n"),
}

func mutantOf(tests, change string) string {
	return "breaks:    it is not ready\ninvariant: it is ready\npackage:   p\ntests:     " + tests + "\n\n--- p/p.go\n@@\n func Ready() bool {\n" + change
}

// newHouse writes the house with some of its mutants.
func newHouse(t *testing.T, mutants ...string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range house {
		if strings.HasPrefix(name, "testdata/") && !strings.Contains(strings.Join(mutants, " "), strings.TrimSuffix(filepath.Base(name), suffix)) {
			continue
		}
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestEndings(t *testing.T) {
	dir := newHouse(t, "caught", "missed", "slow", "stale", "unbuilt")
	var out strings.Builder
	err := run(t.Context(), options{root: dir, jobs: 2, limit: 3 * time.Second}, &out)
	if !errors.Is(err, errNotCaught) {
		t.Errorf("run: %v", err)
	}
	for name, want := range map[string]string{
		"caught": "caught TestReady/at_once", "missed": "MISSED it is not ready", "slow": "TOO SLOW", "stale": "DOESN'T FIT", "unbuilt": "DOESN'T BUILD",
	} {
		if !said(out.String(), name, want) {
			t.Errorf("%s: want %q in\n%s", name, want, &out)
		}
	}
	if !strings.Contains(out.String(), "1 of 5 mutants are caught") {
		t.Error(out.String())
	}
	if text, err := os.ReadFile(filepath.Join(dir, "p/p.go")); err != nil || string(text) != house["p/p.go"] {
		t.Errorf("the sources were changed: %s, %v", text, err)
	}
}

// said reports whether the lines that begin with a name hold the words, in
// order.
func said(out, name, words string) bool {
	_, text, _ := strings.Cut(out, "\n"+name+" ")
	for word := range strings.FieldsSeq(words) {
		_, after, ok := strings.Cut(text, word)
		if !ok {
			return false
		}
		text = after
	}
	return true
}

func TestAllCaught(t *testing.T) {
	var out strings.Builder
	if err := run(t.Context(), options{root: newHouse(t, "caught", "missed"), only: "^c", jobs: 1, limit: time.Minute}, &out); err != nil {
		t.Errorf("run: %v\n%s", err, &out)
	}
	if !strings.Contains(out.String(), "1 of 1 mutants are caught") {
		t.Error(out.String())
	}
}

// A test that is red without a bug, or is not there, catches nothing: then
// nothing is tried.
func TestBaselineMustBeGreen(t *testing.T) {
	red := newHouse(t, "caught")
	text := strings.ReplaceAll(house["p/p.go"], "return true", "return 1 > 2 // return true\n\treturn true")
	if err := os.WriteFile(filepath.Join(red, "p/p.go"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]options{
		"red":           {root: red},
		"not there":     {root: newHouse(t, "none")},
		"none chosen":   {root: red, only: "x"},
		"a bad pattern": {root: red, only: "("},
		"no module":     {root: t.TempDir()},
	} {
		t.Run(name, func(t *testing.T) {
			o.jobs, o.limit = 1, time.Minute
			var out strings.Builder
			if err := run(t.Context(), o, &out); err == nil || errors.Is(err, errNotCaught) || out.Len() > 0 {
				t.Errorf("run: %v\n%s", err, &out)
			}
		})
	}
}
