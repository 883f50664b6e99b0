package safetext

import (
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"testing"
	"unicode"
)

func TestLine(t *testing.T) {
	tests := map[string]string{
		"plain 1Z999AA10123456784": "plain 1Z999AA10123456784",
		"Zoë – 東京":                 "Zoë – 東京",
		"a\nb\r\tc":                `a\nb\r\tc`,
		"\x1b[2J":                  `\x1b[2J`,
		"\x00\x7f":                 `\x00\x7f`,
		"\u0085\u009b":             `\u0085\u009b`,
		"abc\u202edef\u2066":       `abc\u202edef\u2066`,
		"zero\u200bwidth":          `zero\u200bwidth`,
		"line\u2028sep":            `line\u2028sep`,
		"bad \xff utf8":            `bad \xff utf8`,
		"::error::stop":            `\x3a:error::stop`,
		"a::b":                     "a::b",
		"x ##[group]":              `x #\x23[group]`,
		"##vso[task.x]":            `#\x23vso[task.x]`,
		"a ###vso[":                `a #\x23#vso[`,
		"####":                     `#\x23#\x23`,
		"# #vso[":                  "# #vso[",
		"":                         "",
	}
	for in, want := range tests {
		if got := Line(in); got != want {
			t.Errorf("Line(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestMessageMasksAndCuts(t *testing.T) {
	if got := Message(" write to ann.lee+x@mail.example.com now "); got != "write to [e-mail] now" {
		t.Errorf("Message = %q", got)
	}
	long := Message(strings.Repeat("ä", 500))
	if n := len([]rune(long)); n != MaxMessage+1 || !strings.HasSuffix(long, "…") {
		t.Errorf("%d characters, want %d and an ellipsis", n, MaxMessage)
	}
}

func FuzzLine(f *testing.F) {
	for _, seed := range []string{"", "::", "##[", "a\x1b]0;x\x07", "\xff\xfe", "\u202e", "##[::##[", "###vso[", "#\x00#"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Line(s)
		for _, r := range got {
			if r != ' ' && !unicode.IsPrint(r) {
				t.Fatalf("Line(%q) lets %U through", s, r)
			}
		}
		if strings.HasPrefix(got, "::") || strings.Contains(got, "##") {
			t.Fatalf("Line(%q) = %q is a command to a CI system", s, got)
		}
	})
}

// The value is the same to whoever parses it.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{"", "##vso[x]", "###", "####", "a\x7f\u009b\u202e", "\U000e0001##", `\u0023#`, "\\##"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		plain, err := json.Marshal(map[string]string{s: s})
		if err != nil {
			t.Fatal(err)
		}
		got := JSON(plain)
		for _, r := range string(got) {
			if r != ' ' && !unicode.IsPrint(r) {
				t.Fatalf("JSON(%q) lets %U through", s, r)
			}
		}
		if strings.Contains(string(got), "##") {
			t.Fatalf("JSON(%q) = %q is a command to a CI system", s, got)
		}
		var want, value map[string]string
		if err := errors.Join(json.Unmarshal(plain, &want), json.Unmarshal(got, &value)); err != nil || !maps.Equal(want, value) {
			t.Fatalf("JSON(%q) = %q means %q, %v", s, got, value, err)
		}
	})
}

func TestJSON(t *testing.T) {
	for in, want := range map[string]string{
		`{"a":"##vso[x]"}`: `{"a":"#\u0023vso[x]"}`,
		`"###"`:            `"#\u0023#"`,
		`"# #", "#"`:       `"# #", "#"`,
		"\"\u202e\x7f\"":   `"\u202e\u007f"`,
		"\"\U000e0001\"":   `"\udb40\udc01"`,
	} {
		if got := string(JSON([]byte(in))); got != want {
			t.Errorf("JSON(%s) = %s, want %s", in, got, want)
		}
	}
}
