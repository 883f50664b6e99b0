package state

import (
	"bufio"
	"bytes"
	"errors"
)

// wholeLine returns the next line with its end. It is the reader's own until the
// next one is read: records and closed orders have millions of them.
func wholeLine(r *bufio.Reader) ([]byte, error) {
	text, err := r.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return text, err
	}
	long := bytes.Clone(text)
	rest, err := r.ReadBytes('\n')
	return append(long, rest...), err
}
