package table_test

import (
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/table"
)

// Only the last cell of a file that ends in the middle of a line is in doubt, unless
// something shows that it is whole.
func TestTheCellThatMayBeCutOff(t *testing.T) {
	const one, long = "n,t\n1,1Z12345678\n", "n,t\n1,12\n2,123\n"
	for name, c := range map[string]struct {
		content string
		want    string // the column
	}{
		"shorter than another one":       {content: one + "2,1Z123", want: "t"},
		"the only row":                   {content: "n,t\n1,1Z12345678", want: "t"},
		"cut behind the delimiter":       {content: one + "2,", want: "t"},
		"in the middle of all lengths":   {content: long + "3,12", want: "t"},
		"with a line break":              {content: one + "2,1Z123\n"},
		"with the first half of one":     {content: strings.ReplaceAll(one+"2,1Z123\r", "8\n", "8\r\n")},
		"as long as the others":          {content: one + "2,1Z87654321"},
		"longer than the others":         {content: one + "2,1Z876543210"},
		"as long as the longest":         {content: long + "3,321"},
		"the same as above":              {content: one + "2,UPS\n3,UPS"},
		"between quotes":                 {content: one + "2,\"1Z1\""},
		"with a blank behind the quote":  {content: one + "2,\"1Z1\" "},
		"between quotes, over two lines": {content: one + "2,\"1Z1\n2\""},
		"a quote earlier in the line":    {content: one + "\"2\",1Z1", want: "t"},
		"with tabs, between quotes":      {content: strings.ReplaceAll(one+"2,\"1Z1\"", ",", "\t")},
		"with tabs":                      {content: strings.ReplaceAll(one+"\"2\",1Z1", ",", "\t"), want: "t"},
		"an empty cell behind it":        {content: one + "2,1Z1,"},
		"a column without a name behind": {content: "n,t,\n1,12345,\n2,123", want: "t"},
		"nothing follows the header":     {content: "n,t"},
		"too few cells":                  {content: one + "2"},
	} {
		t.Run(name, func(t *testing.T) {
			root := rootWith(t, map[string]string{"t.csv": c.content})
			got := ""
			for row, err := range table.CSV(root, "t.csv", table.CSVOptions{}) {
				if err != nil {
					t.Fatal(err)
				}
				if column, may := row.Cut(); may && row.Err == nil {
					got += column
				}
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
