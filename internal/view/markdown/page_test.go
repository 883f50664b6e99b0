package markdown

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"

	"github.com/gdfctl/gdfctl/internal/browser"
	"github.com/gdfctl/gdfctl/internal/view/samples"
)

// rendered is the Markdown as HTML. Unsafe keeps our <code>, <br> and <details>: what
// is foreign must be harmless by itself.
func rendered(t interface{ Fatal(...any) }, text string) string {
	var out strings.Builder
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(html.WithUnsafe())).Convert([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// page is how a forge shows a comment: GitHub's sizes and margins, and a table that
// scrolls by itself where it is too wide.
func page(body string) string {
	return `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<style>
body { margin: 0; font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; color: #1f2328; overflow-wrap: break-word }
article { margin: 16px; max-width: 860px }
h3 { font-size: 1.25em; margin: 24px 0 16px } h4 { font-size: 1em; margin: 24px 0 16px } p, table, details, blockquote { margin: 0 0 16px }
article > :first-child { margin-top: 0 }
table { display: block; width: max-content; max-width: 100%; overflow: auto; border-collapse: collapse }
th, td { padding: 6px 13px; border: 1px solid #d1d9e0 } tr:nth-child(2n) { background: #f6f8fa }
code { font: 85% ui-monospace, "DejaVu Sans Mono", monospace; background: #818b981f; padding: .2em .4em; border-radius: 6px; white-space: break-spaces }
a { color: #0969da } blockquote { padding: 0 1em; color: #59636e; border-left: .25em solid #d1d9e0 }
</style><article>` + body + `</article>`
}

// On a phone nothing has to be moved sideways, and what can't be undone is within the
// first screen and a half.
func TestThePlanOnAPhone(t *testing.T) {
	chromium := browser.Open(t)
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, []byte(page(rendered(t, planText(t, samples.Day())))), 0o600); err != nil {
		t.Fatal(err)
	}
	screen := browser.Phone
	shown := chromium.Show(t, file, screen)
	var is struct{ Width, Needed, Tables, Bottom int }
	shown.Eval(t, `({
		width: document.documentElement.clientWidth, needed: document.documentElement.scrollWidth,
		tables: [...document.querySelectorAll('table')].filter(t => t.scrollWidth > t.clientWidth + 1 && !t.closest('details')).length,
		bottom: Math.ceil(Math.max(...[...document.querySelectorAll('h4')].filter(h => h.textContent.includes('Cancel')).map(h => { let e = h; while (e && e.tagName != 'TABLE') e = e.nextElementSibling; return e.getBoundingClientRect().bottom })))
	})`, &is)
	if is.Width != screen.Width || is.Needed > is.Width || is.Tables > 0 || is.Bottom <= 0 || is.Bottom > screen.Height*3/2 {
		t.Errorf("the page is %d pixels wide and needs %d; %d tables have to be moved; the cancels end at %d", is.Width, is.Needed, is.Tables, is.Bottom)
	}
}

// So is a status: what needs somebody, and the commands that help, fit.
func TestTheStatusOnAPhone(t *testing.T) {
	var out strings.Builder
	if err := Status(&out, samples.Morning()); err != nil {
		t.Fatal(err)
	}
	chromium := browser.Open(t)
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, []byte(page(rendered(t, out.String()))), 0o600); err != nil {
		t.Fatal(err)
	}
	shown := chromium.Show(t, file, browser.Phone)
	if folder := os.Getenv("GDF_PICTURES"); folder != "" {
		shown.Picture(t, filepath.Join(folder, "status.png"), 1600)
	}
	var is struct{ Width, Needed, Tables int }
	shown.Eval(t, `({
		width: document.documentElement.clientWidth, needed: document.documentElement.scrollWidth,
		tables: [...document.querySelectorAll('table')].filter(t => t.scrollWidth > t.clientWidth + 1).length,
	})`, &is)
	if is.Width != browser.Phone.Width || is.Needed > is.Width || is.Tables > 0 {
		t.Errorf("the page is %d pixels wide and needs %d; %d tables have to be moved", is.Width, is.Needed, is.Tables)
	}
}
