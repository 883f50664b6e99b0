package report

import (
	"cmp"
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// Kinds of orders in the table of what was verified. Beside them are KindUnsettled and
// KindPending.
const (
	KindInsertedTwice Kind = "inserted twice"
	KindRefusedLater  Kind = "refused later"
	KindDrifted       Kind = "drifted"
	KindNotTaken      Kind = "not taken"
	KindShownWaiting  Kind = waitingShown
	KindShown         Kind = "shown"
	KindVerified      Kind = "verified"
)

// verifiedKinds are those of words.
var verifiedKinds = map[string]Kind{
	string(uptake.Twice): KindInsertedTwice, string(uptake.RefusedLater): KindRefusedLater, string(uptake.Drifted): KindDrifted,
	string(uptake.NotTaken): KindNotTaken, unknownOutcome: KindUnsettled, string(uptake.Pending): KindPending, waitingShown: KindShownWaiting,
	string(uptake.Shown): KindShown, string(uptake.Verified): KindVerified,
}

// Ended says what is known of all changes, in a sentence.
func (r *Verified) Ended() string {
	switch r.Result {
	case NeedsPerson:
		return "Somebody has to look."
	case OnlyWaits:
		return "Nothing needs you. Some changes are accepted and not shown yet."
	}
	return "Nothing is open."
}

// Figures are the numbers of a headline.
func (r *Verified) Figures() []Figure {
	var all []Figure
	for _, g := range r.Groups {
		all = append(all, Figure{len(g.Orders), g.what(), g.Kind})
	}
	return all
}

// Table is all changes, those that need a person first.
func (r *Verified) Table() *OrderTable {
	t := &tabling{sources: map[string]string{}}
	for _, g := range r.Groups {
		for _, o := range g.Orders {
			row := OrderRow{
				Kind: g.Kind, Action: order.Action(o.Action), Source: t.source(o.Order.Source), Number: cmp.Or(o.Order.SourceNumber, o.Order.ID),
				Carrier: o.Carrier, Shipped: r.Clock.Time(o.Account, o.AppliedAt), Block: "account " + o.Account,
			}
			if o.Tracking != nil {
				row.Parcel.Is = *o.Tracking
			}
			var notes []string
			if o.Message != nil {
				notes = append(notes, r.Clock.Local(o.Account, *o.Message))
			}
			if o.NextReadAt != nil && !o.Done {
				notes = append(notes, "a read can say more from "+r.Clock.Time(o.Account, *o.NextReadAt)+" on")
			}
			row.Note = strings.Join(notes, "; ")
			t.add(row)
		}
	}
	done := t.done("Result")
	done.When = "Accepted"
	return done
}
