package audit

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/gdfctl/gdfctl/internal/disk"
)

// Tail is what the audit log holds beyond the line up to which a state remembers
// it. A state that was restored from an older copy, or whose journal was lost,
// does not know what its lines say.
type Tail struct {
	Entries []Entry
	Missing bool // the remembered line is not there: the log is shorter, or another one
}

// ReadTail reads the log from behind the line that a state remembers. Where it
// is not known where that line ends, because an earlier version saved the state,
// or where it is not there, the log is read from its beginning, and before is
// called for each line up to it. Reading stops at the first line that does not
// follow: Open and Verify find out whether that is damage or the end of a write.
func ReadTail(source Source, known Position, before func(*Entry)) (Tail, error) {
	r, end, err := source.Open()
	if errors.Is(err, fs.ErrNotExist) {
		return Tail{Missing: known.Lines > 0}, nil
	}
	if err != nil {
		return Tail{}, fmt.Errorf("reading the audit log: %w", err)
	}
	defer r.Close() //nolint:errcheck // only read
	beyond := known.Lines == 0
	at := Position{}
	if !beyond {
		if beyond, err = stands(r, end, known); err != nil {
			return Tail{}, fmt.Errorf("reading the audit log: %w", err)
		}
	}
	if beyond {
		at = known
	}
	var tail Tail
	lines := bufio.NewReaderSize(io.NewSectionReader(r, at.Size, end-at.Size), 1<<16)
	for {
		text, err := disk.ReadLine(lines)
		if err != nil && !errors.Is(err, io.EOF) {
			return tail, fmt.Errorf("reading the audit log: %w", err)
		}
		link, ok := link{}, false
		if err == nil { // what has no line end is not whole
			link, ok = readLink(text[:len(text)-1])
		}
		var entry Entry
		if !ok || !link.follows(at.Head) || json.Unmarshal(text, &entry) != nil {
			tail.Missing = !beyond
			return tail, nil
		}
		at.Head = link.head()
		if beyond {
			tail.Entries = append(tail.Entries, entry)
			continue
		}
		before(&entry)
		beyond = at.Head == known.Head
	}
}

// stands reports whether the line of a position ends there. No line ends at the
// beginning: there a log stands that was made and, its run being killed then, not
// written to.
func stands(r io.ReaderAt, end int64, p Position) (bool, error) {
	if p.Size < 1 || p.Size > end {
		return p == Position{}, nil
	}
	last, at, err := disk.LastLine(r, p.Size)
	if err != nil || at != p.Size {
		return false, err
	}
	link, ok := readLink(last)
	return ok && link.head() == p.Head, nil
}
