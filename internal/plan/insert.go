package plan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/uptake"
	"github.com/gdfctl/gdfctl/internal/words"
)

// The codes of orders that must exist.
const (
	TooOldToCheck   Code = "too_old_to_check"  // no listing reaches back to when it was placed
	CreatedInFuture Code = "created_in_future" // dated ahead
	InsertTwice     Code = Code(uptake.Twice)  // it is there more than once
)

// creating is what becomes of the orders that must exist.
type creating struct {
	*builder
	toInsert map[string][]soughtNew // by block
}

// inserts decides which orders are inserted. It comes before the wishes: one about an
// order that is inserted now is for the next plan.
func (b *builder) inserts() {
	c := &creating{b, map[string][]soughtNew{}}
	for _, s := range b.in.Snapshot.created {
		if !b.in.Select.wants(&s.Wish) {
			continue
		}
		name := s.Origin.Account.Name
		if s.Problem == nil && b.in.Snapshot.Unread[name] != nil {
			b.missing[name]++
			continue
		}
		b.plan.Orders++
		if s.Problem != nil {
			b.holdProblem(&s.Wish, s.Ref())
			continue
		}
		c.decide(s)
	}
	for _, block := range slices.Sorted(maps.Keys(c.toInsert)) {
		c.insert(c.toInsert[block])
	}
	c.importedToo()
}

// decide is the table of what becomes of an order that must exist.
func (c *creating) decide(s soughtNew) {
	snap := c.in.Snapshot.Accounts[s.Origin.Account.Name]
	ids := snap.inserted(s.Find.Source, s.Find.Number)
	e := s.entry
	switch {
	case e != nil && len(e.Intents) > 0:
		c.awaits(s, "the outcome of its insert is not known")
		if c.unsettled(&s.Wish, s.Ref(), e) {
			return
		}
		c.hold(&s.Wish, s.Ref(), OutcomeUnknown, "the outcome of its insert is unknown; apply looks for it, and never inserts it again by itself. "+
			"If it is certain that it is not there, a release block with the reason closes the call, or gdfctl resend inserts it once more", s.Place)
	case s.settled():
		c.plan.NoOp++
	case e != nil && e.Applied != nil && len(ids) == 0 && unreached(e, s.Origin.Account, c.in.Now):
		c.plan.NoOp++
	case e != nil && e.Applied != nil && len(ids) == 0:
		c.awaits(s, "it is inserted, and the API doesn't show it yet")
		c.notShown(s)
	case e != nil && e.Applied != nil && len(ids) > 1:
		c.hold(&s.Wish, s.Ref(), InsertTwice, InsertedTwice(ids), s.Place)
	case e != nil && e.Applied != nil:
		c.plan.NoOp++
		c.shown(s, snap.order(ids[0]))
	case len(ids) > 0:
		c.plan.NoOp++
	default:
		if c.unprovable(s, s.Created) {
			return
		}
		block := s.Origin.String()
		c.toInsert[block] = append(c.toInsert[block], s)
	}
}

// unprovable holds an order back of which no listing can prove that it is not there: one
// that can be dated as early as that.
func (c *creating) unprovable(s soughtNew, earliest time.Time) bool {
	snap := c.in.Snapshot.Accounts[s.Origin.Account.Name]
	switch {
	case tooEarly(s.NewOrder, c.in.Now):
		c.hold(&s.Wish, s.Ref(), CreatedInFuture, fmt.Sprintf("it is dated %s, which is in the future: correct %s, or wait",
			s.Created.Format(time.RFC3339), "DateCreatedInOrderSource"), s.Place)
	case tooOld(s.NewOrder, c.in.Now), !snap.Listed, earliest.Add(-syncDelay).Before(snap.From):
		c.hold(&s.Wish, s.Ref(), TooOldToCheck, fmt.Sprintf("it was placed %s, before the lookback: gdfctl can't see that it is not there. Raise the account's lookback",
			earliest.Format(time.RFC3339)), s.Place)
	default:
		return false
	}
	return true
}

// uptakeOf is an accepted insert as it is with this plan's reads, and what is known of it.
func (c *creating) uptakeOf(s soughtNew) (*state.Entry, uptake.Word) {
	account, e := s.Origin.Account, s.entry
	if seen, ok := c.observeNew(s); ok {
		e = e.As(seen.State())
	}
	result, _ := UptakeOf(e, UptakeSettings(account, s.Find.Source, c.in.Learned[account.Name]), c.in.Now)
	return e, result.Word
}

// notShown is about an insert that the API accepted and whose order no listing shows.
func (c *creating) notShown(s soughtNew) {
	e, word := c.uptakeOf(s)
	notTaken := word == uptake.NotTaken
	c.accepted(&s.Wish, s.Ref(), e, notTaken, uptake.GoDataFeed)
	if notTaken {
		c.finding(&s.Wish, s.Address(), rules.Finding{Rule: string(word), Severity: rules.Warn, Message: notTakenMessage(e.Applied)})
	}
}

