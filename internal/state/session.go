package state

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// Session is the one writer of a state. Its methods may be called from several
// goroutines.
//
// The way of a change is Intend, the call, RecordOutcome: each returns when what it was
// given is on disk. What reads show goes to Observe. Commit then makes a new
// state file of it all and drops the journal. A session that is closed without
// Commit loses nothing but what was observed: the next one finds the journal.
type Session struct {
	store    *Store
	state    *State
	audit    *audit.Log
	notices  []Notice
	lease    backend.Lease
	holder   backend.Holder // this session
	previous backend.Holder // who left the lease behind
	letGo    func()         // closes the closed orders
	calm     func() bool    // the run's end hurries the lease no more

	// gate is held for reading by everything that changes state and journal
	// together, and by Commit alone.
	gate sync.RWMutex

	arriving sync.Mutex    // one at a time folds what comes late
	starting chan struct{} // has room for the one that starts the journal

	mu      sync.Mutex // guards what follows
	doubles []Double
	late    int64 // how many bytes of late lines the state holds since it was saved
	closed  bool
	left    bool // the state moved away
	run     Run
	seq     uint64
	journal *journal          // nil until something is to be written
	begun   map[IntentID]bool // the intents that stand in this journal
}

// open reads the files under the lock, and puts in order what an earlier run
// left behind.
func (s *Store) open(lease backend.Lease, holder, previous backend.Holder) (*Session, error) {
	f, err := s.readFolded()
	if err != nil {
		return nil, err
	}
	x := &Session{store: s, state: f.state, lease: lease, holder: holder, previous: previous, notices: f.notices, begun: map[IntentID]bool{}, starting: make(chan struct{}, 1), doubles: f.late.doubles}
	if previous.ID != "" {
		x.notice(s.backend.Name(backend.Snapshot), fmt.Sprintf("%s did not end properly; its lock was freed", previous))
	}
	var left *audit.Position
	if f.journal != nil {
		left = &audit.Position{Head: f.journal.head.Audit, Size: f.journal.head.AuditSize}
	}
	log, notice, err := audit.Open(auditPart{lease, s.backend}, left)
	if err != nil {
		return nil, err
	}
	log.Knows(f.tail.Entries)
	x.audit = log
	if notice != "" {
		x.notice(s.backend.Name(backend.Audit), notice)
	}
	if err := lease.Together(func() error { return x.takeOver(f) }); err != nil {
		return nil, errors.Join(err, log.Close())
	}
	x.letGo = f.state.KeepOpen()
	return x, nil
}

func (x *Session) notice(path, text string) {
	x.notices = append(x.notices, Notice{path, text})
}

// State is what the session knows. It changes as the session does.
func (x *Session) State() *State { return x.state }

// Notices says what was found and put in order when the session was opened.
func (x *Session) Notices() []Notice { return slices.Clone(x.notices) }

// AuditHead is the last line of the audit log. It is worth writing down once
// Commit has returned.
func (x *Session) AuditHead() audit.Head { return x.audit.Position().Head }

// Begin names the run and starts its journal. Without it, the first thing that
// is written starts one for a run named after the lock.
func (x *Session) Begin(run Run) error {
	x.gate.RLock()
	defer x.gate.RUnlock()
	x.mu.Lock()
	if x.run.ID != "" {
		x.mu.Unlock()
		return fmt.Errorf("the run %s has begun already", x.run.ID)
	}
	x.run = run
	x.mu.Unlock()
	_, err := x.writable()
	return err
}

// Intend records a call that is about to be made, and returns its number in the
// run. When it returns without an error, the call is on disk and may be sent;
// with one, it must not be. The error is a *FencedError if the lock was lost,
// and ErrIntentOpen while another call for the order is open.
func (x *Session) Intend(in Intent) (uint64, error) {
	made, err := x.IntendWindow([]Intent{in})
	if err != nil {
		return 0, err
	}
	if made[0].Seq == 0 {
		return 0, ErrIntentOpen
	}
	return made[0].Seq, nil
}

