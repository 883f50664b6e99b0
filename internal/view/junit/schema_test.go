package junit

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// element is what a schema says of an element: its children, the attributes that
// it may have, and those that it must.
type element struct{ children, may, must []string }

// schema is what the xunit plugin's junit-10.xsd says, the strictest of those in
// use. It has repetitions of tests too, which are left out here.
var schema = map[string]element{
	"":           {children: []string{"testsuites"}},
	"testsuites": {children: []string{"testsuite"}, may: []string{"name", "time", "tests", "failures", "errors"}},
	"testsuite": {
		children: []string{"testsuite", "properties", "testcase", "system-out", "system-err"},
		may:      []string{"name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"},
		must:     []string{"name", "tests", "failures", "errors"},
	},
	"testcase":   {children: []string{"skipped", "error", "failure", "system-out", "system-err"}, may: []string{"name", "time", "classname", "group"}, must: []string{"name"}},
	"failure":    {may: []string{"message", "type"}},
	"error":      {may: []string{"message", "type"}},
	"skipped":    {may: []string{"message", "type"}},
	"system-out": {},
}

// surefireTime is the schema's pattern of a time of a suite.
var surefireTime = regexp.MustCompile(`^(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?$`)

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
		case xml.CharData:
			// Only these hold text.
			if in := path[len(path)-1]; !slices.Contains([]string{"failure", "error", "skipped", "system-out"}, in) && strings.TrimSpace(string(e)) != "" {
				t.Fatalf("text in <%s>", in)
			}
		case xml.StartElement:
			rule, known := schema[e.Name.Local]
			if !known || !slices.Contains(schema[path[len(path)-1]].children, e.Name.Local) {
				t.Fatalf("<%s> in <%s>", e.Name.Local, path[len(path)-1])
			}
			var have []string
			for _, a := range e.Attr {
				have = append(have, a.Name.Local)
				if a.Name.Local == "time" && !surefireTime.MatchString(a.Value) {
					t.Fatalf("<%s time=%q>", e.Name.Local, a.Value)
				}
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

func TestAppliesAndFeedsFitTheSchema(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.String().Draw(r, "text")
		place := spec.Place{File: text, Line: 7}
		item := func(result apply.ItemResult) apply.Item {
			return apply.Item{Address: text, Account: text, Action: order.Ship, Result: result, Message: text, DefinedAt: place}
		}
		a := &report.Apply{RunID: text, Outcome: text, ExitCode: rapid.IntRange(0, 1).Draw(r, "exit"), Elapsed: time.Duration(rapid.Int64().Draw(r, "elapsed"))}
		a.Items = []apply.Item{item(apply.Failed), item(apply.Unknown), item(apply.Skipped), item(apply.HeldBack)}
		a.Unrecorded = []apply.Item{item(apply.Unknown)}
		var out strings.Builder
		if err := Apply(&out, a); err != nil {
			r.Fatal(err)
		}
		checkSchema(r, out.String())
		out.Reset()
		var results []watch.Result
		for _, outcome := range []watch.Outcome{watch.Pass, watch.Fail, watch.Unknown} {
			results = append(results, watch.Result{
				Watch: text, Account: text, FeedID: "1", FeedName: text, Rule: text, Outcome: outcome, Severity: watch.Error, Value: text, Message: text, DefinedAt: place,
			})
		}
		feeds := report.NewFeedsCheck(watch.Report{Results: results, Accounts: []watch.AccountRead{{Name: text, Err: errors.New(text)}}}, nil, 1)
		if err := Feeds(&out, feeds); err != nil {
			r.Fatal(err)
		}
		checkSchema(r, out.String())
	})
}

// A report is printed into the log of a CI system too: no name in it, not even
// that of a file, begins a command there.
func TestNoNameBeginsACommandInALog(t *testing.T) {
	const hostile = "##vso[task.setvariable variable=x]y\n::error::z"
	at := spec.Place{File: hostile, Line: 1}
	p := &plan.Plan{
		Changes: []plan.Change{{Address: hostile, Account: hostile, Actions: []order.Action{order.Ship}, DefinedAt: at}},
		Held:    []plan.Held{{Address: hostile, Account: hostile, Code: plan.NotFound, Message: hostile, DefinedAt: at}},
		Missing: []plan.MissingAccount{{Name: hostile, Message: hostile}},
	}
	item := apply.Item{Address: hostile, Account: hostile, Action: order.Ship, Result: apply.Failed, Message: hostile, DefinedAt: at}
	ended := report.NewApply(report.Applied{Result: &apply.Result{Items: []apply.Item{item}, Unrecorded: []apply.Item{item}, Stopped: hostile}, ExitCode: 3})
	checked := report.NewFeedsCheck(watch.Report{Results: []watch.Result{{
		Watch: hostile, FeedName: hostile, Rule: hostile, Outcome: watch.Fail, Severity: watch.Error, Value: hostile, Message: hostile, DefinedAt: at,
	}}}, nil, 4)
	found := &report.Validation{Diagnostics: []report.Diagnostic{{Severity: "error", Summary: hostile, Detail: hostile, Range: &report.Range{Filename: hostile}}}}
	for name, write := range map[string]func(io.Writer) error{
		"plan":     func(w io.Writer) error { return Plan(w, report.NewPlan(p, "", nil, watch.Report{})) },
		"apply":    func(w io.Writer) error { return Apply(w, ended) },
		"feeds":    func(w io.Writer) error { return Feeds(w, checked) },
		"validate": func(w io.Writer) error { return Validation(w, found) },
	} {
		var out strings.Builder
		if err := write(&out); err != nil {
			t.Fatal(err)
		}
		if got := out.String(); strings.Contains(got, "##") || strings.Contains(got, "\n::") {
			t.Errorf("%s:\n%s", name, got)
		}
	}
}
