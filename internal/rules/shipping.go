package rules

import (
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/carrier"
	"github.com/gdfctl/gdfctl/internal/order"
)

// Severity says what a finding does: an error holds its order back.
type Severity string

// The severities, in the words of a plan's JSON.
const (
	Error Severity = "error"
	Warn  Severity = "warning"
	Info  Severity = "info" // worth knowing, nothing to do
)

// Finding is one rule that a planned change does not meet.
type Finding struct {
	Rule     string
	Severity Severity
	Message  string
}

// Shipment is a planned ship or correct, with the live order that it is for.
type Shipment struct {
	Live     order.Live
	After    order.Values
	DateOnly bool // the ship date was written without a time
	// NoTracking: it has no number on purpose, which only Walmart does not take.
	NoTracking bool
	Now        time.Time
}

// clockLeeway is how far ahead a ship date may be: clocks differ.
const clockLeeway = 5 * time.Minute

// lateAfter is when marketplaces begin to count a confirmation as late.
const lateAfter = 24 * time.Hour

// CheckShipment checks a planned shipment against the rules.
func CheckShipment(s Shipment) []Finding {
	var found []Finding
	add := func(rule string, severity Severity, format string, args ...any) {
		found = append(found, Finding{rule, severity, fmt.Sprintf(format, args...)})
	}
	at, created := s.After.ShippedAt, s.Live.CreatedInSource
	if !at.IsZero() {
		if !created.IsZero() && at.Before(created) {
			hint := ""
			if s.DateOnly {
				hint = "; a date without a time means midnight, so write the time too"
			}
			add("SHIP01", Error, "shipped %s, but the order was only placed %s%s", stamp(at), stamp(created), hint)
		}
		if s.DateOnly {
			add("SHIP02", Warn, "the ship date has no time and becomes midnight")
		}
		if at.After(s.Now.Add(clockLeeway)) {
			add("SHIP03", Error, "shipped %s, which is in the future: marketplaces forbid confirming before shipping", stamp(at))
		}
		if s.Now.Sub(at) > lateAfter {
			add("SHIP04", Warn, "shipped %s, more than 24 hours ago: the marketplace may count it as late", stamp(at))
		}
	}
	if s.After.Tracking == "" {
		severity := Warn
		if carrier.Marketplace(s.Live.Source) == walmart {
			severity = Error
		}
		if severity == Error || !s.NoTracking {
			add("SHIP05", severity, "no tracking number: buyers can't follow the parcel, and Walmart refuses it")
		}
	}
	if t := s.After.Tracking; t != "" {
		for _, own := range []struct{ whose, number string }{
			{"marketplace's", s.Live.SourceNumber}, {"seller's", s.Live.OrderNumber}, {"API's", s.Live.ID},
		} {
			if own.number != "" && carrier.SameNumber(t, own.number) {
				add("SHIP07", Error, "the tracking number is the %s own number of the order", own.whose)
				break
			}
		}
	}
	if s.Live.SyncError != "" {
		add("SHIP16", Warn, "the marketplace reported an error for this order before")
	}
	return found
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
