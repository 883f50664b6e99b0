package audit

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"

	"github.com/gdfctl/gdfctl/internal/disk"
)

// Log appends to the audit log. Lines are synced together by sync, at
// the latest before the journal that they can be made from again is dropped.
type Log struct {
	storage Storage

	mu      sync.Mutex  // guards what follows
	written map[ID]bool // entries that a session before this one came to write
	file    disk.Writer
	at      Position // the last whole line
	dirty   bool     // something follows it that is to be cut off
	pending []Entry  // not written yet
	synced  bool
	failed  error // the first sync that failed: after it, none can be trusted
}

// Open finds the end of the log. A last line that was not written to its end is
// cut off at the first append. Where a run left its journal, what it appended
// was perhaps not synced and can be torn anywhere: from left, where the journal
// began, it is read, and cut off where it is torn, and comes back from the
// journal. Any other damage is a *disk.DamagedError. Open returns what people
// should know of.
func Open(storage Storage, left *Position) (log *Log, notice string, err error) {
	a := &Log{storage: storage, written: map[ID]bool{}, synced: true}
	r, size, err := storage.Open()
	if errors.Is(err, fs.ErrNotExist) {
		return a, "", nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("reading the audit log: %w", err)
	}
	if err = wholeFrom(storage, r, size); err != nil {
		return nil, "", errors.Join(err, r.Close())
	}
	if left != nil {
		err = a.readSince(r, size, *left)
		a.synced = false
	} else {
		err = a.readEnd(r, size)
	}
	if err = errors.Join(err, r.Close()); err != nil {
		return nil, "", err
	}
	if a.dirty = a.at.Size < size; a.dirty {
		notice = fmt.Sprintf("what follows line %d was not written to its end, and is cut off", a.at.Lines)
	}
	return a, notice, nil
}

// wholeFrom is an error for a log whose files before the present one are gone: what is
// appended to it would count on from lines that nobody can show.
func wholeFrom(storage Storage, r io.ReaderAt, size int64) error {
	text, err := disk.ReadLine(bufio.NewReader(io.NewSectionReader(r, 0, size)))
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the audit log: %w", err)
	}
	link, ok := readLink(text[:len(text)-1])
	before := continued(text)
	if !ok || link.Line == 1 || before == "" {
		return nil // any other damage shows where it is verified
	}
	return &disk.DamagedError{
		Path: storage.String(), Reason: fmt.Sprintf("it begins with line %d, which continues the file %s, and that is not here", link.Line, before),
		Remedy: "Nothing was changed. Put that file back beside it, and all that it continues",
	}
}

// readEnd reads the last line alone.
func (a *Log) readEnd(r io.ReaderAt, size int64) error {
	last, end, err := disk.LastLine(r, size)
	if err != nil {
		return fmt.Errorf("reading the audit log: %w", err)
	}
	if a.at.Size = end; end == 0 {
		return nil
	}
	link, ok := readLink(last)
	if path := a.storage.String(); !ok {
		if bytes.HasSuffix(bytes.TrimSuffix(last, []byte("\n")), []byte("\r")) {
			return &disk.DamagedError{Path: path, Reason: disk.LineEndsChanged, Remedy: "Nothing was changed: " + disk.PutLineEndsBack(path)}
		}
		return damaged(a.storage, "its last line does not fit its own hash")
	}
	a.at.Head = link.head()
	return nil
}

// readSince reads all lines from where the journal began.
func (a *Log) readSince(r io.ReaderAt, size int64, left Position) error {
	a.at = left
	if size < left.Size {
		a.at = Position{} // another record than it was: look through all of it
	}
	lines := bufio.NewReaderSize(io.NewSectionReader(r, a.at.Size, size-a.at.Size), 1<<16)
	for {
		text, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading the audit log: %w", err)
		}
		link, ok := readLink(text[:len(text)-1])
		switch {
		case !ok && a.at.Size >= left.Size:
			return nil
		case !ok, !link.follows(a.at.Head):
			return damaged(a.storage, fmt.Sprintf("line %d is not the one that was written there", a.at.Lines+1))
		}
		var entry Entry
		if err := json.Unmarshal(text, &entry); err != nil {
			return damaged(a.storage, fmt.Sprintf("line %d: %v", a.at.Lines+1, err))
		}
		a.written[entry.ident()] = true
		a.at.Head = link.head()
		a.at.Size += int64(len(text))
	}
}

