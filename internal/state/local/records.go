package local

import (
	"os"
	"sync/atomic"

	"github.com/gdfctl/gdfctl/internal/disk"
)

// records is a file that knows whether it is still where it was made.
type records struct {
	disk.Writer
	path    string
	written atomic.Int64 // by Write
	durable atomic.Int64 // of that, by Sync
}

func (r *records) Write(p []byte) (int, error) {
	n, err := r.Writer.Write(p)
	r.written.Add(int64(n))
	return n, err
}

func (r *records) Sync() error {
	written := r.written.Load() // first: others write meanwhile
	err := r.Writer.Sync()
	if err != nil {
		return err
	}
	for {
		durable := r.durable.Load()
		if written <= durable || r.durable.CompareAndSwap(durable, written) {
			return nil
		}
	}
}

// Keep implements backend.Records: this machine is where the next holder looks.
func (r *records) Keep() error { return r.Sync() }

// InPlace implements backend.Records. What is written to a file that nobody will
// find is not written down. A file system that can't say is believed.
func (r *records) InPlace() bool {
	open, ok := r.Writer.(interface{ Stat() (os.FileInfo, error) })
	if !ok {
		return true
	}
	durable := r.durable.Load() // first: others write meanwhile
	mine, err := open.Stat()
	if err != nil {
		return false
	}
	there, err := os.Lstat(r.path)
	return err == nil && os.SameFile(mine, there) && there.Size() >= durable
}
