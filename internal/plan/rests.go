package plan

import (
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/rules"
)

// SameOrder reports whether a live order is the one that a plan names. An id
// alone proves nothing: it is in a file.
func SameOrder(planned order.Ref, live order.Ref) bool {
	return planned.ID == live.ID && order.SourceKey(planned.Source) == order.SourceKey(live.Source) &&
		strings.TrimSpace(planned.SourceNumber) == strings.TrimSpace(live.SourceNumber)
}

// Kept reports whether what a shipment would send on from the order itself, its
// carrier or ship date, is still what the order has: the plan's word for it may
// be old, or not true.
func Kept(before, after, live order.Values) bool {
	date := after.ShippedAt.Truncate(time.Second)
	return (after.Carrier != before.Carrier || after.Carrier == live.Carrier || after.Carrier == "") &&
		(date.IsZero() || !date.Equal(before.ShippedAt.Truncate(time.Second)) || date.Equal(live.ShippedAt.Truncate(time.Second)))
}

// ShippedTooEarly says that a shipment is dated before its order was placed, or
// nothing: a plan's word for either may not be true.
func ShippedTooEarly(after order.Values, live order.Live, now time.Time) string {
	for _, f := range rules.CheckShipment(rules.Shipment{Live: live, After: after, Now: now}) {
		if heldCode(f.Rule) == ShippedBeforeCreated {
			return f.Message
		}
	}
	return ""
}
