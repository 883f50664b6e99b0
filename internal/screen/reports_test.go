package screen

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A report begins on a line of its own, and one that has no room is left out, said
// in a warning.
func TestTheSummaryOfAJob(t *testing.T) {
	path := filepath.Join(t.TempDir(), "summary.md")
	var said strings.Builder
	s := &Screen{Err: &said, summary: path}
	write := func(text string) func(io.Writer) error {
		return func(w io.Writer) error { _, err := io.WriteString(w, text); return err }
	}
	s.summarize(write("<!-- one -->\nno line end"))
	s.summarize(write("<!-- two -->\n"))
	const both = "<!-- one -->\nno line end\n<!-- two -->\n"
	if got, err := os.ReadFile(path); err != nil || string(got) != both || said.Len() > 0 {
		t.Errorf("%q, %v, %s", got, err, said.String())
	}
	s.summarize(write(strings.Repeat("x", mostSummary-len(both)))) // and the line end before it
	if got, err := os.ReadFile(path); err != nil || string(got) != both || !strings.Contains(said.String(), "Warning: the report is not in the summary of the job: it has room for 1048576 bytes") {
		t.Errorf("%d bytes, %v, %s", len(got), err, said.String())
	}
	s.summarize(write(strings.Repeat("x", mostSummary-len(both)-1)))
	if got, err := os.ReadFile(path); err != nil || len(got) != mostSummary {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}
