package reconcile

import (
	"context"
	"time"
)

// untilQuiet waits until nothing that a former run sent can take effect any more, if the plan is
// to be made then. What is to be sent would wait for that anyway. Whoever asks for the state
// meanwhile does not wait for it, and neither does a run whose time would be over before.
func (a *applying) untilQuiet(ctx context.Context) error {
	const between = 5 * time.Second // looks for others that wait
	terms, began := a.session.Terms(), time.Now()
	end := terms.Acquired.Add(terms.Quiet)
	if !a.req.PlanLate || a.req.Deadline > 0 && end.Sub(began) >= a.req.Deadline {
		return nil
	}
	for left := time.Until(end); left > 0 && !a.session.Wanted(); left = time.Until(end) {
		a.session.Busy(left)
		select {
		case <-ctx.Done():
			return ErrInterrupted
		case <-time.After(min(left, between)):
		}
	}
	if a.req.Deadline > 0 {
		a.req.Deadline -= time.Since(began)
	}
	return nil
}
