package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/gdfctl/gdfctl/internal/calendar"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// wishSchema lists the attributes that orders and batches share.
var wishAttributes = []hcl.AttributeSchema{
	{Name: "account"},
	{Name: "find"},
	{Name: "status"},
	{Name: "order_number"},
	{Name: "tracking_number"},
	{Name: "no_tracking"},
	{Name: "carrier"},
	{Name: "shipped_at"},
	{Name: "shipped_on"},
	{Name: "reason"},
	{Name: "attempt"},
	{Name: "replaces"},
}

// draft is a wish while it is read.
type draft struct{ spec.Wish }

// fault is why one attribute of a wish can't be used. The message never holds
// the value, order numbers and tracking numbers aside.
type fault struct {
	attr    string
	summary string
	detail  string
}

func wishedStatus(text string) (order.Status, *fault) {
	switch s := order.Status(strings.ToLower(text)); s {
	case order.Acknowledged, order.Shipped, order.Cancelled:
		return s, nil
	case "canceled":
		return order.Cancelled, nil
	}
	return "", &fault{"status", "Unknown status", `Write "acknowledged", "shipped" or "cancelled".`}
}

// times that may be written, with and without a zone.
var (
	zonedTimes = []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -0700"}
	plainTimes = []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"}
)

var notATime = &fault{
	"shipped_at", "This is not a time",
	`Write it like "2026-11-20T16:28:00Z". For another layout use parse_time("%m/%d/%Y %H:%M:%S", …).`,
}

// wishedTime reads a ship date. A date alone means midnight, as the API
// takes it, in the account's time zone or else UTC.
func wishedTime(text string, zone *time.Location) (t time.Time, dateOnly bool, f *fault) {
	for _, layout := range zonedTimes {
		if t, err := time.Parse(layout, text); err == nil {
			return plausible(t, false)
		}
	}
	for _, layout := range plainTimes {
		wall, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		if zone == nil {
			return time.Time{}, false, &fault{
				"shipped_at", "The time has no zone",
				`None is guessed. Write one ("2026-11-20T16:28:00Z"), or set timezone in the account.`,
			}
		}
		t, ok := onClock(wall, zone)
		if !ok {
			return time.Time{}, false, &fault{
				"shipped_at", "There is no such time",
				"In the account's time zone the clock was set forward over it (daylight saving time).",
			}
		}
		return plausible(t, false)
	}
	if zone == nil {
		zone = time.UTC
	}
	if day, err := calendar.Parse(text); err == nil {
		return plausible(day.Start(zone), true)
	}
	return time.Time{}, false, notATime
}

// plausible refuses years in which nothing was shipped. Those at both ends of
// the calendar can't be written to a plan, or mean that there is no time.
func plausible(t time.Time, dateOnly bool) (time.Time, bool, *fault) {
	t = t.UTC().Truncate(time.Second)
	if y := t.Year(); y < 1970 || y > 9998 {
		return time.Time{}, false, notATime
	}
	return t, dateOnly, nil
}

// onClock is the moment at which a clock in zone shows what wall shows in UTC:
// the first of two where it is set back, none where it is set forward. It reads
// times as parse_time does.
func onClock(wall time.Time, zone *time.Location) (t time.Time, ok bool) {
	// No zone changes its clock twice within two days.
	for _, near := range []time.Time{wall.Add(-24 * time.Hour), wall.Add(24 * time.Hour)} {
		_, offset := near.In(zone).Zone()
		candidate := wall.Add(-time.Duration(offset) * time.Second)
		if _, actual := candidate.In(zone).Zone(); actual == offset && (!ok || candidate.Before(t)) {
			t, ok = candidate, true
		}
	}
	return t, ok
}

