package text

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/mitchellh/go-wordwrap"

	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// Diagnostics prints what is wrong with a configuration: for HCL with the line
// it is in, for tables as file:row:column, since a cell's content is never
// shown.
func Diagnostics(w io.Writer, s Style, diags diag.List, files map[string]*diag.Source) {
	for i, d := range diags {
		if i > 0 {
			fmt.Fprintln(w)
		}
		diagnostic(w, s, d, files)
	}
}

func diagnostic(w io.Writer, s Style, d *diag.Diagnostic, files map[string]*diag.Source) {
	label := s.red("Error:")
	switch d.Severity {
	case diag.Info:
		label = s.bold("Info:")
	case diag.Warning:
		label = s.yellow("Warning:")
	}
	fmt.Fprintf(w, "%s %s\n", label, s.bold(safetext.Line(d.Summary)))
	if d.Range != nil && d.Range.File != "" {
		place(w, s, d.Range, files[d.Range.File])
	}
	if d.Detail != "" {
		width := uint(max(s.Width, 40) - 2)
		for _, line := range strings.Split(d.Detail, "\n") {
			for _, part := range strings.Split(wordwrap.WrapString(safetext.Line(line), width), "\n") {
				fmt.Fprintf(w, "  %s\n", part)
			}
		}
	}
}

// secretLine finds a line that could hold a key written as a literal: nothing
// behind its first quote is shown, since quotes can stand in a key too.
var secretLine = regexp.MustCompile(`(?i)((?:consumer_key|token|secret|password|webhook)\s*=[^"]*)".*`)

// secretInside finds credentials within a text, as in the address of a database.
var secretInside = regexp.MustCompile(`(://)[^/\s"@]*(@)|((?i:password|passwd|pwd)\s*=\s*)[^\s"&]+`)

func place(w io.Writer, s Style, at *diag.Range, file *diag.Source) {
	name := safetext.Line(at.File)
	if file == nil {
		fmt.Fprintf(w, "  %s\n", s.faint(fmt.Sprintf("at %s:%d:%d", name, at.Start.Line, at.Start.Column)))
		return
	}
	in := ""
	if file.Block != nil {
		if block := file.Block(offset(file.Text, at)); block != "" {
			in = ", in " + safetext.Line(block)
		}
	}
	fmt.Fprintf(w, "  %s\n", s.faint(fmt.Sprintf("on %s line %d%s:", name, at.Start.Line, in)))
	if line, ok := sourceLine(file.Text, at.Start.Line); ok {
		line = secretLine.ReplaceAllString(line, `$1"***"`)
		line = secretInside.ReplaceAllString(line, `$1$3***$2`)
		fmt.Fprintf(w, "  %s %s\n", s.faint(fmt.Sprintf("%4d:", at.Start.Line)), safetext.Line(strings.TrimRight(strings.ReplaceAll(line, "\t", "  "), " ")))
	}
}

// offset is where a range starts, in bytes. A place that was kept as line and
// column alone has none.
func offset(src []byte, at *diag.Range) int {
	if at.Start.Byte > 0 || at.Start.Line <= 1 {
		return at.Start.Byte
	}
	from := 0
	for range at.Start.Line - 1 {
		i := bytes.IndexByte(src[from:], '\n')
		if i < 0 {
			break
		}
		from += i + 1
	}
	return min(from+max(at.Start.Column-1, 0), len(src))
}

func sourceLine(src []byte, number int) (string, bool) {
	const longest = 200
	for n := 1; ; n++ {
		line, rest, more := bytes.Cut(src, []byte("\n"))
		if n == number {
			text := strings.TrimRight(string(line), "\r")
			if len(text) > longest {
				text = text[:longest] + "…"
			}
			return text, true
		}
		if !more {
			return "", false
		}
		src = rest
	}
}

// Batches prints what happened to the rows of each batch.
func Batches(w io.Writer, r *report.Validation) {
	for _, n := range r.Batches {
		fmt.Fprintf(w, "%s: %s.\n", n.Address, n)
	}
}