// IntendWindow is Intend for a window of calls, at most one for an order, that are
// written down together. It returns them as they were written, in the same order;
// one has no number, and must not be sent, while another call for its order is
// open, or where a former run recorded an outcome for its order meanwhile: then what
// the call rests on is to be checked again.
func (x *Session) IntendWindow(window []Intent) ([]Intent, error) {
	x.gate.RLock()
	defer x.gate.RUnlock()
	for i := range window {
		if window[i].ID == "" {
			return nil, errors.New("a call for an order without an ID can't be kept")
		}
	}
	j, err := x.writable()
	if err != nil {
		return nil, err
	}
	made, lines, reserved := slices.Clone(window), []journalLine(nil), []Intent(nil)
	for i := range made {
		in := x.number(made[i])
		if err := x.state.reserve(in); err != nil {
			made[i].Seq = 0
			continue
		}
		made[i] = in
		stored := storeIntent(in)
		lines, reserved = append(lines, journalLine{Intent: &stored}), append(reserved, in)
	}
	if len(lines) == 0 {
		return made, nil
	}
	if err := j.append(lines...); err != nil {
		for _, in := range reserved {
			x.state.dropIntent(in)
		}
		return nil, err
	}
	x.mu.Lock()
	for _, in := range reserved {
		x.begun[in.Ident()] = true
	}
	x.mu.Unlock()
	return x.withoutArrived(made)
}

// withoutArrived takes back calls for orders of which a former run recorded an outcome
// while they were written down: they rest on what was known before.
func (x *Session) withoutArrived(made []Intent) ([]Intent, error) {
	orders, err := x.foldArrived(made)
	if err != nil || len(orders) == 0 {
		return made, err
	}
	for i, in := range made {
		if in.Seq == 0 || !orders[in.Key] {
			continue
		}
		if err := x.recordOutcomeHeld(in.Ident(), Outcome{Result: order.NotExecuted, Message: "a former run recorded an outcome for the order"}); err != nil {
			return nil, err
		}
		made[i].Seq = 0
	}
	return made, nil
}

// Held returns an error if nothing may be sent: a *backend.FencedError if the lease
// was lost, a *backend.UncertainError if it may have been. It is asked last before a
// call is sent.
func (x *Session) Held() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch {
	case x.closed:
		return errClosed
	case x.left:
		return errLeft
	}
	return x.lease.Held()
}

// Busy says that the run does something, or waits for that long: see backend.Lease.
func (x *Session) Busy(wait time.Duration) { x.lease.Busy(wait) }

// Wanted reports whether the run is to commit, to close the session, and to lock
// again behind another one: see backend.Lease.
func (x *Session) Wanted() bool { return x.lease.Wanted() }

// Terms are what the holder of the lease keeps to.
func (x *Session) Terms() backend.Terms { return x.lease.Terms() }

// number completes an intent and gives it the next number of the run.
func (x *Session) number(in Intent) Intent {
	x.mu.Lock()
	x.seq++
	in.RunID, in.Seq = x.run.ID, x.seq
	in.PlanHash = cmp.Or(in.PlanHash, x.run.PlanHash)
	in.Review = x.run.Reviews[in.PlanHash]
	x.mu.Unlock()
	if in.At.IsZero() {
		in.At = x.store.now()
	}
	in.At, in.Created = utc(in.At), utc(in.Created)
	in.Before, in.After = plain(in.Before), plain(in.After)
	in.Attempt, in.Sending = max(in.Attempt, 1), max(in.Sending, 1)
	in.Reason = safetext.Message(in.Reason)
	in.Ref = refOf(in.Key, in.Ref.Source, in.Ref.SourceNumber)
	return in
}

// RecordOutcome records the outcome of a call, of this run or an earlier one. Whatever
// it returns, the session's state holds the outcome. When it returns without an
// error, it is on disk; with one, nothing more may be sent, and Commit is a
// second chance to save it. A line of the audit log follows an outcome that
// is on disk, never the other way round: otherwise the next session, which finds an
// open call, would record it again. It returns ErrNoIntent for a call that is not open.
func (x *Session) RecordOutcome(id IntentID, out Outcome) error {
	x.gate.RLock()
	defer x.gate.RUnlock()
	return x.recordOutcomeHeld(id, out)
}

