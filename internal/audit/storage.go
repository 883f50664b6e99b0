package audit

import (
	"errors"
	"path/filepath"

	"github.com/gdfctl/gdfctl/internal/disk"
)

// Storage keeps the bytes of one audit log. It only ever grows, but for the end
// of a write that was cut off.
type Storage interface {
	// String is what messages call it.
	String() string
	// Open opens what is there for reading, and returns its size. The error is
	// fs.ErrNotExist if nothing was ever written.
	Open() (disk.Reader, int64, error)
	// Append opens it, or makes it, so that every Write goes to its end. That it
	// was made is durable when Append returns.
	Append() (disk.Writer, error)
	// Truncate cuts off what was not written to its end.
	Truncate(size int64) error
}

// InFile is the Storage of an audit log that is one file.
func InFile(files disk.FS, path string) Storage { return file{files, path} }

type file struct {
	files disk.FS
	path  string
}

func (f file) String() string { return f.path }

func (f file) Open() (disk.Reader, int64, error) { return f.files.Open(f.path) }

func (f file) Truncate(size int64) error { return f.files.Truncate(f.path, size) }

func (f file) Append() (disk.Writer, error) {
	w, err := f.files.Append(f.path)
	if err != nil {
		return nil, err
	}
	if err := f.files.SyncDir(filepath.Dir(f.path)); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}
