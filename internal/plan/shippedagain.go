package plan

import (
	"fmt"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/carrier"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/words"
)

// again is what decides about the tracking number of an order that is shipped
// already. Sending another one overwrites the order's times, and whoever changed
// the number by hand had a reason; so three values decide: the number that is
// wanted, the one that is there, and those that gdfctl sent.
type again struct {
	wanted, live string
	others       []string       // more numbers that the table has for the order
	sent         []string       // that the API accepted from gdfctl, each once, the latest last
	sentAgo      time.Duration  // since the latest was sent; 0 if that is not known
	bad          *rules.Finding // why the wanted number can't be sent
	doubtful     bool           // the wanted number's check digit is wrong, and that of the live one is not
	raised       bool           // the configuration asks to send again
}

// numberResult is what becomes of the tracking number. Its zero value leaves the one
// that is there.
type numberResult struct {
	same    bool // the live number is the wanted one, or none is wanted
	correct bool
	held    Code
	message string // why it is held
	note    *rules.Finding
	drifted bool // by other hands, away from what gdfctl sent
}

// judge is the table of corrections. It is total.
func (a again) judge() numberResult {
	wantedIs := func(n string) bool { return carrier.SameNumber(n, a.wanted) }
	liveIs := func(n string) bool { return carrier.SameNumber(n, a.live) }
	last := ""
	if n := len(a.sent); n > 0 {
		last = a.sent[n-1]
	}
	switch {
	case a.wanted == "" || liveIs(a.wanted):
		return numberResult{same: true}
	case a.live != "" && slices.ContainsFunc(a.others, liveIs):
		return numberResult{}
	case carrier.DifferInLeadingZeros(a.wanted, a.live):
		return warn("leading_zeros", "its number is %s, which differs only in leading zeros: spreadsheets drop these; gdfctl does not change it", a.live)
	case a.bad != nil && a.live != "":
		return warn("tracking_not_compared", "it is shipped with a different number, and the number in the table can't be sent (%s: %s)", a.bad.Rule, a.bad.Message)
	case a.bad != nil:
		return numberResult{held: BadTracking, message: a.bad.Rule + ": " + a.bad.Message}
	case a.live == "":
		return numberResult{correct: true}
	case a.doubtful && !a.raised:
		return numberResult{held: BadTracking, message: fmt.Sprintf(
			"SHIP08: its check digit is wrong, and that of the present number (%s) is right; to send it anyway, raise attempt", a.live)}
	case wantedIs(last) && !a.raised:
		v := warn("drifted", "somebody changed it to %s; gdfctl does not change it back", a.live)
		v.drifted = true
		return v
	case slices.ContainsFunc(a.sent, wantedIs) && !a.raised:
		return numberResult{held: OlderNumber, message: fmt.Sprintf("%s was sent before and then replaced by %s; to send it again, raise attempt", a.wanted, last)}
	case slices.ContainsFunc(a.sent, liveIs):
		return numberResult{correct: true, note: &rules.Finding{Rule: "SHIP17", Severity: rules.Warn, Message: fmt.Sprintf(
			"replaces %s, sent %s; if this is a second parcel, keep the first number", a.live, ago(a.sentAgo))}}
	}
	return numberResult{correct: true, note: &rules.Finding{Rule: "SHIP21", Severity: rules.Warn, Message: fmt.Sprintf(
		"replaces %s: gdfctl did not send the present number", a.live)}}
}

// warn is the result that leaves the number, and says why.
func warn(code, format string, args ...any) numberResult {
	return numberResult{note: &rules.Finding{Rule: code, Severity: rules.Warn, Message: fmt.Sprintf(format, args...)}}
}

// ago says when something was sent; 0 is not known.
func ago(d time.Duration) string {
	if d <= 0 {
		return "before"
	}
	return words.Age(d) + " ago"
}
