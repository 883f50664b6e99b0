package state

import (
	"cmp"
	"errors"
	"fmt"
	"io"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

var errClosed = errors.New("the session is closed")

// writable returns the journal for a line that begins something new: only the
// holder of the lock may.
func (x *Session) writable() (*journal, error) {
	if err := x.fenced(); err != nil {
		return nil, err
	}
	j, err := x.startedJournal()
	if err != nil {
		return nil, err
	}
	if !j.file.InPlace() {
		return nil, fmt.Errorf("the journal %s was removed, cut or replaced while this run wrote it", x.store.backend.Name(backend.Journal))
	}
	return j, nil
}

// fenced returns an error if nothing may be begun any more. A lease that is not
// certain is no such error: what is written next says whose it is.
func (x *Session) fenced() error {
	err := x.Held()
	if uncertain := (*backend.UncertainError)(nil); errors.As(err, &uncertain) {
		return nil
	}
	return err
}

// startedJournal starts the journal at the first line, and again at the first
// line after a Commit.
func (x *Session) startedJournal() (*journal, error) {
	x.starting <- struct{}{} // not x.mu: it can take a while, and Held is to answer meanwhile
	defer func() { <-x.starting }()
	x.mu.Lock()
	if x.journal != nil || x.closed {
		defer x.mu.Unlock()
		if x.journal != nil {
			return x.journal, nil
		}
		return nil, errClosed
	}
	x.run.ID = cmp.Or(x.run.ID, x.holder.ID)
	x.run.Command = cmp.Or(x.run.Command, x.holder.Operation)
	run := x.run
	x.mu.Unlock()
	x.state.mu.Lock()
	x.state.lineage = cmp.Or(x.state.lineage, x.store.randomID())
	lineage, serial := x.state.lineage, x.state.serial
	x.state.mu.Unlock()
	at := x.audit.Position()
	j, err := createJournal(x.lease, journalHead{
		Version: journalVersion, ID: x.store.randomID(), Lineage: lineage, Serial: serial,
		RunID: run.ID, PlanHash: run.PlanHash, Command: run.Command, At: utc(x.store.now()),
		Provenance: x.store.who, Audit: at.Head, AuditSize: at.Size,
	})
	if err != nil {
		return nil, fmt.Errorf("starting the journal: %w", err)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.journal = j
	clear(x.begun)
	return j, nil
}

func (x *Session) runID() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.run.ID
}

// stands reports whether an intent is in the present journal.
func (x *Session) stands(id IntentID) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.begun[id]
}

// Commit saves the state and drops the journal. It may be called again, after
// an error or after more changes. The serial rises only if something changed.
//
// The order of its steps is what makes a crash between any two of them
// harmless: the audit log is synced while the journal could still complete
// it; closed orders are in their file before they leave the state; and a state
// that contains the journal says so. What the journal could not take goes to the
// audit log once the state holds it.
func (x *Session) Commit() error {
	x.gate.Lock()
	defer x.gate.Unlock()
	if err := x.fenced(); err != nil {
		return err
	}
	if _, err := x.foldArrived(nil); err != nil {
		return err
	}
	for {
		if err := x.lease.Together(x.saveAll); err != nil {
			return err
		}
		// What a former run recorded while this was on its way can contradict it.
		if arrived, err := x.foldArrived(nil); err != nil || arrived == nil {
			return err
		}
	}
}

// saveAll saves what is known, and drops the journal.
func (x *Session) saveAll() error {
	// A state is worth saving even if the record can't be: then the journal
	// stays, and the next session completes it.
	audit := errors.Join(x.recordOpen(), x.audit.Sync())
	if err := x.save(); err != nil || audit != nil {
		return errors.Join(audit, err)
	}
	if err := x.recordRest(); err != nil {
		return err
	}
	if err := x.lease.DropLate(x.late); err != nil {
		return err
	}
	x.late = 0
	return x.dropJournal()
}

// recordOpen puts on record that calls stay open: once the journal is dropped,
// the state alone would know of them, and a copy of it from before would not.
func (x *Session) recordOpen() error {
	for _, in := range x.state.openIntents() {
		if in.Recorded {
			continue
		}
		if err := x.audit.AppendOnce(recordOutcome(in.RunID, x.store.who, in, Outcome{Result: order.Unknown, At: utc(x.store.now())})); err != nil {
			return err
		}
		x.state.noteRecorded(in)
	}
	return nil
}

// recordRest writes the lines of the audit log that waited for the state,
// and saves that they are written.
func (x *Session) recordRest() error {
	if len(x.state.unrecorded) == 0 {
		return nil
	}
	if err := errors.Join(x.audit.Append(x.state.unrecorded...), x.audit.Sync()); err != nil {
		return err
	}
	x.state.unrecorded = nil
	return x.save()
}

// save writes the closed orders and then the state, if it changed.
func (x *Session) save() error {
	s := x.state
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.closed.save(x.lease, x.store.now(), x.audit.Position().Lines); err != nil {
		return fmt.Errorf("saving the closed orders: %w", err)
	}
	if x.journal != nil {
		if mark := x.journal.mark(); mark.Lines > 1 { // the first says nothing
			s.folded = mark
		}
	}
	if at, durable := x.audit.Durable(); durable {
		s.recorded = at
	}
	if err := x.writeLocked(); err != nil {
		return fmt.Errorf("saving the state: %w", err)
	}
	return nil
}

// writeLocked is replaceLocked, unless there is nothing yet that a state file would say.
func (x *Session) writeLocked() error {
	s := x.state
	if s.checksum == "" && !x.store.rebuild && len(s.entries) == 0 && len(s.plans) == 0 && s.commits == (Commits{}) && len(s.unrecorded) == 0 && s.folded == (journalMark{}) {
		return nil
	}
	return x.replaceLocked()
}

// Name makes sure that the state has a lineage that lasts, also where it has no orders yet: what is
// noted elsewhere of a state must still be found here, whatever ends this process.
func (x *Session) Name() error {
	x.gate.Lock()
	defer x.gate.Unlock()
	if err := x.fenced(); err != nil {
		return err
	}
	x.state.mu.Lock()
	defer x.state.mu.Unlock()
	if x.state.checksum != "" {
		return nil
	}
	return x.replaceLocked()
}

// replaceLocked writes a new version of the state file, unless it would say nothing but what is
// there.
func (x *Session) replaceLocked() error {
	s := x.state
	s.lineage = cmp.Or(s.lineage, x.store.randomID())
	var checksum string
	err := x.lease.Replace(backend.Snapshot, func(w io.Writer) (err error) {
		checksum, err = s.encodeStateLocked(w, x.store.version)
		return err
	})
	if errors.Is(err, errSame) {
		return nil
	}
	if err != nil {
		return err
	}
	s.serial, s.checksum, s.writer = s.serial+1, checksum, x.store.version
	return nil
}

// dropJournal removes the journal: the state contains it.
func (x *Session) dropJournal() error {
	if x.journal != nil {
		_ = x.journal.close() // every line was synced, and is in the state by now
		x.journal = nil
	}
	if err := x.lease.Remove(backend.Journal); err != nil {
		return fmt.Errorf("dropping the journal: %w", err)
	}
	return nil
}

// Close releases the lock. It saves nothing: that is Commit's. Closing again
// does nothing.
func (x *Session) Close() error {
	x.gate.Lock()
	defer x.gate.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil
	}
	var err error
	if x.journal != nil {
		err = x.journal.close()
		x.journal = nil
	}
	x.letGo()
	defer x.calm()
	err = errors.Join(err, x.audit.Close(), x.lease.Release())
	x.closed = true
	return err
}
