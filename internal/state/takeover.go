package state

import (
	"errors"
	"fmt"
)

// takeOver completes the audit record from the journal of a run that did not
// end, saves the state that its lines were folded into, and drops it.
func (x *Session) takeOver(f *folded) error {
	gap, err := x.recordGap(f.tail.missing)
	if err != nil {
		return err
	}
	if f.journal != nil {
		notices, err := x.audit.complete("the run "+f.journal.head.RunID, f.audit)
		x.notices = append(x.notices, notices...)
		if err != nil {
			return err
		}
		text := fmt.Sprintf("the run %s (%s) did not end properly; what it did is taken over", f.journal.head.RunID, f.journal.head.Command)
		if open := len(x.state.open); open > 0 {
			text += fmt.Sprintf(", and %d calls are open whose outcome is not known", open)
		}
		x.notice(x.store.paths.Journal, text)
	}
	owed := len(x.state.unrecorded) > 0
	if owed {
		notices, err := x.audit.complete("an earlier run", x.state.unrecorded)
		x.notices = append(x.notices, notices...)
		if err != nil {
			return err
		}
		x.state.unrecorded = nil
	}
	if gap || owed || f.unknown > 0 || f.journal != nil {
		if err := errors.Join(x.recordOpen(), x.audit.sync()); err != nil {
			return err
		}
		if err := x.save(); err != nil {
			return err
		}
	}
	if f.leftover {
		return x.dropJournal()
	}
	return nil
}

// recordGap puts on record that the line of the audit record which the state
// remembers is not there: the record lost lines, or is another one, however long
// that is.
func (x *Session) recordGap(missing bool) (bool, error) {
	if !missing {
		return false, nil
	}
	mark, _ := x.audit.mark()
	known := x.state.recorded
	text := fmt.Sprintf("it ended at %s@%d when the state was saved, and ends at %s@%d now: lines were lost or taken away",
		known.Hash, known.Lines, mark.prev(), mark.Lines)
	x.notice(x.store.paths.Audit, text)
	return true, errors.Join(x.audit.append(AuditRecord{
		At: utc(x.store.now()), RunID: x.lock.holder.ID, Provenance: x.store.who, Action: AuditGap, Reason: text, Result: Done,
	}), x.audit.sync())
}

func (x *Session) recordUnlock(previous Holder, reason string) error {
	return errors.Join(x.audit.append(AuditRecord{
		At: utc(x.store.now()), RunID: x.lock.holder.ID, Provenance: x.store.who, Action: AuditUnlock,
		Reason: reason, Message: "the lock was that of " + previous.String(), Result: Done,
	}), x.audit.sync())
}
