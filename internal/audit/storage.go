package audit

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/disk"
)

// Source is where an audit log can be read.
type Source interface {
	// String is what messages call it.
	String() string
	// Open opens what is there for reading, and returns its size. The error is
	// fs.ErrNotExist if nothing was ever written.
	Open() (disk.Reader, int64, error)
}

// Storage keeps the bytes of one audit log. It only ever grows, except that the
// end of a write that was cut off is removed.
type Storage interface {
	Source
	// Append opens it, or makes it, so that every Write goes to its end. That it
	// was made is durable when Append returns.
	Append() (disk.Writer, error)
	// Truncate cuts off what was not written to its end.
	Truncate(size int64) error
	// Rotate begins a new file behind that line, and returns the name of the one that it
	// leaves: empty if nothing was in it. What is read is all files as one.
	Rotate(day time.Time, line int) (left string, err error)
}
