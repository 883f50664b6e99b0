package layout

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gdfctl/gdfctl/internal/config"
	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/disk"
)

// File is a file to be formatted.
//
// Name is what people call it, on every system with slashes: lists and diffs are
// the same everywhere. Path is where it is.
type File struct{ Name, Path string }

// Text is the text of a file before and after it is formatted. If there are
// errors among the diagnostics, there is no text after it.
type Text struct {
	Before, After []byte
	Diagnostics   diag.List
}

// Changed reports whether the text was not formatted.
func (t *Text) Changed() bool { return !t.Diagnostics.HasErrors() && !bytes.Equal(t.Before, t.After) }

// maxSource is the most that one HCL file may hold, as for a plan.
const maxSource = 64 << 20

// Of formats what a reader holds.
func Of(name string, r io.Reader) (*Text, error) {
	before, err := io.ReadAll(io.LimitReader(r, maxSource+1))
	if err == nil && len(before) > maxSource {
		err = fmt.Errorf("larger than %d MiB", maxSource>>20)
	}
	if err != nil {
		return nil, err
	}
	after, diags := format(name, before)
	return &Text{before, after, diags}, nil
}

// Format formats a file and, if it is to be written and was not formatted,
// replaces it. The text is there with an error too, once it was read.
func (f File) Format(write bool) (*Text, error) {
	// A link stays one: what it leads to is replaced.
	path, err := filepath.EvalSymlinks(f.Path)
	if err != nil {
		return nil, fmt.Errorf("%s can't be read: %w", f.Name, disk.Cause(err))
	}
	text, mode, err := f.read(path)
	if err != nil {
		return nil, err
	}
	if text.Diagnostics.HasErrors() {
		return text, fmt.Errorf("%s was not changed", f.Name)
	}
	text.Diagnostics = append(text.Diagnostics, config.LineEnds(text.Before, f.Name)...)
	if !write || !text.Changed() {
		return text, nil
	}
	err = disk.Swap(path, mode, func(to *os.File) error {
		_, err := to.Write(text.After)
		return err
	})
	if err != nil {
		return text, fmt.Errorf("%s can't be written: %w", f.Name, disk.Cause(err))
	}
	return text, nil
}

// read formats a file's content, and returns its permissions.
func (f File) read(path string) (*Text, fs.FileMode, error) {
	src, err := os.Open(path)
	if err != nil {
		return nil, 0, fmt.Errorf("%s can't be read: %w", f.Name, disk.Cause(err))
	}
	defer src.Close()
	info, err := src.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is not a regular file")
	}
	if err != nil {
		return nil, 0, fmt.Errorf("%s can't be read: %w", f.Name, disk.Cause(err))
	}
	text, err := Of(f.Name, src)
	if err != nil {
		return nil, 0, fmt.Errorf("%s can't be read: %w", f.Name, disk.Cause(err))
	}
	return text, info.Mode().Perm(), nil
}
