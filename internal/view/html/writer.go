package html

import (
	"strings"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// tag and name are those of elements and attributes. What is foreign is a string, and
// no string becomes one of them, or markup, without being escaped.
type (
	tag  string
	name string
)

// attribute is one of an element. Its value is escaped where it is written.
type attribute struct {
	name  name
	value string
}

func attr(n name, value string) attribute { return attribute{n, value} }

func class(value string) attribute { return attribute{"class", value} }

// writer writes elements. It closes what it opens.
type writer struct{ strings.Builder }

// void writes an element that has no content.
func (w *writer) void(t tag, attrs ...attribute) {
	w.WriteString("<" + string(t))
	for _, a := range attrs {
		w.WriteString(" " + string(a.name) + `="`)
		w.escaped(a.value)
		w.WriteString(`"`)
	}
	w.WriteString(">")
}

// in writes an element around what content writes.
func (w *writer) in(t tag, content func(), attrs ...attribute) {
	w.void(t, attrs...)
	content()
	w.WriteString("</" + string(t) + ">")
}

// el writes an element with a text.
func (w *writer) el(t tag, text string, attrs ...attribute) {
	w.in(t, func() { w.text(text) }, attrs...)
}

// text writes a text as it is shown.
func (w *writer) text(s string) { w.escaped(s) }

// foreign writes a text within another one. Its direction does not change that of
// what is beside it.
func (w *writer) foreign(s string) { w.el("bdi", s) }

// link writes a text that leads to a page of the web, or the text if there is none.
func (w *writer) link(text, page string) {
	if !isWebPage(page) {
		w.foreign(text)
		return
	}
	w.in("a", func() { w.foreign(text) }, attr("href", page), attr("rel", "noreferrer noopener"))
}

// isWebPage reports whether an address leads to the web and runs nothing.
func isWebPage(page string) bool {
	return strings.HasPrefix(page, "https://") || strings.HasPrefix(page, "http://")
}

// mostShown is how many characters of a text are shown.
const mostShown = 1000

// shown is a text as a page shows it: on one line, with the codes of what nobody sees.
func shown(s string) string {
	line := safetext.Line(s)
	if len(line) <= mostShown {
		return line
	}
	n := 0
	for at := range line {
		if n++; n > mostShown {
			return line[:at] + "…"
		}
	}
	return line
}

// escaped writes characters as what they are shown as: those that nobody sees as
// their codes, those of markup as entities.
func (w *writer) escaped(s string) {
	for _, r := range shown(s) {
		switch r {
		case '&':
			w.WriteString("&amp;")
		case '<':
			w.WriteString("&lt;")
		case '>':
			w.WriteString("&gt;")
		case '"':
			w.WriteString("&#34;")
		case '\'':
			w.WriteString("&#39;")
		default:
			w.WriteRune(r)
		}
	}
}
