package markdown

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/view/samples"
)

// Whatever a name holds, it is text: what its entities mean is the name, and nothing
// in it is left that Markdown, HTML or a forge reads.
func TestMarkdownOfHostileNames(t *testing.T) {
	markup := regexp.MustCompile("[|`*_\\[\\]{}<>@!~\\\\\n\r$+=^]|://|(?i:www\\.)|&[^#]|#[^0-9]|[^&]#")
	rapid.Check(t, func(r *rapid.T) {
		name := samples.Hostile(r, "name")
		if name == "" {
			return
		}
		text := plain(name, mostReason)
		inner, ok := strings.CutPrefix(text, "<code>")
		if inner, _ = strings.CutSuffix(inner, "</code>"); !ok && (read.MatchString(text) || strings.ContainsAny(text, "&#%")) && !harmless(safetext.Line(name)) {
			r.Fatalf("%q can be read as something", text)
		}
		if len(inner) > mostReason+len("…") || markup.MatchString(inner) {
			r.Fatalf("%q", text)
		}
		got, cut := strings.CutSuffix(html.UnescapeString(inner), "…")
		if want := safetext.Line(name); got != want && !(cut && strings.HasPrefix(want, got)) && !strings.HasSuffix(want, "…") {
			r.Fatalf("%q reads as %q", name, got)
		}
	})
}
