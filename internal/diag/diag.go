package diag

import (
	"fmt"
	"slices"
)

// Severity is how much a diagnostic matters.
type Severity string

// The severities. An Info is worth knowing, and nothing has to be corrected.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Info    Severity = "info"
)

// Diagnostic is one thing that people should know about what they wrote.
type Diagnostic struct {
	Severity Severity
	Summary  string
	Detail   string // what to do about it
	Range    *Range // nil where it has no place in a file
}

// Range is a part of a file.
type Range struct {
	File       string
	Start, End Pos
}

// Pos is a position in a file. Line and Column begin at 1.
type Pos struct {
	Line, Column int
	Byte         int // 0 where it was not kept
}

// List is diagnostics in the order in which they are shown.
type List []*Diagnostic

// HasErrors reports whether one of them is an error.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d *Diagnostic) bool { return d.Severity == Error })
}

// Source is the text of a file that diagnostics are about, for the lines that are
// shown with them.
type Source struct {
	Text []byte
	// Block names the block around an offset, "" if there is none. It may be nil.
	Block func(offset int) string
}

// Error is the diagnostic in one line.
func (d *Diagnostic) Error() string {
	at := ""
	if d.Range != nil {
		at = fmt.Sprintf("%s:%d,%d: ", d.Range.File, d.Range.Start.Line, d.Range.Start.Column)
	}
	return at + d.Summary + "; " + d.Detail
}

// Error is the first diagnostic, and how many more there are.
func (l List) Error() string {
	switch len(l) {
	case 0:
		return "no diagnostics"
	case 1:
		return l[0].Error()
	}
	return fmt.Sprintf("%s, and %d more", l[0].Error(), len(l)-1)
}