// shown is about an insert that the API accepted and whose order is there: its marketplace
// can refuse it all the same.
func (c *creating) shown(s soughtNew, live *order.Live) {
	e, word := c.uptakeOf(s)
	if word != uptake.RefusedLater {
		return
	}
	c.findings.add(Finding{
		Rule: RefusedLater, Severity: rules.Error, Address: s.Address(), Order: &live.Ref, Count: 1, DefinedAt: s.Place,
		Message: RefusedMessage(e.Applied, live.SyncError) + "; look at its marketplace: an insert is never sent again by itself",
	})
}

// insert plans the inserts of a block, the oldest first.
func (c *creating) insert(list []soughtNew) {
	slices.SortStableFunc(list, func(a, b soughtNew) int {
		return cmp.Or(a.Created.Compare(b.Created), strings.Compare(a.Address(), b.Address()))
	})
	planned := 0
	for _, s := range list {
		if most := s.PerRun; most > 0 && planned == most {
			c.awaits(s, "a later plan inserts it")
			c.later(&s.Wish, s.Ref(), fmt.Sprintf("the block inserts %s per run (max_per_run)", words.Count(most, "order", "orders")))
			continue
		}
		if c.change(s) {
			planned++
		}
	}
}

// change plans one insert, unless a rule of the policy is against it.
func (c *creating) change(s soughtNew) bool { return c.planned(s, insertOf(s.NewOrder, c.in.Seal)) }

// planned is that for the insert as it is made.
func (c *creating) planned(s soughtNew, made Change) bool {
	read := c.in.Snapshot.Accounts[s.Origin.Account.Name].ReadAt
	made.ReadAt, made.Read = read.UTC().Truncate(time.Second), read
	if c.in.Position != nil {
		made.LastChange = s.entry.LastChange()
	}
	if message := CheckRules(c.in.Policy, &made); message != "" {
		c.hold(&s.Wish, s.Ref(), PolicyRule, message, s.Place)
		return false
	}
	for _, d := range s.Doubts {
		c.findings.add(Finding{Rule: d.Code, Severity: rules.Warn, Address: made.Address, Message: d.Message, Count: 1, DefinedAt: d.Place})
	}
	c.awaits(s, "this plan inserts it")
	c.plan.Changes = append(c.plan.Changes, made)
	return true
}

// insertOf is the change that makes an order.
func insertOf(n *spec.NewOrder, seal Seal) Change {
	return Change{
		Address: n.Address(), Account: n.Origin.Account.Name, Order: n.Ref(), Created: n.Created, Actions: []order.Action{order.Insert},
		After: n.Want, AfterUnknown: []string{}, Attempt: n.Attempt, DefinedAt: n.Place, Content: seal(n.Origin.Account, n.Digest),
	}
}

// awaits remembers why wishes about an order have to wait.
func (c *creating) awaits(s soughtNew, why string) {
	if c.builder.awaited == nil {
		c.builder.awaited = map[orderKey]string{}
	}
	for _, source := range []string{s.Find.Source, ""} {
		c.builder.awaited[orderKey{s.Origin.Account.Name, order.InsertID(source, s.Find.Number)}] = why
	}
}

// awaitedBy says why a wish whose order is not there yet waits for it, or nothing.
func (b *builder) awaitedBy(w *spec.Wish) string {
	return b.awaited[orderKey{w.Origin.Account.Name, order.InsertID(w.Find.Source, w.Find.Number)}]
}

// insertsInto reports whether orders of a marketplace must exist: it may have none yet.
func (b *builder) insertsInto(account, source string) bool {
	return slices.ContainsFunc(b.in.Wishes.New, func(n *spec.NewOrder) bool {
		return n.Origin.Account.Name == account && order.SourceKey(n.Find.Source) == order.SourceKey(source)
	})
}

// importedToo warns where orders of a marketplace come into GoDataFeed by themselves too.
func (c *creating) importedToo() {
	first, count := map[orderKey]*Change{}, map[orderKey]int{}
	var keys []orderKey
	for i := range c.plan.Changes {
		made := &c.plan.Changes[i]
		key := orderKey{made.Account, order.SourceKey(made.Order.Source)}
		if !c.in.Snapshot.Accounts[made.Account].imported[key.name] {
			continue
		}
		if count[key]++; count[key] == 1 {
			first[key], keys = made, append(keys, key)
		}
	}
	for _, key := range keys {
		made := first[key]
		c.findings.add(Finding{
			Rule: "INS04", Severity: rules.Warn, Address: made.Address, Count: count[key], DefinedAt: made.DefinedAt,
			Message: fmt.Sprintf("%s has live orders that gdfctl did not insert, so GoDataFeed imports them: what is inserted may come a second time by itself", made.Order.Source),
		})
	}
}
