package table_test

import (
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
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

// rowsOf is n rows "1|2" from line 2 on.
func rowsOf(n int) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range n {
			if !yield(fmt.Sprintf("t.csv:%d 1|2", i+2)) {
				return
			}
		}
	}
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
		"leading zeros stay, outer space goes": {content: "a,b\n0012, x \n", want: []string{"t.csv:2 0012|x"}},
		"what nobody sees goes":                {content: "\u200ba,b\u00a0\n\u202a00\u200d12\u202c, \u3000x\u202f\ufeff\n", want: []string{"t.csv:2 0012|x"}},
		"line ends of an old Mac":              {content: "a,b\r1,2\r\"3\r4\",5\r", want: []string{"t.csv:2 1|2", "t.csv:3 3\n4|5"}},
		"CR CR LF":                             {content: "a,b\r\r\n1,2\r\r\n", want: []string{"t.csv:2 1|2"}},
		"a CR in a cell":                       {content: "a,b\n1\r0,2\n", want: []string{"t.csv:2 1\r0|2"}},
		"a quote within a cell":                {content: "a,b\n1/2\" brass,=\"112-1\"\n", want: []string{"t.csv:2 1/2\" brass|=\"112-1\""}},
		"blanks around quotes":                 {content: "a,b\n \"x,y\" ,\t\"1\n2\" \n", want: []string{"t.csv:2 x,y|1\n2"}},
		"space in quotes":                      {content: "a,b\n\" x \",\" \"\n", want: []string{"t.csv:2 x|"}},
		"quotes in quotes":                     {content: "a,b\n\"\"\"x\"\"\",\"\"\n", want: []string{"t.csv:2 \"x\"|"}},
		"CRLF":                                 {content: "a,b\r\n1,2\r\n", want: []string{"t.csv:2 1|2"}},
		"no line end at the end":               {content: "a,b\n1,2", want: []string{"t.csv:2 1|2"}},
		"line breaks and commas in quotes": {
			content: "a,b\n\"1\n2\",\"x,y\"\n3,4\n", want: []string{"t.csv:2 1\n2|x,y", "t.csv:4 3|4"},
		},
		"blank lines":            {content: "\n\na,b\n\n1,2\n   \n,\n3,4\n", want: []string{"t.csv:5 1|2", "t.csv:8 3|4"}},
		"empty":                  {content: ""},
		"nothing but a mark":     {content: "\ufeff"},
		"header only":            {content: "a,b\n"},
		"byte order mark":        {content: "\ufeffa,b\n1,2\n", want: []string{"t.csv:2 1|2"}},
		"UTF-16 little endian":   {content: utf16Text("a,b\nü,𝄞\n", false), want: []string{"t.csv:2 ü|𝄞"}},
		"UTF-16 big endian":      {content: utf16Text("a,b\nü,𝄞\n", true), want: []string{"t.csv:2 ü|𝄞"}},
		"tabs":                   {content: "a\tb\n1\t2,3\n", want: []string{"t.csv:2 1|2,3"}},
		"semicolons":             {content: "a;b;\"c,d,e,f\"\n1;2;3\n", want: []string{"t.csv:2 1|2|3"}},
		"pipes":                  {content: "a|b\n1|2\n", want: []string{"t.csv:2 1|2"}},
		"delimiter as told":      {content: "a,b;c\n1,2;3\n", options: table.CSVOptions{Delimiter: ';'}, want: []string{"t.csv:2 1,2|3"}},
		"one column":             {content: "a\n1\n2\n", want: []string{"t.csv:2 1", "t.csv:3 2"}},
		"columns without a name": {content: "a,,\n1,2,3\n", want: []string{"t.csv:2 1|2|3"}},
		"columns without a name at the end may be left out": {content: "a,b,,\n1,2\n1,2,\n1\n", want: []string{"t.csv:2 1|2||", "t.csv:3 1|2||", "t.csv:4 ! the row has 1 cell for 2 columns"}},
		"empty cells beyond the header":                     {content: "a,b\n1,2,, \n1,2,,x\n", want: []string{"t.csv:2 1|2", "t.csv:3 ! the row has 4 cells for 2 columns"}},
		"the last line is cut off":                          {content: "a,b\n1,2\n1", want: []string{"t.csv:2 1|2", "t.csv:3 ! the row has 1 cell for 2 columns, and it is the end of the file, which may be cut off"}},
		"names that stand twice":                            {content: "a,b,a\n1,2,3\n", want: []string{"t.csv:2 1|2|3"}},
		"sep line":                                          {content: "sep=;\r\na;b\r\n1;2,3\r\n", want: []string{"t.csv:3 1|2,3"}},
		"sep line with a delimiter as told":                 {content: "sep=,\na;b\n1;2\n", options: table.CSVOptions{Delimiter: ';'}, want: []string{"t.csv:3 1|2"}},
		"more commas in the header than tabs":               {content: "id\ttitle (a, b, c, d)\tprice\na\tx\t1\n", want: []string{"t.csv:2 a|x|1"}},
		"prices with commas":                                {content: "a;b\n1;1,50\n2;2,50\n", want: []string{"t.csv:2 1|1,50", "t.csv:3 2|2,50"}},
		"line breaks before the delimiter is known":         {content: "\"a\nb\";c\n\"1\n2\";3\n", want: []string{"t.csv:3 1\n2|3"}},
		"header line":                                       {content: "x\n\nTemplate,a\na,b\n1,2\n", options: table.CSVOptions{HeaderLine: 4}, want: []string{"t.csv:5 1|2"}},
		"columns as told":                                   {content: "\n1,2\n3,4\n", options: table.CSVOptions{Columns: []string{"a", "b"}}, want: []string{"t.csv:2 1|2", "t.csv:3 3|4"}},
		"the header once more":                              {content: "a,b\n1,2\na,b\n3,4\na , b\n", want: []string{"t.csv:2 1|2", "t.csv:4 3|4"}},
		"a row called like its only column":                 {content: "a\na\n", want: []string{"t.csv:2 a"}},
		"a row with the words of told columns":              {content: "1,2\na,b\n", options: table.CSVOptions{Columns: []string{"a", "b"}}, want: []string{"t.csv:1 1|2", "t.csv:2 a|b"}},
		"columns as told, and a header":                     {content: "a,b\n3,4\n", options: table.CSVOptions{Columns: []string{"a", "b"}}, want: []string{"t.csv:2 3|4"}},
		"no quotes":                                         {content: "a,b\n\"1,2\"\n", options: table.CSVOptions{Quotes: table.QuotesNone}, want: []string{"t.csv:2 \"1|2\""}},
		"a long delimiter":                                  {content: "a→b\n\"1→2\"→3\n", options: table.CSVOptions{Delimiter: '→'}, want: []string{"t.csv:2 1→2|3"}},
		"Windows-1252":                                      {content: "a,b\nSt\xfchle,\x80\n", options: table.CSVOptions{Encoding: table.Windows1252}, want: []string{"t.csv:2 Stühle|€"}},
		"ISO 8859-15":                                       {content: "a,b\nSt\xfchle,\xa4\n", options: table.CSVOptions{Encoding: table.ISO885915}, want: []string{"t.csv:2 Stühle|€"}},
		"UTF-16 without a mark, as told":                    {content: utf16Text("a,b\nü,𝄞\n", true)[2:], options: table.CSVOptions{Encoding: table.UTF16BE}, want: []string{"t.csv:2 ü|𝄞"}},
		"UTF-16 with a mark, as told":                       {content: utf16Text("a,b\nü,𝄞\n", false), options: table.CSVOptions{Encoding: table.UTF16LE}, want: []string{"t.csv:2 ü|𝄞"}},
		"a large file in UTF-16":                            {content: utf16Text("a,b\n"+strings.Repeat("1,2\n", 40_000)+"\"x\n\",y", false), want: append(slices.Collect(rowsOf(40_000)), "t.csv:40002 x|y")},
		"ragged rows are bad, not fatal":                    {content: "a,b\n1\n1,2,3\n4,5\n", want: []string{"t.csv:2 ! the row has 1 cell for 2 columns", "t.csv:3 ! the row has 3 cells for 2 columns", "t.csv:4 4|5"}},
		"long text over many buffers":                       {content: "a,b\n" + strings.Repeat("ä", 100_001) + ",2\n", want: []string{"t.csv:2 " + strings.Repeat("ä", 100_001) + "|2"}},
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
		options table.CSVOptions
	}{
		"text after a quote":         {content: "a,b\n\"John\"x,4\n", line: 2, want: "write a quote inside a quoted cell as two quotes"},
		"open quote":                 {content: "a,b\n1,2\n\"John,4\n5,6\n", line: 3, want: "not closed"},
		"open quote, large file":     {content: "a,b\n1,2\n\"" + strings.Repeat("John,Doe\n", 200_000), line: 3, want: "may not be closed"},
		"many long cells":            {content: "a,b,c,d,e\n1,2\n" + strings.Repeat("\""+strings.Repeat("John Doe\n", 50_000)+"\",", 3) + "\n", line: 3, want: "may not be closed"},
		"latin 1":                    {content: "a,b\n1,2\nJos\xe9,4\n", line: 3, want: "not UTF-8"},
		"character cut off":          {content: "a,b\n1,2\nx,\xe2\x82", line: 3, want: "not UTF-8"},
		"latin 1 far down":           {content: "a,b\n" + strings.Repeat("1,2\n", 50_000) + "\xe9,4\n", line: 50_002, want: "not UTF-8"},
		"NUL":                        {content: "a,b\n1,\x002\n", line: 2, want: `NUL byte: it is binary, or UTF-16 without a byte order mark; save it as UTF-8, or write its encoding in csv(), for example encoding = "utf-16le"`},
		"UTF-16 without a mark":      {content: "a\x00,\x00b\x00\n\x00", line: 1, want: "UTF-16 without a byte order mark"},
		"broken UTF-16":              {content: utf16Text("a,b\n", false) + "\x00\xd8x\x00", line: 2, want: "not utf-16le"},
		"Excel":                      {content: "PK\x03\x04whatever", line: 0, want: "this is an Excel workbook: export it as CSV"},
		"old Excel":                  {content: "\xd0\xcf\x11\xe0whatever", line: 0, want: "this is an Excel workbook: export it as CSV"},
		"gzip":                       {content: "\x1f\x8b\x08", line: 0, want: "gzip"},
		"HTML":                       {content: "\n <!DOCTYPE html><html>", line: 0, want: "HTML page"},
		"undecodable Windows-1252":   {content: "a,b\n1,\x81\n", line: 2, want: "not windows-1252", options: table.CSVOptions{Encoding: table.Windows1252}},
		"Windows-1252 as Latin 9":    {content: "a,b\n1,\x80\n", line: 2, want: "not iso-8859-15", options: table.CSVOptions{Encoding: table.ISO885915}},
		"a mark of another encoding": {content: "\ufeffa,b\n1,2\n", line: 1, want: "remove encoding", options: table.CSVOptions{Encoding: table.Windows1252}},
		"no such header line":        {content: "a,b\n1,2\n", want: "the file has only 2 lines, and header_line is 4", options: table.CSVOptions{HeaderLine: 4}},
		"a blank header line":        {content: "a,b\n\n1,2\n", line: 2, want: "is a blank line", options: table.CSVOptions{HeaderLine: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readCSV(rootWith(t, map[string]string{"t.csv": tc.content}), "t.csv", tc.options)
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

func TestQuotesLineByLine(t *testing.T) {
	const header = "id\ttrack\tname\n"
	for name, tc := range map[string]struct {
		content string
		want    []string
		err     string
	}{
		"an inch mark":                  {header + "1\tA\tPipe 1/2\" brass\n", []string{"t.csv:2 1|A|Pipe 1/2\" brass"}, ""},
		"quoted":                        {header + "1\tA\t\"a \"\"b\"\"\tc\" \n", []string{"t.csv:2 1|A|a \"b\"\tc"}, ""},
		"a quote that swallows no row":  {header + "1\tA\t\"LOVE poster\n2\tB\tMug\n3\tC\tPipe 24\"\n", []string{"t.csv:2 1|A|\"LOVE poster", "t.csv:3 2|B|Mug", "t.csv:4 3|C|Pipe 24\""}, ""},
		"a line break in the last cell": {header + "1\tA\t\"first\nsecond\"\n2\tB\tx\n", []string{"t.csv:2 1|A|first\nsecond", "t.csv:4 2|B|x"}, ""},
		"a line break in the middle":    {header + "1\t\"first\n\nsecond\"\tA\n2\tx\tB\n", []string{"t.csv:2 1|first\n\nsecond|A", "t.csv:5 2|x|B"}, ""},
		"two cells with line breaks":    {header + "1\t\"a\nb\"\t\"c\nd\"\n2\tx\tB\n", []string{"t.csv:2 1|a\nb|c\nd", "t.csv:5 2|x|B"}, ""},
		"a word in quotes":              {header + "\"Big\" mug\tx\tA\n2\tx\tB\n", []string{"t.csv:2 \"Big\" mug|x|A", "t.csv:3 2|x|B"}, ""},
		"not closed in the last row":    {header + "1\tA\tx\n2\tB\t\"LOVE\n", []string{"t.csv:2 1|A|x", "t.csv:3 2|B|\"LOVE"}, ""},
		"not closed and too few cells":  {header + "1\t\"A\nx\n", nil, "t.csv:2: a quote that opens a cell here is not closed"},
		"some lines look like rows":     {header + "1\tA\t\"x\n2\tB\ty\nand\"\n", nil, "t.csv:2: it is unclear whether the quote that opens a cell here is closed on line 4"},
		"closed too late":               {header + "1\tA\t\"x\n" + strings.Repeat("2\tB\n", 1001) + "and\"\n", append([]string{"t.csv:2 1|A|\"x"}, raggedRows(1001, 3)...), ""},
		"each line opens a cell":        {header + strings.Repeat("1\tA\t\"x\n", 5000), allRows(5000, "1|A|\"x"), ""},
		"a header with a quote":         {"id\ttrack\t\"name\n1\tA\tx\n", []string{"t.csv:2 1|A|x"}, ""},
		"cut off within quotes":         {header + "1\tA\t\"first\nsec", []string{"t.csv:2 1|A|\"first", "t.csv:3 ! the row has 1 cell for 3 columns, and it is the end of the file, which may be cut off"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readCSV(rootWith(t, map[string]string{"t.csv": tc.content}), "t.csv", table.CSVOptions{})
			if (err == nil) != (tc.err == "") || err != nil && !strings.HasPrefix(err.Error(), tc.err) {
				t.Errorf("got %v, want %q", err, tc.err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func allRows(n int, cells string) []string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = fmt.Sprintf("t.csv:%d %s", i+2, cells)
	}
	return rows
}

// raggedRows are n rows of two cells for three columns, and one of one.
func raggedRows(n, first int) []string {
	var rows []string
	for i := range n {
		rows = append(rows, fmt.Sprintf("t.csv:%d ! the row has 2 cells for 3 columns", first+i))
	}
	return append(rows, fmt.Sprintf("t.csv:%d ! the row has 1 cell for 3 columns", first+n))
}

func TestSwallowedRows(t *testing.T) {
	for name, tc := range map[string]struct {
		content string
		told    string // the error, or with quotes = "standard" the warning
	}{
		"two rows":                {"id,t,n\n1,A,\"LOVE\n2,B,Mug\n3,C,24\"\n", "t.csv:2: the quoted cell that begins here contains what looks like 2 whole rows (lines 3, 4)"},
		"in the first column":     {"n,id,t\n\"LOVE,1,A\nMug,2,B\n24\",3,C\n", "t.csv:2: the quoted cell that begins here contains what looks like 2 whole rows (lines 3, 4)"},
		"one row of two":          {"n,id,t\n\"LOVE,1,A\n24\",3,C\n", "t.csv:2: the quoted cell that begins here contains what looks like 1 whole row (line 3)"},
		"many rows":               {"id,t,n\n1,A,\"LOVE\n" + strings.Repeat("2,B,Mug\n", 100) + "3,C,24\"\n", "101 whole rows (lines 3, 4, 5, 6, 7 and 96 more)"},
		"an address":              {"n,id,t\n\"12 Main St\nNew York\",1,A\n", ""},
		"an address with a comma": {"id,n,t\n1,\"12 Main St\nSpringfield, IL\",A\n", ""},
		"lists without a key":     {"id,n,t\n1,\"x\n,1,2\n,3,4\n\",A\n", ""},
		"text of one column":      {"id,t,n\n1,A,\"LOVE\nMug\n\"\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			root := rootWith(t, map[string]string{"t.csv": tc.content})
			_, err := readCSV(root, "t.csv", table.CSVOptions{Keys: []string{"id"}})
			if (err == nil) != (tc.told == "") || err != nil && !strings.Contains(err.Error(), tc.told) {
				t.Errorf("got %v, want %q", err, tc.told)
			}
			var warned []string
			_, err = readCSV(root, "t.csv", table.CSVOptions{Keys: []string{"id"}, Quotes: table.QuotesStandard, Warn: func(e *table.Error) { warned = append(warned, e.Error()) }})
			if err != nil || (len(warned) > 0) != (tc.told != "") || len(warned) > 0 && !strings.Contains(warned[0], tc.told) {
				t.Errorf("got %v and %q, want %q", err, warned, tc.told)
			}
		})
	}
}

func TestWarnings(t *testing.T) {
	root := rootWith(t, map[string]string{
		"d/a.csv": "a,b\n1", "d/book.XLSX": "x", "d/~$book.xlsx": "x", "d/.DS_Store": "x", "d/b.csv.crdownload": "x", "d/notes.txt": "x", "d/C.csv": "a\n1\n",
	})
	var warned []string
	o := table.CSVOptions{Warn: func(e *table.Error) { warned = append(warned, e.Error()) }}
	if _, err := readCSV(root, "d/[a-b]*.csv", o); err != nil {
		t.Fatal(err)
	}
	if _, err := readCSV(root, "d/c*.csv", o); err != nil {
		t.Fatal(err)
	}
	beside := []string{
		"d/b.csv.crdownload: this unfinished download is not read",
		"d/book.XLSX: this spreadsheet is not read: export it as CSV (UTF-8)",
	}
	want := slices.Concat(beside, []string{"d/a.csv:2: the last line does not end with a line break and has too few cells: the file may be cut off", "d/C.csv: the file is not read, because its name differs from the pattern in letter case"}, beside)
	if diff := cmp.Diff(want, warned); diff != "" {
		t.Error(diff)
	}
}

func TestAFileThatChangesMeanwhileIsAnError(t *testing.T) {
	root := rootWith(t, map[string]string{"t.csv": "a\n1\n2\n"})
	var last error
	for row, err := range table.CSV(root, "t.csv", table.CSVOptions{}) {
		if last = err; err == nil && row.Line == 2 {
			f, err := root.OpenFile("t.csv", os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.WriteString("3\n"); err != nil {
				t.Fatal(err)
			}
			_ = f.Close()
		}
	}
	if last == nil || !strings.Contains(last.Error(), "changed while it was read") {
		t.Errorf("got %v", last)
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
