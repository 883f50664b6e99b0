package json

import (
	stdjson "encoding/json"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

func TestJSONHoldsNothingInvisible(t *testing.T) {
	type object struct {
		Text  string   `json:"text"`
		Texts []string `json:"texts"`
	}
	foreign := "a\x1b\x7f\u009b\u202e\u2066\U000e0001 é 日本 😀 <b>&\n"
	value := object{foreign, []string{foreign}}
	for name, print := range map[string]func(*strings.Builder) error{
		"indented": func(b *strings.Builder) error { return Object(b, value) },
		"line":     func(b *strings.Builder) error { return Line(b, value) },
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			if err := print(&out); err != nil {
				t.Fatal(err)
			}
			for _, r := range out.String() {
				if r != '\n' && !unicode.IsPrint(r) {
					t.Errorf("%U is in %q", r, out.String())
				}
			}
			var back object
			if err := stdjson.Unmarshal([]byte(out.String()), &back); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(value, back); diff != "" {
				t.Error(diff)
			}
		})
	}
}
