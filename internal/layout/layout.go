package layout

import (
	"bytes"

	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/gdfctl/gdfctl/internal/config"
	"github.com/gdfctl/gdfctl/internal/diag"
)

// format is the canonical form of a source that has no syntax errors. What the
// formatter does is repeated until nothing changes, so that formatting a
// formatted file changes nothing.
func format(name string, src []byte) ([]byte, diag.List) {
	parts, diags := config.CheckSyntax(src, name)
	if diags.HasErrors() {
		return nil, diags
	}
	// The formatter takes a hundred times as much memory as the text. It aligns
	// lines that follow each other, but none with that of a lone brace.
	out := make([]byte, 0, len(src))
	from := 0
	for i, p := range parts {
		end := p.Start.Byte + len(p.Source)
		if i == len(parts)-1 || bytes.HasSuffix(p.Source, []byte("\n}\n")) {
			out = append(out, formatPart(src[from:end])...)
			from = end
		}
	}
	return out, nil
}

func formatPart(src []byte) []byte {
	const most = 5
	for range most {
		next := hclwrite.Format(src)
		if bytes.Equal(next, src) {
			break
		}
		src = next
	}
	return src
}
