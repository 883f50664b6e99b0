package plan

import (
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/carrier"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state"
)

// Effective is the live order with the last applied change laid over it, where
// the read doesn't show that change yet: the API accepts a write and promises
// no time by which reads show it. A read that lags must never lead to sending
// again.
//
// The second result says whether the read lags: it shows the order as it was
// before a change that the API accepted, be it the last one or one before it.
// An attempt beyond the one that was applied asks to send again on purpose:
// then the read is taken at its word.
func Effective(entry *state.Entry, live order.Live, attempt int) (order.Live, bool) {
	last, ok := lastValues(entry)
	if !ok || live.IsCancelled() || !live.Status.Known() || attempt > attemptOf(entry) || !lags(entry, last, live) {
		return live, false
	}
	live.Values = last
	return live, true
}

// lastValues is what the order has been brought to: by the last applied
// change, or, where none is remembered, before it was closed.
func lastValues(entry *state.Entry) (order.Values, bool) {
	switch {
	case entry == nil:
		return order.Values{}, false
	case entry.Applied != nil:
		return entry.Applied.Values, true
	case entry.Closed != nil:
		return entry.Closed.Wanted, true
	}
	return order.Values{}, false
}

// lags reports whether a read is older than the change that led to last, in
// whole or in one of its fields: what the API shows need not be of one moment. No
// order becomes open or new again, and none loses its number: such a read lags
// however long ago the change was. A shipped order can come to have an earlier
// tracking number again, by other hands; that it has the number of before a
// change, or none, only means a lagging read as long as no read showed the last
// one.
func lags(entry *state.Entry, last order.Values, live order.Live) bool {
	if live.Status.Open() {
		return !last.Status.Open() || live.OrderNumber == "" && last.OrderNumber != "" ||
			live.Status == order.New && last.Status == order.Processing && live.OrderNumber == last.OrderNumber
	}
	if last.Status != order.Shipped || carrier.SameNumber(live.Tracking, last.Tracking) || !entry.Verified.IsZero() {
		return false
	}
	return live.Tracking == "" || had(entry, live.Tracking)
}

// had reports whether a shipped order had a tracking number before the last
// change, as far as reads may not show that yet.
func had(entry *state.Entry, tracking string) bool {
	shows := func(v order.Values) bool {
		return v.Status == order.Shipped && carrier.SameNumber(tracking, v.Tracking)
	}
	return entry.Applied != nil && shows(entry.Applied.Before) ||
		slices.ContainsFunc(entry.Earlier, func(a state.Applied) bool { return shows(a.Before) || shows(a.Values) })
}

// ShowsEarlier reports whether a read that shows an order as after may be older
// than a call that should have led there: the order was so once before, ahead of
// the last change that gdfctl knows. Only a read that comes take or more after
// that change shows that the call had an effect.
func ShowsEarlier(entry *state.Entry, after order.Values, at time.Time, take time.Duration) bool {
	return entry != nil && entry.Applied != nil && entry.Verified.IsZero() && after.Status == order.Shipped &&
		!carrier.SameNumber(entry.Applied.Values.Tracking, after.Tracking) && had(entry, after.Tracking) &&
		at.Sub(entry.Applied.At) < take
}

// Unchanged reports whether a live order still has the values that a change
// rests on, as far as they decide anything. A carrier or a time that moved
// alone decides nothing.
func Unchanged(before order.Values, live order.Live) bool {
	return live.Status == before.Status && !(live.IsCancelled() && before.Status != order.Cancelled) &&
		live.OrderNumber == before.OrderNumber && carrier.SameNumber(live.Tracking, before.Tracking)
}

func attemptOf(entry *state.Entry) int {
	if entry == nil || entry.Applied == nil {
		return 1
	}
	return max(entry.Applied.Attempt, 1)
}
