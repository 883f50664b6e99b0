package state

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/gdfctl/gdfctl/internal/words"
)

// AuditFault is what is wrong with a line of the audit record.
type AuditFault string

// The faults that a chain of hashes tells apart. LineRewritten takes somebody
// who knows an earlier head: the chain itself is whole.
const (
	LineChanged   AuditFault = "changed"
	LinesRemoved  AuditFault = "removed"
	LineInserted  AuditFault = "inserted"
	LineReordered AuditFault = "reordered"
	LineRewritten AuditFault = "written anew"
)

// AuditError says which lines of the audit record are not as they were written.
type AuditError struct {
	Path   string
	Line   int // counts the lines of the file from 1
	Last   int // of several lines; 0 for one
	Fault  AuditFault
	Detail string

	// Proven is the last line up to which the head that was given shows that
	// nothing was changed; 0 if none was, or it shows nothing. What the state
	// remembers proves nothing: it lies where the record does.
	Proven int
}

func (e *AuditError) Error() string {
	if e.Last > e.Line {
		return fmt.Sprintf("%s: lines %d to %d were %s: %s", e.Path, e.Line, e.Last, e.Fault, e.Detail)
	}
	return fmt.Sprintf("%s: line %d was %s: %s", e.Path, e.Line, e.Fault, e.Detail)
}

// VerifyAudit reads the whole audit record and returns its head. With head,
// written HASH@LINE, it also proves that the record up to that line is the one
// that had this head; the record may have grown since. It holds the record
// against the head that the state was saved with too, where there is a state
// that can be read: lines that are missing at the end show in nothing else. The
// error is an *AuditError where the record is not what was written; the head is
// then the last line up to which the chain holds.
func (s *Store) VerifyAudit(head string) (AuditHead, error) {
	v := verifier{path: s.paths.Audit}
	if head != "" {
		known, err := ParseAuditHead(head)
		if err != nil {
			return AuditHead{}, err
		}
		v.witnesses = append(v.witnesses, witness{auditMark{known.Hash, known.Lines}, "the head was taken at", true})
	}
	// Before the record: a run that goes on meanwhile adds to the record first.
	if v.remembered = s.remembered(); v.remembered.Lines > 0 {
		v.witnesses = append(v.witnesses, witness{v.remembered, "the state remembers", false})
	}
	torn, err := eachLine(s.fs, s.paths.Audit, v.next)
	switch {
	case err != nil:
	case v.broken || v.denied != nil:
		err = v.diagnose(s.fs)
	default:
		err = v.missing()
	}
	return AuditHead{Hash: v.at.Hash, Lines: v.at.Lines, Torn: torn}, err
}

// remembered is the head that the state was saved with. A state that is not
// there, or can't be read, remembers nothing: the record is worth verifying
// without it. The orders are not looked at: every apply verifies the record.
func (s *Store) remembered() auditMark {
	file, size, err := s.fs.Open(s.paths.State)
	if err != nil {
		return auditMark{}
	}
	defer file.Close() //nolint:errcheck // only read
	head, _, _, err := decodeHead(file, size)
	if err != nil {
		return auditMark{}
	}
	return head.Recorded
}

// witness is a head that the record had once.
type witness struct {
	auditMark
	says  string // before "line 9"
	given bool   // by the caller, and not by the state
}

// verifier follows the chain to the first line that is not a part of it, or
// that a witness knows otherwise.
type verifier struct {
	path       string
	witnesses  []witness
	remembered auditMark
	at         auditMark // the last line of the chain
	proven     int       // see AuditError
	broken     bool      // the next line does not follow
	denied     *witness  // who knows the last line otherwise
}

var errStop = errors.New("stop reading")

func (v *verifier) next(text []byte) error {
	link, ok := readLink(text)
	if !ok || !link.follows(v.at) {
		v.broken = true
		return errStop
	}
	v.at = auditMark{link.hash, link.Line}
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

func (v *verifier) fault(line int, fault AuditFault, format string, args ...any) *AuditError {
	return &AuditError{Path: v.path, Line: line, Fault: fault, Detail: fmt.Sprintf(format, args...), Proven: v.proven}
}

// eachLine calls visit for every whole line, without its newline, until it
// returns an error; the text is visit's until then. errStop ends it quietly. It reports whether something
// without a newline follows. A file that does not exist has no lines.
func eachLine(files FS, path string, visit func(text []byte) error) (torn bool, err error) {
	r, size, err := files.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	lines := bufio.NewReaderSize(io.LimitReader(r, size), 1<<18)
	for {
		text, err := wholeLine(lines)
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
