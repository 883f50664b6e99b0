package table_test

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/table"
)

// only wants the columns of these names, in the order of the file.
func only(names ...string) func(*table.Header) ([]int, error) {
	return func(h *table.Header) ([]int, error) {
		var at []int
		for i, name := range h.Names {
			if slices.Contains(names, name) {
				at = append(at, i)
			}
		}
		return at, nil
	}
}

// What is copied has the bytes that it had, and nothing else is copied.
func TestCopyColumns(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		o    table.CSVOptions
		want string
		left []int
	}{
		"plain":                    {"a,secret,b\n1,x,2\n3,y,4\n", table.CSVOptions{}, "a,b\n1,2\n3,4\n", nil},
		"quotes and blanks":        {"a,secret,b\n \"1\" ,x,\"2\"\"\"\n=\"3\",y, 4\t\n", table.CSVOptions{}, "a,b\n \"1\" ,\"2\"\"\"\n=\"3\", 4\t\n", nil},
		"line breaks in cells":     {"a,secret,b\r\n\"1\r\n1\",\"x\r\ny\",\"2\r\n\"\r\n3,\"y\r\nz\",4\r\n", table.CSVOptions{}, "a,b\r\n\"1\r\n1\",\"2\r\n\"\r\n3,4\r\n", nil},
		"no last line end":         {"a,secret,b\n1,x,2", table.CSVOptions{}, "a,b\n1,2", nil},
		"blank lines, lines above": {"Report for J. Doe\n\na;secret;b\n;;\n1;x;2\n\n", table.CSVOptions{HeaderLine: 3}, "a;b\n1;2\n", nil},
		"tabs and an inch mark":    {"a\tsecret\tb\n\"1\t\"12 inch\t2\n\"3\"\tx\t4\"\n", table.CSVOptions{}, "a\tb\n\"1\t2\n\"3\"\t4\"\n", nil},
		"tabs and quoted breaks":   {"a\tsecret\tb\n1\t\"x\ny\"\t\"2\n2\"\n3\tz\t4\n", table.CSVOptions{}, "a\tb\n1\t\"2\n2\"\n3\t4\n", nil},
		"a mark":                   {"\xef\xbb\xbfa,secret,b\n1,x,ä\n", table.CSVOptions{}, "\xef\xbb\xbfa,b\n1,ä\n", nil},
		"windows-1252":             {"a;secret;b\n1;\xfc;\xe4\x80\n", table.CSVOptions{Encoding: table.Windows1252}, "a;b\n1;\xe4\x80\n", nil},
		"utf-16":                   {"\xff\xfea\x00,\x00b\x00\n\x001\x00,\x00\xe4\x00\n\x00", table.CSVOptions{}, "\xff\xfea\x00,\x00b\x00\n\x001\x00,\x00\xe4\x00\n\x00", nil},
		"rows that are shifted":    {"a,secret,b\n1,x,y,2\n3,z,4\n5\n6,x,7,\n", table.CSVOptions{}, "a,b\n3,4\n6,7\n", []int{2, 4}},
		"old Macs":                 {"a,secret,b\r1,x,2\r", table.CSVOptions{}, "a,b\r1,2\r", nil},
		"columns are told":         {"1,x,2\n", table.CSVOptions{Columns: []string{"a", "secret", "b"}}, "1,2\n", nil},
		"only a header":            {"a,secret,b\n", table.CSVOptions{}, "a,b\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			done, err := table.CopyColumns(rootWith(t, map[string]string{"x.csv": c.text}), "x.csv", c.o, &out, only("a", "b"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, out.String()); diff != "" {
				t.Error(diff)
			}
			if !slices.Equal(done.Lines, c.left) || done.LeftOut != len(c.left) {
				t.Errorf("left out: %+v", done)
			}
		})
	}
}

func TestCopyColumnsFails(t *testing.T) {
	root := rootWith(t, map[string]string{"x.csv": "a,b\n1,\"2\n", "y.csv": "a,b\n1,2\n"})
	var out bytes.Buffer
	if _, err := table.CopyColumns(root, "x.csv", table.CSVOptions{}, &out, only("a")); err == nil || !strings.Contains(err.Error(), "x.csv:2: a quoted cell that begins here is not closed") {
		t.Error(err)
	}
	if _, err := table.CopyColumns(root, "y.csv", table.CSVOptions{}, &out, func(*table.Header) ([]int, error) { return nil, errors.New("no") }); err == nil || !strings.Contains(err.Error(), "no") {
		t.Error(err)
	}
	if _, err := table.CopyColumns(root, "none.csv", table.CSVOptions{}, &out, only("a")); err == nil {
		t.Error("a file that is not there")
	}
	if _, err := table.CopyColumns(root, "y.csv", table.CSVOptions{}, broken{}, only("a")); err == nil {
		t.Error("what could not be written")
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }

// A copy of all columns is read as the file is, and so is one of some.
func TestACopyIsReadAsTheFile(t *testing.T) {
	// No cell is called like its column: that would be the header again.
	rapid.Check(t, func(r *rapid.T) {
		cell := rapid.StringOf(rapid.SampledFrom([]rune("ab,;\t\"\n\r '=#1")))
		delimiter := rapid.SampledFrom([]string{",", ";", "\t"}).Draw(r, "delimiter")
		eol := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(r, "end")
		var b strings.Builder
		b.WriteString(strings.Join([]string{"A", "x", "B"}, delimiter) + eol)
		for range rapid.IntRange(0, 5).Draw(r, "rows") {
			for i := range 3 {
				if i > 0 {
					b.WriteString(delimiter)
				}
				text := cell.Draw(r, "cell")
				if rapid.Bool().Draw(r, "quoted") || strings.ContainsAny(text, "\"\r\n"+delimiter) {
					text = `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
				}
				b.WriteString(text)
			}
			b.WriteString(eol)
		}
		root := rootWith(t, map[string]string{"x.csv": b.String()})
		o := table.CSVOptions{Quotes: table.QuotesStandard, Delimiter: []rune(delimiter)[0]}
		var out bytes.Buffer
		if _, err := table.CopyColumns(root, "x.csv", o, &out, only("A", "B")); err != nil {
			r.Skip(err.Error()) // what can't be read can't be copied
		}
		copied := rootWith(t, map[string]string{"x.csv": out.String()})
		if diff := cmp.Diff(cellsOf(r, root, o), cellsOf(r, copied, o)); diff != "" {
			r.Fatalf("%s\n%q\n%q", diff, b.String(), out.String())
		}
	})
}

// cellsOf are the cells under a and b, of rows that have something there.
func cellsOf(t *rapid.T, root *os.Root, o table.CSVOptions) (all []string) {
	for row, err := range table.CSV(root, "x.csv", o) {
		if err != nil {
			t.Fatal(err)
		}
		a, _ := row.Cell("A")
		b, _ := row.Cell("B")
		if row.Err == nil && a+b != "" {
			all = append(all, a+"|"+b)
		}
	}
	return all
}
