package table_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/table"
)

// A known header is found below other lines, whatever those are divided by.
func TestKnownHeaders(t *testing.T) {
	exact := func(names []string) bool { return slices.Contains(names, "id") && slices.Contains(names, "n") }
	loose := func(names []string) bool { return slices.Contains(names, "ID") && slices.Contains(names, "N") }
	for name, c := range map[string]struct {
		text string
		o    table.CSVOptions
		want []string
	}{
		"first":               {"id,n\na,1\n", table.CSVOptions{}, []string{"x.csv:2 a|1"}},
		"below lines":         {"a;b;c\n\n,,,\n\"x, y\"\nid,n\na,1\n", table.CSVOptions{}, []string{"x.csv:6 a|1"}},
		"another delimiter":   {"TemplateType=x\tb\tc\tid,n\nid\tn\tz\na\t1\tb\n", table.CSVOptions{}, []string{"x.csv:3 a|1|b"}},
		"a surer one later":   {"ID,N\nid,n\na,1\n", table.CSVOptions{}, []string{"x.csv:3 a|1"}},
		"only the loose one":  {"x\nID;N\na;1\n", table.CSVOptions{}, []string{"x.csv:3 a|1"}},
		"quoted":              {"\"a\n\"id\";\"n\"\na;1\n", table.CSVOptions{}, []string{"x.csv:3 a|1"}},
		"named delimiter":     {"sep=|\nid|n\na|1\n", table.CSVOptions{}, []string{"x.csv:3 a|1"}},
		"a delimiter is told": {"id,n\nid~n\na~1\n", table.CSVOptions{Delimiter: '~'}, []string{"x.csv:3 a|1"}},
		"a line is told":      {"id,n\nx,y\na,1\n", table.CSVOptions{HeaderLine: 2}, []string{"x.csv:3 a|1"}},
		"columns are told":    {"id,n\na,1\n", table.CSVOptions{Columns: []string{"x", "y"}}, []string{"x.csv:1 id|n", "x.csv:2 a|1"}},
		"none":                {"x,y\na,1\n", table.CSVOptions{}, []string{"x.csv:2 a|1"}},
		"old Macs":            {"x\rid,n\ra,1\r", table.CSVOptions{}, []string{"x.csv:3 a|1"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.o.Headers = []func([]string) bool{exact, loose}
			got, err := readCSV(rootWith(t, map[string]string{"x.csv": c.text}), "x.csv", c.o)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Each file has its own header line, and its own columns behind a further name.
func TestFurtherNames(t *testing.T) {
	root := rootWith(t, map[string]string{"d/1.csv": "x\nNo,n\na,1\n", "d/2.csv": "n,Nr,No\n2,b,c\n"})
	o := table.CSVOptions{
		Headers: []func([]string) bool{func(names []string) bool { return slices.Contains(names, "n") }},
		Names: func(names []string) map[string][]int {
			var at []int
			for i, name := range names {
				if name == "No" || name == "Nr" {
					at = append(at, i)
				}
			}
			return map[string][]int{"number": at, "none": nil}
		},
	}
	var got []string
	for row, err := range table.CSV(root, "d/*.csv", o) {
		if err != nil {
			t.Fatal(err)
		}
		cell, _ := row.Cell("number")
		if _, ok := row.Header.Index("none"); ok {
			t.Error("a name without a column")
		}
		if row.Header.Twice("number") {
			cell += " ambiguous"
		}
		own, _ := row.Cell("No")
		got = append(got, row.File+" "+cell+" "+own)
	}
	if diff := cmp.Diff([]string{"d/1.csv a a", "d/2.csv b ambiguous c"}, got); diff != "" {
		t.Error(diff)
	}
}
