package text

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// Unified prints the difference of two versions of a text file in the unified
// format, and nothing for equal ones. Control characters are escaped: a diff
// shows files that others wrote.
func Unified(w io.Writer, s Style, name string, before, after []byte) error {
	text := diff.Diff("old/"+name, before, "new/"+name, after)
	// The first line repeats what the two after it say.
	if _, rest, ok := bytes.Cut(text, []byte("\n")); ok {
		text = rest
	}
	for line := range strings.Lines(string(text)) {
		if _, err := fmt.Fprintln(w, diffPaint(s, line)(visible(strings.TrimRight(line, "\r\n")))); err != nil {
			return err
		}
	}
	return nil
}

func diffPaint(s Style, line string) func(string) string {
	switch {
	case strings.HasPrefix(line, "--- "), strings.HasPrefix(line, "+++ "):
		return s.bold
	case strings.HasPrefix(line, "@@"):
		return s.faint
	case strings.HasPrefix(line, "-"):
		return s.red
	case strings.HasPrefix(line, "+"):
		return s.green
	}
	return func(text string) string { return text }
}

// visible escapes a line of a file and leaves its tabs.
func visible(line string) string {
	parts := strings.Split(line, "\t")
	for i, part := range parts {
		parts[i] = safetext.Line(part)
	}
	return strings.Join(parts, "\t")
}
