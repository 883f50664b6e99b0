package safetext

import (
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
	for _, seed := range []string{"", "::", "##[", "a\x1b]0;x\x07", "\xff\xfe", "\u202e", "##[::##["} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Line(s)
		for _, r := range got {
			if r != ' ' && !unicode.IsPrint(r) {
				t.Fatalf("Line(%q) lets %U through", s, r)
			}
		}
		if strings.HasPrefix(got, "::") || strings.Contains(got, "##[") {
			t.Fatalf("Line(%q) = %q is a command to a CI system", s, got)
		}
	})
}