func damaged(storage Storage, reason string) error {
	return &disk.DamagedError{
		Path: storage.String(), Reason: reason,
		Remedy: "Nothing was changed. `gdfctl audit verify` shows where; put back a whole copy of it, or move it away to begin another one, which will say so",
	}
}

// Append adds entries. What can't be written now is written with the next ones,
// or by Sync.
func (a *Log) Append(entries ...Entry) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.pending = append(a.pending, entries...)
	return a.flushLocked()
}

// AppendOnce is Append for an entry that an earlier session may have come to
// write before it ended.
func (a *Log) AppendOnce(e Entry) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.written[e.ident()] {
		return nil
	}
	a.written[e.ident()] = true
	a.pending = append(a.pending, e)
	return a.flushLocked()
}

// Knows says that these entries are in the log already.
func (a *Log) Knows(entries []Entry) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i := range entries {
		a.written[entries[i].ident()] = true
	}
}

// Complete appends those entries that a run did not come to write, and makes all
// of them durable. It returns how many it added.
func (a *Log) Complete(wanted []Entry) (added int, err error) {
	a.mu.Lock()
	for _, e := range wanted {
		if !a.written[e.ident()] {
			a.written[e.ident()] = true
			a.pending = append(a.pending, e)
			added++
		}
	}
	a.mu.Unlock()
	return added, a.Sync()
}

func (a *Log) flushLocked() error {
	if len(a.pending) == 0 {
		return nil
	}
	if err := a.makeReadyLocked(); err != nil {
		return err
	}
	var lines []byte
	head := a.at.Head
	for _, e := range a.pending {
		line, next, err := head.chain(e)
		if err != nil {
			return err
		}
		lines, head = append(lines, line...), next
	}
	a.dirty, a.synced = true, false
	if _, err := a.file.Write(lines); err != nil {
		return fmt.Errorf("the audit log can't be written: %w", err)
	}
	a.at = Position{head, a.at.Size + int64(len(lines))}
	a.dirty, a.pending = false, nil
	return nil
}

// makeReadyLocked opens the log, and cuts off what is not a whole line.
func (a *Log) makeReadyLocked() error {
	if a.dirty {
		if err := a.storage.Truncate(a.at.Size); err != nil {
			return fmt.Errorf("cutting the audit log back to its last whole line: %w", err)
		}
		a.dirty = false
	}
	if a.file != nil {
		return nil
	}
	f, err := a.storage.Append()
	if err != nil {
		return fmt.Errorf("opening the audit log: %w", err)
	}
	a.file = f
	return nil
}

// Sync makes everything durable that was appended.
func (a *Log) Sync() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.failed != nil {
		return a.failed
	}
	if err := a.flushLocked(); err != nil || a.synced {
		return err
	}
	if err := a.makeReadyLocked(); err != nil {
		return err
	}
	if err := a.file.Sync(); err != nil {
		a.failed = fmt.Errorf("the audit log can't be synced: %w", err)
		return a.failed
	}
	a.synced = true
	return a.standsLocked()
}

// standsLocked checks that the log is still the one that was written: somebody
// can cut it or replace it while a run goes on.
func (a *Log) standsLocked() error {
	r, size, err := a.storage.Open()
	if err != nil {
		return fmt.Errorf("reading the audit log again: %w", err)
	}
	there, err := stands(r, size, a.at)
	if err = errors.Join(err, r.Close()); err != nil {
		return fmt.Errorf("reading the audit log again: %w", err)
	}
	if !there || size != a.at.Size {
		a.failed = fmt.Errorf("the audit log %s was changed by something other than this run: line %d, which was just written, is not its last any more; "+
			"`gdfctl audit verify` says what is wrong", a.storage, a.at.Lines)
		return a.failed
	}
	return nil
}

// Close closes the log. It may be opened again by the next Append.
func (a *Log) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.file == nil {
		return nil
	}
	err := a.file.Close()
	a.file = nil
	return err
}

// Position is the last line that was written.
func (a *Log) Position() Position {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.at
}

// Durable is the last line, and whether it is synced.
func (a *Log) Durable() (Position, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.at, a.synced && a.failed == nil
}
