package markdown

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"
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
func page(body, script string) string {
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
</style><article>` + body + `</article>` + script
}

// measure writes what a reader's screen shows into the page.
const measure = `<script>
const wide = [...document.querySelectorAll('table')].filter(t => t.scrollWidth > t.clientWidth + 1 && !t.closest('details')).length;
const bottom = Math.max(...[...document.querySelectorAll('h4')].filter(h => h.textContent.includes('Cancel')).map(h => { let e = h; while (e && e.tagName != 'TABLE') e = e.nextElementSibling; return e.getBoundingClientRect().bottom }));
document.title = [document.documentElement.clientWidth, document.documentElement.scrollWidth, wide, Math.ceil(bottom)].join(' ');
</script>`

// chromium is the browser that shows pages. Where everything must be there, it must.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	const text = "chromium is not installed: run `make prepare`"
	if os.Getenv("GDF_REQUIRE_STORES") != "" {
		t.Fatal(text)
	}
	t.Skip(text)
	return ""
}

// On a phone nothing has to be moved sideways, and what can't be undone is within the
// first screen and a half.
func TestThePlanOnAPhone(t *testing.T) {
	browser := chromium(t)
	dir := t.TempDir()
	// A window of a browser without a screen is at least 500 pixels wide: a frame is
	// as wide as it is told to be.
	inner := filepath.Join(dir, "page.html")
	if err := os.WriteFile(inner, []byte(page(rendered(t, planText(t, drawn())), measure)), 0o644); err != nil {
		t.Fatal(err)
	}
	outer := filepath.Join(dir, "phone.html")
	frame := `<!doctype html><iframe id="f" src="page.html" width="390" height="844" style="border:0"></iframe><p id="said"></p>
<script>f.onload = () => { said.textContent = 'measured ' + f.contentDocument.title + ' end' }</script>`
	if err := os.WriteFile(outer, []byte(frame), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--allow-file-access-from-files", //nolint:gosec // the browser
		"--user-data-dir="+filepath.Join(dir, "profile"), "--dump-dom", "file://"+outer)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`measured (\d+) (\d+) (\d+) (\d+) end`).FindStringSubmatch(string(out))
	if m == nil {
		t.Fatalf("nothing was measured:\n%.2000s", out)
	}
	var n [4]int
	for i := range n {
		n[i], _ = strconv.Atoi(m[i+1])
	}
	// The frame may show a bar of 15 pixels at its side.
	if width, needed, tables, bottom := n[0], n[1], n[2], n[3]; width < 370 || width > 390 || needed > width || tables > 0 || bottom <= 0 || bottom > 844*3/2 {
		t.Errorf("the page is %d pixels wide and needs %d; %d tables have to be moved; the cancels end at %d", width, needed, tables, bottom)
	}
}
