package state

import (
	"errors"
	"fmt"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// takeOver completes the audit log from the journal of a run that did not
// end, saves the state that its lines were folded into, and drops it.
func (x *Session) takeOver(f *folded) error {
	gap, err := x.recordGap(f.tail.Missing)
	if err != nil {
		return err
	}
	if f.journal != nil {
		if err := x.complete("the run "+f.journal.head.RunID, f.audit); err != nil {
			return err
		}
		text := fmt.Sprintf("the run %s (%s) did not end properly; what it did is taken over", f.journal.head.RunID, f.journal.head.Command)
		if open := len(x.state.open); open > 0 {
			text += fmt.Sprintf(", and %d calls are open whose outcome is not known", open)
		}
		x.notice(x.store.backend.Name(backend.Journal), text)
	}
	if f.journal == nil && len(f.audit) > 0 {
		if err := x.complete("a former run", f.audit); err != nil {
			return err
		}
	}
	owed := len(x.state.unrecorded) > 0
	if owed {
		if err := x.complete("an earlier run", x.state.unrecorded); err != nil {
			return err
		}
		x.state.unrecorded = nil
	}
	if gap || owed || f.unknown > 0 || f.journal != nil || f.late.size > 0 {
		if err := errors.Join(x.recordOpen(), x.audit.Sync()); err != nil {
			return err
		}
		if err := x.save(); err != nil {
			return err
		}
	}
	if f.leftover {
		if err := x.dropJournal(); err != nil {
			return err
		}
	}
	return x.lease.DropLate(f.late.size)
}

// complete writes the entries that a run did not come to write.
func (x *Session) complete(run string, wanted []audit.Entry) error {
	added, err := x.audit.Complete(wanted)
	if err == nil && added > 0 {
		x.notice(x.store.backend.Name(backend.Audit), fmt.Sprintf("%d lines were added that %s did not come to write", added, run))
	}
	return err
}

// recordGap puts on record that the line of the audit log which the state
// remembers is not there: the record lost lines, or is another one, however long
// that is.
func (x *Session) recordGap(missing bool) (bool, error) {
	if !missing {
		return false, nil
	}
	at, known := x.audit.Position(), x.state.recorded
	text := fmt.Sprintf("it ended at %s@%d when the state was saved, and ends at %s@%d now: lines were lost or removed",
		known.Hash, known.Lines, at.Prev(), at.Lines)
	x.notice(x.store.backend.Name(backend.Audit), text)
	return true, x.recordAside(audit.Gap, text, "")
}

func (x *Session) recordUnlock(previous backend.Holder, reason string) error {
	return x.recordAside(audit.Unlock, reason, "the lock was that of "+previous.String())
}

// RecordRecovery adds an entry to the audit log: people accepted a log that is not what
// it was.
func (x *Session) RecordRecovery(reason, what string) error {
	x.gate.RLock()
	defer x.gate.RUnlock()
	return x.recordAside(audit.StateRecover, safetext.Message(reason), what)
}

// RecordOlder adds an entry to the audit log: reviewed changes are applied from a
// commit that lacks the one which was applied last.
func (x *Session) RecordOlder(reason string) error {
	x.gate.RLock()
	defer x.gate.RUnlock()
	return x.recordAside(audit.Older, reason, "")
}

// recordAside adds an entry to the audit log that no line of the journal stands for.
func (x *Session) recordAside(action, reason, message string) error {
	e := x.aside(action, reason)
	e.Message = message
	return errors.Join(x.audit.Append(e), x.audit.Sync())
}

// aside is such an entry.
func (x *Session) aside(action, reason string) audit.Entry {
	return audit.Entry{At: utc(x.store.now()), RunID: x.holder.ID, Provenance: x.store.who, Action: action, Reason: reason, Result: order.Done}
}
