package text

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

func TestEscaped(t *testing.T) {
	text := "id\tname\r\n1\tcafé \x1b[31m\n2\t\u202e日本\rx\n\xc3"
	want := "id\tname\n1\tcafé \\x1b[31m\n2\t\\u202e日本\\rx\n\\xc3"
	for name, r := range map[string]io.Reader{
		"at once":      strings.NewReader(text),
		"byte by byte": iotest.OneByteReader(strings.NewReader(text)),
		"in halves":    iotest.HalfReader(strings.NewReader(text)),
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			w := Escaped(&out)
			if _, err := io.Copy(w, r); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, out.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
