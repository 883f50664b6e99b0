package samples

import (
	"strings"

	"pgregory.net/rapid"
)

// Hostile draws what an order, a feed or a file may be called.
func Hostile(r *rapid.T, name string) string {
	return rapid.OneOf(
		rapid.String(),
		rapid.Custom(func(r *rapid.T) string { return string(rapid.SliceOf(rapid.Byte()).Draw(r, "bytes")) }),
		rapid.StringOf(rapid.RuneFrom([]rune("|`*_[](){}<>&#@!~\\\"'=+-.:/%$^\n\r\t\x00\x1b\x7f\u0085\u202e\ufffe wx1"))),
		rapid.SampledFrom([]string{
			"]]></system-out></testcase>", "<script>", "</script><script>alert(1)</script>", "<!--<script>", "</style>", "</title>", "\" onmouseover=\"x", "' autofocus onfocus='x", "javascript:alert(1)", "a\u2028b\u2029c", "&#60;b&#62;", "\ufeffx", "\u200fabc\u2066", "&amp;", "@everyone", "@all", "#1", "!1", "%1", "~bug", "$1", "&1", "GH-12", ":tada:", "https://evil.example/", "www.evil.example", "ann@evil.example",
			"a\n# TYPE x counter\nx 1", `a"} 1`, "</code>|</td>", "- [ ] x", "::error::x", "/merge", "\n/merge", "/close\n/assign @ann", "|", "||", "</details>", "-->", "--> <!-- gdfctl:plan x -->", "```", "~~~",
			"](https://evil.example/)", "![x](y)", "\u202egnp.exe", "שלום", "0123456789abcdef0123456789abcdef01234567", "# x", "> x", "1. x", "    x", "---", "===", "<!--", "<br>", "PULL PARCEL | x",
		}),
		rapid.Custom(func(r *rapid.T) string {
			return strings.Repeat(rapid.SampledFrom([]string{"x", "|", "@a ", "\u202e", "/merge\n", "</details>"}).Draw(r, "unit"), 10_000/4)
		}),
	).Draw(r, name)
}
