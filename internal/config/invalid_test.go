package config_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/diag"
)

// Each file of testdata/invalid is a configuration of its own, beside the
// tables of testdata/invalid/tables. Its lines say what is wrong with them:
//
//	status = "gone" # ERROR: Unknown status
//
// What is placed elsewhere names its line: "# ERROR at tables/odd.csv:3: …",
// and what has no place at all is "# ERROR at nowhere: …". Lines that begin with
// "# ENV NAME=value", "# VAR name=value" or "# VERSION 1.0" set the scene.
var (
	markForm  = regexp.MustCompile(`# (ERROR|WARNING)(?: at (nowhere|[^:]+:\d+))?: ([^#]*[^# ])`)
	sceneForm = regexp.MustCompile(`(?m)^# (ENV|VAR|VERSION) (?:(\w+)=)?(.*)$`)
)

func TestInvalid(t *testing.T) {
	names, err := filepath.Glob("testdata/invalid/*.hcl")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, path := range names {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".hcl"), func(t *testing.T) {
			t.Parallel()
			src, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			if err := os.CopyFS(filepath.Join(dir, "tables"), os.DirFS("testdata/invalid/tables")); err != nil {
				t.Fatal(err)
			}
			files{"main.hcl": string(src)}.in(t, dir)
			start := time.Now()
			found := everything(t, dir, scene(string(src)))
			if took := time.Since(start); took > soon {
				t.Errorf("it took %v", took)
			}
			if diff := cmp.Diff(marked(string(src)), placed(found)); diff != "" {
				t.Errorf("marked (-) and found (+):\n%s", diff)
			}
			if strings.Contains(strings.ToLower(said(found)), "canary") {
				t.Errorf("a secret or a cell is told:\n%s", said(found))
			}
			for _, d := range found {
				if d.Detail == "" || !strings.ContainsAny(d.Detail[len(d.Detail)-1:], ".?!:)") {
					t.Errorf("%s: the detail is no sentence: %q", d.Summary, d.Detail)
				}
			}
		})
	}
}

// everything is all that can be said about a configuration without an API.
func everything(t testing.TB, dir string, w world) diag.List {
	t.Helper()
	cfg, diags := loadDir(t, dir, w)
	wishes, more := cfg.Wishes(context.Background())
	diags = append(diags, more...)
	return append(diags, wishes.Diagnostics()...)
}

func scene(src string) world {
	w := world{vars: map[string]string{}, env: map[string]string{}}
	for _, m := range sceneForm.FindAllStringSubmatch(src, -1) {
		switch m[1] {
		case "ENV":
			w.env[m[2]] = m[3]
		case "VAR":
			w.vars[m[2]] = m[3]
		default:
			w.version = m[3]
		}
	}
	return w
}

// marked is what the lines of a file say of themselves.
func marked(src string) []string {
	var marks []string
	for i, line := range strings.Split(src, "\n") {
		for _, m := range markForm.FindAllStringSubmatch(line, -1) {
			at := m[2]
			if at == "" {
				at = fmt.Sprintf("main.hcl:%d", i+1)
			}
			marks = append(marks, fmt.Sprintf("%s %s %s", at, m[1], m[3]))
		}
	}
	slices.Sort(marks)
	return marks
}

func placed(diags diag.List) []string {
	var found []string
	for _, d := range diags {
		at, severity := "nowhere", "ERROR"
		if d.Range != nil {
			at = fmt.Sprintf("%s:%d", d.Range.File, d.Range.Start.Line)
		}
		if d.Severity == diag.Warning {
			severity = "WARNING"
		}
		found = append(found, fmt.Sprintf("%s %s %s", at, severity, d.Summary))
	}
	slices.Sort(found)
	return found
}
