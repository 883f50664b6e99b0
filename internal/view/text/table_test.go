package text

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/report"
)

func TestTableLinesUp(t *testing.T) {
	var out strings.Builder
	err := writeTable(&out, Style{}, []column{{title: "NAME"}, {title: "N", right: true}, {title: "NOTE"}}, [][]string{
		{"Amazon", "7", "first"},
		{"日本", "1200", ""},
		{"café", "", "last"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `
NAME       N  NOTE
Amazon     7  first
日本    1200  –
café       –  last
`
	if diff := cmp.Diff(want[1:], out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestTableColoursDontMoveColumns(t *testing.T) {
	columns := []column{{title: "A"}, {title: "B"}}
	rows := [][]string{{"long text", "x"}}
	var plain, coloured strings.Builder
	if err := writeTable(&plain, Style{}, columns, rows); err != nil {
		t.Fatal(err)
	}
	if err := writeTable(&coloured, Style{Color: true}, columns, rows); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(coloured.String(), "\x1b[1mA\x1b[") {
		t.Errorf("the title is not bold: %q", coloured.String())
	}
	unpainted := strings.NewReplacer("\x1b[1m", "", "\x1b[22m", "", "\x1b[0m", "", "\x1b[0;22m", "").Replace(coloured.String())
	if diff := cmp.Diff(plain.String(), unpainted); diff != "" {
		t.Error(diff)
	}
}

func TestCell(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "–",
		"Amazon":                "Amazon",
		"two\nlines":            `two\nlines`,
		"\x1b[31mred":           `\x1b[31mred`,
		"\u202etxt":             `\u202etxt`,
		"::error::stop":         `\x3a:error::stop`,
		"a::b":                  "a::b",
		"see ##[error]this":     `see #\x23[error]this`,
		"##[group]##[endgroup]": `#\x23[group]#\x23[endgroup]`,
	} {
		if got := cell(text); got != want {
			t.Errorf("cell(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestFieldsLineUp(t *testing.T) {
	var out strings.Builder
	if err := writeFields(&out, Style{}, "Amazon 1", []report.Field{{Name: "id", Value: "x"}, {Name: "tracking_number"}}); err != nil {
		t.Fatal(err)
	}
	want := "Amazon 1\n  id               x\n  tracking_number  –\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}
