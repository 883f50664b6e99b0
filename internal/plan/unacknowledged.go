package plan

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/state"
)

// Unacknowledged is an order whose marketplace waits to hear that it was taken in.
type Unacknowledged struct {
	Account      string
	Order        order.Ref
	Created, Due time.Time
	Urgent       bool // it is overdue, or a policy makes waiting an error
}

// WaitsForAcknowledge reports whether the marketplace of a live order has waited long.
// One that gdfctl acknowledged, and that reads do not show so yet, it has not.
func WaitsForAcknowledge(entry *state.Entry, live order.Live, raised rules.Raised, now time.Time) (Unacknowledged, bool) {
	effective, _ := Effective(entry, live, 0)
	due, waits := rules.Unacknowledged(effective, now)
	u := Unacknowledged{
		Order: live.Ref, Created: live.Created().UTC().Truncate(time.Second), Due: due.UTC().Truncate(time.Second),
		Urgent: due.Before(now) || raised["ACK01"],
	}
	return u, waits && Waits(effective.Status, effective.SourceStatus)
}
