package disk

import (
	"errors"
	"io"
)

// Segment is one of several files that are read as one.
type Segment struct {
	Name string
	Size int64
	Reader
}

// Segments reads files one behind the other, as if they were one.
type Segments struct {
	all []Segment
	at  int64 // of Read
}

// NewSegments reads files in this order, each as long as it says. They are closed
// together.
func NewSegments(all []Segment) *Segments { return &Segments{all: all} }

// Size is how many bytes there are.
func (s *Segments) Size() (size int64) {
	for _, f := range s.all {
		size += f.Size
	}
	return size
}

// NameAt is the file in which the byte at an offset is: behind the last byte, the last
// one.
func (s *Segments) NameAt(offset int64) (name string) {
	for _, f := range s.all {
		name = f.Name
		if offset < f.Size {
			break
		}
		offset -= f.Size
	}
	return name
}

// Read implements io.Reader.
func (s *Segments) Read(p []byte) (int, error) {
	n, err := s.ReadAt(p, s.at)
	s.at += int64(n)
	if n > 0 && errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

// ReadAt implements io.ReaderAt.
func (s *Segments) ReadAt(p []byte, offset int64) (n int, err error) {
	for _, f := range s.all {
		if len(p) == n {
			return n, nil
		}
		if offset >= f.Size {
			offset -= f.Size
			continue
		}
		part := p[n:min(int64(len(p)), int64(n)+f.Size-offset)]
		read, err := f.ReadAt(part, offset)
		n += read
		if read < len(part) {
			if err == nil || errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF // it is shorter than when it was opened
			}
			return n, err
		}
		offset = 0
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// Close closes all files.
func (s *Segments) Close() error {
	var all []error
	for _, f := range s.all {
		all = append(all, f.Reader.Close())
	}
	return errors.Join(all...)
}
