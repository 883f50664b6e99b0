package picture

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Scheme is the colors of a picture.
type Scheme struct {
	background, border, foreground, faint string
	colors                                map[string]string
}

// Light and Dark are readable on a light and on a dark page: every color has a
// contrast of 4.5 to 1 or more with its background.
var (
	Light = Scheme{
		background: "#ffffff", border: "#d0d7de", foreground: "#1f2328", faint: "#59636e",
		colors: map[string]string{"red": "#cf222e", "green": "#116329", "yellow": "#7d4e00", "blue": "#0550ae", "magenta": "#8250df", "cyan": "#0f6674"},
	}
	Dark = Scheme{
		background: "#0d1117", border: "#3d444d", foreground: "#e6edf3", faint: "#9198a1",
		colors: map[string]string{"red": "#ff7b72", "green": "#56d364", "yellow": "#e3b341", "blue": "#79c0ff", "magenta": "#d2a8ff", "cyan": "#76e3ea"},
	}
)

const (
	columnWidth = 8.4 // of a character, in pixels
	fontSize    = 14
	lineHeight  = 20
	padding     = 20
)

// fonts are tried in turn. A picture on a page can't load any.
const fonts = "ui-monospace, SFMono-Regular, 'SF Mono', Menlo, Consolas, 'Liberation Mono', 'DejaVu Sans Mono', monospace"

// Terminal is a screen: a command and what it printed, escape sequences included.
type Terminal struct {
	Title   string // for those who can't see the picture
	Columns int
	Command string
	Output  string
}

// SVG draws the screen. A line that is longer than the screen is wide is an
// error, as is an escape sequence that sets no color.
func (t Terminal) SVG(s Scheme) (string, error) {
	lines := append([]string{"\x1b[2m$\x1b[0m \x1b[1m" + t.Command + "\x1b[0m"}, strings.Split(strings.TrimRight(t.Output, "\n"), "\n")...)
	width, height := 2*padding+pixels(t.Columns), 2*padding+len(lines)*lineHeight
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title" width="%s" height="%d" viewBox="0 0 %[1]s %[2]d">`+"\n", number(width), height)
	fmt.Fprintf(&b, "<title id=\"title\">%s</title>\n", escape(t.Title))
	b.WriteString(t.styles(s))
	fmt.Fprintf(&b, `<rect x="0.5" y="0.5" width="%s" height="%d" rx="8" fill="%s" stroke="%s"/>`+"\n", number(width-1), height-1, s.background, s.border)
	for i, line := range lines {
		pieces, err := spans(line)
		if err != nil {
			return "", fmt.Errorf("line %d: %w", i+1, err)
		}
		if err := drawLine(&b, pieces, t.Columns, padding+i*lineHeight+lineHeight*3/4); err != nil {
			return "", fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	b.WriteString("</svg>\n")
	return b.String(), nil
}

func (t Terminal) styles(s Scheme) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<style>\ntext { font: %dpx %s; white-space: pre; fill: %s }\n.bold { font-weight: 600 }\n.faint { fill: %s }\n", fontSize, fonts, s.foreground, s.faint)
	for _, name := range []string{"red", "green", "yellow", "blue", "magenta", "cyan"} {
		fmt.Fprintf(&b, ".%s { fill: %s }\n", name, s.colors[name])
	}
	b.WriteString("</style>\n")
	return b.String()
}

// drawLine draws the pieces of a line, each at its column: in whatever font it is
// shown, columns stay below each other. Blanks are text too, for those who copy it.
func drawLine(b *strings.Builder, pieces []span, columns, y int) error {
	column := 0
	b.WriteString("<text xml:space=\"preserve\">")
	for _, piece := range pieces {
		n := utf8.RuneCountInString(piece.text)
		fmt.Fprintf(b, `<tspan x="%s" y="%d"%s textLength="%s">%s</tspan>`,
			number(padding+pixels(column)), y, piece.class(), number(pixels(n)), escape(piece.text))
		column += n
	}
	b.WriteString("</text>\n")
	if column > columns {
		return fmt.Errorf("%d characters are too many for %d columns", column, columns)
	}
	return nil
}

func (s span) class() string {
	var names []string
	if s.bold {
		names = append(names, "bold")
	}
	switch {
	case s.color != "":
		names = append(names, s.color)
	case s.faint:
		names = append(names, "faint")
	}
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf(" class=%q", strings.Join(names, " "))
}

func pixels(columns int) float64 { return float64(columns) * columnWidth }

// number writes a length without digits that nobody sees.
func number(f float64) string {
	return strings.TrimSuffix(fmt.Sprintf("%.1f", f), ".0")
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace
