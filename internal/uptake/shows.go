package uptake

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/carrier"
	"github.com/gdfctl/gdfctl/internal/order"
)

// Shows reports whether a live order shows the effect of an action that should
// have led to after.
func Shows(action order.Action, after order.Values, live order.Live) bool {
	switch action {
	case order.Acknowledge:
		return !live.IsCancelled() && live.OrderNumber == after.OrderNumber && (live.Status == order.Processing || live.Status == order.Shipped)
	case order.Ship, order.Correct:
		return live.Status == order.Shipped && carrier.SameNumber(live.Tracking, after.Tracking)
	case order.Cancel:
		return live.IsCancelled()
	case order.Insert: // whatever became of the order since, it is there
		return live.Status != ""
	}
	return false
}

// ShowsChange is Shows for a change from before to after.
func ShowsChange(action order.Action, before, after order.Values, live order.Live) bool {
	return Shows(action, after, live) && (!KeepsNumber(action, before, after) || SameParcel(after, live.Values))
}

// KeepsNumber reports whether a correct leaves the tracking number as it was:
// then the number proves nothing about the correct.
func KeepsNumber(action order.Action, before, after order.Values) bool {
	return action == order.Correct && carrier.SameNumber(before.Tracking, after.Tracking)
}

// SameParcel reports whether two values agree in what a parcel has beside its
// tracking number.
func SameParcel(a, b order.Values) bool {
	return carrier.Same(a.Carrier, b.Carrier) && a.ShippedAt.Truncate(time.Second).Equal(b.ShippedAt.Truncate(time.Second))
}
