package reconcile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/local"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// What a configuration can ask for, a log takes: a run that may not be put on record
// could never begin.
func TestALogTakesWhatAConfigurationAsksFor(t *testing.T) {
	if spec.MostSettle > sharedlog.MostSettle || spec.MostReadLag > sharedlog.MostLag {
		t.Errorf("an account can ask for a settle of %s and a read_lag of %s, and a log takes %s and %s",
			spec.MostSettle, spec.MostReadLag, sharedlog.MostSettle, sharedlog.MostLag)
	}
	if callTime > sharedlog.MostLease/2 {
		t.Errorf("a call can take %s, and a lease lasts at most %s", callTime, sharedlog.MostLease)
	}
}

// A backend is one line of the table: what its block can say, and what it makes
// of that.
func TestABackendIsALine(t *testing.T) {
	var got map[string]string
	backends["bucket"] = kindOfBackend{attributes: []string{"name", "public"}, files: func(dir string, a map[string]string) (backend.Backend, *backend.Mistake) {
		if got = a; a["name"] == "" {
			return nil, &backend.Mistake{Attribute: "name", Summary: "No name", Detail: "Write one."}
		}
		return local.New(dir + "/x.state.json"), nil
	}}
	defer delete(backends, "bucket")
	attribute := func(line int, name, value string) spec.BackendAttribute {
		return spec.BackendAttribute{Name: name, Value: value, Known: value != "?", NameAt: atLine(line), ValueAt: atLine(line)}
	}
	for _, test := range []struct {
		name   string
		block  spec.Backend
		want   string // diagnostics, in one line each
		nobody bool   // there is no place
	}{
		{"whole", spec.Backend{Label: "bucket", Attributes: []spec.BackendAttribute{attribute(2, "name", "a"), attribute(3, "public", "true")}}, "", false},
		{"default", spec.Backend{Label: "local"}, "", false},
		{"not read", spec.Backend{}, "", true},
		{"faulty elsewhere", spec.Backend{Label: "local", Faulty: true}, "", true},
		{"label", spec.Backend{Label: "buckte"}, `f:1 Unknown backend "buckte": The backends are: bucket, git, local, postgres, s3. Did you mean "bucket"?`, true},
		{"missing", spec.Backend{Label: "bucket"}, "f:1 No name: Write one.", true},
		{"empty", spec.Backend{Label: "bucket", Attributes: []spec.BackendAttribute{attribute(2, "name", "")}}, "f:2 No name: Write one.", true},
		{"misspelt", spec.Backend{Label: "bucket", Attributes: []spec.BackendAttribute{attribute(2, "nmae", "a")}}, `f:2 Unsupported argument: An argument named "nmae" is not expected here. Did you mean "name"?`, true},
		{"not known", spec.Backend{Label: "bucket", Faulty: true, Attributes: []spec.BackendAttribute{attribute(2, "name", "?")}}, "", true},
		{"directory", spec.Backend{Label: "local", Attributes: []spec.BackendAttribute{attribute(2, "path", "state/")}}, "f:2 " + outside, true},
		{"this directory", spec.Backend{Label: "local", Attributes: []spec.BackendAttribute{attribute(2, "path", "state/..")}}, "f:2 " + outside, true},
		{"no path", spec.Backend{Label: "local", Attributes: []spec.BackendAttribute{attribute(2, "path", "")}}, "f:2 " + outside, true},
		{"absolute", spec.Backend{Label: "local", Attributes: []spec.BackendAttribute{attribute(2, "path", "/a.json")}}, "f:2 " + outside, true},
		{"above", spec.Backend{Label: "local", Attributes: []spec.BackendAttribute{attribute(2, "path", "x/../../a.json")}}, "f:2 " + outside, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.block.At = atLine(1)
			place, diags := Deps{}.homeOf("/shop", test.block)
			var said []string
			for _, d := range diags {
				said = append(said, fmt.Sprintf("%s:%d %s: %s", d.Range.File, d.Range.Start.Line, d.Summary, d.Detail))
			}
			if text := strings.Join(said, "\n"); text != test.want || (place == nil) != test.nobody {
				t.Errorf("place %v, diagnostics:\n%s\nwant:\n%s", place, text, test.want)
			}
			if test.name == "whole" && (got["name"] != "a" || got["public"] != "true") {
				t.Errorf("the backend was told %v", got)
			}
		})
	}
}

const outside = `The state's path is outside the configuration's directory: Write a file name, or a path below the directory, like "state/main.state.json".`

func atLine(n int) *diag.Range {
	return &diag.Range{File: "f", Start: diag.Pos{Line: n, Column: 1}, End: diag.Pos{Line: n, Column: 2}}
}

// The names of a path are made plain, and what is learned lies beside the state,
// or where it would lie.
func TestWhereThingsLie(t *testing.T) {
	for path, want := range map[string]string{"": "/shop/gdfctl.feeds.json", "./state//main.json": "/shop/state/main.feeds.json"} {
		block := spec.Backend{Label: "local", At: atLine(1)}
		if path != "" {
			block.Attributes = []spec.BackendAttribute{{Name: "path", Value: path, Known: true, NameAt: atLine(2), ValueAt: atLine(2)}}
		}
		at, diags := Deps{}.homeOf("/shop", block)
		if got := strings.ReplaceAll(ownMemory(at).String(), "\\", "/"); got != want || len(diags) > 0 {
			t.Errorf("%q: %q, %v", path, got, diags)
		}
	}
	if got := strings.ReplaceAll(ownMemory(&home{dir: "/shop"}).String(), "\\", "/"); got != "/shop/gdfctl.feeds.json" {
		t.Errorf("beside a backend that is elsewhere: %q", got)
	}
}