// recordOutcomeHeld is RecordOutcome for who holds the gate.
func (x *Session) recordOutcomeHeld(id IntentID, out Outcome) error {
	if !out.Result.Valid() {
		return fmt.Errorf("%q is not a result of a call", out.Result)
	}
	if out.At.IsZero() {
		out.At = x.store.now()
	}
	out.At = utc(out.At)
	out.Message = safetext.Message(out.Message)
	in, ok := x.state.recordOutcome(id, out)
	if !ok {
		return fmt.Errorf("call %d of run %s: %w", id.Seq, id.RunID, ErrNoIntent)
	}
	// Another session may have found the journal by now. It will read the order
	// back; the record is its own to write.
	fenced := x.fenced()
	j, err := x.startedJournal()
	if err == nil {
		stored := storeOutcome(id, out)
		if !x.stands(id) || x.lease.Terms().Lossy { // a line that comes late stands alone
			intent := storeIntent(in)
			stored.Intent = &intent
		}
		err = j.append(journalLine{Outcome: stored})
	}
	if fenced == nil && out.Result.Audited() {
		err = x.record(recordOutcome(x.runID(), x.store.who, in, out), err)
	}
	if fenced != nil && err == nil && x.lease.Terms().Lossy {
		return &KeptError{fenced}
	}
	return errors.Join(fenced, err)
}

// KeptError says that an outcome came when the lease was lost. It is kept on this
// machine, and is recorded late: by Close, or by the next command here.
type KeptError struct{ Err error }

func (e *KeptError) Error() string { return e.Err.Error() }
func (e *KeptError) Unwrap() error { return e.Err }

// record appends a line to the audit log, unless what it tells of could not
// be written to the journal: then it waits until the state holds it.
func (x *Session) record(r audit.Entry, journal error) error {
	if journal == nil {
		return x.audit.Append(r)
	}
	x.state.mu.Lock()
	x.state.unrecorded = append(x.state.unrecorded, r)
	x.state.mu.Unlock()
	return journal
}

// Observe records what a read of an order showed. It is kept with the next
// Commit. An order with an open call is not closed.
func (x *Session) Observe(o Observation) {
	x.gate.RLock()
	defer x.gate.RUnlock()
	o.Created = utc(o.Created)
	o.Observed.At, o.Observed.Values = utc(o.Observed.At), plain(o.Observed.Values)
	x.state.observe(o)
}

// FinishPlan records, with the next Commit, that a plan was carried out to its
// end, and what it did.
func (x *Session) FinishPlan(hash, runID string, counts PlanCounts) {
	x.gate.RLock()
	defer x.gate.RUnlock()
	x.state.finishPlan(hash, runID, counts, utc(x.store.now()))
}

// ApplyCommit records, with the next Commit, from which commit of the configuration
// reviewed plans were applied, and whether everything that was reviewed is done.
func (x *Session) ApplyCommit(commit string, complete bool) {
	x.gate.RLock()
	defer x.gate.RUnlock()
	x.state.applyCommit(commit, complete)
}

// Remove forgets an order, open or closed, and records it. It returns
// ErrIntentOpen while the outcome of a call is not known, and ErrNoEntry if
// there is no such order.
func (x *Session) Remove(k Key, reason string) error {
	x.gate.RLock()
	defer x.gate.RUnlock()
	var ref order.Ref
	if e, ok := x.state.Entry(k); ok {
		if len(e.Intents) > 0 {
			return fmt.Errorf("%s: %w", e.Ref, ErrIntentOpen)
		}
		ref = e.Ref
	} else if c, ok := x.state.Closed(k); ok {
		ref = c.Ref
	} else {
		return fmt.Errorf("%s: %w", k.ID, ErrNoEntry)
	}
	j, err := x.writable()
	if err != nil {
		return err
	}
	x.mu.Lock()
	x.seq++
	removal := &storedRemoval{
		Seq: x.seq, Endpoint: k.Endpoint, Account: k.Account, ID: k.ID, Source: ref.Source, SourceNumber: ref.SourceNumber,
		Reason: safetext.Message(reason), At: utc(x.store.now()),
	}
	x.mu.Unlock()
	if err := j.append(journalLine{Remove: removal}); err != nil {
		return err
	}
	x.state.remove(k)
	return x.audit.Append(recordRemoval(&j.head, removal))
}
