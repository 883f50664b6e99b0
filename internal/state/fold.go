package state

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// readFolded reads the state file and folds in whatever journal lies beside it.
// The journal is read first: should its run end in between, the state that is
// then read contains it already.
func (s *Store) readFolded() (*folded, error) {
	f, err := s.readFoldedOnce()
	if errors.Is(err, errMeanwhile) {
		return s.readFoldedOnce()
	}
	return f, err
}

// readFoldedOnce returns errMeanwhile where a first run changed the files while
// they were read.
func (s *Store) readFoldedOnce() (*folded, error) {
	result := &folded{}
	data, there, err := disk.ReadAll(s.backend.Open(backend.Journal))
	if damaged := (*disk.DamagedError)(nil); errors.As(err, &damaged) {
		return nil, damaged
	}
	if moved := (*backend.MovedError)(nil); errors.As(err, &moved) {
		return nil, moved
	}
	if err != nil {
		return nil, fmt.Errorf("reading the journal: %w", err)
	}
	result.leftover = there
	if result.journal, err = decodeJournal(data); err != nil {
		return nil, s.damaged(backend.Journal, err)
	}
	if result.journal != nil && result.journal.torn {
		result.notice(s.backend.Name(backend.Journal), "its last line was not written to its end, and is left out; nothing was sent on account of it")
	}
	if err := s.readState(result); err != nil {
		return nil, err
	}
	defer result.state.KeepOpen()()
	older := completing{state: result.state, since: s.now().Add(-keepFor), newer: map[Key]bool{}, made: map[Key]bool{}}
	if result.tail, err = audit.ReadTail(s.auditLog(), result.state.recorded, older.entry); err != nil {
		return nil, err
	}
	// The journal's run wrote to the record too: what was there before it goes
	// first, what came after it the journal tells better.
	before := result.tail.Entries
	if result.journal != nil {
		n := 0
		for n < len(before) && before[n].Line <= result.journal.head.Audit.Lines {
			n++
		}
		before = before[:n]
	}
	unknown := result.foldRecords(before)
	if result.journal != nil {
		if err := result.fold(); err != nil {
			return nil, s.damaged(backend.Journal, err)
		}
	}
	unknown += result.foldRecords(result.tail.Entries[len(before):])
	if err := s.readLate(result); err != nil {
		return nil, err
	}
	if unknown > 0 && !s.rebuild {
		result.notice(s.backend.Name(backend.Snapshot), fmt.Sprintf(
			"the audit log holds changes that the state did not know (%d), as after it was restored from an older copy: they are taken over", unknown))
	}
	return result, nil
}

// foldRecords applies lines of the audit log, and counts those that the state
// did not know.
func (f *folded) foldRecords(records []audit.Entry) int {
	unknown := 0
	for i := range records {
		if f.state.foldRecord(&records[i]) {
			unknown++
		}
	}
	f.unknown += unknown
	return unknown
}

// readState reads the state file and the closed orders.
func (s *Store) readState(result *folded) error {
	closed, notices, err := openClosed(s.backend)
	if err != nil {
		return fmt.Errorf("reading the closed orders: %w", err)
	}
	result.notices = append(result.notices, notices...)
	file, size, err := s.backend.Open(backend.Snapshot)
	if err == nil {
		result.state, err = decodeState(file, size, closed)
		if err = errors.Join(err, file.Close()); err != nil {
			return s.damaged(backend.Snapshot, err)
		}
		return nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reading the state: %w", err)
	}
	// An empty state where there was one before would forget calls whose
	// outcome is not known.
	if result.journal != nil && result.journal.head.Serial > 0 || s.backend.Begun() {
		return s.damaged(backend.Snapshot, fmt.Errorf("it is missing, though there was one: its journal or its backup is there (to begin again on purpose, move both away)"))
	}
	if s.rebuild {
		result.state = newState(closed)
		return nil
	}
	changed, err := s.recordHoldsChanges(result.journal)
	if err != nil {
		return err
	}
	if changed && (s.exists(backend.Snapshot) || s.exists(backend.Journal) && result.journal == nil) {
		return errMeanwhile
	}
	if changed {
		return &disk.DamagedError{
			Path: s.backend.Name(backend.Snapshot), Reason: "it is missing, though there was one: the audit log " + s.backend.Name(backend.Audit) + " holds changes that it would not know",
			Remedy: "Nothing was changed. Put the state back from the copy that you keep, or make it again from the audit log with: gdfctl state rebuild. " +
				"To begin again on purpose, move the audit log away",
		}
	}
	result.state = newState(closed)
	return nil
}

