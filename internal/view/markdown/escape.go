package markdown

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// How many bytes of markup foreign text may take. A report has room for 25 of each
// kind of change that can't be undone, whatever their names hold.
const (
	mostName   = 200
	mostValue  = 120
	mostReason = 300
)

// plain shows foreign text as it is. Text that a forge could read as a mention, a
// reference or markup stands in <code>, where nothing is read.
func plain(s string, most int) string {
	if line := safetext.Line(s); harmless(line) {
		return entities(line, most)
	}
	return code(s, most)
}

// code shows foreign text as it is. What could be markup, HTML or a link becomes
// entities, which Markdown reads as text; and inside <code> nobody is mentioned,
// and no issue is referred to.
func code(s string, most int) string {
	if s == "" {
		return ""
	}
	return "<code>" + entities(safetext.Line(s), most) + "</code>"
}

// entities writes at most so many bytes, and whole characters.
func entities(line string, most int) string {
	var b strings.Builder
	text := []rune(line)
	for i, r := range text {
		before := b.Len()
		switch {
		case r > unicode.MaxASCII, unicode.IsLetter(r), unicode.IsDigit(r), strings.ContainsRune(" ,-%()'\"?;/", r):
			b.WriteRune(r)
		case r == '.' && !endsInWWW(text[:i]), r == ':' && (i+1 == len(text) || text[i+1] != '/'): // www.example.com, https://…
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "&#%d;", r)
		}
		if b.Len() > most {
			return b.String()[:before] + "…"
		}
	}
	return b.String()
}

func endsInWWW(text []rune) bool {
	return len(text) >= 3 && strings.EqualFold(string(text[len(text)-3:]), "www")
}

// read is what forges read in text: an issue's number, an emoji, an address of the
// web, a commit.
var read = regexp.MustCompile(`(?i)\bgh-\d|:[a-z0-9_+-]+:|www\.|://|[%&]\S|\b\d*[a-f][0-9a-f]{6,}\b`)

// harmless reports whether a text means to a forge what it means to people.
func harmless(line string) bool {
	for _, r := range line {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" ,-()'./:;?%&_=+\"…→–·’", r) {
			return false
		}
	}
	return !read.MatchString(line)
}

// link is text, which is Markdown already, that leads to a page of the web. Without
// a page it is the text.
func link(text, page string) string {
	if page == "" {
		return text
	}
	return "[" + text + "](" + page + ")"
}
