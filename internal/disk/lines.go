package disk

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// ReadLine returns the next line with its end. It is the reader's own until the
// next one is read: records and closed orders have millions of them.
func ReadLine(r *bufio.Reader) ([]byte, error) {
	text, err := r.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return text, err
	}
	long := bytes.Clone(text)
	rest, err := r.ReadBytes('\n')
	return append(long, rest...), err
}

// LastLine returns the last whole line without its newline, and the offset
// after it.
func LastLine(r io.ReaderAt, size int64) ([]byte, int64, error) {
	for window := int64(1 << 14); ; window *= 4 {
		start := max(size-window, 0)
		tail := make([]byte, size-start)
		if _, err := r.ReadAt(tail, start); err != nil && !errors.Is(err, io.EOF) {
			return nil, 0, err
		}
		end := bytes.LastIndexByte(tail, '\n') + 1
		begin := bytes.LastIndexByte(tail[:max(end-1, 0)], '\n') + 1
		if begin > 0 || start == 0 {
			return bytes.TrimSuffix(tail[begin:end], []byte("\n")), start + int64(end), nil
		}
	}
}
