package annotate

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Most is how many errors, and how many warnings, GitHub shows of a step.
const Most = 10

const (
	mostTitle = 200 // characters
	mostText  = 1000
)

// note is one annotation. Line and column are 0 where they are not known.
type note struct {
	file         string
	line, column int
	title, text  string
}

// List collects what a command found. The zero value is ready; a nil list takes
// everything and keeps nothing.
type List struct {
	// Path is a file's path from the root of the repository. Nil: files are named
	// as they are.
	Path func(file string) string

	errors, warnings         []note
	moreErrors, moreWarnings int
}

func (l *List) fail(n note) { add(&l.errors, &l.moreErrors, n) }
func (l *List) warn(n note) { add(&l.warnings, &l.moreWarnings, n) }

func add(notes *[]note, more *int, n note) {
	switch {
	case slices.Contains(*notes, n):
	case len(*notes) < Most:
		*notes = append(*notes, n)
	default:
		*more++
	}
}

// Write prints the annotations, errors first.
func (l *List) Write(w io.Writer) error {
	var b strings.Builder
	for _, n := range l.errors {
		l.command(&b, "error", n)
	}
	for _, n := range l.warnings {
		l.command(&b, "warning", n)
	}
	var more []string
	if l.moreErrors > 0 {
		more = append(more, words.Count(l.moreErrors, "more error", "more errors"))
	}
	if l.moreWarnings > 0 {
		more = append(more, words.Count(l.moreWarnings, "more warning", "more warnings"))
	}
	if len(more) > 0 {
		l.command(&b, "notice", note{title: "gdfctl", text: strings.Join(more, " and ") + ": the log of this step lists them"})
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// command writes one annotation as GitHub documents it.
func (l *List) command(b *strings.Builder, name string, n note) {
	var properties []string
	if n.file != "" {
		file := n.file
		if l.Path != nil {
			file = l.Path(file)
		}
		properties = append(properties, "file="+property(file))
		if n.line > 0 {
			properties = append(properties, fmt.Sprintf("line=%d", n.line))
		}
		if n.column > 0 {
			properties = append(properties, fmt.Sprintf("col=%d", n.column))
		}
	}
	properties = append(properties, "title="+property(cut(n.title, mostTitle)))
	fmt.Fprintf(b, "::%s %s::%s\n", name, strings.Join(properties, ","), data(cut(n.text, mostText)))
}

var (
	escapeData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	escapeProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// data is a text of several lines, each of which is fit to be shown.
func data(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range lines {
		lines[i] = safetext.Line(line)
	}
	return escapeData.Replace(strings.Join(lines, "\n"))
}

func property(text string) string { return escapeProperty.Replace(safetext.Line(text)) }

func cut(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
