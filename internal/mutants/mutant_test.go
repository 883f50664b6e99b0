package main

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

const header = "breaks:    nothing\ninvariant: none\npackage:   internal/state\ntests:     ^TestA$\n\n"

func TestParse(t *testing.T) {
	got, err := parse("m", header+"--- a/x.go\n@@\n func f() {\n-\told()\n+\tnew()\n+\tnew()\n\n }\n@@\n-gone\n--- b.go\n@@\n a\n+b\n")
	if err != nil {
		t.Fatal(err)
	}
	want := &mutant{name: "m", breaks: "nothing", invariant: "none", pkg: "internal/state", tests: "^TestA$", edits: []edit{
		{"a/x.go", []hunk{{7, "func f() {\n\told()\n\n}\n", "func f() {\n\tnew()\n\tnew()\n\n}\n"}, {14, "gone\n", ""}}},
		{"b.go", []hunk{{17, "a\n", "a\nb\n"}}},
	}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(mutant{}, edit{}, hunk{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParseRefuses(t *testing.T) {
	const body = "--- x.go\n@@\n-a\n+b\n"
	for name, c := range map[string]struct{ text, want string }{
		"nothing":          {"", "missing"},
		"a field missing":  {strings.Replace(header, "invariant: none\n", "", 1) + body, "invariant is missing"},
		"a field twice":    {"tests: ^TestB$\n" + header + body, "line 5: it begins with none of"},
		"an unknown field": {"author: me\n" + header + body, "line 1: it begins with none of"},
		"a bad pattern":    {strings.Replace(header, "^TestA$", "(", 1) + body, "missing closing )"},
		"no change":        {header, "it changes nothing"},
		"no hunk":          {header + "--- x.go\n", "it changes nothing in x.go"},
		"an empty hunk":    {header + "--- x.go\n@@\n a\n", "line 7: the hunk changes nothing"},
		"no place":         {header + "--- x.go\n@@\n+a\n", "line 7: the hunk changes nothing, or has no place"},
		"no file":          {header + "@@\n-a\n", "line 6: the name of the file"},
		"no hunk mark":     {header + "--- x.go\n-a\n", "line 7: a hunk begins with @@"},
		"another sign":     {header + "--- x.go\n@@\na\n", "line 8: a line of a hunk begins with"},
		"a test's file":    {header + "--- x_test.go\n@@\n-a\n", "not a source file"},
		"no Go file":       {header + "--- go.mod\n@@\n-a\n", "not a source file"},
		"a climbing path":  {header + "--- ../x.go\n@@\n-a\n", "not a source file"},
	} {
		t.Run(name, func(t *testing.T) {
			if m, err := parse("m", c.text); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%+v, %v; want the error %q", m, err, c.want)
			}
		})
	}
}

func TestApply(t *testing.T) {
	const source = "a\nb\nc\nb\nd\n"
	for name, c := range map[string]struct{ hunks, want string }{
		"one":             {"@@\n-c\n+x\n", "a\nb\nx\nb\nd\n"},
		"the first line":  {"@@\n-a\n+x\n", "x\nb\nc\nb\nd\n"},
		"the last line":   {"@@\n-d\n", "a\nb\nc\nb\n"},
		"told by a line":  {"@@\n c\n-b\n", "a\nb\nc\nd\n"},
		"several":         {"@@\n-a\n+x\n@@\n-d\n+y\n", "x\nb\nc\nb\ny\n"},
		"nowhere":         {"@@\n-e\n", "line 7 fits nowhere in x.go"},
		"a part of lines": {"@@\n-c\n-b\n-\n", "fits nowhere"},
		"several places":  {"@@\n-b\n", "line 7 fits several places in x.go"},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := parse("m", header+"--- x.go\n"+c.hunks)
			if err != nil {
				t.Fatal(err)
			}
			mutated, err := m.apply(fstest.MapFS{"x.go": {Data: []byte(source)}})
			if err == nil && string(mutated["x.go"]) != c.want || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%q, %v; want %q", mutated["x.go"], err, c.want)
			}
		})
	}
}

func TestNoMutantsIsAnError(t *testing.T) {
	if all, err := readMutants(fstest.MapFS{"readme.md": {}}); err == nil {
		t.Errorf("no error, but %v", all)
	}
}
