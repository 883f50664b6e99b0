package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/provenance"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

const journalVersion = 1

// journalLine is one line of the journal: a number that counts from 1, and one
// of the other members.
type journalLine struct {
	N       int            `json:"n"`
	Begin   *journalHead   `json:"begin,omitempty"`
	Intent  *storedIntent  `json:"intent,omitempty"`
	Outcome *storedOutcome `json:"outcome,omitempty"`
	Remove  *storedRemoval `json:"remove,omitempty"`
}

// journalHead is the first line. It binds the journal to a version of a state,
// and holds what completing the audit log after a crash needs.
type journalHead struct {
	Version    int                   `json:"version"`
	ID         string                `json:"id"`
	Lineage    string                `json:"lineage"`
	Serial     uint64                `json:"serial"` // of the state that the lines are to be folded into
	RunID      string                `json:"run_id"`
	PlanHash   string                `json:"plan_hash,omitempty"`
	Command    string                `json:"command,omitempty"`
	At         time.Time             `json:"at"`
	Provenance provenance.Provenance `json:"provenance"`
	Audit      audit.Head            `json:"audit"`
	AuditSize  int64                 `json:"audit_size"` // where the audit log ended, synced
}

// storedRemoval is an order that people took out of the state.
type storedRemoval struct {
	Seq          uint64    `json:"seq"`
	Endpoint     string    `json:"endpoint"`
	Account      string    `json:"account"`
	ID           string    `json:"id"`
	Source       string    `json:"source,omitempty"`
	SourceNumber string    `json:"source_order_number,omitempty"`
	Reason       string    `json:"reason"`
	At           time.Time `json:"at"`
}

func (r *storedRemoval) key() Key { return Key{r.Endpoint, r.Account, r.ID} }

// journalMark says that a state contains the first lines of a journal.
type journalMark struct {
	ID    string `json:"id"`
	Lines int    `json:"lines"`
}

// journal appends lines. Callers that append at the same time share one sync. Who
// only keeps lines on this machine waits for no sync that goes further.
type journal struct {
	head journalHead
	file backend.Records

	mu     sync.Mutex // guards what follows, and writing to the file
	lines  int        // written
	kept   int        // of those, durable on this machine at least
	failed error      // the first failure: after it, what is on disk is not known

	keeping chan struct{} // has room for the one that keeps
	syncing chan struct{} // has room for the one that syncs
	synced  int           // lines that are durable everywhere; guarded by syncing
}

// createJournal starts a journal. When it returns, the first line is durable; where a
// window of intents is written down at once, it is with the first of them, before
// anything is sent: a round trip of its own would say nothing to anybody.
func createJournal(lease backend.Lease, head journalHead) (*journal, error) {
	f, err := lease.Create(backend.Journal)
	if err != nil {
		return nil, err
	}
	j := newJournal(f, head)
	begin := []journalLine{{Begin: &head}}
	if lease.Terms().Window > 0 {
		_, _, err = j.write(begin)
	} else {
		err = j.append(begin...)
	}
	if err != nil {
		// A journal without lines but the first says nothing to anybody.
		return nil, errors.Join(err, f.Close(), lease.Remove(backend.Journal))
	}
	return j, nil
}

func newJournal(file backend.Records, head journalHead) *journal {
	return &journal{head: head, file: file, keeping: make(chan struct{}, 1), syncing: make(chan struct{}, 1)}
}

// append returns when the lines are durable; a line that tells an outcome alone
// needs that on this machine only. Once it failed it fails for good: a sync that
// is tried again may succeed without having written anything.
func (j *journal) append(lines ...journalLine) error {
	end, outcomes, err := j.write(lines)
	switch {
	case err != nil:
		return err
	case outcomes:
		return j.keep(end)
	}
	return j.sync(end)
}

