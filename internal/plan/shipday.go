package plan

import (
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/calendar"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// dayCase is what a ship day without a time means for an order now.
type dayCase int

const (
	shipNow       dayCase = iota
	shipLater             // the day is still to come: deferred
	beforeCreated         // the day was over long before the order was placed: held
)

// dayLeeway is how long after the end of a day an order may have been placed
// that was shipped on it: a warehouse can be in another zone than the account.
const dayLeeway = 12 * time.Hour

// judgeDay is the table of ship days. created is when the order was placed, or
// zero if that is not known.
func judgeDay(day calendar.Day, zone *time.Location, created, now time.Time) dayCase {
	switch {
	case day > calendar.Of(now, zone):
		return shipLater
	case !created.IsZero() && created.Sub(day.End(zone)) > dayLeeway:
		return beforeCreated
	}
	return shipNow
}

// afterCreated is how long after it was placed an order is said to be shipped
// where the day alone would put it earlier.
const afterCreated = time.Minute

// ShipTime is the time that is sent for a ship day: noon, but after the order
// was placed, and never in the future. It is chosen once: the intent stores it.
func ShipTime(day calendar.Day, zone *time.Location, created, now time.Time) time.Time {
	at := noonOf(day, zone)
	if earliest := created.Add(afterCreated); !created.IsZero() && at.Before(earliest) {
		at = earliest
	}
	if at.After(now) {
		at = now
	}
	return at.UTC().Truncate(time.Second)
}

// noonOf is noon of the day in zone or, far from UTC, the nearest full hour that
// is in the same day there: marketplaces may show either.
func noonOf(day calendar.Day, zone *time.Location) time.Time {
	const noon, mostHours = 12, 3
	for away := range mostHours {
		for _, hour := range []int{noon - away, noon + away} {
			if at := day.At(hour, zone); calendar.Of(at, time.UTC) == day && calendar.Of(at, zone) == day {
				return at
			}
		}
	}
	return day.At(noon, zone) // the calendar of the zone does not have the day
}

// sameShipDate reports whether a shipped order shows the ship date that is
// wanted, or none is wanted or shown: days are compared in the account's zone.
func sameShipDate(w *spec.Wish, live order.Live) bool {
	switch {
	case live.ShippedAt.IsZero():
		return true
	case !w.ShippedOn.IsZero():
		zone := w.Origin.Account.Timezone
		// An order that was placed after its ship day is shipped a minute later.
		return calendar.Of(live.ShippedAt, zone) == w.ShippedOn ||
			live.ShippedAt.Truncate(time.Second).Equal(ShipTime(w.ShippedOn, zone, live.Created(), live.ShippedAt.Add(time.Second)))
	}
	return w.Want.ShippedAt.IsZero() || w.Want.ShippedAt.Equal(live.ShippedAt.Truncate(time.Second))
}

// setShipDay puts a wish's ship day into the decision to ship or correct.
func (d *decision) setShipDay(w *spec.Wish, live order.Live) {
	if w.ShippedOn.IsZero() || len(d.actions) == 0 || w.Want.Status != order.Shipped {
		return
	}
	if live.Status == order.Shipped && !live.ShippedAt.IsZero() && sameShipDate(w, live) {
		return // a correct keeps the time of the day that is there
	}
	d.after.ShippedAt, d.shippedOn, d.afterUnknown = time.Time{}, w.ShippedOn, []string{"shipped_at"}
}

// heldByDay is why an order can't be shipped on the day that is wanted.
func heldByDay(day calendar.Day, created time.Time) string {
	return fmt.Sprintf("shipped on %s, but the order was only placed %s, more than 12 hours after the end of that day", day, created.UTC().Format(time.RFC3339))
}

// lateDay is SHIP04 for a day: without a time, yesterday may be less than 24
// hours ago.
func lateDay(day calendar.Day, zone *time.Location, now time.Time) (rules.Finding, bool) {
	return rules.Finding{
		Rule: "SHIP04", Severity: rules.Warn,
		Message: fmt.Sprintf("shipped on %s, before yesterday: the marketplace may count it as late", day),
	}, day < calendar.Of(now, zone)-1
}
