package state

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/order"
)

// foldRecord applies a line of the audit log to a state that may not know
// it. It reports whether it did not: folding a line twice changes nothing.
func (s *State) foldRecord(r *audit.Entry) bool {
	if r.Order == nil {
		return false
	}
	in := auditedIntent(r)
	switch {
	case r.Action == audit.StateRm:
		_, open := s.Entry(in.Key)
		_, closed := s.Closed(in.Key)
		s.remove(in.Key)
		return open || closed
	case !changes(order.Action(r.Action)), s.knows(&in, r):
		return false
	case r.Result == order.Unknown:
		in.Recorded = true
		s.foldIntent(in)
		return true
	case r.Result != order.Done:
		_, found := s.recordOutcome(in.Ident(), auditedOutcome(r))
		return found
	}
	s.foldIntent(in)
	_, found := s.recordOutcome(in.Ident(), auditedOutcome(r))
	return found
}

func changes(a order.Action) bool {
	switch a {
	case order.Acknowledge, order.Ship, order.Correct, order.Cancel, order.Insert:
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

func (c *completing) entry(r *audit.Entry) {
	if r.Action == audit.StateRm && r.Order != nil {
		// What the state holds of the order it came to hold after that.
		if k := auditedIntent(r).Key; c.made[k] {
			c.state.foldRecord(r)
			delete(c.made, k)
			delete(c.newer, k)
		}
		return
	}
	c.lost = c.lost || r.Action == audit.Gap
	if r.Order == nil || r.At.Before(c.since) && r.Action != string(order.Insert) || !changes(order.Action(r.Action)) || r.Result != order.Done && !c.lost {
		return
	}
	in := auditedIntent(r)
	e, ok := c.state.Entry(in.Key)
	after := c.lost && (!ok || e.Applied == nil || r.At.After(e.Applied.At))
	switch {
	case r.Result != order.Done:
		if after {
			c.state.foldRecord(r)
		}
	case ok && e.has(in.Ident()):
		c.newer[in.Key] = c.newer[in.Key] || e.Applied.RunID == in.RunID && e.Applied.Seq == in.Seq
	case ok && e.Applied != nil && !c.newer[in.Key] && !after:
		c.state.addEarlier(in.Key, Applied{
			Action: in.Action, Before: in.Before, Values: in.After, At: r.At, RunID: in.RunID, Seq: in.Seq, Attempt: in.Attempt,
			ErrorBefore: in.ErrorBefore,
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
func (s *State) knows(in *Intent, r *audit.Entry) bool {
	if r.Result != order.Done && r.Result != order.Unknown {
		return false
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if _, open := s.open[in.Ident()]; open { // an outcome closes it, also where the order was closed since
		return r.Result == order.Unknown
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
func auditedIntent(r *audit.Entry) Intent {
	in := Intent{
		RunID: r.RunID, Seq: r.Seq, Key: Key{r.Endpoint, r.Account, r.Order.ID}, Ref: r.Order.Ref, Address: r.Address,
		Action: order.Action(r.Action), Attempt: max(r.Attempt, 1), Sending: 1, Repeated: r.Repeated, Reason: r.Reason,
		PlanHash: r.PlanHash, At: r.At, Review: r.Provenance.Review(), Content: r.Content, ErrorBefore: r.ErrorBefore, Resent: r.Resent,
	}
	if r.Before != nil {
		in.Before = plain(*r.Before)
	}
	if r.After != nil {
		in.After = plain(*r.After)
	}
	return in
}

func auditedOutcome(r *audit.Entry) Outcome {
	return Outcome{Result: r.Result, Status: r.Status, At: r.At, ReadBack: r.ReadBack}
}
