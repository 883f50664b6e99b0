package html

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/browser"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/samples"
)

// view prints one report.
type view func(w io.Writer) error

func planOf(d *report.Plan) view { return func(w io.Writer) error { return Plan(w, d) } }

// states are pages as people get to see them.
func states() map[string]view {
	return map[string]view{
		"few": planOf(samples.Few()), "day": planOf(samples.Day()), "large": planOf(samples.Large(50_000)), "failing": planOf(samples.Failing()), "empty": planOf(samples.Empty()),
		"applied":  func(w io.Writer) error { return Apply(w, samples.Applied()) },
		"verified": func(w io.Writer) error { return Verified(w, samples.Verified(hostile...)) },
		"quiet":    func(w io.Writer) error { return Verified(w, samples.NothingOpen()) },
		"nasty":    planOf(samples.Nasty(hostile...)),
	}
}

// hostile are texts that want to be something.
var hostile = []string{
	"</script><script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "\u202egnp.exe", "שלום עולם", "a\u2028b", "<!--<script>", "&lt;b&gt;", "javascript:alert(1)", strings.Repeat("W", 300), "x\x00\x1b[31m", "']} {{ . }}",
}

// file writes a page for the browser.
func file(t testing.TB, v view) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "report.html")
	out, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := v(out); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

// The picture of a page in the documents is drawn again by `make picture`. What a
// browser draws depends on the machine's fonts, so it is not compared.
func TestPictureOfTheDocuments(t *testing.T) {
	if os.Getenv("GDFCTL_UPDATE_SCRIPTS") == "" {
		t.Skip("it is drawn by `make picture`")
	}
	chromium, screen := browser.Open(t), browser.Screen{Width: 1100, Height: 1000}
	chromium.Show(t, file(t, planOf(samples.Day())), screen).Picture(t, "../../../docs/images/plan-page.png", 0)
	chromium.Visit(t, served(t, samples.AgentWorkspace()), screen).Picture(t, "../../../docs/images/agent-page.png", 0)
}

// With GDF_PICTURES, pictures of all states are written to that folder, for people to
// look at after the style was changed.
func TestPictures(t *testing.T) {
	folder := os.Getenv("GDF_PICTURES")
	if folder == "" {
		t.Skip("GDF_PICTURES names no folder")
	}
	chromium := browser.Open(t)
	for name, v := range states() {
		page := file(t, v)
		for _, s := range append(screens, browser.Paper) {
			shown := chromium.Show(t, page, s)
			shown.Picture(t, filepath.Join(folder, name+"-"+s.String()+".png"), 3600)
			shown.Eval(t, "document.getElementById('orders').scrollIntoView(); scrollBy(0, 400); new Promise(done => setTimeout(done, 100))", nil)
			shown.Picture(t, filepath.Join(folder, name+"-"+s.String()+"-orders.png"), 0)
		}
	}
}
