package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/picture"
	"github.com/gdfctl/gdfctl/internal/screen"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

// The pictures of README show what plan prints now, with its colors. `make
// picture` draws them again.
func TestPictureShowsWhatIsPrinted(t *testing.T) {
	const columns = 100
	images, err := filepath.Abs("../../docs/images")
	if err != nil {
		t.Fatal(err)
	}
	w := newExample(t, "../../examples/quickstart")
	var out, errs bytes.Buffer
	p := &program{Screen: screen.Screen{
		Out: &out, Err: &errs, Now: func() time.Time { return w.now }, Env: func(name string) string { return w.env[name] },
		StyleOut: text.Style{Terminal: true, Width: columns},
	}}
	t.Chdir(w.dir)
	if code := run(p, []string{"plan"}); code != 0 {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	screen := picture.Terminal{
		Title:   "A terminal. gdfctl plan shows for each order what would change: the status, the carrier and the tracking number.",
		Columns: columns, Command: "gdfctl plan", Output: out.String(),
	}
	for name, scheme := range map[string]picture.Scheme{"plan-light.svg": picture.Light, "plan-dark.svg": picture.Dark} {
		drawn, err := screen.SVG(scheme)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(images, name)
		if os.Getenv("GDFCTL_UPDATE_SCRIPTS") != "" {
			if err := os.WriteFile(path, []byte(drawn), 0o644); err != nil { //nolint:gosec // part of the documentation
				t.Fatal(err)
			}
		}
		there, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(there), drawn); diff != "" {
			t.Errorf("docs/images/%s is not what plan prints; run make picture\n(-there +printed)\n%s", name, diff)
		}
	}
}
