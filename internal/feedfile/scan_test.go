package feedfile

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// scan reads a text with a Spec, whole and byte by byte, and wants the same.
func scan(t *testing.T, text string, s Spec) Facts {
	t.Helper()
	f, err := Scan(t.Context(), strings.NewReader(text), s)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Scan(t.Context(), iotest.OneByteReader(strings.NewReader(text)), s)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(f, again); diff != "" {
		t.Errorf("%.80q: (-whole +byte by byte)\n%s", text, diff)
	}
	return f
}

func TestShape(t *testing.T) {
	abc := []string{"a", "b", "c"}
	const latin = "a,b,c\n1,2,3\n1,Caf\xe9,3\n1,\xff,3\n"
	for name, tt := range map[string]struct {
		file string
		want Facts // without HeaderHash; Encoding and Delimiter are UTF-8 and comma unless set
	}{
		"nothing":            {"", Facts{Empty: true}},
		"a mark alone":       {"\xef\xbb\xbf", Facts{Empty: true}},
		"a mark of UTF-16":   {"\xff\xfe", Facts{Empty: true, Encoding: UTF16LE}},
		"space alone":        {" \r\n\n  \r", Facts{Empty: true}},
		"header alone":       {"a,b,c\n", Facts{Header: abc}},
		"header, no end":     {"a,b,c", Facts{Header: abc}},
		"rows":               {"a,b,c\n1,2,3\n4,5,6\n", Facts{Header: abc, Rows: 2}},
		"last row, no end":   {"a,b,c\n1,2,3\n4,5,", Facts{Header: abc, Rows: 2}},
		"CR LF":              {"a,b,c\r\n1,2,3\r\n4,5,6\r\n", Facts{Header: abc, Rows: 2}},
		"CR":                 {"a,b,c\r1,2,3\r4,5,6\r", Facts{Header: abc, Rows: 2}},
		"CR CR LF":           {"a,b,c\r\r\n1,2\r\r\n", Facts{Header: abc, Rows: 1, Ragged: 1, FirstRaggedLine: 3}},
		"blank lines":        {"\n \na,b,c\n\n\t\n1,2,3\n  \n", Facts{Header: abc, Rows: 1}},
		"a blank cell":       {"a,b,c\n\"\"\n", Facts{Header: abc}},
		"blank cells":        {"a,b,c\n,,\n ,\"\" ,\n1,2,3\n,,,,,\n\"\n\",,\n", Facts{Header: abc, Rows: 1}},
		"blank cells above":  {",,,\n\n\"\",\na,b,c\n1,2,3\n", Facts{Header: abc, Rows: 1}},
		"byte order mark":    {"\xef\xbb\xbfa,b,c\n1,2,3\n", Facts{Header: abc, Rows: 1}},
		"tabs":               {"a\tb\tc\n1,5\t2\t3\n", Facts{Header: abc, Rows: 1, Delimiter: '\t'}},
		"semicolons":         {"a;b;c\n1,5;2;3\n", Facts{Header: abc, Rows: 1, Delimiter: ';'}},
		"pipes":              {"a|b|c\n1,5|2;3|3\n", Facts{Header: abc, Rows: 1, Delimiter: '|'}},
		"one column":         {"a\n1\n\n2\n", Facts{Header: []string{"a"}, Rows: 2}},
		"space in header":    {" a ,\tb,\"c \"\n", Facts{Header: abc}},
		"quoted header":      {"\"a,x\";\"b,\"\"y\nz\";c\n1;2;3\n", Facts{Header: []string{"a,x", "b,\"y\nz", "c"}, Rows: 1, Delimiter: ';'}},
		"quotes":             {"a,b,c\n\"1,\"\"x\"\"\n,\",\"\",3\n4,\"5\",6\n", Facts{Header: abc, Rows: 2}},
		"text behind quotes": {"a,b,c\n\"1\"2,\"3\" ,5\" tall\n", Facts{Header: abc, Rows: 1}},
		"ragged": {
			"a,b,c\n1,2,3\n\"1\n\",2\n1,2,3,4\n\n1\n",
			Facts{Header: abc, Rows: 4, Ragged: 3, FirstRaggedLine: 3},
		},
		"ragged, by CR":     {"a,b,c\r\"1\r\r\n2\n\",2,3\r4\r", Facts{Header: abc, Rows: 2, Ragged: 1, FirstRaggedLine: 6}},
		"cut in a row":      {"a,b,c\n1,2,3\n4,5", Facts{Header: abc, Rows: 2, Ragged: 1, FirstRaggedLine: 3}},
		"cut in quotes":     {"a,b,c\n1,2,3\n4,5,\"6\n7,8,9\n", Facts{Header: abc, Rows: 2, Damaged: 1, FirstDamagedLine: 3, Swallowed: 1, FirstSwallowing: 3}},
		"cut in the header": {"a,b,\"c\n1,2,3\n", Facts{Header: []string{"a", "b", "c\n1,2,3"}, Damaged: 1, FirstDamagedLine: 1}},
		"a long cell": {
			"a,b,c\n1,2,3\n1," + strings.Repeat("x", MaxCell+1) + ",3\n1,2," + strings.Repeat("y", MaxCell) + "\n\"" + strings.Repeat("\n", MaxCell+1) + "\",2,3",
			Facts{Header: abc, Rows: 4, Damaged: 2, FirstDamagedLine: 3},
		},
		"a long name": {strings.Repeat("a", MaxCell+1) + ",b\n1,2\n1\n", Facts{
			Header: []string{"", "b"}, Rows: 2, Ragged: 1, FirstRaggedLine: 3, Damaged: 1, FirstDamagedLine: 1,
		}},
		"Latin-1":                    {latin, Facts{Header: abc, Rows: 3, BadBytesLine: 3}},
		"half a letter":              {"a,b,c\n1,2,\xe2\x82", Facts{Header: abc, Rows: 1, BadBytesLine: 2}},
		"half a letter, then a line": {"a,b,c\n1,2,\xe2\x82\n3,4,5", Facts{Header: abc, Rows: 2, BadBytesLine: 2}},
		"surrogates":                 {"a,b,c\r\n1,2,\xed\xa0\x80\r\n", Facts{Header: abc, Rows: 1, BadBytesLine: 2}},
		"NUL":                        {"a,b,c\r1,2,3\r1,\x00,3\r", Facts{Header: abc, Rows: 2, BadBytesLine: 3}},
		"letters":                    {"a,b,c\nÄ,€,👟\n", Facts{Header: abc, Rows: 1}},
		"Latin-1 names":              {"gr\xf6\xdfe\n1\n", Facts{Header: []string{"größe"}, Rows: 1, BadBytesLine: 1}},
		"UTF-16 LE":                  {string(inUTF16([]byte("a\tb\tc\n1\t2\t👟\n"), binary.LittleEndian)), Facts{Header: abc, Rows: 1, Encoding: UTF16LE, Delimiter: '\t'}},
		"UTF-16 BE":                  {string(inUTF16([]byte("a,b,c\r\n1,2,\"3\r\n\"\r\n"), binary.BigEndian)), Facts{Header: abc, Rows: 1, Encoding: UTF16BE}},
		"UTF-16, half a pair": {
			string(inUTF16([]byte("a,b,c\n1,2,3\n1,2,"), binary.LittleEndian)) + "\x3d\xd8\n\x001\x00",
			Facts{Header: abc, Rows: 3, Ragged: 1, FirstRaggedLine: 4, BadBytesLine: 3, Encoding: UTF16LE},
		},
		"UTF-16, half a unit": {
			string(inUTF16([]byte("a,b,c\n1,2,3"), binary.LittleEndian)) + "\x00",
			Facts{Header: abc, Rows: 1, BadBytesLine: 2, Encoding: UTF16LE},
		},
		"HTML":                                {" \n<!DOCTYPE html>\n<p>a,b", Facts{HTML: true}},
		"HTML, marked":                        {"\xef\xbb\xbf<HTML>\n", Facts{HTML: true}},
		"XHTML":                               {"<?xml version='1.0'?>\n<html/>", Facts{HTML: true}},
		"XML":                                 {"<?xml version='1.0'?>\n<rss/>", Facts{XML: true}},
		"XML without a head":                  {"<products><p/></products>", Facts{XML: true}},
		"more commas in the header than tabs": {"a\tb (x, y, z)\tc\n1\t2\t3\n", Facts{Header: []string{"a", "b (x, y, z)", "c"}, Rows: 1, Delimiter: '\t'}},
		"less than":                           {"<5,b,c\n1,2,3\n", Facts{Header: []string{"<5", "b", "c"}, Rows: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			got := scan(t, tt.file, Spec{})
			if (got.HeaderHash == "") != (len(got.Header) == 0) {
				t.Errorf("hash %q of %q", got.HeaderHash, got.Header)
			}
			got.HeaderHash = ""
			if tt.want.Encoding == "" {
				tt.want.Encoding = UTF8
			}
			page := tt.want.HTML || tt.want.XML
			if tt.want.Delimiter == 0 && !page {
				tt.want.Delimiter = ','
			}
			tt.want.Unique = []UniqueFact{}
			tt.want.Blank, tt.want.BadGTIN, tt.want.BadPrice, tt.want.NotHTTPS = []ColumnFact{}, []ColumnFact{}, []ColumnFact{}, []ColumnFact{}
			if page {
				tt.want.Unique, tt.want.Blank, tt.want.BadGTIN, tt.want.BadPrice, tt.want.NotHTTPS = nil, nil, nil, nil, nil
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestMeasures(t *testing.T) {
	const file = "ID,Title,price,gtin,link,image_link\n" + // line 1
		"a1,One,9.99 USD,4006381333931,https://x.example/1,https://x.example/1.jpg\n" +
		" a1 ,,0.00 USD,4006381333932,http://x.example/1,\n" + // 3: duplicate, blank title, price, GTIN, link
		"a2,\" \",,,,\n" + // 4: blank title
		"a1,Three,free,123,ftp://x.example,http://x.example/3.jpg\n" + // 5
		"a2,,1,2\n" + // 6: ragged, so nothing of it counts
		",\"Two\nlines\",5,,,\n" + // 7 and 8: a blank id is no duplicate
		",Four,5,,,\n" +
		"A1,Five,-5,,,\n" // 10: other letter case is another id
	got := scan(t, file, Spec{
		RequiredColumns: []string{"id", " Title", "brand", "GTIN"},
		Unique:          []string{"id", "brand"},
		RequiredValues:  []string{"title", "sku"},
		GTIN:            []string{"gtin", "mpn"},
		Price:           []string{"price", "sale_price"},
		HTTPS:           []string{AllLinks, "link", "video_link"},
	})
	want := Facts{
		Encoding: UTF8, Delimiter: ',',
		Header: []string{"ID", "Title", "price", "gtin", "link", "image_link"}, HeaderHash: got.HeaderHash,
		MissingColumns: []string{"brand"},
		Rows:           8, Ragged: 1, FirstRaggedLine: 6,
		Unique:   []UniqueFact{{Column: "id", Duplicates: 2, FirstLine: 3}, {Column: "brand", Missing: true}},
		Blank:    []ColumnFact{{Column: "title", Count: 2, FirstLine: 3}, {Column: "sku", Missing: true}},
		BadGTIN:  []ColumnFact{{Column: "gtin", Count: 2, FirstLine: 3}, {Column: "mpn", Missing: true}},
		BadPrice: []ColumnFact{{Column: "price", Count: 3, FirstLine: 3}, {Column: "sale_price", Missing: true}},
		NotHTTPS: []ColumnFact{
			{Column: "link", Count: 2, FirstLine: 3},
			{Column: "image_link", Count: 1, FirstLine: 5},
			{Column: "link", Count: 2, FirstLine: 3},
			{Column: "video_link", Missing: true},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestMeasuresWithoutColumns(t *testing.T) {
	s := Spec{RequiredColumns: []string{"id"}, Unique: []string{"id"}, HTTPS: []string{AllLinks}}
	for _, file := range []string{"", "a,b\n1,2\n"} {
		got := scan(t, file, s)
		if len(got.MissingColumns) != 1 || !got.Unique[0].Missing || got.NotHTTPS[0] != (ColumnFact{Column: AllLinks, Missing: true}) {
			t.Errorf("%q: %+v", file, got)
		}
	}
}

func TestHeaderHash(t *testing.T) {
	hash := func(header string) string { return scan(t, header+"\n", Spec{}).HeaderHash }
	was := hash("id,title,price")
	for header, same := range map[string]bool{
		"price\tid\ttitle":     true, // moved, and another delimiter
		"\"id\", title ,price": true,
		"id,title":             false,
		"id,title,price,brand": false,
		"id,Title,price":       false,
		"id,title,\"price\n\"": true,
	} {
		if got := hash(header); (got == was) != same || len(got) != 16 {
			t.Errorf("%q: %s, and it was %s", header, got, was)
		}
	}
	if hash("a,b c") == hash("a b,c") || hash("\"a\nb\"") == hash("a,b") {
		t.Error("names run into each other")
	}
}

func TestColumnsAreFound(t *testing.T) {
	for _, tt := range []struct {
		header, name string
		want         []int
	}{
		{"id,ID", "ID", []int{1}},
		{"id,ID", "Id", []int{0, 1}},
		{"id,x,id,ID", "id", []int{0, 2}},
		{"Größe", "gRÖSSE", nil},
		{"Größe", "GRÖßE", []int{0}},
		{"Gro\u0308ße", "Größe", []int{0}},
		{"a,b", "c", nil},
		{"a,", "", []int{1}},
	} {
		if got := findColumns(scan(t, tt.header, Spec{}).Header, tt.name); !slices.Equal(got, tt.want) {
			t.Errorf("%q in %q: %v, want %v", tt.name, tt.header, got, tt.want)
		}
	}
}

// TestNoFactsOfACutFile has readers that end with an error at any place.
func TestNoFactsOfACutFile(t *testing.T) {
	const file = "id,title\n1,\"One\n\"\n2,Two\n"
	long := strings.Repeat(file, headSize/10)
	cut := errors.New("cut")
	for _, file := range []string{file, string(inUTF16([]byte(file), binary.BigEndian)), "<html>", long, string(inUTF16([]byte(long), binary.LittleEndian))} {
		for n := 0; n < len(file); n += 1 + len(file)/100 {
			f, err := Scan(t.Context(), io.MultiReader(strings.NewReader(file[:n]), iotest.ErrReader(cut)), Spec{})
			if !errors.Is(err, cut) || !cmp.Equal(f, Facts{}) {
				t.Fatalf("cut after %d: %+v, %v", n, f, err)
			}
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Scan(ctx, strings.NewReader(file), Spec{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want the context's error", err)
	}
}
