package table_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/table"
)

// rootWith is a configuration's directory with the given files.
func rootWith(t testing.TB, files map[string]string) *os.Root {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	return root
}

// readCSV writes every row as "file:line cell|cell", bad rows with their error.
func readCSV(root *os.Root, pattern string, o table.CSVOptions) ([]string, error) {
	var rows []string
	for row, err := range table.CSV(root, pattern, o) {
		if err != nil {
			return rows, err
		}
		text := fmt.Sprintf("%s:%d %s", row.File, row.Line, strings.Join(row.Cells, "|"))
		if row.Err != nil {
			text = fmt.Sprintf("%s:%d ! %v", row.File, row.Line, row.Err)
		}
		rows = append(rows, text)
	}
	return rows, nil
}

func utf16Text(s string, big bool) string {
	var b []byte
	for _, u := range append([]uint16{0xfeff}, utf16.Encode([]rune(s))...) {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return string(b)
}

func TestCSV(t *testing.T) {
	for name, tc := range map[string]struct {
		content string
		options table.CSVOptions
		want    []string
	}{
		"leading zeros and spaces stay": {content: "a,b\n0012, x \n", want: []string{"t.csv:2 0012| x "}},
		"CRLF":                          {content: "a,b\r\n1,2\r\n", want: []string{"t.csv:2 1|2"}},
		"no line end at the end":        {content: "a,b\n1,2", want: []string{"t.csv:2 1|2"}},
		"line breaks and commas in quotes": {
			content: "a,b\n\"1\n2\",\"x,y\"\n3,4\n", want: []string{"t.csv:2 1\n2|x,y", "t.csv:4 3|4"},
		},
		"blank lines":                    {content: "\n\na,b\n\n1,2\n   \n,\n3,4\n", want: []string{"t.csv:5 1|2", "t.csv:8 3|4"}},
		"empty":                          {content: ""},
		"nothing but a mark":             {content: "\ufeff"},
		"header only":                    {content: "a,b\n"},
		"byte order mark":                {content: "\ufeffa,b\n1,2\n", want: []string{"t.csv:2 1|2"}},
		"UTF-16 little endian":           {content: utf16Text("a,b\nü,𝄞\n", false), want: []string{"t.csv:2 ü|𝄞"}},
		"UTF-16 big endian":              {content: utf16Text("a,b\nü,𝄞\n", true), want: []string{"t.csv:2 ü|𝄞"}},
		"tabs":                           {content: "a\tb\n1\t2,3\n", want: []string{"t.csv:2 1|2,3"}},
		"semicolons":                     {content: "a;b;\"c,d,e,f\"\n1;2;3\n", want: []string{"t.csv:2 1|2|3"}},
		"pipes":                          {content: "a|b\n1|2\n", want: []string{"t.csv:2 1|2"}},
		"delimiter as told":              {content: "a,b;c\n1,2;3\n", options: table.CSVOptions{Delimiter: ';'}, want: []string{"t.csv:2 1,2|3"}},
		"one column":                     {content: "a\n1\n2\n", want: []string{"t.csv:2 1", "t.csv:3 2"}},
		"columns without a name":         {content: "a,,\n1,2,3\n", want: []string{"t.csv:2 1|2|3"}},
		"ragged rows are bad, not fatal": {content: "a,b\n1\n1,2,3\n4,5\n", want: []string{"t.csv:2 ! the row has 1 cell under 2 columns", "t.csv:3 ! the row has 3 cells under 2 columns", "t.csv:4 4|5"}},
		"long text over many buffers":    {content: "a,b\n" + strings.Repeat("ä", 100_001) + ",2\n", want: []string{"t.csv:2 " + strings.Repeat("ä", 100_001) + "|2"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readCSV(rootWith(t, map[string]string{"t.csv": tc.content}), "t.csv", tc.options)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCSVUnreadable(t *testing.T) {
	for name, tc := range map[string]struct {
		content string
		line    int
		want    string
	}{
		"duplicate columns":       {"\ufeffa,b, a ,b\n", 1, `names "a", "b" more than once`},
		"quote inside a cell":     {"a,b\n1,2\nJohn \"J\",4\n", 3, "put the whole cell in quotes"},
		"text after a quote":      {"a,b\n\"John\"x,4\n", 2, "write a quote inside a quoted cell twice"},
		"open quote":              {"a,b\n1,2\n\"John,4\n5,6\n", 3, "not closed"},
		"open quote, large file":  {"a,b\n1,2\n\"" + strings.Repeat("John,Doe\n", 200_000), 3, "never closed"},
		"latin 1":                 {"a,b\n1,2\nJos\xe9,4\n", 3, "not UTF-8"},
		"character cut off":       {"a,b\n1,2\nx,\xe2\x82", 3, "not UTF-8"},
		"latin 1 far down":        {"a,b\n" + strings.Repeat("1,2\n", 50_000) + "\xe9,4\n", 50_002, "not UTF-8"},
		"NUL":                     {"a,b\n1,\x002\n", 2, "NUL"},
		"UTF-16 without a mark":   {"a\x00,\x00b\x00\n\x00", 1, "UTF-16 without a byte order mark"},
		"broken UTF-16":           {utf16Text("a,b\n", false) + "\x00\xd8x\x00", 2, "broken UTF-16"},
		"Excel":                   {"PK\x03\x04whatever", 0, "this is an Excel workbook: export it as CSV"},
		"old Excel":               {"\xd0\xcf\x11\xe0whatever", 0, "this is an Excel workbook: export it as CSV"},
		"gzip":                    {"\x1f\x8b\x08", 0, "gzip"},
		"HTML":                    {"\n <!DOCTYPE html><html>", 0, "HTML page"},
		"line ends of an old Mac": {"a,b\r1,2\r3,4\r", 1, "carriage return"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readCSV(rootWith(t, map[string]string{"t.csv": tc.content}), "t.csv", table.CSVOptions{})
			var e *table.Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v, want a table.Error", err)
			}
			if e.File != "t.csv" || e.Line != tc.line || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %q on line %d, want %q on line %d", err, e.Line, tc.want, tc.line)
			}
			if strings.Contains(err.Error(), "John") || strings.Contains(err.Error(), "Jos") {
				t.Errorf("the error quotes a cell: %v", err)
			}
		})
	}
}

func TestCSVErrorsComeAfterTheRowsBefore(t *testing.T) {
	got, err := readCSV(rootWith(t, map[string]string{"t.csv": "a\n1\n2\n\xff\n"}), "t.csv", table.CSVOptions{})
	if diff := cmp.Diff([]string{"t.csv:2 1", "t.csv:3 2"}, got); diff != "" || err == nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestCSVFilesHaveTheirOwnHeaders(t *testing.T) {
	root := rootWith(t, map[string]string{"d/2.csv": "b,a\n1,2\n", "d/1.csv": "a;b\n3;4\n", "d/10.csv": "a\n5\n", "d/.hidden.csv": "a\n6\n", "d/x.txt": "a\n7\n"})
	var got []string
	for row, err := range table.CSV(root, "d/*.csv", table.CSVOptions{}) {
		if err != nil {
			t.Fatal(err)
		}
		cell, ok := row.Cell("a")
		line, column := row.Column("a")
		got = append(got, fmt.Sprint(row.File, " ", cell, " ", ok, " ", line, ":", column))
	}
	want := []string{"d/1.csv 3 true 2:1", "d/10.csv 5 true 2:1", "d/2.csv 2 true 2:3"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestRowColumn(t *testing.T) {
	root := rootWith(t, map[string]string{"t.csv": "a,b,c\n\"1\n2\",x,y\n"})
	for row := range table.CSV(root, "t.csv", table.CSVOptions{}) {
		for name, want := range map[string][2]int{"a": {2, 1}, "b": {3, 4}, "c": {3, 6}, "none": {2, 1}} {
			line, column := row.Column(name)
			if got := [2]int{line, column}; got != want {
				t.Errorf("%s: got %v, want %v", name, got, want)
			}
		}
	}
}

func TestStoppingEarly(t *testing.T) {
	root := rootWith(t, map[string]string{"1.csv": "a\n1\n2\n", "2.csv": "a\n3\n"})
	n := 0
	for range table.CSV(root, "*.csv", table.CSVOptions{}) {
		n++
		break
	}
	if n != 1 {
		t.Errorf("got %d rows after a break, want 1", n)
	}
}
