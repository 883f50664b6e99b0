package main

import (
	"bytes"
	"testing"
)

func FuzzLayoutTwiceIsLayoutOnce(f *testing.F) {
	for _, src := range []string{
		"", "a=1", "a   =   1 # x\nbb=2\n", "a = {\nb=1\n}\n", "x \"y\" {\n\n\n}", "a = <<EOT\n  text\nEOT\n",
		"a = <<-EOT\n    text ${ 1+1 }\n  EOT\n", "a=[\n1,\n2]\n", "a = true?1:2\r\nb=!true\r\n", "# only a remark", "a=\"${ x[ 0 ] }\"\n",
		"a = (1\n+2)\n", "a = [for x in y:x if x!=1]\n", "a { b=1 }\n", "/* a */ a=1 // b\n", "locals {\n\"a\"=1\n}\n",
	} {
		f.Add([]byte(src))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		once, diags := layout("x.hcl", src)
		if diags.HasErrors() {
			return
		}
		twice, diags := layout("x.hcl", once)
		if diags.HasErrors() {
			t.Fatalf("%q became %q: %v", src, once, diags)
		}
		if !bytes.Equal(once, twice) {
			t.Errorf("%q became %q, then %q", src, once, twice)
		}
	})
}
