package plan

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/carrier"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// history is what the decision table has to know beside what is wanted and what
// is there.
type history struct {
	sent    []string      // tracking numbers that gdfctl sent, the latest last
	sentAgo time.Duration // since the latest; 0 if that is not known
	raised  bool          // the configuration asks to send again what was applied
	strict  bool          // the policy lets no other characters pass than letters and digits
}

// historyOf is the history of an order that the state knows, or nil.
func historyOf(w *spec.Wish, entry *state.Entry, policy spec.Policy, now time.Time) history {
	h := history{raised: raised(w, entry), strict: policy.Raised["SHIP06"]}
	if entry == nil {
		return h
	}
	h.sent = entry.Sent()
	switch {
	case entry.Applied != nil:
		if a := entry.Applied.Action; a == order.Ship || a == order.Correct {
			h.sentAgo = now.Sub(entry.Applied.At)
		}
	case entry.Closed != nil && lastIs(h.sent, w.Want.Tracking):
		h.raised = false // the order was closed with this number and attempt
	}
	return h
}

// historyOfClosed is that of a closed order, which nobody has taken up again.
func historyOfClosed(w *spec.Wish, closed state.ClosedEntry) history {
	return history{sent: closed.Sent, raised: w.Attempt > 1 && !lastIs(closed.Sent, w.Want.Tracking)}
}

// historyBefore is the history of an order as a saved plan found it: a run that
// was interrupted may have made the change already, and the rest of the plan can
// still be applied.
func historyBefore(w *spec.Wish, c *Change, entry *state.Entry, policy spec.Policy) history {
	h := historyOf(w, entry, policy, c.ReadAt)
	if entry == nil || !lastIs(h.sent, w.Want.Tracking) {
		return h
	}
	if a := entry.Applied; a == nil || carrier.SameNumber(a.Before.Tracking, c.Before.Tracking) && a.Before.Status == c.Before.Status {
		h.sent, h.raised = h.sent[:len(h.sent)-1], w.Attempt > 1
	}
	return h
}

func lastIs(sent []string, number string) bool {
	return len(sent) > 0 && carrier.SameNumber(sent[len(sent)-1], number)
}

// unsendable is why the wanted tracking number can't be sent to a marketplace,
// or nil.
func unsendable(w *spec.Wish, source string, strict bool) *rules.Finding {
	if w.Want.Tracking == "" {
		return nil
	}
	if damage := w.Damage(); damage != nil {
		return damage
	}
	f, odd := rules.Characters(rules.Number{Tracking: w.Want.Tracking, Source: source})
	if odd && (f.Severity == rules.Error || strict) {
		return &f
	}
	return nil
}
