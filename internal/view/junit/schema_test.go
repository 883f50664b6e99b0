package junit

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// schema is what the xunit plugin's junit-10.xsd says of the elements in use:
// their parents, the attributes that they may have, and those that they must.
var schema = map[string]struct{ parents, may, must []string }{
	"testsuites": {[]string{""}, []string{"name", "time", "tests", "failures", "errors"}, nil},
	"testsuite":  {[]string{"testsuites"}, []string{"name", "tests", "failures", "errors", "skipped", "timestamp", "time"}, []string{"name", "tests", "failures", "errors"}},
	"testcase":   {[]string{"testsuite"}, []string{"name", "classname", "time", "file", "line"}, []string{"name", "classname"}},
	"failure":    {[]string{"testcase"}, []string{"message", "type"}, nil},
	"error":      {[]string{"testcase"}, []string{"message", "type"}, nil},
	"skipped":    {[]string{"testcase"}, []string{"message", "type"}, nil},
	"system-out": {[]string{"testcase"}, nil, nil},
}

func checkSchema(t rapid.TB, text string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(text)) // it refuses characters that XML forbids
	path := []string{""}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		switch e := token.(type) {
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.StartElement:
			rule, known := schema[e.Name.Local]
			if !known || !slices.Contains(rule.parents, path[len(path)-1]) {
				t.Fatalf("<%s> in <%s>", e.Name.Local, path[len(path)-1])
			}
			var have []string
			for _, a := range e.Attr {
				have = append(have, a.Name.Local)
				if !slices.Contains(rule.may, a.Name.Local) {
					t.Fatalf("<%s %s>", e.Name.Local, a.Name.Local)
				}
			}
			for _, name := range rule.must {
				if !slices.Contains(have, name) {
					t.Fatalf("<%s> without %s", e.Name.Local, name)
				}
			}
			path = append(path, e.Name.Local)
		}
	}
}

func TestPlansAndValidationsFitTheSchema(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.String().Draw(r, "text")
		p := &plan.Plan{
			Changes: []plan.Change{{Address: text, Account: text, Actions: []order.Action{order.Ship}}},
			Held:    []plan.Held{{Address: text, Code: plan.NotFound, Message: text}},
			Missing: []plan.MissingAccount{{Name: text, Message: text}},
		}
		var out strings.Builder
		if err := Plan(&out, report.NewPlan(p, "", []plan.Violation{{Limit: "max_held", Message: text}}, watch.Report{})); err != nil {
			r.Fatal(err)
		}
		checkSchema(r, out.String())
		if want := `tests="4" failures="1" errors="1"`; !strings.Contains(out.String(), want) {
			r.Fatalf("no %s in\n%s", want, out.String())
		}
		out.Reset()
		v := &report.Validation{Diagnostics: []report.Diagnostic{{Severity: "error", Summary: text, Detail: text}, {Severity: "warning", Summary: text}, {Severity: "info"}}}
		if err := Validation(&out, v); err != nil {
			r.Fatal(err)
		}
		checkSchema(r, out.String())
	})
}
