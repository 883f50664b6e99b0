package view

import "strings"

// narrowest is the width below which lines are not made to fit.
const narrowest = 30

// wrapped breaks text at spaces so that each line fits into the width, behind
// an indentation.
func (s Style) wrapped(indent, text string) string {
	return s.wrappedParts(indent, strings.Fields(text))
}

// hanging is wrappedParts behind something that stands in the place of the first
// line's indentation.
func (s Style) hanging(indent string, parts []string) string {
	return strings.TrimPrefix(s.wrappedParts(indent, parts), indent)
}

// wrappedParts breaks only between parts. One that is longer than a line stays
// whole, since people copy ids and names.
func (s Style) wrappedParts(indent string, parts []string) string {
	width := s.Width
	if width == 0 {
		width = DefaultWidth
	}
	width = max(width, narrowest) - len(indent)
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
