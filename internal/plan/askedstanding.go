package plan

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// asPlanned is a live order as a plan's file says it.
func asPlanned(ref order.Ref, values order.Values, created time.Time) order.Live {
	return order.Live{Ref: ref, Values: values, CreatedInSource: created.UTC().Truncate(time.Second)}
}

// standingOf are the standing orders among the blocks that a wish is from.
func standingOf(wishes *spec.Wishes, w *spec.Wish) []*spec.Standing {
	if w.NumberedBy() == nil {
		return nil
	}
	var blocks []*spec.Standing
	for _, origin := range w.Origins() {
		for _, s := range wishes.Standing {
			if s.Origin == origin {
				blocks = append(blocks, s)
			}
		}
	}
	return blocks
}

// standing adds what the standing orders want of a saved change's order, as it was
// when the plan was made.
func (a *comparison) standing(c *Change, f *asker) {
	live := asPlanned(c.Order, c.Before, c.Created)
	for _, s := range a.Wishes.Standing {
		if s.Origin.Account.Name == c.Account && s.Fits(live, a.saved.CreatedAt) == spec.Selected {
			f.wishes = append(f.wishes, s.Wish(live))
		}
	}
}

// stopped says why the block of a saved change that nothing asks for selects
// nothing now, if that is so.
func (a *comparison) stopped(c *Change) string {
	for _, s := range a.Wishes.Standing {
		if s.Problem != nil && s.Origin.String() == blockOf(c.Address) {
			return s.Problem.Message
		}
	}
	return ""
}

// limits refuses what is beyond the number of orders that a standing order may
// change in one run, and order numbers that several orders would have.
func (a *comparison) limits() {
	gives := func(f *asker) bool { return f.why == "" && givesNumber(&f.change) }
	byBlock := map[*spec.Standing][]*asker{}
	var giving []*Change
	for i := range a.found {
		f := &a.found[i]
		if gives(f) {
			giving = append(giving, &f.change)
		}
		if f.why == "" && len(f.change.Standing) > 0 && IsStanding(f.change.Address) {
			byBlock[f.change.Standing[0]] = append(byBlock[f.change.Standing[0]], f)
		}
	}
	if len(giving) == 0 {
		return
	}
	numbers := orderNumbersOf(giving, func(c *Change) bool { return len(c.Standing) > 0 }, a.Wishes, a.State, a.Accounts, func(string, string) (string, bool) { return "", false })
	for i := range a.found {
		if f := &a.found[i]; gives(f) {
			if message := numbers.clash(&f.change); message != "" {
				f.hold(NumberNotUnique, message)
			}
		}
	}
	for block, list := range byBlock {
		if len(list) <= block.MaxPerRun {
			continue
		}
		slices.SortFunc(list, func(x, y *asker) int {
			return cmp.Or(x.change.Created.Compare(y.change.Created), cmp.Compare(x.change.Address, y.change.Address))
		})
		for _, f := range list[block.MaxPerRun:] {
			f.why = fmt.Sprintf("%s, and the plan has %d", countOf(block).limit(), len(list))
		}
	}
}

// StillMeant says why an order is not what its standing order selects any more, by
// a read just before the call; nothing if it is, or if something else names it.
func StillMeant(c *Change, live order.Live, now time.Time) string {
	if !IsStanding(c.Address) {
		return ""
	}
	for _, s := range c.Standing {
		if live.Created().UTC().Truncate(time.Second) != c.Created.UTC().Truncate(time.Second) {
			return "its date of creation is not the one that the plan has: plan again"
		}
		switch s.Fits(live, now) {
		case spec.Selected:
		case spec.TooYoung:
			return fmt.Sprintf("it is not old enough for %s yet: plan again", s.Origin)
		default:
			return fmt.Sprintf("it is not what %s selects any more: plan again", s.Origin)
		}
	}
	return ""
}
