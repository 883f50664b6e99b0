package text

import (
	"fmt"
	"io"
	"strings"

	"github.com/fatih/color"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/words"
)

// DefaultWidth is assumed where the width of the output is not known.
const DefaultWidth = 80

// Style says how an output is written.
type Style struct {
	Terminal bool // a person looks at it as it is written
	Color    bool
	Width    int // in columns
}

func (s Style) paint(attrs ...color.Attribute) func(string) string {
	if !s.Color {
		return func(text string) string { return text }
	}
	c := color.New(attrs...)
	c.EnableColor()
	return func(text string) string { return c.Sprint(text) }
}

func (s Style) bold(text string) string  { return s.paint(color.Bold)(text) }
func (s Style) faint(text string) string { return s.paint(color.Faint)(text) }
func (s Style) red(text string) string   { return s.paint(color.FgRed, color.Bold)(text) }
func (s Style) yellow(text string) string {
	return s.paint(color.FgYellow, color.Bold)(text)
}
func (s Style) green(text string) string { return s.paint(color.FgGreen)(text) }

// mark is an action's sign at the beginning of a line.
func (s Style) mark(a order.Action) string {
	switch a {
	case order.Acknowledge:
		return s.paint(color.FgCyan)("✓")
	case order.Ship:
		return s.paint(color.FgGreen)("→")
	case order.Correct:
		return s.paint(color.FgYellow)("~")
	case order.Cancel:
		return s.paint(color.FgRed)("✗")
	case order.Insert:
		return s.paint(color.FgGreen)("+")
	}
	return "?"
}

// Error prints an error that ended a command.
func Error(w io.Writer, s Style, err error) { labeled(w, s.red("Error:"), err.Error()) }

// Warning prints something that people should know of and that ended nothing.
func Warning(w io.Writer, s Style, text string) { labeled(w, s.yellow("Warning:"), text) }

// labeled prints what is wrong, and in lines below it what to do.
func labeled(w io.Writer, label, text string) {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	fmt.Fprintf(w, "%s %s\n", label, safetext.Line(lines[0]))
	for _, line := range lines[1:] {
		fmt.Fprintf(w, "  %s\n", safetext.Line(line))
	}
}

func number(n int) string { return words.Number(n) }

func plural(n int, one, many string) string { return words.Count(n, one, many) }
