package table

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
)

// JSONL reads JSON Lines: one object per line. Files and the order of reading are
// as in CSV, blank lines are not rows. A line that is not an object, or longer than
// MaxRecord, has Row.Err; the next line is read. warn is CSVOptions.Warn.
func JSONL(root *os.Root, pattern string, warn func(*Error)) iter.Seq2[Row, error] {
	return eachFile(root, pattern, EncodingByMark, warn, readJSONL)
}

func readJSONL(name string, src *source, yield func(Row, error) bool) bool {
	if first := bytes.TrimSpace(src.sample()); len(first) > 0 && first[0] == '[' {
		yield(Row{File: name, Line: 1}, &Error{File: name, Line: 1, Err: errors.New("the file is one JSON array: write one object per line (jq -c '.[]' does that)")})
		return false
	}
	lines := lineReader{r: bufio.NewReaderSize(src, bufferSize)}
	for number := 1; ; number++ {
		line, tooLong, err := lines.next()
		if err != nil && !errors.Is(err, io.EOF) {
			e := placed(name, err)
			yield(Row{File: name, Line: e.Line}, e)
			return false
		}
		if line = bytes.TrimSpace(line); len(line) > 0 || tooLong {
			row := Row{File: name, Line: number}
			if tooLong {
				row.Err = fmt.Errorf("the line has more than %d bytes", MaxRecord)
			} else {
				row.Object, row.Err = decodeObject(line)
			}
			if !yield(row, nil) {
				return false
			}
		}
		if errors.Is(err, io.EOF) {
			return true
		}
	}
}

// lineReader cuts text into lines and throws the middle of overlong ones away.
type lineReader struct {
	r    *bufio.Reader
	long []byte // collects a line that is larger than the reader's buffer
}

// next is the next line, valid until the call after it. With io.EOF it may
// still hold the last line.
func (l *lineReader) next() (line []byte, tooLong bool, err error) {
	part, err := l.r.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return part, false, err
	}
	l.long = append(l.long[:0], part...)
	for errors.Is(err, bufio.ErrBufferFull) {
		part, err = l.r.ReadSlice('\n')
		if len(l.long)+len(part) > MaxRecord {
			tooLong = true
			continue
		}
		l.long = append(l.long, part...)
	}
	if tooLong {
		return nil, true, err
	}
	return l.long, false, err
}
