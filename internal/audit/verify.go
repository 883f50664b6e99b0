package audit

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Fault is what is wrong with a line of the audit log.
type Fault string

// The faults that a chain of hashes shows. LineRewritten takes somebody
// who knows an earlier head: the chain itself is whole.
const (
	LineChanged   Fault = "changed"
	LinesRemoved  Fault = "removed"
	LineInserted  Fault = "inserted"
	LineReordered Fault = "reordered"
	LineRewritten Fault = "rewritten"
)

// ChainError says which lines of the audit log are not as they were written.
type ChainError struct {
	Path   string // of several files the one that the line is in, or should be
	Line   int    // counts the lines of all files from 1
	Last   int    // of several lines; 0 for one
	Fault  Fault
	Detail string

	// Proven is the last line up to which the head that was given shows that
	// nothing was changed; 0 if none was, or it shows nothing. What the state
	// remembers proves nothing: it lies where the record does.
	Proven int
}

func (e *ChainError) Error() string {
	if e.Last > e.Line {
		return fmt.Sprintf("%s: lines %d to %d were %s: %s", e.Path, e.Line, e.Last, e.Fault, e.Detail)
	}
	return fmt.Sprintf("%s: line %d was %s: %s", e.Path, e.Line, e.Fault, e.Detail)
}

// Verified is what Verify found.
type Verified struct {
	Head      // the last line up to which the chain holds
	Torn bool // something follows that was not written to its end; the next run cuts it off
}

// Verify reads the whole log. With given, which somebody noted earlier, it also
// proves that the log up to that line is the one that had this head; it may have
// grown since. With remembered, the head that the state was saved with, lines
// that are missing at the end show too. The error is a *ChainError where the log
// is not what was written.
func Verify(source Source, given, remembered Head) (Verified, error) {
	v := verifier{source: source, remembered: remembered}
	if given.Lines > 0 {
		v.witnesses = append(v.witnesses, witness{given, "the head was taken at", true})
	}
	if remembered.Lines > 0 {
		v.witnesses = append(v.witnesses, witness{remembered, "the state remembers", false})
	}
	torn, err := eachLine(source, v.next)
	switch {
	case err != nil:
	case v.broken || v.denied != nil:
		err = v.diagnose()
	default:
		err = v.missing()
	}
	return Verified{v.at, torn}, err
}

// witness is a head that the record had once.
type witness struct {
	Head
	says  string // before "line 9"
	given bool   // by the caller, and not by the state
}

// verifier follows the chain to the first line that is not a part of it, or
// that a witness knows otherwise.
type verifier struct {
	source     Source
	witnesses  []witness
	remembered Head
	at         Head     // the last line of the chain
	size       int64    // where it ends
	proven     int      // see ChainError
	broken     bool     // the next line does not follow
	denied     *witness // who knows the last line otherwise
}

var errStop = errors.New("stop reading")

func (v *verifier) next(text []byte) error {
	link, ok := readLink(text)
	if !ok || !link.follows(v.at) {
		v.broken = true
		return errStop
	}
	v.at = link.head()
	v.size += int64(len(text)) + 1
	for i, w := range v.witnesses {
		switch {
		case w.Lines != v.at.Lines:
		case w.Hash != v.at.Hash:
			v.denied = &v.witnesses[i]
			return errStop
		case w.given:
			v.proven = w.Lines
		}
	}
	return nil
}

// missing finds lines that a witness knows and that are beyond the end.
func (v *verifier) missing() error {
	for _, w := range v.witnesses {
		if w.Lines > v.at.Lines {
			e := v.fault(v.at.Lines+1, LinesRemoved, "the record has %s, %s line %d: lines were removed at the end", words.Count(v.at.Lines, "line", "lines"), w.says, w.Lines)
			e.Last = w.Lines
			return e
		}
	}
	return nil
}

func (v *verifier) fault(line int, fault Fault, format string, args ...any) *ChainError {
	at := v.size
	if line <= v.at.Lines {
		at-- // in the last line of the chain: no fault is before that
	}
	return &ChainError{Path: fileAt(v.source, at), Line: line, Fault: fault, Detail: fmt.Sprintf(format, args...), Proven: v.proven}
}

// eachLine calls visit for every whole line, without its newline, until it
// returns an error; the text is visit's until then. errStop ends it quietly. It reports whether something
// without a newline follows. A file that does not exist has no lines.
func eachLine(source Source, visit func(text []byte) error) (torn bool, err error) {
	r, size, err := source.Open()
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	lines := bufio.NewReaderSize(io.LimitReader(r, size), 1<<18)
	for {
		text, err := disk.ReadLine(lines)
		if errors.Is(err, io.EOF) {
			return len(text) > 0, nil
		}
		if err != nil {
			return false, err
		}
		switch err := visit(text[:len(text)-1]); {
		case errors.Is(err, errStop):
			return false, nil
		case err != nil:
			return false, err
		}
	}
}
