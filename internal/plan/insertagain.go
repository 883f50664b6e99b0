package plan

import (
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/state"
)

// An insert whose outcome stays unknown blocks its order. People can ask for it once more,
// for one order at a time. Whether it is sent is decided by apply, just before: only if the
// waiting time has passed and a complete listing still shows none.

// insertsAgain decides about the orders that are to be inserted again.
func (b *builder) insertsAgain() {
	c := &creating{b, nil}
	for _, s := range b.in.Snapshot.created {
		b.plan.Orders++
		if s.Problem != nil {
			b.holdProblem(&s.Wish, s.Ref())
			continue
		}
		c.again(s)
	}
}

// again decides about one of them.
func (c *creating) again(s soughtNew) {
	ids := c.in.Snapshot.Accounts[s.Origin.Account.Name].inserted(s.Find.Source, s.Find.Number)
	open := s.entry != nil && len(s.entry.Intents) > 0
	switch {
	case len(ids) > 1:
		c.hold(&s.Wish, s.Ref(), InsertTwice, InsertedTwice(ids), s.Place)
		return
	case !open && len(ids) > 0, !open && changed(s.entry):
		c.hold(&s.Wish, s.Ref(), ShownAsWanted, "the API accepted it, or it is there: it is never inserted again", s.Place)
		return
	case !open:
		c.hold(&s.Wish, s.Ref(), NothingSent, "no insert of it has an unknown outcome, so there is nothing to send again: apply inserts what is not there", s.Place)
		return
	case c.in.InProgress:
		c.hold(&s.Wish, s.Ref(), OutcomeUnknown, "another run is under way, which may be finding it out: wait for its end", s.Place)
		return
	case c.unprovable(s, EarliestOfInsert(s.Created, s.entry.Intents)):
		return
	}
	made := insertOf(s.NewOrder, c.in.Seal)
	made.Resend, made.Reason = true, c.in.Resend.Reason
	last := s.entry.Intents[len(s.entry.Intents)-1]
	for i := range s.entry.Intents {
		made.Attempt = max(made.Attempt, s.entry.Intents[i].Attempt+1)
	}
	if !c.planned(s, made) {
		return
	}
	message := fmt.Sprintf("its insert of %s has no known outcome. Apply waits, and lists it: only if it is not there is it inserted again. "+
		"If the first call takes effect even later, the order is there twice", last.At.UTC().Format(time.RFC3339))
	if len(ids) == 1 {
		message = fmt.Sprintf("it is there now, as %s: nothing is sent, and its insert is recorded as done", ids[0])
	} else if last.Content != made.Content {
		message += ". Its row, or the account's key, changed since: what the row says now is sent"
	}
	c.finding(&s.Wish, made.Address, rules.Finding{Rule: "INS05", Severity: rules.Warn, Message: message})
}

// EarliestOfInsert is the earliest date that an order can have been inserted with: a row
// can say another one by now.
func EarliestOfInsert(created time.Time, calls []state.Intent) time.Time {
	for i := range calls {
		if at := calls[i].Created; !at.IsZero() && at.Before(created) {
			created = at
		}
	}
	return created
}
