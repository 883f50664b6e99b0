package table_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/table"
)

func readJSONL(root *os.Root, pattern string) ([]string, error) {
	var rows []string
	for row, err := range table.JSONL(root, pattern, nil) {
		if err != nil {
			return rows, err
		}
		text := fmt.Sprintf("%d %#v", row.Line, row.Object)
		if row.Err != nil {
			text = fmt.Sprintf("%d ! %v", row.Line, row.Err)
		}
		rows = append(rows, text)
	}
	return rows, nil
}

func TestJSONL(t *testing.T) {
	content := strings.Join([]string{
		"\ufeff" + `{"Id":"0012","n":1.50,"ok":true,"none":null,"list":[1,"a"],"o":{"x":"y"}}`,
		``,
		`  {}  `,
		`[1]`,
		`{"secret":"John"`,
		`{"secret" "John"}`,
		`{"a":1} {"b":2}`,
		` { "a\u00e9\"" : [ -1.5e1 , { } , [ ] ,false ] } `,
		`{"a":1,"a":2}`,
		`{"a":1e100000000}`,
		`{"a":` + strings.Repeat("9", 401) + `}`,
		`{"a":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + `}`,
		`{"a":"` + strings.Repeat("x", table.MaxRecord) + `"}`,
		`{"last":"` + strings.Repeat("y", 70_000) + `"}`,
	}, "\n")
	got, err := readJSONL(rootWith(t, map[string]string{"t.jsonl": content}), "t.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`1 cty.ObjectVal(map[string]cty.Value{"Id":cty.StringVal("0012"), "list":cty.TupleVal([]cty.Value{cty.NumberIntVal(1), cty.StringVal("a")}), "n":cty.NumberFloatVal(1.5), "none":cty.NullVal(cty.DynamicPseudoType), "o":cty.ObjectVal(map[string]cty.Value{"x":cty.StringVal("y")}), "ok":cty.True})`,
		`3 cty.EmptyObjectVal`,
		`4 ! the line is not a JSON object: write {"name": "value", …}`,
		`5 ! not JSON: the line ends too early, at column 17`,
		`6 ! not JSON near column 11`,
		`7 ! something follows the object at column 9: write one object per line`,
		`8 cty.ObjectVal(map[string]cty.Value{"aé\"":cty.TupleVal([]cty.Value{cty.NumberIntVal(-15), cty.EmptyObjectVal, cty.EmptyTupleVal, cty.False})})`,
		`9 ! the object has "a" twice`,
		`10 ! a number is out of range: write it as a string`,
		`11 ! a number is out of range: write it as a string`,
		`12 ! objects and arrays are nested more than 100 levels deep`,
		`13 ! the line has more than 1048576 bytes`,
		`14 cty.ObjectVal(map[string]cty.Value{"last":cty.StringVal("` + strings.Repeat("y", 70_000) + `")})`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestJSONLUnreadable(t *testing.T) {
	for content, want := range map[string]string{
		"[\n{\"a\":1}\n]":     "t.jsonl:1: the file is one JSON array",
		"{\"a\":1}\n\"\xff\"": "t.jsonl:2: the file has a character that is not UTF-8: save the file as UTF-8",
		"PK\x03\x04":          "t.jsonl: this is an Excel workbook",
	} {
		_, err := readJSONL(rootWith(t, map[string]string{"t.jsonl": content}), "t.jsonl")
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	for _, content := range []string{"", "\n\n"} {
		if rows, err := readJSONL(rootWith(t, map[string]string{"t.jsonl": content}), "t.jsonl"); err != nil || len(rows) > 0 {
			t.Errorf("%q: got %q and %v", content, rows, err)
		}
	}
}
