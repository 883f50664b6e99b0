package markdown

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// hostile draws what a feed may be called.
func hostile(r *rapid.T, name string) string {
	return rapid.OneOf(
		rapid.String(),
		rapid.Custom(func(r *rapid.T) string { return string(rapid.SliceOf(rapid.Byte()).Draw(r, "bytes")) }),
		rapid.StringOf(rapid.RuneFrom([]rune("|`*_[](){}<>&#@!~\\\"'=+-.:/\n\r\t\x00\x1b\x7f\u0085\u202e\ufffe wx1"))),
		rapid.SampledFrom([]string{
			"]]></system-out></testcase>", "<script>", "&amp;", "@everyone", "#1", "https://evil.example/", "www.evil.example", "ann@evil.example",
			"a\n# TYPE x counter\nx 1", `a"} 1`, "</code>|</td>", "- [ ] x", "::error::x",
		}),
	).Draw(r, name)
}

// Whatever the names hold, a cell is text: what its entities mean is the name,
// and nothing in it is left that Markdown or HTML reads.
func TestMarkdownOfHostileNames(t *testing.T) {
	markup := regexp.MustCompile("[|`*_\\[\\]{}<>@!~\\\\\n\r]|https?:|www\\.|&[^#]|#[^0-9]|[^&]#")
	rapid.Check(t, func(r *rapid.T) {
		name := hostile(r, "name")
		cell := code(name)
		if name == "" {
			return
		}
		inner, ok := strings.CutPrefix(cell, "<code>")
		inner, closed := strings.CutSuffix(inner, "</code>")
		if !ok || !closed || markup.MatchString(inner) {
			r.Fatalf("%q", cell)
		}
		if got := html.UnescapeString(inner); got != safetext.Line(name) {
			r.Fatalf("%q reads as %q", name, got)
		}
	})
}
