package report

import (
	"cmp"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Figure is a number in a headline.
type Figure struct {
	Number int
	What   string // that is counted: "to ship"
	Kind   Kind   // of the orders; empty: of something else
}

func (f Figure) String() string { return words.Number(f.Number) + " " + f.What }

// Headline is what a plan does to orders, in numbers, and what there is to know
// besides.
func (r *Plan) Headline() (does, also []Figure) {
	orders := r.lastActions()
	figure := func(action order.Action) Figure {
		return Figure{orders[action], "to " + string(action), Kind(action)}
	}
	for _, action := range []order.Action{order.Ship, order.Cancel, order.Correct, order.Insert} {
		if orders[action] > 0 {
			does = append(does, figure(action))
		}
	}
	if orders[order.Acknowledge] > 0 {
		also = append(also, figure(order.Acknowledge))
	}
	if len(does) == 0 {
		does, also = also, nil
	}
	if n := r.Summary.Held; n > 0 {
		also = append(also, Figure{n, string(KindHeld), KindHeld})
	}
	if n := r.Summary.Unsettled; n > 0 {
		also = append(also, Figure{n, "with a call of unknown outcome", KindUnsettled})
	}
	if n := FeedsOf(r.Watches).Tally()[Failing]; n > 0 {
		feeds := "feeds failing"
		if n == 1 {
			feeds = "feed failing"
		}
		also = append(also, Figure{Number: n, What: feeds})
	}
	return does, also
}

// Takes is how long an apply takes, or nothing if nothing is sent.
func (r *Plan) Takes() string {
	if r.Calls.Write == 0 {
		return ""
	}
	when := " to apply"
	if r.Review.Published {
		when = " after merge"
	}
	return "About " + words.Duration(time.Duration(r.ETASeconds)*time.Second) + when
}

// Numbered says which plan of its pull request this is, or nothing.
func (r *Review) Numbered() string {
	if r.Number == 0 {
		return ""
	}
	text := "number " + words.Number(r.Number) + " of this pull request"
	switch {
	case r.Number > 1 && r.Since != "":
		text += ": " + r.Since + " than number " + words.Number(r.Number-1)
	case r.Number > 1:
		text += ": as many changes as number " + words.Number(r.Number-1)
	}
	return text
}

// Clock writes the plan's times for its reviewers.
func (r *Plan) Clock() Clock { return Clock{Zones: r.Review.Zones, Plan: r} }

// NotChanged counts the orders of which nothing is changed, by the reason.
func (r *Plan) NotChanged() []string {
	s := r.Summary
	var parts []string
	for _, part := range []struct {
		n         int
		one, many string
	}{
		{s.NoOp, "order is already as wanted", "orders are already as wanted"},
		{s.Pending, "was changed and the API doesn't show it yet", "were changed and the API doesn't show it yet"},
		{r.ShipLater(), "ships later", "ship later"},
		{r.WaitForRun(), "waits for the next run", "wait for the next run"},
		{s.Stopped, "is in a stopped batch", "are in stopped batches"},
		{s.Released, "is released", "are released"},
	} {
		if part.n > 0 {
			parts = append(parts, words.Count(part.n, part.one, part.many))
		}
	}
	if open := r.NotClaimed; open != nil {
		parts = append(parts, open.Text)
	}
	return parts
}

// Next is what happens after a plan was reviewed.
type Next struct {
	Title   string
	Command string // that the text is about; empty: none
	Text    string
}

// Next says what happens next, and until when it can.
func (r *Plan) Next() Next {
	next, event := Next{Title: "Next", Command: "apply"}, "Apply"
	if r.Review.Published {
		next, event = Next{Title: "After merge", Command: "apply --published"}, "Merge"
	}
	switch {
	case len(r.Violations) > 0:
		next.Command, next.Text = "", "Nothing will be sent: the plan is beyond the policy."
	case len(r.Changes) == 0:
		next.Command, next.Text = "", "There is nothing to send."
		if rule := r.byRule(); rule != "" {
			next.Text = "There is nothing to send now. " + rule
		}
	default:
		next.Text = "sends these changes and no others. Orders that changed in the meantime are skipped and listed"
		if r.Review.Published {
			next.Text += " in a reply in the pull request"
		}
		next.Text += "."
		if rule := r.byRule(); rule != "" {
			next.Text += " " + rule
		}
		if until := r.Review.Until; !until.IsZero() {
			next.Text += " " + event + " by " + r.Clock().Date(until) + "; after that, plan again."
		}
	}
	return next
}

// byRule says what is sent after the merge although the plan does not show it; nothing
// if that is nothing.
func (r *Plan) byRule() string {
	if len(r.Standing) == 0 || !r.Review.Published {
		return ""
	}
	return "Standing orders are reviewed as rules: what they select by then is acknowledged, within max_per_run."
}

// Correction is what a change corrects: both texts of a field are empty if it stays
// as it is.
type Correction struct{ Carrier, Number, ShipTime WasIs }

// WasIs is a value that is replaced by another one. Was is empty if there was none.
type WasIs struct{ Was, Is string }

// CorrectionOf is what a change that corrects a shipment replaces.
func (c Clock) CorrectionOf(change *plan.Change) Correction {
	var out Correction
	before, after := &change.Before, &change.After
	if before.Tracking != after.Tracking {
		out.Number = WasIs{before.Tracking, after.Tracking}
	}
	if before.Carrier != after.Carrier {
		out.Carrier = WasIs{cmp.Or(before.Carrier, "no carrier"), after.Carrier}
	}
	if from, to := before.ShippedAt, after.ShippedAt; !to.IsZero() && !from.Equal(to) {
		if !from.IsZero() {
			out.ShipTime.Was = c.Time(change.Account, from)
		}
		out.ShipTime.Is = c.Time(change.Account, to)
	}
	return out
}
