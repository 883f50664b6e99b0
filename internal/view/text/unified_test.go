package text

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUnified(t *testing.T) {
	before := "one\n\ttwo\nthree\n"
	after := "one\n\t2\nthree\nfour\x1b[0m\n"
	want := `--- old/a.hcl
+++ new/a.hcl
@@ -1,3 +1,4 @@
 one
-	two
+	2
 three
+four\x1b[0m
`
	var out strings.Builder
	if err := Unified(&out, Style{}, "a.hcl", []byte(before), []byte(after)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestUnifiedOfEqualTexts(t *testing.T) {
	var out strings.Builder
	if err := Unified(&out, Style{}, "a.hcl", []byte("same\n"), []byte("same\n")); err != nil || out.Len() > 0 {
		t.Errorf("%q, %v", out.String(), err)
	}
}
