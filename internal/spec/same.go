package spec

import (
	"github.com/gdfctl/gdfctl/internal/calendar"
	"github.com/gdfctl/gdfctl/internal/order"
)

// wanted is what makes two wishes for one order the same. Nothing else may list
// these fields: combining and the hash of the wishes go by this one list. The
// reason of a cancel is not among them, because the API does not take one.
type wanted struct {
	status                    order.Status
	number, tracking, carrier string
	shipped                   int64
	shippedOn                 calendar.Day
	attempt                   int
	noTracking                bool
}

func (w *Wish) wanted() wanted {
	return wanted{w.Want.Status, w.Want.OrderNumber, w.Want.Tracking, w.Want.Carrier, w.Want.ShippedAt.Unix(), w.ShippedOn, w.Attempt, w.NoTracking}
}

// Same reports whether two wishes can be acted on and want the same.
func (w *Wish) Same(other *Wish) bool {
	return w.Problem == nil && other.Problem == nil && w.wanted() == other.wanted()
}
