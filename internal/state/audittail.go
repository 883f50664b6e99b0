package state

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
)

// auditTail is what the audit record holds beyond the line up to which a state
// remembers it. A state that was restored from an older copy, or whose journal
// was lost, does not know what its lines say.
type auditTail struct {
	records []AuditRecord
	missing bool // the remembered line is not there: the record is shorter, or another one
}

// readTail reads the record from behind the line that the state remembers.
// Where it is not known where that line ends, because an earlier version saved
// the state, or where it is not there, the record is read from its beginning,
// and before is called for each line up to it. Reading stops at the first line
// that does not follow: whether that is damage or the end of a write is told
// when the record is opened or verified.
func readTail(files FS, path string, known auditMark, size int64, before func(*AuditRecord)) (auditTail, error) {
	r, end, err := files.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return auditTail{missing: known.Lines > 0}, nil
	}
	if err != nil {
		return auditTail{}, fmt.Errorf("reading the audit record: %w", err)
	}
	defer r.Close() //nolint:errcheck // only read
	beyond := known.Lines == 0
	at := auditMark{}
	if !beyond {
		if beyond, err = markStands(r, end, known, size); err != nil {
			return auditTail{}, fmt.Errorf("reading the audit record: %w", err)
		}
	}
	if beyond {
		at = known
	} else {
		size = 0
	}
	var tail auditTail
	lines := bufio.NewReaderSize(io.NewSectionReader(r, size, end-size), 1<<16)
	for {
		text, err := wholeLine(lines)
		if err != nil && !errors.Is(err, io.EOF) {
			return tail, fmt.Errorf("reading the audit record: %w", err)
		}
		link, ok := auditLink{}, false
		if err == nil { // what has no line end is not whole
			link, ok = readLink(text[:len(text)-1])
		}
		var record AuditRecord
		if !ok || !link.follows(at) || json.Unmarshal(text, &record) != nil {
			tail.missing = !beyond
			return tail, nil
		}
		at = auditMark{link.hash, link.Line}
		if beyond {
			tail.records = append(tail.records, record)
			continue
		}
		before(&record)
		beyond = at == known
	}
}

// markStands reports whether the line that a mark names ends at that offset. No
// line ends at the beginning: there a log stands that was made and, its run being
// killed then, not written to.
func markStands(r io.ReaderAt, end int64, mark auditMark, size int64) (bool, error) {
	if size < 1 || size > end {
		return size == 0 && mark == auditMark{}, nil
	}
	last, at, err := lastLine(r, size)
	if err != nil || at != size {
		return false, err
	}
	link, ok := readLink(last)
	return ok && auditMark{link.hash, link.Line} == mark, nil
}

// foldRecord applies a line of the audit record to a state that may not know
// it. It reports whether it did not: folding a line twice changes nothing.
func (s *State) foldRecord(r *AuditRecord) bool {
	if r.Order == nil {
		return false
	}
	in := r.intent()
	switch {
	case r.Action == AuditStateRm:
		_, open := s.Entry(in.Key)
		_, closed := s.Closed(in.Key)
		s.remove(in.Key)
		return open || closed
	case !changes(order.Action(r.Action)), s.knows(&in, r):
		return false
	case r.Result == Unknown:
		in.Recorded = true
		s.foldIntent(in)
		return true
	case r.Result != Done:
		_, settled := s.settle(in.Ident(), r.outcome())
		return settled
	}
	s.foldIntent(in)
	_, settled := s.settle(in.Ident(), r.outcome())
	return settled
}

func changes(a order.Action) bool {
	switch a {
	case order.Insert, order.Acknowledge, order.Ship, order.Correct, order.Cancel:
		return true
	}
	return false
}

// completing adds to orders what an earlier version of the state, or another
// copy of it, did not keep of their changes. The lines come in the order in
// which they were written: those of an order up to its last change in the state
// are older than that, and those behind it are new. Where lines were lost, that
// change can be among them: of what was written since, the time decides.
type completing struct {
	state *State
	since time.Time    // what is older is forgotten
	newer map[Key]bool // orders whose last change in the state was seen
	made  map[Key]bool // orders that the state did not hold
	lost  bool         // lines before this one were lost
}

func (c *completing) record(r *AuditRecord) {
	if r.Action == AuditStateRm && r.Order != nil {
		// What the state holds of the order it came to hold after that.
		if k := r.intent().Key; c.made[k] {
			c.state.foldRecord(r)
			delete(c.made, k)
			delete(c.newer, k)
		}
		return
	}
	c.lost = c.lost || r.Action == AuditGap
	if r.At.Before(c.since) || r.Order == nil || !changes(order.Action(r.Action)) || r.Result != Done && !c.lost {
		return
	}
	in := r.intent()
	e, ok := c.state.Entry(in.Key)
	after := c.lost && (!ok || e.Applied == nil || r.At.After(e.Applied.At))
	switch {
	case r.Result != Done:
		if after {
			c.state.foldRecord(r)
		}
	case ok && e.has(in.Ident()):
		c.newer[in.Key] = c.newer[in.Key] || e.Applied.RunID == in.RunID && e.Applied.Seq == in.Seq
	case ok && e.Applied != nil && !c.newer[in.Key] && !after:
		c.state.addEarlier(in.Key, Applied{
			Action: in.Action, Before: in.Before, Values: in.After, At: r.At, RunID: in.RunID, Seq: in.Seq, Attempt: in.Attempt,
		})
	default:
		if c.state.foldRecord(r) {
			c.newer[in.Key] = true
			c.made[in.Key] = c.made[in.Key] || !ok
		}
	}
}

// knows reports whether a done change, or a call with an unknown outcome, is in
// the state, or was when its order was closed.
func (s *State) knows(in *Intent, r *AuditRecord) bool {
	if r.Result != Done && r.Result != Unknown {
		return false
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if _, open := s.open[in.Ident()]; open { // an outcome settles it, also where the order was closed since
		return r.Result == Unknown
	}
	if e, ok := s.entries[in.Key]; ok && e.has(in.Ident()) {
		return true
	}
	c, ok := s.closed.find(in.Key)
	if ok && c.AuditLine > 0 {
		return r.Line <= c.AuditLine && !c.ClosedAt.Before(r.At) // where lines were lost, other lines have their numbers
	}
	return ok && !c.ClosedAt.Before(r.At)
}

// has reports whether the call of that name is among the applied changes.
func (e *Entry) has(id IntentID) bool {
	for _, a := range e.changes() {
		if (IntentID{a.RunID, a.Seq}) == id {
			return true
		}
	}
	return false
}

// intent is the call that the record is about, as far as the record holds it.
func (r *AuditRecord) intent() Intent {
	in := Intent{
		RunID: r.RunID, Seq: r.Seq, Key: Key{r.Endpoint, r.Account, r.Order.ID}, Ref: r.Order.Ref, Address: r.Address,
		Action: order.Action(r.Action), Attempt: max(r.Attempt, 1), Sending: 1, Repeated: r.Repeated, Reason: r.Reason,
		PlanHash: r.PlanHash, At: r.At,
	}
	if in.ID == "" {
		in.ID = InsertID(r.Order.Source, r.Order.SourceNumber)
	}
	if r.Before != nil {
		in.Before = plain(*r.Before)
	}
	if r.After != nil {
		in.After = plain(*r.After)
	}
	return in
}

func (r *AuditRecord) outcome() Outcome {
	return Outcome{Result: r.Result, Status: r.Status, At: r.At, ReadBack: r.ReadBack}
}
