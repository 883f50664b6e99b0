package state

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"sync"
)

// auditLog appends to the audit record. Lines are synced together by sync, at
// the latest before the journal that they can be made from again is dropped.
type auditLog struct {
	files   FS
	path    string
	written map[auditID]bool // what the journal's run came to write

	mu      sync.Mutex
	file    Writer
	head    auditMark
	size    int64         // where the last whole line ends
	dirty   bool          // something follows it that is to be cut off
	pending []AuditRecord // not written yet
	synced  bool
	failed  error // the first sync that failed: after it, none can be trusted
}

// openAuditLog finds the end of the record. A last line that was not written to
// its end is cut off at the first append. Where a run left its journal, what it
// appended was perhaps not synced and can be torn anywhere: from there on it is
// cut off, and comes back from the journal. Any other damage stops.
func openAuditLog(files FS, path string, left *journalHead) (*auditLog, []Notice, error) {
	a := &auditLog{files: files, path: path, written: map[auditID]bool{}, synced: true}
	r, size, err := files.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return a, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading the audit record: %w", err)
	}
	if left != nil {
		err = a.readSince(r, size, left)
		a.synced = false
	} else {
		err = a.readEnd(r, size)
	}
	if err = errors.Join(err, r.Close()); err != nil {
		return nil, nil, err
	}
	if a.dirty = a.size < size; a.dirty {
		return a, []Notice{{path, fmt.Sprintf("what follows line %d was not written to its end, and is cut off", a.head.Lines)}}, nil
	}
	return a, nil, nil
}

// readEnd reads the last line alone.
func (a *auditLog) readEnd(r io.ReaderAt, size int64) error {
	last, end, err := lastLine(r, size)
	if err != nil {
		return fmt.Errorf("reading the audit record: %w", err)
	}
	if a.size = end; end == 0 {
		return nil
	}
	link, ok := readLink(last)
	if !ok {
		if bytes.HasSuffix(bytes.TrimSuffix(last, []byte("\n")), []byte("\r")) {
			return &DamagedError{Path: a.path, Reason: lineEndsChanged, Remedy: "Nothing was changed: " + putLineEndsBack(a.path)}
		}
		return damagedAudit(a.path, "its last line does not fit its own hash")
	}
	a.head = auditMark{link.hash, link.Line}
	return nil
}

// readSince reads all lines from where the journal began.
func (a *auditLog) readSince(r io.ReaderAt, size int64, left *journalHead) error {
	a.head, a.size = left.Audit, left.AuditSize
	if size < left.AuditSize {
		a.head, a.size = auditMark{}, 0 // another record than it was: look through all of it
	}
	lines := bufio.NewReaderSize(io.NewSectionReader(r, a.size, size-a.size), 1<<16)
	for {
		text, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading the audit record: %w", err)
		}
		link, ok := readLink(text[:len(text)-1])
		switch {
		case !ok && a.size >= left.AuditSize:
			return nil
		case !ok, !link.follows(a.head):
			return damagedAudit(a.path, fmt.Sprintf("line %d is not the one that was written there", a.head.Lines+1))
		}
		var record AuditRecord
		if err := json.Unmarshal(text, &record); err != nil {
			return damagedAudit(a.path, fmt.Sprintf("line %d: %v", a.head.Lines+1, err))
		}
		a.written[record.ident()] = true
		a.head = auditMark{link.hash, link.Line}
		a.size += int64(len(text))
	}
}

func damagedAudit(path, reason string) error {
	return &DamagedError{
		Path: path, Reason: reason,
		Remedy: "Nothing was changed. `gdfctl audit verify` shows where; put back a whole copy of it, or move it away to begin another one, which will say so",
	}
}

// lastLine returns the last whole line without its newline, and the offset
// after it.
func lastLine(r io.ReaderAt, size int64) ([]byte, int64, error) {
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

// append adds records. What can't be written now is written with the next ones,
// or by sync.
func (a *auditLog) append(records ...AuditRecord) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.pending = append(a.pending, records...)
	return a.flush()
}

