package view_test

import (
	"encoding"
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/notify"
	"github.com/gdfctl/gdfctl/internal/report"
)

// documents are all that programs are shown.
var documents = []any{
	report.Plan{},
	report.Apply{},
	apply.Event{},
	report.Validation{},
	report.State{},
	audit.Entry{},
	report.AuditVerification{},
	report.OrderList{},
	report.SingleOrder{},
	report.FeedList{},
	report.SingleFeed{},
	report.Count{},
	report.Doctor{},
	report.FeedsCheck{},
	report.FeedHistory{},
	notify.Message{},
	report.Failure{},
	report.Build{},
	report.Formatted{},
	report.Initialized{},
	report.ReadExport{},
	report.RemovedOrder{},
	report.Unlocked{},
	report.Pushed{},
	report.Recovered{},
	report.Migrated{},
	report.Rebuilt{},
	report.Saved{},
	report.PublishedPlans{},
	report.Discarded{},
	report.Begun{},
	report.Waiting{},
	report.Comment{},
	report.Status{},
	report.Verified{},
	report.PullList{},
	report.OlderErrors{},
	report.Explained{},
	report.AuditRotation{},
	report.AgentStatus{},
	report.AgentDone{},
	report.AgentCheck{},
}

// internalMembers are in files that only gdfctl reads.
var internalMembers = []string{"endpoint_hash", "eta_ns"}

// members are the names of all members of documents and of a saved plan, and
// where each comes from.
func members(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	seen := map[reflect.Type]bool{}
	var ofType func(typ reflect.Type)
	ofType = func(typ reflect.Type) {
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			ofType(typ.Elem())
			return
		case reflect.Struct:
		default:
			return
		}
		if seen[typ] || typ.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
			return
		}
		seen[typ] = true
		for f := range typ.Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "-" || strings.HasPrefix(name, "no_") && name != "no_op" { // how an absent count is kept
				continue
			}
			if name != "" {
				found[name] = typ.String()
			}
			ofType(f.Type)
		}
	}
	for _, document := range documents {
		ofType(reflect.TypeOf(document))
	}
	var ofValue func(value any)
	ofValue = func(value any) {
		switch value := value.(type) {
		case []any:
			for _, element := range value {
				ofValue(element)
			}
		case map[string]any:
			for name, element := range value {
				found[name] = "a saved plan"
				ofValue(element)
			}
		}
	}
	saved, err := os.ReadFile("../plan/testdata/full.golden.plan")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(saved)) {
		var value any
		if err := json.Unmarshal([]byte(line), &value); err != nil {
			t.Fatal(err)
		}
		ofValue(value)
	}
	for _, name := range internalMembers {
		delete(found, name)
	}
	return found
}

func jsonPage(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("../../docs/json.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// Every member that programs are shown is on the page of JSON.
func TestEveryMemberIsDocumented(t *testing.T) {
	page := jsonPage(t)
	for name, of := range members(t) {
		if !strings.Contains(page, "`"+name+"`") {
			t.Errorf("docs/json.md does not have `%s` of %s", name, of)
		}
	}
}

var (
	inParentheses = regexp.MustCompile(`\([^()]*\)`)
	quoted        = regexp.MustCompile("`([a-z][a-z_0-9]*)`")
)

// documented are the members that the page of JSON names: in the first column of
// tables of members, in the second one of tables that list members, and in
// sentences of what elements have. Words in parentheses are values.
func documented(page string) []string {
	var names []string
	column := 0 // of the members in the present table; 0: it has none
	list := false
	for range 2 { // one pair may be in another one
		page = inParentheses.ReplaceAllString(page, "")
	}
	for line := range strings.Lines(page) {
		cells := strings.Split(line, " | ")
		switch {
		case strings.HasPrefix(line, "| member"):
			column = 1
		case strings.HasPrefix(line, "| line | members |"), strings.HasPrefix(line, "| command | members |"):
			column = 2
		case !strings.HasPrefix(line, "|"):
			column = 0
		}
		list = strings.HasPrefix(line, "An element of ") || list && strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "|")
		text := ""
		switch {
		case column > 0 && len(cells) >= column:
			text = cells[column-1]
		case list:
			text, _, _ = strings.Cut(line, ";")
		}
		for _, m := range quoted.FindAllStringSubmatch(text, -1) {
			names = append(names, m[1])
		}
	}
	return names
}

// Every member on the page of JSON is one that programs are shown.
func TestEveryDocumentedMemberExists(t *testing.T) {
	known := members(t)
	names := documented(jsonPage(t))
	if len(names) < 200 {
		t.Errorf("only %d members are found on the page", len(names))
	}
	for _, name := range names {
		if known[name] == "" {
			t.Errorf("docs/json.md has `%s`, which no document has", name)
		}
	}
	if got := documented("| member | meaning |\n|---|---|\n| `gone`, `at` | is `x` |\n\nAn element of `y`: `z` (`v`)\n"); strings.Join(got, " ") != "gone at y z" {
		t.Errorf("found %q", got)
	}
}
