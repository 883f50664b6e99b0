package local

import (
	"os"
	"path/filepath"
	"testing"
)

// Content that something else wrote is told as far as it says something.
func TestAHolderOfAnyShape(t *testing.T) {
	for content, want := range map[string]string{
		"":                                "another process that did not say who it is",
		"4711":                            "another process that did not say who it is",
		`{"pid":7}`:                       "another process that did not say who it is",
		`{"id":"x"}`:                      "another process that did not say who it is",
		`{"ID":"x","Who":"bob@laptop"}`:   "bob@laptop",
		`{"id":"x","who":"bob","pid":-1}`: "bob",
		`{"id":"x","who":"bob","host":"laptop","operation":"apply","pid":7}`: "bob@laptop (apply, process 7)",
	} {
		path := filepath.Join(t.TempDir(), "lock")
		must(t, os.WriteFile(path, []byte(content), 0o600))
		if got := readHolder(path).String(); got != want {
			t.Errorf("%s: %q, want %q", content, got, want)
		}
	}
}
