package csv

import (
	stdcsv "encoding/csv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCSVCell(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "",
		"Amazon":                  "Amazon",
		"12":                      "12",
		"-12":                     "-12",
		"-12.50":                  "-12.50",
		"-":                       "'-",
		"-12+cmd|' /C calc'!A0":   "'-12+cmd|' /C calc'!A0",
		"-.5":                     "'-.5",
		"=1+1":                    "'=1+1",
		"+1 305 555 0162":         "'+1 305 555 0162",
		"@SUM(A1)":                "'@SUM(A1)",
		"  =1+1":                  "'  =1+1",
		"\t=1+1":                  `\t=1+1`,
		"\r=1+1":                  `\r=1+1`,
		"a=b":                     "a=b",
		"\x1b]0;title\a":          `\x1b]0;title\x07`,
		`=HYPERLINK("http://x/")`: `'=HYPERLINK("http://x/")`,
	} {
		if got := cell(text); got != want {
			t.Errorf("cell(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestCSVIsReadBack(t *testing.T) {
	rows := [][]string{{"a, b", `say "so"`}, {"", "é"}}
	var out strings.Builder
	if err := write(&out, []string{"x", "y"}, rows); err != nil {
		t.Fatal(err)
	}
	got, err := stdcsv.NewReader(strings.NewReader(out.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(append([][]string{{"x", "y"}}, rows...), got); diff != "" {
		t.Error(diff)
	}
}
