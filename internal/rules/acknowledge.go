package rules

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/carrier"
	"github.com/gdfctl/gdfctl/internal/order"
)

// Walmart wants to hear within four hours that an order was taken in.
const (
	acknowledgeWithin = 4 * time.Hour
	acknowledgeSoon   = 2 * time.Hour // before that
)

// Unacknowledged is ACK01: an order that is new at a marketplace which wants it
// acknowledged, and has been for long. It is overdue after due; ok is false where there
// is nothing to say yet.
func Unacknowledged(live order.Live, now time.Time) (due time.Time, ok bool) {
	created := live.Created()
	if !WantsAcknowledgment(live.Source) || live.Status != order.New || created.IsZero() {
		return time.Time{}, false
	}
	due = created.Add(acknowledgeWithin)
	return due, !now.Before(due.Add(-acknowledgeSoon))
}

// WantsAcknowledgment reports whether a marketplace wants to hear that an order was taken
// in. At others, orders are new until they ship, and nobody is late.
func WantsAcknowledgment(source string) bool { return carrier.Marketplace(source) == walmart }