// complete checks a wish as a whole.
func (w *draft) complete() *fault {
	switch w.Want.Status {
	case order.Acknowledged:
		if w.Want.OrderNumber == "" {
			return &fault{
				"order_number", "An acknowledge needs the order number",
				"Set order_number to the seller's own number of the order: it shows the marketplace that the order was received.",
			}
		}
	case order.Cancelled:
		if w.Reason == "" {
			return &fault{
				"reason", "A cancel needs a reason",
				`Set reason, for example "out of stock". It is not sent to the API, but the audit log keeps it.`,
			}
		}
	}
	if w.Find.Empty() {
		return &fault{"find", "The order is not named", findShape}
	}
	return nil
}

// tidy drops what has no meaning with the wanted status, so that two rows
// which differ in such a column alone are the same wish.
func (w *draft) tidy() {
	if w.Want.Status != order.Shipped {
		w.Want.Tracking, w.Want.Carrier, w.Want.ShippedAt = "", "", time.Time{}
		w.DateOnly, w.ShippedOn, w.NoTracking, w.Number = false, 0, false, nil
	}
	if w.Want.Status == order.Cancelled {
		w.Want.OrderNumber = ""
	} else {
		w.Reason = ""
	}
}

// unused lists attributes that have no meaning with a status.
func unused(status order.Status) []string {
	switch status {
	case order.Acknowledged:
		return []string{"tracking_number", "no_tracking", "carrier", "shipped_at", "shipped_on", "reason"}
	case order.Cancelled:
		return []string{"order_number", "tracking_number", "no_tracking", "carrier", "shipped_at", "shipped_on"}
	case order.Shipped:
		return []string{"reason"}
	}
	return nil
}

// findShape is what to do about a find that can't be used.
const findShape = "Write find = { id = … }, { source = …, source_order_number = … } or { order_number = … }."

var findKeys = []string{"id", "source", "source_order_number", "order_number"}

// wishedFind reads the find object. Its keys are told only where they stand in
// its expression: others may be made of a cell. A row has none.
func wishedFind(v cty.Value, expr hcl.Expression) (spec.Find, *fault) {
	bad := func(detail string) (spec.Find, *fault) { return spec.Find{}, &fault{"find", "Invalid find", detail} }
	const shape = findShape
	if v.IsNull() || !v.IsKnown() || !(v.Type().IsObjectType() || v.Type().IsMapType()) {
		return bad(shape)
	}
	texts := map[string]string{}
	for it := v.ElementIterator(); it.Next(); {
		key, field := it.Element()
		name := key.AsString()
		if !slices.Contains(findKeys, name) {
			return bad(quotedIn(expr, name) + " is not a key of find. " + shape)
		}
		text, ok := scalarText(field)
		if !ok {
			return bad(fmt.Sprintf("%s must be a string.", name))
		}
		if text == "" {
			return bad(fmt.Sprintf("%s is empty.", name))
		}
		texts[name] = text
	}
	f := spec.Find{ID: texts["id"], Source: texts["source"], Number: texts["source_order_number"], OrderNumber: texts["order_number"]}
	switch {
	case len(texts) == 0:
		return bad("It is empty. " + shape)
	case f.ID != "" && len(texts) > 1, f.OrderNumber != "" && len(texts) > 1:
		return bad("Use one way to find the order. " + shape)
	case f.Source != "" && f.Number == "":
		return bad("source alone does not name an order; add source_order_number.")
	}
	return f, nil
}

// scalarText is the text of a string, number or bool; null is empty.
func scalarText(v cty.Value) (string, bool) {
	if v.IsNull() {
		return "", true
	}
	if !v.IsKnown() {
		return "", false
	}
	switch v.Type() {
	case cty.String:
		return strings.TrimSpace(v.AsString()), true
	case cty.Number:
		return v.AsBigFloat().Text('f', -1), true
	case cty.Bool:
		return fmt.Sprint(v.True()), true
	}
	return "", false
}

// addressForm is what `replaces` may name.
var addressForm = regexp.MustCompile(`^(batch\.[\p{L}_][\p{L}\p{N}_-]*|order\["(?:[^"\\]|\\.)*"\])$`)
