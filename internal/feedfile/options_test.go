package feedfile

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"hash/crc32"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

func gzipped(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// zipFile is one file of an archive.
type zipFile struct {
	name, text string
	stored     bool // with its size ahead, as zip(1) writes it
}

func zipped(t testing.TB, files ...zipFile) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		head := &zip.FileHeader{Name: f.name, Method: zip.Deflate}
		create := w.CreateHeader
		if f.stored {
			head.Method, head.UncompressedSize64, head.CompressedSize64 = zip.Store, uint64(len(f.text)), uint64(len(f.text))
			head.CRC32 = crc32.ChecksumIEEE([]byte(f.text))
			create = w.CreateRaw
		}
		if strings.HasSuffix(f.name, "/") {
			head.Method = zip.Store
		}
		out, err := create(head)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(out, f.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestArchives(t *testing.T) {
	text := "id\ttitle\n" + strings.Repeat("1\tChair\n", 50_000)
	one := zipFile{name: "feed.txt", text: text}
	stored := one
	stored.stored = true
	for name, tt := range map[string]struct {
		file, told string
		problem    string // empty: all 50,000 rows are there
	}{
		"gzip":                         {gzipped(t, text), "", ""},
		"gzip, as told":                {gzipped(t, text), CompressionGzip, ""},
		"two gzip files in a row":      {gzipped(t, text[:1000]) + gzipped(t, text[1000:]), "", ""},
		"zip":                          {zipped(t, one), "", ""},
		"zip, as told":                 {zipped(t, one), CompressionZip, ""},
		"zip, not packed":              {zipped(t, stored), "", ""},
		"zip with a folder":            {zipped(t, zipFile{name: "d/"}, one), "", ""},
		"zip of macOS":                 {zipped(t, one, zipFile{name: "__MACOSX/._feed.txt", text: "x"}, zipFile{name: ".DS_Store", text: "x", stored: true}), "", ""},
		"zip of several files":         {zipped(t, one, zipFile{name: "b.txt", text: text}), "", "the zip archive holds several files"},
		"zip of nothing":               {zipped(t), "", "there is no file in the zip archive"},
		"gzip, cut off":                {gzipped(t, text)[:200], "", "the archive is damaged or cut off"},
		"gzip, cut off in its head":    {gzipped(t, text)[:5], "", "the archive is damaged or cut off"},
		"gzip with another sum":        {spoiled(gzipped(t, text), -6), "", "the archive is damaged or cut off"},
		"gzip, damaged":                {spoiled(gzipped(t, text), 30), "", "the archive is damaged or cut off"},
		"zip, cut off":                 {zipped(t, one)[:200], "", "the archive is damaged or cut off"},
		"zip without its list":         {zipped(t, stored)[:len(text)+30+len("feed.txt")], "", "the archive is damaged or cut off"},
		"zip with another sum":         {spoiled(zipped(t, stored), 16), "", "the archive is damaged or cut off"},
		"encrypted":                    {spoiled(zipped(t, one), 6), "", "the zip archive is encrypted"},
		"no gzip":                      {text, CompressionGzip, "it is not a gzip file"},
		"no zip":                       {gzipped(t, text), CompressionZip, "it is not a zip file"},
		"not compressed, as told":      {text, CompressionNone, ""},
		"something else, packed twice": {gzipped(t, gzipped(t, text)), "", "bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			got := scan(t, tt.file, Spec{Compression: tt.told, Unique: []string{"id"}})
			switch {
			case tt.problem == "bytes":
				if got.BadBytesLine == 0 {
					t.Errorf("%+v", got)
				}
			case got.Archive != tt.problem, tt.problem == "" && (got.Rows != 50_000 || got.Unique[0].Duplicates != 49_999), tt.problem != "" && got.Rows != 0:
				t.Errorf("%+v", got)
			}
		})
	}
}

// spoiled is a text with one bit of the byte at an offset changed.
func spoiled(text string, at int) string {
	b := []byte(text)
	if at < 0 {
		at += len(b)
	}
	b[at] ^= 1
	return string(b)
}

func TestAnArchiveThatCantBeReadIsAnError(t *testing.T) {
	broken := errors.New("broken")
	for _, file := range []string{gzipped(t, "id\n1\n"), zipped(t, zipFile{name: "a", text: "id\n1\n"})} {
		for n := range len(file) {
			f, err := Scan(t.Context(), io.MultiReader(strings.NewReader(file[:n]), iotest.ErrReader(broken)), Spec{})
			if !errors.Is(err, broken) || !cmp.Equal(f, Facts{}) {
				t.Fatalf("broken after %d: %+v, %v", n, f, err)
			}
		}
	}
}

func TestHowAFileIsWritten(t *testing.T) {
	for name, tt := range map[string]struct {
		file string
		spec Spec
		want Facts // Encoding, Delimiter, Rows, BadBytesLine, Empty, and the first name
	}{
		"header line":                  {"Template=x\tVersion\nA\tB\nid\ttitle\n1\t2\n", Spec{HeaderLine: 3}, Facts{Encoding: UTF8, Delimiter: '\t', Rows: 1, Header: []string{"id", "title"}}},
		"header line, CR":              {"a\r\"b\rid,title\r1,2\r3,4\r", Spec{HeaderLine: 3}, Facts{Encoding: UTF8, Delimiter: ',', Rows: 2, Header: []string{"id", "title"}}},
		"header line, CR LF":           {"a\r\n\r\nid,title\r\n1,2\r\n", Spec{HeaderLine: 3}, Facts{Encoding: UTF8, Delimiter: ',', Rows: 1, Header: []string{"id", "title"}}},
		"header line beyond the end":   {"a\nb\n", Spec{HeaderLine: 3}, Facts{Encoding: UTF8, Delimiter: ',', Empty: true}},
		"bad bytes above the header":   {"\xe4\nid\n1\n", Spec{HeaderLine: 2}, Facts{Encoding: UTF8, Delimiter: ',', Rows: 1, BadBytesLine: 1, Header: []string{"id"}}},
		"delimiter":                    {"id^title,x\n1^2\n", Spec{Delimiter: '^'}, Facts{Encoding: UTF8, Delimiter: '^', Rows: 1, Header: []string{"id", "title,x"}}},
		"Windows-1252":                 {"gr\xf6\xdfe\n\x80\n", Spec{Encoding: Windows1252}, Facts{Encoding: Windows1252, Delimiter: ',', Rows: 1, Header: []string{"größe"}}},
		"no Windows-1252":              {"a\n1\n\x81\n", Spec{Encoding: Windows1252}, Facts{Encoding: Windows1252, Delimiter: ',', Rows: 2, BadBytesLine: 3, Header: []string{"a"}}},
		"ISO 8859-15":                  {"gr\xf6\xdfe\n\xa4\n", Spec{Encoding: ISO885915}, Facts{Encoding: ISO885915, Delimiter: ',', Rows: 1, Header: []string{"größe"}}},
		"UTF-16 without a mark":        {"i\x00d\x00\n\x001\x00", Spec{Encoding: UTF16LE}, Facts{Encoding: UTF16LE, Delimiter: ',', Rows: 1, Header: []string{"id"}}},
		"UTF-8 with a mark, not told":  {"\ufeffid\n1\n", Spec{Encoding: Windows1252}, Facts{Encoding: Windows1252, Delimiter: ',', Rows: 1, BadBytesLine: 1, Header: []string{"id"}}},
		"UTF-16 with a mark, not told": {"\xff\xfei\x00d\x00", Spec{Encoding: UTF8}, Facts{Encoding: UTF8, Delimiter: ',', BadBytesLine: 1, Header: []string{"id"}}},
	} {
		t.Run(name, func(t *testing.T) {
			got := scan(t, tt.file, tt.spec)
			got = Facts{Encoding: got.Encoding, Delimiter: got.Delimiter, Rows: got.Rows, BadBytesLine: got.BadBytesLine, Empty: got.Empty, Header: got.Header}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSwallowedRows(t *testing.T) {
	for name, tt := range map[string]struct {
		rows        string
		count, line int
	}{
		"closed by the next inch mark":     {"1\tA\t\"LOVE\n2\tB\tMug\n3\tC\t24\"\n", 2, 2},
		"closed by a quote that opens":     {"1\t\"A\tx\n2\tB\ty\n3\t\"C\tz\n4\tD\tw\n", 2, 2},
		"the next row closes it":           {"1\t\"A\tx\n2\t\"B\ty\n", 1, 2},
		"never closed":                     {"1\tA\t\"x\n2\tB\ty\n3\tC\tz\n", 2, 2},
		"a text over several lines":        {"1\t\"a\n\nb\"\tx\n2\tB\ty\n", 0, 0},
		"a text in the first column":       {"\"1\n2\"\tA\tx\n", 0, 0},
		"a table in a cell, without an id": {"1\t\"x\n\t2\t3\n\t\t\ny\"\tz\n", 0, 0},
		"two of them":                      {"1\tA\t\"x\n2\tB\ty\n\"\n3\tA\t\"x\n4\tB\ty\n5\tC\tz\n\"\n", 3, 2},
	} {
		t.Run(name, func(t *testing.T) {
			got := scan(t, "id\tn\tt\n"+tt.rows, Spec{Unique: []string{"id"}, RequiredValues: []string{"n"}})
			if got.Swallowed != tt.count || got.FirstSwallowing != tt.line {
				t.Errorf("%d from line %d, want %d from line %d", got.Swallowed, got.FirstSwallowing, tt.count, tt.line)
			}
		})
	}
}

func TestColumnsOfOneName(t *testing.T) {
	got := scan(t, "id,link,link,id\n1,https://x,http://x,1\n2,http://x,http://y,1\n,https://x,https://x,\n", Spec{
		Unique: []string{"id"}, RequiredValues: []string{"id"}, HTTPS: []string{AllLinks, "link"},
	})
	want := Facts{
		Unique:   []UniqueFact{{Column: "id", Duplicates: 1, FirstLine: 3}},
		Blank:    []ColumnFact{{Column: "id", Count: 1, FirstLine: 4}},
		NotHTTPS: []ColumnFact{{Column: "link", Count: 2, FirstLine: 2}, {Column: "link", Count: 2, FirstLine: 2}},
	}
	if diff := cmp.Diff(want, Facts{Unique: got.Unique, Blank: got.Blank, NotHTTPS: got.NotHTTPS}); diff != "" {
		t.Error(diff)
	}
}
