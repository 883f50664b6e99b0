package picture_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/picture"
)

func TestSVG(t *testing.T) {
	screen := picture.Terminal{Title: "a < b", Columns: 30, Command: "echo", Output: "  \x1b[31;1mred\x1b[0m & plain\n\nlast  \x1b[2mfaint\x1b[0m\n"}
	got, err := screen.SVG(picture.Dark)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`<title id="title">a &lt; b</title>`,
		`<tspan x="20" y="55" textLength="16.8">  </tspan><tspan x="36.8" y="55" class="bold red" textLength="25.2">red</tspan><tspan x="62" y="55" textLength="67.2"> &amp; plain</tspan>`,
		`class="faint" textLength="42">faint</tspan>`,
		`width="292" height="120"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	if strings.ContainsAny(got, "\x1b\x00") {
		t.Error("an escape sequence is left")
	}
	wellFormed(t, got)
}

func wellFormed(t *testing.T, svg string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(svg)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestSVGRefuses(t *testing.T) {
	for output, want := range map[string]string{
		"\x1b[2Jcleared": "sets no color", "\x1b]0;title\a": "sets no color", "\x1b[7mx\x1b[0m": `"7" is unknown`,
		strings.Repeat("x", 31): "line 2: 31 characters are too many",
	} {
		if _, err := (picture.Terminal{Columns: 30, Output: output}).SVG(picture.Light); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", output, err, want)
		}
	}
}