// appendOnce is append for a record that an earlier session may have come to
// write before it ended.
func (a *auditLog) appendOnce(r AuditRecord) error {
	if a.written[r.ident()] {
		return nil
	}
	a.written[r.ident()] = true
	return a.append(r)
}

func (a *auditLog) flush() error {
	if len(a.pending) == 0 {
		return nil
	}
	if err := a.makeReady(); err != nil {
		return err
	}
	var lines []byte
	head := a.head
	for _, r := range a.pending {
		line, next, err := head.chain(r)
		if err != nil {
			return err
		}
		lines, head = append(lines, line...), next
	}
	a.dirty, a.synced = true, false
	if _, err := a.file.Write(lines); err != nil {
		return fmt.Errorf("the audit record can't be written: %w", err)
	}
	a.size += int64(len(lines))
	a.dirty, a.head, a.pending = false, head, nil
	return nil
}

// makeReady opens the file, and cuts off what no line is.
func (a *auditLog) makeReady() error {
	if a.dirty {
		if err := a.files.Truncate(a.path, a.size); err != nil {
			return fmt.Errorf("cutting the audit record back to its last whole line: %w", err)
		}
		a.dirty = false
	}
	if a.file != nil {
		return nil
	}
	f, err := a.files.Append(a.path)
	if err != nil {
		return fmt.Errorf("opening the audit record: %w", err)
	}
	if err := a.files.SyncDir(filepath.Dir(a.path)); err != nil {
		return errors.Join(err, f.Close())
	}
	a.file = f
	return nil
}

// sync makes everything durable that was appended.
func (a *auditLog) sync() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.failed != nil {
		return a.failed
	}
	if err := a.flush(); err != nil || a.synced {
		return err
	}
	if err := a.makeReady(); err != nil {
		return err
	}
	if err := a.file.Sync(); err != nil {
		a.failed = fmt.Errorf("the audit record can't be synced: %w", err)
		return a.failed
	}
	a.synced = true
	return a.stands()
}

// stands checks that the file is still the one that was written: somebody can
// cut it or put another in its place while a run goes on.
func (a *auditLog) stands() error {
	r, size, err := a.files.Open(a.path)
	if err != nil {
		return fmt.Errorf("reading the audit record again: %w", err)
	}
	there, err := markStands(r, size, a.head, a.size)
	if err = errors.Join(err, r.Close()); err != nil {
		return fmt.Errorf("reading the audit record again: %w", err)
	}
	if !there || size != a.size {
		a.failed = fmt.Errorf("the audit record %s was changed by something other than this run: line %d, which was just written, is not its last any more; "+
			"`gdfctl audit verify` says what is wrong", a.path, a.head.Lines)
		return a.failed
	}
	return nil
}

func (a *auditLog) close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.file == nil {
		return nil
	}
	err := a.file.Close()
	a.file = nil
	return err
}

// mark is the last line that was written.
func (a *auditLog) mark() (auditMark, int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.head, a.size
}

// durable returns the last line and where it ends, and whether it is synced.
func (a *auditLog) durable() (auditMark, int64, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.head, a.size, a.synced && a.failed == nil
}

// complete appends those records that a run did not come to write, and makes
// all of them durable.
func (a *auditLog) complete(run string, wanted []AuditRecord) ([]Notice, error) {
	var missing []AuditRecord
	for _, r := range wanted {
		if !a.written[r.ident()] {
			a.written[r.ident()] = true
			missing = append(missing, r)
		}
	}
	if err := errors.Join(a.append(missing...), a.sync()); err != nil || len(missing) == 0 {
		return nil, err
	}
	return []Notice{{a.path, fmt.Sprintf("%d lines were added that %s did not come to write", len(missing), run)}}, nil
}
