package feedfile

import (
	"bufio"
	"context"
	"errors"
	"io"
)

const (
	bufferSize = 256 << 10
	headSize   = 64 << 10 // as much as the header's line is looked for in
)

// Scan reads a file to its end, unless it turns out to be a page of markup,
// and measures what s asks for. Its only errors are those of r and ctx; what it
// found by then is not returned, since a file that was cut off would look like
// one that shrank.
func Scan(ctx context.Context, r io.Reader, s Spec) (Facts, error) {
	text, encoding, err := decode(bufio.NewReaderSize(r, bufferSize))
	if err != nil {
		return Facts{}, err
	}
	head, err := text.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return Facts{}, err
	}
	if isMarkup(head) {
		return Facts{HTML: true, Encoding: encoding}, nil
	}
	delimiter := sniffDelimiter(head)
	f := &Facts{Encoding: encoding, Delimiter: rune(delimiter)}
	t := &table{spec: s, facts: f, keys: newKeySpace()}
	rows := newSplitter(delimiter, t)
	defer t.keys.release()
	var check textCheck
	for {
		if err := ctx.Err(); err != nil {
			return Facts{}, err
		}
		if _, err := text.Peek(1); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return Facts{}, err
		}
		chunk, _ := text.Peek(text.Buffered()) // all of it is there
		if f.BadBytesLine == 0 {
			if at := check.firstBad(chunk); at >= 0 {
				f.BadBytesLine = rows.lineAt(chunk[:at])
			}
		}
		rows.split(chunk)
		_, _ = text.Discard(len(chunk))
	}
	if f.BadBytesLine == 0 && check.cutOff() {
		f.BadBytesLine = rows.line
	}
	rows.end()
	t.end()
	return *f, nil
}
