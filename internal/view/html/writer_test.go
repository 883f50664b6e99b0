package html

import (
	"html"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/view/samples"
)

// Whatever a text holds, the writer writes characters that are shown as it: in an
// element, in an attribute, and in a link, which leads to the web or is none.
func TestHostileTextsAreText(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := samples.Hostile(r, "text")
		w := &writer{}
		w.text(s)
		if text := w.String(); html.UnescapeString(text) != shown(s) || strings.ContainsAny(text, `<>"'`) || strings.Contains(strings.NewReplacer("&amp;", "", "&lt;", "", "&gt;", "", "&#34;", "", "&#39;", "").Replace(text), "&") {
			r.Fatalf("%q is written as %q", s, text)
		}
		if strings.ContainsFunc(w.String(), func(c rune) bool { return !unicode.IsPrint(c) }) {
			r.Fatalf("%q has what nobody sees", w.String())
		}
		for _, page := range []string{s, "https://example.test/" + s} {
			w = &writer{}
			w.link(s, page)
			text := w.String()
			href, isLink := strings.CutPrefix(text, `<a href="`)
			if isLink {
				href, _, _ = strings.Cut(href, `"`)
			}
			if n := strings.Count(text, "<"); n != 2 && (n != 4 || !isLink || !strings.HasPrefix(href, "http://") && !strings.HasPrefix(href, "https://")) {
				r.Fatalf("a link to %q is %q", page, text)
			}
		}
	})
}

// A long text is cut at a character, and says so.
func TestLongTextsAreCut(t *testing.T) {
	for text, want := range map[string]string{
		strings.Repeat("ש", mostShown):    strings.Repeat("ש", mostShown),
		strings.Repeat("ש", mostShown+1):  strings.Repeat("ש", mostShown) + "…",
		strings.Repeat("x", 10*mostShown): strings.Repeat("x", mostShown) + "…",
	} {
		if got := shown(text); got != want {
			t.Errorf("%d characters are shown as %d bytes", len([]rune(text)), len(got))
		}
	}
}
