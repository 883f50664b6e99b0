package samples

import (
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// Verified is what happened to the day's changes, an hour later. words are texts that
// marketplaces say.
func Verified(said ...string) *report.Verified {
	d := Day()
	at := d.CreatedAt.Add(2 * time.Hour)
	var changes []report.VerifiedChange
	add := func(change, n int, word uptake.Word, more func(c *report.VerifiedChange)) {
		for i := range n {
			of := d.Changes[change+i]
			e := &state.Entry{Ref: of.Order, Applied: &state.Applied{Action: order.Ship, Values: of.After, At: d.CreatedAt.Add(time.Duration(i) * time.Second)}}
			c := report.VerifiedChange{Accepted: plan.Accepted{Account: &spec.Account{Name: "us"}, Entry: e, Result: uptake.Result{Word: word}}}
			if more != nil {
				more(&c)
			}
			changes = append(changes, c)
		}
	}
	for i, text := range said {
		add(10+i, 1, uptake.RefusedLater, func(c *report.VerifiedChange) { c.Said = text })
	}
	add(30, 40, uptake.RefusedLater, func(c *report.VerifiedChange) {
		c.Said = "The carrier that you entered is not supported. Choose one from the list of carriers."
	})
	add(80, 1, uptake.Drifted, nil)
	add(81, 2, uptake.NotTaken, nil)
	add(90, 1, "", func(c *report.VerifiedChange) {
		c.Unknown, c.Entry.Intents = true, []state.Intent{{Action: order.Ship, At: d.CreatedAt}}
	})
	add(91, 1, uptake.Verified, func(c *report.VerifiedChange) { c.Twice = []string{"id-1", "id-2"} })
	add(100, 12, uptake.Pending, func(c *report.VerifiedChange) { c.Result.Next = at.Add(20 * time.Minute) })
	add(120, 60, uptake.Shown, func(c *report.VerifiedChange) { c.Result.Done = true })
	add(200, 300, uptake.Verified, func(c *report.VerifiedChange) { c.Result.Done, c.Closed = true, true })
	r := report.NewVerified(at, 14, d.Review.Zones, changes)
	r.Mark, r.Review, r.Version = "<!-- gdfctl:verify shop -->", d.Review, "1.2.3"
	return r
}

// NothingOpen is a day of which nothing is open.
func NothingOpen() *report.Verified {
	d := Day()
	r := report.NewVerified(d.CreatedAt, 0, d.Review.Zones, nil)
	r.Mark, r.Review = fmt.Sprintf("<!-- gdfctl:verify %s -->", d.Review.Workspace), d.Review
	return r
}
