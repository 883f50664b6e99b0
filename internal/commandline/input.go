package commandline

import (
	"fmt"
	"io"
	"os"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// ReadInput reads the file of an argument, or standard input for -. It reads no more
// than one byte beyond most, by which the caller sees that there is more.
func ReadInput(path string, stdin io.Reader, most int64) (string, error) {
	in := stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return "", fmt.Errorf("%s can't be read: %w", safetext.Line(path), disk.Cause(err))
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	content, err := io.ReadAll(io.LimitReader(in, most+1))
	if err != nil {
		return "", fmt.Errorf("%s can't be read: %w", safetext.Line(path), disk.Cause(err))
	}
	return string(content), nil
}
