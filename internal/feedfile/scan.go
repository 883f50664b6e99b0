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

// Scan reads a file to its end, unless it turns out to be something else than a
// table, and measures what s asks for. Its only errors are those of r and ctx; what
// it found by then is not returned, since a file that was cut off would look like
// one that shrank.
func Scan(ctx context.Context, r io.Reader, s Spec) (Facts, error) {
	source := &sourceErrors{r: r}
	f, err := measure(ctx, source, s)
	if err == nil {
		return f, nil
	}
	if problem, ok := archiveProblem(err, source); ok && ctx.Err() == nil {
		return Facts{Archive: problem, Encoding: f.Encoding}, nil
	}
	return Facts{}, err
}

func measure(ctx context.Context, r io.Reader, s Spec) (Facts, error) {
	unpacked, problem, err := unpack(bufio.NewReaderSize(r, bufferSize), s.Compression)
	if err != nil || problem != "" {
		return Facts{Archive: problem}, err
	}
	in, ok := unpacked.(*bufio.Reader)
	if !ok {
		in = bufio.NewReaderSize(unpacked, bufferSize)
	}
	text, encoding, marked, err := decode(in, s.Encoding)
	if err != nil {
		return Facts{}, err
	}
	head, err := text.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return Facts{}, err
	}
	if html, xml := markup(head); html || xml {
		return Facts{HTML: html, XML: xml, Encoding: encoding}, nil
	}
	delimiter := s.Delimiter
	if delimiter == 0 {
		delimiter = sniffDelimiter(head, s.HeaderLine)
	}
	f := &Facts{Encoding: encoding, Delimiter: rune(delimiter)}
	if marked {
		f.BadBytesLine = 1
	}
	t := &table{spec: s, facts: f, keys: newKeySpace()}
	rows := newSplitter(delimiter, t)
	rows.skip = max(0, s.HeaderLine-1)
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
