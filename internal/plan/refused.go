package plan

import (
	"fmt"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// RefusedLater is the rule of orders whose marketplace refused what the API had
// accepted.
const RefusedLater = string(uptake.RefusedLater)

// decideRefused is the decision about a shipped order whose marketplace refused what
// was sent. The marketplace has nothing of it, so another number, carrier or date
// overwrites no time: it is sent as a correct. What is wanted as it was sent stays,
// until people send it again.
func decideRefused(w *spec.Wish, live order.Live, sent *state.Applied, past history) decision {
	live.Values = sent.Values
	// Two names of one carrier are two: the marketplace may not know one of them.
	renamed := w.Want.Carrier != "" && w.Want.Carrier != live.Carrier
	d := sendAgain(decide(w, live, past), w, live, renamed || differsBesideNumber(w, live))
	d.setShipDay(w, live)
	if len(d.actions) > 0 {
		d.refused = sent.Name()
		d.notes = slices.DeleteFunc(d.notes, func(f rules.Finding) bool { return f.Rule == "SHIP17" })
	}
	return d
}

// mends reports whether a wish is decided by decideRefused: a raised attempt says by
// itself what is to be sent.
func mends(w *spec.Wish, live order.Live, entry *state.Entry) bool {
	a := entry.Applied
	return (a.Action == order.Ship || a.Action == order.Correct) && w.Want.Status == order.Shipped && !live.IsCancelled() && !raised(w, entry)
}

// StillRefused reports whether an order, as it was just read, is one whose last change
// has that name and was refused by its marketplace.
func StillRefused(entry *state.Entry, name string, live order.Live, at time.Time, with uptake.Settings) bool {
	if entry == nil || entry.LastChange() != name {
		return false
	}
	r, _ := UptakeNow(entry, live, at, with)
	return r.Word == uptake.RefusedLater
}

// RefusedMessage says what a marketplace refused, in its words as far as they are safe.
func RefusedMessage(a *state.Applied, syncError string) string {
	return fmt.Sprintf("the marketplace refused the %s that the API had accepted at %s: %s", a.Action, stamp(a.At), Words(syncError))
}

// UptakeMessage says what became known of an accepted change that needs a person. The
// marketplace's words are known only where the order was read just now.
func UptakeMessage(a *Accepted, syncError string) string {
	var shows order.Values
	if o := a.Entry.Observed; o != nil {
		shows = o.Values
	}
	return uptakeMessage(a.Result.Word, a.Entry.Applied, shows, syncError)
}

func uptakeMessage(word uptake.Word, a *state.Applied, shows order.Values, syncError string) string {
	switch word {
	case uptake.RefusedLater:
		return RefusedMessage(a, syncError)
	case uptake.NotTaken:
		return notTakenMessage(a)
	case uptake.Twice:
		return "it was inserted once and is there more than once: cancel all but one at its marketplace"
	case uptake.Drifted:
		return fmt.Sprintf("the API accepted the %s at %s, and the order was changed since by somebody else: it is %s now", a.Action, stamp(a.At), Describe(shows))
	}
	return ""
}

func notTakenMessage(a *state.Applied) string {
	if a.Action == order.Insert {
		return fmt.Sprintf("the API accepted the insert at %s, and does not show the order; it is never inserted again by itself", stamp(a.At))
	}
	return fmt.Sprintf("the API accepted the %s at %s, and the order still shows as before", a.Action, stamp(a.At))
}

// Describe says how an order is in what decides about it.
func Describe(v order.Values) string {
	text := string(v.Status)
	if v.OrderNumber != "" {
		text += ", number " + v.OrderNumber
	}
	if v.Tracking != "" {
		text += ", tracking " + v.Tracking
	}
	return text
}

// Words are those of a marketplace, as far as they identify nobody.
func Words(syncError string) string {
	if syncError == "" {
		return "its words are in the next read"
	}
	return `"` + safetext.Foreign(syncError) + `"`
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
