package text

import (
	"fmt"
	"io"
	"regexp"
	"strings"
)

// narrowest is the width below which lines are not made to fit.
const narrowest = 30

// wrapped breaks text at spaces so that each line fits into the width, behind
// an indentation.
func (s Style) wrapped(indent, text string) string {
	return s.wrappedParts(indent, strings.Fields(text))
}

// Sentence prints a sentence in as many lines as it needs.
func Sentence(w io.Writer, s Style, text string) { fmt.Fprintln(w, s.wrappedParts("", spoken(text))) }

// Step prints one of several things to do, behind its number.
func Step(w io.Writer, s Style, number int, text string) {
	fmt.Fprintf(w, "  %d. %s\n", number, s.hanging("     ", spoken(text)))
}

// spoken are the words of a text. A command between backticks is one, since people copy it.
func spoken(text string) []string {
	var parts []string
	for i, span := range strings.Split(text, "`") {
		switch {
		case i%2 == 0:
			words := strings.Fields(span)
			if i > 0 && len(words) > 0 && !strings.HasPrefix(span, " ") { // what ends a sentence
				parts[len(parts)-1] += words[0]
				words = words[1:]
			}
			parts = append(parts, words...)
		default:
			parts = append(parts, "`"+span+"`")
		}
	}
	return parts
}

// hanging is wrappedParts behind something that stands in the place of the first
// line's indentation.
func (s Style) hanging(indent string, parts []string) string {
	return strings.TrimPrefix(s.wrappedParts(indent, parts), indent)
}

// wrappedParts breaks only between parts. One that is longer than a line stays
// whole, since people copy ids and names.
func (s Style) wrappedParts(indent string, parts []string) string {
	width := s.columns() - len(indent)
	var out strings.Builder
	column := 0
	for _, part := range parts {
		size := cells.StringWidth(part)
		switch {
		case column == 0:
			out.WriteString(indent)
		case column+1+size > width:
			out.WriteString("\n" + indent)
			column = 0
		default:
			out.WriteByte(' ')
			column++
		}
		out.WriteString(part)
		column += size
	}
	return out.String()
}

// columns is the width that lines are made to fit into.
func (s Style) columns() int {
	if s.Width == 0 {
		return DefaultWidth
	}
	return max(s.Width, narrowest)
}

// colorCode is what paints text; it takes no room.
var colorCode = regexp.MustCompile("\x1b\\[[0-9;]*m")

// displayWidth is how many columns a text takes, colors aside.
func displayWidth(text string) int { return cells.StringWidth(colorCode.ReplaceAllString(text, "")) }

// flow joins the parts that are not empty, and breaks the line before one that
// does not fit any more. first begins the text, rest each further line. Parts
// stay whole, as in wrappedParts.
func (s Style) flow(first, rest, gap string, parts []string) string {
	var out strings.Builder
	out.WriteString(first)
	column, begun := displayWidth(first), false
	for _, part := range parts {
		if part == "" {
			continue
		}
		size := displayWidth(part)
		switch {
		case !begun && (column+size <= s.columns() || column <= len(rest)):
		case !begun, column+len(gap)+size > s.columns():
			out.WriteString("\n" + rest)
			column = len(rest)
		default:
			out.WriteString(gap)
			column += len(gap)
		}
		out.WriteString(part)
		column += size
		begun = true
	}
	return out.String()
}