// errMeanwhile says that a first run began or ended while its files were read.
var errMeanwhile = errors.New("a run wrote its first state meanwhile: try again")

// recordHoldsChanges reports whether the audit log tells of a change to an order
// that the run of the journal did not make.
func (s *Store) recordHoldsChanges(left *journalFile) (bool, error) {
	return audit.Any(s.auditLog(), func(e *audit.Entry) (found, goOn bool) {
		return changes(order.Action(e.Action)), left == nil || e.Line <= left.head.Audit.Lines
	})
}

// folded is a state with everything that is known from files.
type folded struct {
	state    *State
	journal  *journalFile  // nil: none, or one that was never begun
	leftover bool          // a file lies instead of the journal
	tail     audit.Tail    // what the audit log holds beyond the state
	unknown  int           // lines of it that the state did not know
	audit    []audit.Entry // the records that the lines of the journal, and late ones, call for
	late     lateFolded    // what former runs recorded late
	notices  []Notice
}

func (f *folded) notice(path, text string) {
	f.notices = append(f.notices, Notice{path, text})
}

// fold applies the journal's lines to the state, but for those that it contains
// already, and collects the audit logs of all of them.
func (f *folded) fold() error {
	head := f.journal.head
	if f.state.lineage != "" && f.state.lineage != head.Lineage {
		return fmt.Errorf("it belongs to another state (lineage %s, and this one is %s)", head.Lineage, f.state.lineage)
	}
	contained := f.contained()
	begun := map[IntentID]Intent{}
	for i, line := range f.journal.lines {
		if err := f.foldLine(line, i < contained, begun); err != nil {
			return fmt.Errorf("line %d: %w", line.N, err)
		}
	}
	if contained < len(f.journal.lines) {
		f.state.lineage = head.Lineage
		f.state.serial = max(f.state.serial, head.Serial) // the state may be a restored backup
		f.state.folded = journalMark{head.ID, len(f.journal.lines) + 1}
	}
	return nil
}

// contained is how many of the journal's lines, the first aside, are in the
// state. Every session saves its whole journal, and no other one begins before
// that: a state that was saved after the journal began contains it as far as it
// says, or, if it speaks of a later journal, completely. That it was saved later
// shows in the audit log too. The serial alone can be that of a copy from
// before: where an older copy had been put back, the run went on from a lower
// one.
func (f *folded) contained() int {
	switch head := f.journal.head; {
	case f.state.folded.ID == head.ID:
		return f.state.folded.Lines - 1
	case f.state.serial > head.Serial && f.state.recorded.Lines > head.Audit.Lines:
		return len(f.journal.lines)
	}
	return 0
}

func (f *folded) foldLine(line journalLine, contained bool, begun map[IntentID]Intent) error {
	head := &f.journal.head
	switch {
	case line.Intent != nil:
		in := line.Intent.intent()
		begun[in.Ident()] = in
		if !contained {
			f.state.foldIntent(in)
		}
	case line.Outcome != nil:
		id, out := line.Outcome.outcome()
		in, ok := begun[id]
		if line.Outcome.Intent != nil {
			in, ok = line.Outcome.Intent.intent(), true
		}
		if !ok || in.Ident() != id || !out.Result.Valid() {
			return fmt.Errorf("an outcome of a call that was not begun")
		}
		if !contained {
			f.state.recordOutcome(id, out)
		}
		if out.Result.Audited() {
			f.audit = append(f.audit, recordOutcome(head.RunID, head.Provenance, in, out))
		}
	case line.Remove != nil:
		if !contained {
			f.state.remove(line.Remove.key())
		}
		f.audit = append(f.audit, recordRemoval(head, line.Remove))
	default:
		return fmt.Errorf("it says nothing that this gdfctl knows")
	}
	return nil
}

// damaged is the error for a part that can't be used.
func (s *Store) damaged(p backend.Part, reason error) error {
	if newer := (*NewerError)(nil); errors.As(reason, &newer) {
		newer.Path = s.backend.Name(p)
		return newer
	}
	return s.backend.Damaged(p, reason.Error())
}
