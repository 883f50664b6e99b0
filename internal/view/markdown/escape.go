package markdown

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// code makes foreign text a cell of a table that is shown as it is. What
// could be markup, HTML or a link becomes entities, which Markdown reads as
// text; and inside <code> nobody is mentioned, and no issue is referred to.
func code(s string) string {
	if s == "" {
		return ""
	}
	var b strings.Builder
	b.WriteString("<code>")
	text := []rune(safetext.Line(s))
	for i, r := range text {
		beforeWord := i+1 < len(text) && !unicode.IsSpace(text[i+1]) && !unicode.IsDigit(text[i+1])
		switch {
		case r > unicode.MaxASCII, unicode.IsLetter(r), unicode.IsDigit(r), strings.ContainsRune(" ,-%()'\"?;/", r):
			b.WriteRune(r)
		case (r == '.' || r == ':') && !beforeWord: // of an address: www.example.com, https://…
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "&#%d;", r)
		}
	}
	b.WriteString("</code>")
	return b.String()
}
