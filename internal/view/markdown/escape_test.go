package markdown

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// hostile draws what an order, a feed or a file may be called.
func hostile(r *rapid.T, name string) string {
	return rapid.OneOf(
		rapid.String(),
		rapid.Custom(func(r *rapid.T) string { return string(rapid.SliceOf(rapid.Byte()).Draw(r, "bytes")) }),
		rapid.StringOf(rapid.RuneFrom([]rune("|`*_[](){}<>&#@!~\\\"'=+-.:/%$^\n\r\t\x00\x1b\x7f\u0085\u202e\ufffe wx1"))),
		rapid.SampledFrom([]string{
			"]]></system-out></testcase>", "<script>", "&amp;", "@everyone", "@all", "#1", "!1", "%1", "~bug", "$1", "&1", "GH-12", ":tada:", "https://evil.example/", "www.evil.example", "ann@evil.example",
			"a\n# TYPE x counter\nx 1", `a"} 1`, "</code>|</td>", "- [ ] x", "::error::x", "/merge", "\n/merge", "/close\n/assign @ann", "|", "||", "</details>", "-->", "--> <!-- gdfctl:plan x -->", "```", "~~~",
			"](https://evil.example/)", "![x](y)", "\u202egnp.exe", "שלום", "0123456789abcdef0123456789abcdef01234567", "# x", "> x", "1. x", "    x", "---", "===", "<!--", "<br>", "PULL PARCEL | x",
		}),
		rapid.Custom(func(r *rapid.T) string {
			return strings.Repeat(rapid.SampledFrom([]string{"x", "|", "@a ", "\u202e", "/merge\n", "</details>"}).Draw(r, "unit"), 10_000/4)
		}),
	).Draw(r, name)
}

// Whatever a name holds, it is text: what its entities mean is the name, and nothing
// in it is left that Markdown, HTML or a forge reads.
func TestMarkdownOfHostileNames(t *testing.T) {
	markup := regexp.MustCompile("[|`*_\\[\\]{}<>@!~\\\\\n\r$+=^]|://|(?i:www\\.)|&[^#]|#[^0-9]|[^&]#")
	rapid.Check(t, func(r *rapid.T) {
		name := hostile(r, "name")
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