// write writes lines, and returns how many there are then, and whether these are
// outcomes alone.
func (j *journal) write(lines []journalLine) (end int, outcomes bool, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	var buf []byte
	outcomes = true
	for i := range lines {
		lines[i].N = j.lines + i + 1
		sealed, err := seal(lines[i])
		if err != nil {
			return 0, false, err
		}
		buf = append(buf, sealed...)
		outcomes = outcomes && lines[i].Outcome != nil
	}
	if fenced := (*backend.FencedError)(nil); j.failed != nil && (!outcomes || !errors.As(j.failed, &fenced)) {
		return 0, false, j.failed
	}
	if _, err := j.file.Write(buf); err != nil {
		return 0, false, j.failLocked(err)
	}
	j.lines += len(lines)
	return j.lines, outcomes, nil
}

// keep makes lines durable on this machine. Those of a run that lost the lease are
// kept too: another run goes on with the state, and is to know them.
func (j *journal) keep(end int) error {
	j.keeping <- struct{}{}
	defer func() { <-j.keeping }()
	j.mu.Lock()
	written, kept, failed := j.lines, j.kept, j.failed
	j.mu.Unlock()
	if kept >= end { // by a caller that came first
		return failed
	}
	err := j.file.Keep()
	j.mu.Lock()
	defer j.mu.Unlock()
	if err != nil {
		return j.failLocked(err)
	}
	j.kept = max(j.kept, written)
	return j.failed
}

func (j *journal) sync(end int) error {
	j.syncing <- struct{}{}
	defer func() { <-j.syncing }()
	j.mu.Lock()
	written, failed := j.lines, j.failed
	j.mu.Unlock()
	if failed != nil || j.synced >= end { // by a caller that came first
		return failed
	}
	err := j.file.Sync()
	j.mu.Lock()
	defer j.mu.Unlock()
	if err != nil {
		return j.failLocked(err)
	}
	j.synced, j.kept = written, max(j.kept, written)
	return j.failed
}

func (j *journal) failLocked(err error) error {
	if j.failed == nil {
		j.failed = fmt.Errorf("the journal can't be written: %w", err)
	}
	return j.failed
}

// mark is how far the journal certainly reaches.
func (j *journal) mark() journalMark {
	j.mu.Lock()
	defer j.mu.Unlock()
	return journalMark{j.head.ID, j.kept}
}

func (j *journal) close() error { return j.file.Close() }

// journalFile is a journal as it was found.
type journalFile struct {
	head  journalHead
	lines []journalLine // without the first
	torn  bool          // a last line was dropped that was not written to its end
}

// decodeJournal reads a journal. A last line that was cut off is dropped; it is
// not there at all, and no error, where that was the only one. The error says
// which line is damaged.
func decodeJournal(data []byte) (*journalFile, error) {
	f := &journalFile{}
	for n := 1; len(data) > 0; n++ {
		text, rest, ended := bytes.Cut(data, []byte("\n"))
		if !ended || (len(rest) == 0 && bytes.IndexByte(text, 0) >= 0) {
			if wholeButForItsEnd(text) {
				return nil, fmt.Errorf("the end of line %d is damaged", n)
			}
			f.torn = true
			break
		}
		data = rest
		var line journalLine
		if !sealed(text) {
			return nil, fmt.Errorf("line %d is damaged", n)
		}
		if err := json.Unmarshal(text, &line); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if line.N != n {
			return nil, fmt.Errorf("line %d calls itself %d: lines are missing or out of order", n, line.N)
		}
		if (n == 1) != (line.Begin != nil) {
			return nil, fmt.Errorf("line %d does not belong there", n)
		}
		if n > 1 {
			f.lines = append(f.lines, line)
			continue
		}
		f.head = *line.Begin
		if f.head.Version > journalVersion {
			return nil, &NewerError{Version: f.head.Version, Known: journalVersion}
		}
	}
	if f.head.ID == "" {
		return nil, nil
	}
	return f, nil
}

// wholeButForItsEnd tells a line that was durable, and whose end was damaged
// later, from one that was cut off while it was written.
func wholeButForItsEnd(text []byte) bool {
	return len(text) > 0 && sealed(text[:len(text)-1])
}
