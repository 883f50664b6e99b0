package view_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/compilation"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/csv"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

func TestFeedsTellAbsentFromZero(t *testing.T) {
	feeds := []godatafeed.Feed{
		{ID: "a=", Name: "Counted", Status: "Completed", Counts: &compilation.Counts{Total: 1200, Warnings: 3}, Score: 87.5, LastCompiled: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)},
		{ID: "b=", Name: "##[error]", Status: "Processing"},
		{ID: "c=", Name: "Total", Status: "Completed", Counts: &compilation.Counts{Total: 7, NoValid: true, NoWarnings: true, NoErrors: true}},
	}
	want := map[report.Format]string{
		report.Text: `
NAME          STATUS      TOTAL  VALID  WARNINGS  ERRORS  SCORE  COMPILED              ID
Counted       Completed    1200      0         3       0   87.5  2026-11-20 12:00:00Z  a=
#\x23[error]  Processing      –      –         –       –      –  –                     b=
Total         Completed       7      –         –       –      –  –                     c=
`,
		report.CSV: `
id,name,status,file_name,total,valid,warnings,errors,score,compiled_at,submitted_at,pulled_at
a=,Counted,Completed,,1200,0,3,0,87.5,2026-11-20T12:00:00Z,,
b=,#\x23[error],Processing,,,,,,,,,
c=,Total,Completed,,7,,,,,,,
`,
	}
	for format, wanted := range want {
		t.Run(string(format), func(t *testing.T) {
			var out strings.Builder
			list := report.Feeds(feeds)
			print := func() error { return text.Feeds(&out, text.Style{}, list) }
			if format == report.CSV {
				print = func() error { return csv.Feeds(&out, list) }
			}
			if err := print(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(wanted[1:], out.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFeedJSONTellsAbsentFromZero(t *testing.T) {
	var out strings.Builder
	if err := json.Object(&out, report.OneFeed(godatafeed.Feed{ID: "a", Counts: &compilation.Counts{}})); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{`"total": 0`, `"score": null`, `"compiled_at": null`} {
		if !strings.Contains(out.String(), line) {
			t.Errorf("no %s in %s", line, out.String())
		}
	}
}
