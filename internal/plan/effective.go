package plan

import (
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state"
)

// Effective is the live order with the last applied change laid over it, where
// the read doesn't show that change yet: the API accepts a write and promises
// no time by which reads show it. A read that lags must never lead to sending
// again.
//
// The second result says whether the read lags: it still shows the order as
// it was before the change. An attempt beyond the one that was applied asks to
// send again on purpose: then the read is taken at its word.
func Effective(entry *state.Entry, live order.Live, attempt int) (order.Live, bool) {
	if entry == nil || entry.Applied == nil || live.IsCancelled() || !live.Status.Known() || attempt > attemptOf(entry) {
		return live, false
	}
	applied := entry.Applied.Values
	lags := false
	switch entry.Applied.Action {
	case order.Acknowledge:
		lags = live.Status.Open() && live.OrderNumber == ""
	case order.Ship, order.Cancel:
		lags = live.Status.Open()
	case order.Correct:
		lags = live.Status == order.Shipped && !order.SameTracking(live.Tracking, applied.Tracking) &&
			entry.Observed != nil && order.SameTracking(live.Tracking, entry.Observed.Values.Tracking)
	}
	if !lags {
		return live, false
	}
	live.Values = applied
	return live, true
}

// Shows reports whether a live order shows the effect of an action that should
// have led to after.
func Shows(action order.Action, after order.Values, live order.Live) bool {
	switch action {
	case order.Acknowledge:
		return !live.IsCancelled() && live.OrderNumber == after.OrderNumber && (live.Status == order.Processing || live.Status == order.Shipped)
	case order.Ship, order.Correct:
		return live.Status == order.Shipped && order.SameTracking(live.Tracking, after.Tracking)
	case order.Cancel:
		return live.IsCancelled()
	}
	return false
}

// Unchanged reports whether a live order still has the values that a change
// rests on, as far as they decide anything. A carrier or a time that moved
// alone decides nothing.
func Unchanged(before order.Values, live order.Live) bool {
	return live.Status == before.Status && !(live.IsCancelled() && before.Status != order.Cancelled) &&
		live.OrderNumber == before.OrderNumber && order.SameTracking(live.Tracking, before.Tracking)
}

func attemptOf(entry *state.Entry) int {
	if entry == nil || entry.Applied == nil {
		return 1
	}
	return max(entry.Applied.Attempt, 1)
}
