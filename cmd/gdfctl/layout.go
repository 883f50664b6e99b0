package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/gdfctl/gdfctl/internal/config"
	"github.com/gdfctl/gdfctl/internal/diag"
)

// maxSource is the most that one HCL file may hold, as for a plan.
const maxSource = 64 << 20

// readSource returns a file's content and its permissions.
func readSource(path string) ([]byte, fs.FileMode, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return nil, 0, errors.New("it is not a regular file")
	}
	src, err := readAtMost(f)
	return src, info.Mode().Perm(), err
}

func readAtMost(r io.Reader) ([]byte, error) {
	src, err := io.ReadAll(io.LimitReader(r, maxSource+1))
	if err == nil && len(src) > maxSource {
		err = fmt.Errorf("larger than %d MiB", maxSource>>20)
	}
	return src, err
}

// layout is the canonical form of a source that has no syntax errors. What the
// formatter does is repeated until nothing changes, so that formatting a
// formatted file changes nothing.
func layout(name string, src []byte) ([]byte, diag.List) {
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
			out = append(out, layoutPart(src[from:end])...)
			from = end
		}
	}
	return out, nil
}

func layoutPart(src []byte) []byte {
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
