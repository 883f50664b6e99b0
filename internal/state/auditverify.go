package state

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
)

// AuditFault is what is wrong with a line of the audit record.
type AuditFault string

// The faults that a chain of hashes tells apart.
const (
	LineChanged   AuditFault = "changed"
	LinesRemoved  AuditFault = "removed"
	LineInserted  AuditFault = "inserted"
	LineReordered AuditFault = "reordered"
)

// AuditError says which line of the audit record is not as it was written.
type AuditError struct {
	Path   string
	Line   int // counts the lines of the file from 1
	Fault  AuditFault
	Detail string
}

func (e *AuditError) Error() string {
	return fmt.Sprintf("%s: line %d was %s: %s", e.Path, e.Line, e.Fault, e.Detail)
}

// VerifyAudit reads the whole audit record and returns its head. With head,
// written HASH@LINE, it also proves that the record up to that line is the one
// that had this head. The error is an *AuditError where the record is not what
// was written.
func (s *Store) VerifyAudit(head string) (AuditHead, error) {
	var known AuditHead
	if head != "" {
		var err error
		if known, err = ParseAuditHead(head); err != nil {
			return AuditHead{}, err
		}
	}
	v := verifier{path: s.paths.Audit, known: known}
	torn, err := eachLine(s.fs, s.paths.Audit, v.next)
	if err == nil && v.at.Lines < known.Lines {
		err = &AuditError{v.path, v.at.Lines + 1, LinesRemoved, fmt.Sprintf("the record ends at line %d, and reached line %d", v.at.Lines, known.Lines)}
	}
	if v.broken {
		err = v.diagnose(s.fs)
	}
	return AuditHead{Hash: v.at.Hash, Lines: v.at.Lines, Torn: torn}, err
}

// verifier follows the chain to the first line that is not a part of it.
type verifier struct {
	path   string
	known  AuditHead
	at     auditMark // the last good line
	broken bool
}

var errStop = errors.New("stop reading")

func (v *verifier) next(text []byte) error {
	link, ok := readLink(text)
	if !ok || !link.follows(v.at) {
		v.broken = true
		return errStop
	}
	v.at = auditMark{link.hash, link.Line}
	if v.at.Lines == v.known.Lines && v.at.Hash != v.known.Hash {
		return &AuditError{v.path, v.at.Lines, LineChanged, "it has another hash than the given head: this line, or one before it, was written anew"}
	}
	return nil
}

// diagnose tells what was done to the first line that does not follow from the
// one before it, from what comes after it.
func (v *verifier) diagnose(files FS) error {
	number := v.at.Lines + 1 // of the first line that does not follow
	var lines []auditLink    // it and all after it; empty where a line is no whole one
	count := 0
	if _, err := eachLine(files, v.path, func(text []byte) error {
		if count++; count >= number {
			link, ok := readLink(text)
			if !ok {
				link = auditLink{}
			}
			lines = append(lines, link)
		}
		return nil
	}); err != nil {
		return err
	}
	fault := func(line int, fault AuditFault, format string, args ...any) error {
		return &AuditError{v.path, line, fault, fmt.Sprintf(format, args...)}
	}
	if len(lines) == 0 { // the file changed while it was read
		return fault(number, LineChanged, "it changed while it was verified")
	}
	first := lines[0]
	if first.hash != "" && slices.ContainsFunc(lines, func(l auditLink) bool { return l.hash == first.Prev }) {
		return fault(number, LineReordered, "line %d stands there, before the one that it follows from", first.Line)
	}
	if len(lines) > 1 && lines[1].follows(v.at) {
		return fault(number, LineInserted, "the line after it follows from the one before it")
	}
	switch {
	case first.hash == "":
		return fault(number, LineChanged, "it does not fit its own hash")
	case first.Line > number:
		return fault(number, LinesRemoved, "lines %d to %d are missing", number, first.Line-1)
	case first.Line < number:
		if len(lines) > 1 && lines[1].follows(auditMark{first.hash, first.Line}) {
			return fault(first.Line, LineInserted, "the next line has the same number, and it is from that one that the rest follows")
		}
		return fault(number, LineInserted, "it calls itself line %d", first.Line)
	case number > 1:
		return fault(number-1, LineChanged, "line %d does not follow from it", number)
	}
	return fault(number, LineChanged, "the first line follows from no other")
}

// eachLine calls visit for every whole line, without its newline, until it
// returns an error; errStop ends it quietly. It reports whether something
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
		text, err := lines.ReadBytes('\n')
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
