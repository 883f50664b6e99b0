package html

import (
	"crypto/sha256"
	_ "embed" // for the script and the style
	"encoding/base64"
	"io"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/words"
)

// The script and the style of every page.
var (
	//go:embed assets/report.js
	script string
	//go:embed assets/report.css
	style string
)

// frame is what all pages have around what they say.
type frame struct {
	title, style string
	script       string // none, if it is empty
	head         func(w *writer)
}

// policy forbids the page everything but its script and its style: whatever should
// ever get into it, nothing is loaded, run or sent.
func (f *frame) policy() string {
	scripts := ""
	if f.script != "" {
		scripts = "script-src " + hash(f.script) + "; "
	}
	return "default-src 'none'; " + scripts + "style-src " + hash(f.style) + "; base-uri 'none'; form-action 'none'"
}

// write prints a page around its body.
func (f *frame) write(out io.Writer, body func(w *writer)) error {
	w := &writer{}
	w.WriteString("<!doctype html>\n")
	w.in("html", func() {
		w.in("head", func() {
			w.void("meta", attr("charset", "utf-8"))
			w.void("meta", attr("http-equiv", "Content-Security-Policy"), attr("content", f.policy()))
			for _, m := range []struct{ name, content string }{
				{"viewport", "width=device-width, initial-scale=1"}, {"robots", "noindex, nofollow, noarchive"}, {"referrer", "no-referrer"}, {"color-scheme", "light dark"},
			} {
				w.void("meta", attr("name", m.name), attr("content", m.content))
			}
			if f.head != nil {
				f.head(w)
			}
			w.el("title", f.title)
			w.in("style", func() { w.WriteString(f.style) })
		})
		w.in("body", func() {
			body(w)
			if f.script != "" {
				w.in("script", func() { w.WriteString(f.script) })
			}
		})
	}, attr("lang", "en"))
	w.WriteString("\n")
	_, err := io.WriteString(out, w.String())
	return err
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// document is a page: its title, what is in it, and the orders for its script.
type document struct {
	kind, workspace string
	about           string // which plan or run it is
	things          int    // that want a look
	head            func(w *writer)
	body            *writer // sections
	orders          *report.OrderTable
	page            *report.Review
	foot            func(w *writer)
}

func (d *document) title() string {
	if d.workspace == "" {
		return d.kind
	}
	return d.kind + " for " + d.workspace
}

func (d *document) toCheck() string {
	if d.things == 0 {
		return "Nothing to check"
	}
	return words.Count(d.things, "thing", "things") + " to check"
}

// write prints the page.
func (d *document) write(out io.Writer) error {
	f := frame{title: d.title() + ": " + d.toCheck(), style: style, script: script}
	return f.write(out, func(w *writer) {
		w.el("a", "Skip to the table of orders", class("skip"), attr("href", "#orders"))
		w.in("header", func() {
			w.el("p", "gdfctl "+d.about, class("brand"))
			w.el("h1", d.title())
			writeCheck(w, d.toCheck(), d.things)
			d.head(w)
		})
		w.in("main", func() {
			w.WriteString(d.body.String())
			writeOrders(w, d.orders, d.page)
		})
		w.in("footer", func() { d.foot(w) })
	})
}

// writeCheck says how much wants a look.
func writeCheck(w *writer, text string, things int) {
	tone := "check"
	if things == 0 {
		tone = "check fine"
	}
	w.el("p", text, class(tone))
}
