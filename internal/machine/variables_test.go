package machine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestVariables(t *testing.T) {
	got, wrong := parseVariables("\ufeff# keys\n\nGDF_CONSUMER_KEY=abc=d\n ; more\nA = \"a b\" \nB='x\"y'\nEMPTY=\r\n")
	want := map[string]string{"GDF_CONSUMER_KEY": "abc=d", "A": "a b", "B": `x"y`, "EMPTY": ""}
	if diff := cmp.Diff(want, got); diff != "" || len(wrong) > 0 {
		t.Errorf("%s\n%v", diff, wrong)
	}
}

// A line that can't be read is named by its number: it can hold a key.
func TestWrongVariables(t *testing.T) {
	for text, want := range map[string]string{
		"A=1\nsk-secret\n":          "Not a variable",
		"A=1\nexport KEY=secret\n":  "Not a variable",
		"A=1\nKEY=\"secret\n":       "The value of KEY can't be read",
		"A=1\nKEY=\"se\"cret\"\n":   "The value of KEY can't be read",
		"A=1\nA=secret\n":           "A is set twice",
		"A=1\nKEY=secret\x00more\n": "The value of KEY can't be read",
	} {
		_, wrong := parseVariables(text)
		if len(wrong) != 1 || wrong[0].line != 2 || wrong[0].summary != want || strings.Contains(wrong[0].detail, "secret") {
			t.Errorf("%q: %+v", text, wrong)
		}
		_, diags, dir := read(t, `workspace "a" {`+"\n  dir = \"DIR\"\n  env_file = \"DIR/env\"\n}\n", map[string]string{"env": text})
		if len(diags) != 1 || at(diags[0]) != filepath.Join(dir, "env")+":2:1" {
			t.Errorf("%q: %v", text, diags)
		}
		w := Workspace{Name: "a", EnvFile: filepath.Join(dir, "env")}
		if _, err := w.Variables(); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// A key that was replaced is seen without a restart.
func TestVariablesAreReadAgain(t *testing.T) {
	w := Workspace{Name: "a", EnvFile: filepath.Join(write(t, map[string]string{"env": "A=1"}), "env")}
	for _, want := range []string{"1", "2"} {
		if err := os.WriteFile(w.EnvFile, []byte("A="+want), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := w.Variables(); err != nil || got["A"] != want {
			t.Errorf("%v, %v", got, err)
		}
	}
}
