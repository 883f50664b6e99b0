package layout

import (
	"bytes"
	"path"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/starter"
)

func FuzzLayoutTwiceIsLayoutOnce(f *testing.F) {
	for _, src := range []string{
		"", "a=1", "a   =   1 # x\nbb=2\n", "a = {\nb=1\n}\n", "x \"y\" {\n\n\n}", "a = <<EOT\n  text\nEOT\n",
		"a = <<-EOT\n    text ${ 1+1 }\n  EOT\n", "a=[\n1,\n2]\n", "a = true?1:2\r\nb=!true\r\n", "# only a remark", "a=\"${ x[ 0 ] }\"\n",
		"a = (1\n+2)\n", "a = [for x in y:x if x!=1]\n", "a { b=1 }\n", "/* a */ a=1 // b\n", "locals {\n\"a\"=1\n}\n",
		"a=1\nx {\nb=1 # c\n}\nbb=2\ny {\n} # d\n  z { # e\n }\nx {\n  }\ny {\nc=<<E\n}\nE\n}\n", "x {\na={\n}\n}\n\n\n  # b\ny {}\nz = {\n}\nzz=1\n",
	} {
		f.Add([]byte(src))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		once, diags := format("x.hcl", src)
		if diags.HasErrors() {
			return
		}
		if whole := formatPart(src); !bytes.Equal(once, whole) {
			t.Errorf("%q became %q, and in one piece %q", src, once, whole)
		}
		twice, diags := format("x.hcl", once)
		if diags.HasErrors() {
			t.Fatalf("%q became %q: %v", src, once, diags)
		}
		if !bytes.Equal(once, twice) {
			t.Errorf("%q became %q, then %q", src, once, twice)
		}
	})
}

// What init writes has the layout that fmt gives.
func TestTheStarterIsFormatted(t *testing.T) {
	files, err := starter.Files()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if path.Ext(f.Name) != ".hcl" {
			continue
		}
		formatted, diags := format(f.Name, f.Content)
		if diff := cmp.Diff(string(formatted), string(f.Content)); diff != "" || diags.HasErrors() {
			t.Errorf("%s: %v (-formatted +written)\n%s", f.Name, diags, diff)
		}
	}
}
