package text

import (
	"bytes"
	"io"
	"unicode/utf8"
)

// Escaped returns a writer for a foreign file that is shown on a terminal: it
// escapes control characters, except for line ends and tabs. Close writes what a cut
// character at the end left over; it does not close w.
func Escaped(w io.Writer) io.WriteCloser { return &escaped{w: w} }

type escaped struct {
	w    io.Writer
	rest []byte // the beginning of a character or of a line end
}

func (e *escaped) Write(p []byte) (int, error) {
	data := append(e.rest, p...)
	whole := len(data) - unfinished(data)
	e.rest = bytes.Clone(data[whole:])
	if err := e.print(data[:whole]); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (e *escaped) Close() error {
	rest := e.rest
	e.rest = nil
	return e.print(rest)
}

func (e *escaped) print(data []byte) error {
	var out bytes.Buffer
	for line := range bytes.Lines(data) {
		text, ended := bytes.CutSuffix(line, []byte("\n"))
		if ended {
			text = bytes.TrimSuffix(text, []byte("\r"))
		}
		out.WriteString(visible(string(text)))
		if ended {
			out.WriteByte('\n')
		}
	}
	_, err := e.w.Write(out.Bytes())
	return err
}

// unfinished is how many bytes at the end wait for what follows.
func unfinished(data []byte) int {
	if bytes.HasSuffix(data, []byte("\r")) {
		return 1
	}
	for n := 1; n < utf8.UTFMax && n <= len(data); n++ {
		if utf8.RuneStart(data[len(data)-n]) {
			if utf8.FullRune(data[len(data)-n:]) {
				return 0
			}
			return n
		}
	}
	return 0
}
