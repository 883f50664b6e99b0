package state

import (
	"fmt"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// Push makes the orders of a pulled state those of this one, with the next Commit,
// and records each that it changes. An open call is never lost by it. The caller
// knows that the state is what it was when it was pulled: see LockRequest.Still.
func (x *Session) Push(p *Pulled, reason string) (*Difference, error) {
	x.gate.RLock()
	defer x.gate.RUnlock()
	if err := x.fenced(); err != nil {
		return nil, err
	}
	d, err := x.state.Difference(p)
	if err != nil {
		return nil, err
	}
	reason = safetext.Message(reason)
	lines := []audit.Entry{x.pushed(reason)}
	lines[0].Message = fmt.Sprintf("of %s: %d orders added, %d removed, %d changed", p.Position, len(d.Added), len(d.Removed), len(d.Changed))
	note := func(entries []*Entry, action, what string) {
		for _, e := range entries {
			line := x.pushed(reason)
			line.Action, line.Message = action, what
			line.Endpoint, line.Account, line.Order = e.Endpoint, e.Account, &audit.Order{Ref: e.Ref}
			lines = append(lines, line)
		}
	}
	note(d.Added, audit.StatePush, "added")
	note(d.Removed, audit.StateRm, "removed by a push")
	note(d.Changed, audit.StatePush, "changed")
	if err := x.audit.Append(lines...); err != nil {
		return nil, err
	}
	x.state.replace(d)
	return d, nil
}

// pushed is a line of the audit log about a push.
func (x *Session) pushed(reason string) audit.Entry {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.seq++
	line := x.aside(audit.StatePush, reason)
	line.Seq = x.seq
	return line
}

// replace makes the orders those of a pulled state.
func (s *State) replace(d *Difference) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range d.Removed {
		s.deleteLocked(e.Key)
	}
	for _, entries := range [][]*Entry{d.Added, d.Changed} {
		for _, e := range entries {
			s.putLocked(e)
		}
	}
}
