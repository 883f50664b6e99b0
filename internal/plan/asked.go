package plan

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/endpoint"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// Unasked is a part of a saved plan that the configuration does not ask for.
type Unasked struct {
	Change *Change    // nil: it is about an account
	Place  spec.Place // of the wish that comes closest; zero if there is none
	Why    string
	Held   bool // it is asked for, and a plan made now would hold it back
}

// Asked compares a saved plan with what the configuration wants now. A plan is a
// file that anybody may have edited, with its checksum made again: so it only
// chooses among the wishes, and nothing that is sent is taken from it.
//
// The plan that is returned holds each change as its wish and the decision table
// make it. From the file it keeps which live order it is and how that order was
// read; apply compares both with the live order before each call. The settings of
// the accounts are the configuration's. If anything in the file is not exactly
// what a wish asks, all of it is returned, and no plan. Neither is there one if a
// rule of the policy, as it is now, holds a shipment back.
func Asked(saved *Plan, by Asking) (*Plan, []Unasked) {
	a := &comparison{Asking: by, saved: saved, planned: map[string]*spec.Account{}}
	if a.headers(); len(a.unasked) > 0 {
		return nil, a.unasked
	}
	a.index()
	for _, w := range a.Wishes.Orders {
		a.compare(w)
	}
	for _, w := range a.Wishes.Dropped {
		a.compare(w)
	}
	asked := *saved
	asked.Accounts = slices.Clone(saved.Accounts)
	for i := range asked.Accounts {
		if account := a.planned[asked.Accounts[i].Name]; account != nil {
			asked.Accounts[i].Burst, asked.Accounts[i].PerSecond = account.Burst, account.PerSecond
		}
	}
	for i := range a.found {
		a.judge(&saved.Changes[i], &a.found[i])
	}
	a.share()
	a.limits()
	a.insertLimits()
	asked.Changes = make([]Change, 0, len(saved.Changes))
	for i := range a.found {
		f := &a.found[i]
		if f.why == "" {
			asked.Changes = append(asked.Changes, f.change)
			continue
		}
		u := Unasked{Change: &saved.Changes[i], Why: f.why, Held: f.held}
		if f.wish != nil {
			u.Place = f.wish.Place
		}
		a.unasked = append(a.unasked, u)
	}
	if len(a.unasked) > 0 {
		return nil, a.unasked
	}
	return &asked, nil
}

// Asking is what the configuration wants now, and what is known of its orders.
type Asking struct {
	Wishes   *spec.Wishes
	Seal     Seal // as of an Input
	Accounts []*spec.Account
	State    *state.State
	Policy   spec.Policy
	Now      time.Time
}

// comparison is one comparison of a saved plan with the wishes.
type comparison struct {
	Asking
	saved   *Plan
	planned map[string]*spec.Account // the accounts that the plan was made for
	unasked []Unasked

	// The changes by all that a wish may name their orders by: positions in
	// saved.Changes, and in found.
	byID     map[orderKey]int
	byNumber map[orderKey][]int
	bySeller map[orderKey][]int
	found    []asker

	created map[orderKey]*spec.NewOrder // by what they are called; nil until one is asked for
}

// orderKey is one of the names of an order within its account.
type orderKey struct{ account, name string }

// asker is what asks for a change.
type asker struct {
	wishes []*spec.Wish // about the order
	wish   *spec.Wish   // that they come to
	change Change       // as the wish asks for it
	why    string       // not empty: it is not asked for like that
	held   bool         // it is, and would be held back
}

func (f *asker) hold(code Code, message string) {
	f.why, f.held = fmt.Sprintf("the order would be held back (%s): %s", code, message), true
}

// headers compares the accounts.
func (a *comparison) headers() {
	for _, planned := range a.saved.Accounts {
		at := slices.IndexFunc(a.Accounts, func(c *spec.Account) bool { return c.Name == planned.Name })
		switch {
		case at < 0:
			a.unasked = append(a.unasked, Unasked{Why: fmt.Sprintf("account %q is not in the configuration", planned.Name)})
		case planned.Endpoint != endpoint.Shown(a.Accounts[at].Endpoint), planned.EndpointHash != endpoint.Hash(a.Accounts[at].Endpoint):
			a.unasked = append(a.unasked, Unasked{Why: fmt.Sprintf("account %q had a different endpoint when the plan was made", planned.Name)})
		case a.planned[planned.Name] != nil:
			a.unasked = append(a.unasked, Unasked{Why: fmt.Sprintf("account %q is listed twice", planned.Name)})
		default:
			a.planned[planned.Name] = a.Accounts[at]
		}
	}
}

func (a *comparison) index() {
	changes := a.saved.Changes
	a.byID, a.byNumber, a.bySeller = make(map[orderKey]int, len(changes)), make(map[orderKey][]int, len(changes)), map[orderKey][]int{}
	a.found = make([]asker, len(changes))
	for i := range changes {
		c := &changes[i]
		id := orderKey{c.Account, c.Order.ID}
		switch first, twice := a.byID[id]; {
		case a.planned[c.Account] == nil:
			a.found[i].why = fmt.Sprintf("the plan was not made for account %q", c.Account)
			continue
		case c.Order.ID == "":
			a.found[i].why = "it names no order"
			continue
		case twice:
			a.found[i].why = "the plan changes this order twice: " + changes[first].Address
			continue
		case c.Has(order.Insert) || order.IsInsertID(c.Order.ID):
			a.byID[id] = i
			a.newOrder(c, &a.found[i])
			continue
		}
		a.byID[id] = i
		number := orderKey{c.Account, strings.TrimSpace(c.Order.SourceNumber)}
		a.byNumber[number] = append(a.byNumber[number], i)
		if c.Before.OrderNumber != "" {
			seller := orderKey{c.Account, c.Before.OrderNumber}
			a.bySeller[seller] = append(a.bySeller[seller], i)
		}
	}
}

// meant lists the changes whose orders a wish may mean.
func (a *comparison) meant(w *spec.Wish) []int {
	account := w.Origin.Account.Name
	switch {
	case w.Find.ID != "":
		if i, ok := a.byID[orderKey{account, w.Find.ID}]; ok {
			return []int{i}
		}
		return nil
	case w.Find.Number != "":
		return a.byNumber[orderKey{account, strings.TrimSpace(w.Find.Number)}]
	}
	return a.bySeller[orderKey{account, w.Find.OrderNumber}]
}

// compare finds the changes whose orders a wish is about.
func (a *comparison) compare(w *spec.Wish) {
	for _, i := range a.meant(w) {
		if c := &a.saved.Changes[i]; w.Find.Matches(c.Order, c.Before.OrderNumber) {
			a.found[i].wishes = append(a.found[i].wishes, w)
		}
	}
}

// judge says whether a change is asked for once all wishes were compared: they
// are combined as for a plan that is made now.
func (a *comparison) judge(c *Change, f *asker) {
	if f.why != "" || f.change.Content != "" { // or it is an insert, and judged
		return
	}
	a.standing(c, f)
	wanted := false
	if len(f.wishes) > 0 {
		f.wish, wanted = spec.Together(f.wishes, nil)
	}
	stopped := a.stopped(c)
	switch {
	case !wanted && stopped != "":
		f.why = stopped
	case !wanted:
		f.why = "the configuration has no wish with this address for this order"
	case f.wish.Problem != nil:
		f.why = "the wish can't be used: " + f.wish.Problem.Message
	case f.wish.Address() != c.Address:
		f.why = fmt.Sprintf("the configuration has no wish with this address; the order's wish is %s", f.wish.Address())
	default:
		a.asks(f, c)
	}
}

// asks makes the change that a wish asks for, of the order as the plan has it,
// and says in what the plan's own differs.
func (a *comparison) asks(f *asker, c *Change) {
	w := f.wish
	s := soughtOf(a.State, w)
	if s.other != "" || (s.id != "" && s.id != c.Order.ID) {
		f.why = "the state has a different ID for the order"
		return
	}
	key := state.Key{Endpoint: w.Origin.Account.Endpoint, Account: w.Origin.Account.Name, ID: c.Order.ID}
	entry := a.State.Remembered(key)
	live := order.Live{Ref: c.Order, Values: c.Before, CreatedInSource: c.Created}
	past := historyBefore(w, c, entry, a.Policy)
	d := decideFor(w, live, nil, past)
	if c.Refused != "" {
		// Whether the marketplace still refuses it, apply finds out before each call.
		sent := entry.Change(c.Refused)
		if sent == nil {
			f.why = "the state does not know the change that the marketplace refused: " + c.Refused
			return
		}
		d = decideRefused(w, live, sent, past)
	}
	switch {
	case d.held != "":
		f.hold(d.held, d.message)
		return
	case len(d.actions) == 0:
		f.why = "it is as wanted"
		return
	}
	f.change = Change{
		Address: w.Address(), Account: w.Origin.Account.Name, Order: c.Order, Created: c.Created, Actions: d.actions, Before: c.Before, After: d.after,
		AfterUnknown: listed(d.afterUnknown), Reason: w.Reason, Attempt: w.Attempt, DefinedAt: w.Place, ShippedOn: d.shippedOn,
		Standing: standingOf(a.Wishes, w), Refused: d.refused,
	}
	if f.why = differing(c, &f.change); f.why != "" || !f.change.sendsNumber() {
		return
	}
	live.CreatedInSource = time.Time{} // apply compares with what the live order says
	for _, found := range checkShipment(w, live, d, a.Policy, a.Now) {
		if found.Severity == rules.Error {
			f.hold(heldCode(found.Rule), found.Message)
			return
		}
	}
}

// share holds back what shares its tracking number with too many orders of the
// plan and of the state.
func (a *comparison) share() {
	keys := make(map[state.Key]bool, len(a.found))
	numbers := rules.NewSharing(len(a.found))
	for i := range a.found {
		if f := &a.found[i]; f.why == "" && f.change.sendsNumber() {
			keys[state.Key{Endpoint: f.wish.Origin.Account.Endpoint, Account: f.change.Account, ID: f.change.Order.ID}] = true
			numbers.Add(i, f.change.After.Tracking)
		}
	}
	if len(keys) == 0 {
		return
	}
	others := othersSent(a.State, keys)
	for i, e := range others {
		numbers.Add(len(a.found)+i, lastSent(e))
	}
	number := func(i int) string {
		if i < len(a.found) {
			return a.found[i].change.After.Tracking
		}
		return lastSent(others[i-len(a.found)])
	}
	name := func(i int) string {
		if i < len(a.found) {
			return a.found[i].change.Order.String()
		}
		return others[i-len(a.found)].Ref.String()
	}
	numbers.Groups(number, func(group []int) {
		for _, i := range group {
			also := group[0]
			if also == i {
				also = group[1]
			}
			if f := a.Policy.Raised.Apply(rules.Shared(name(also), len(group))); f.Severity == rules.Error && i < len(a.found) {
				a.found[i].hold(heldCode(f.Rule), f.Message)
			}
		}
	})
}

// differing says in what a change of a plan is not the one that is asked for.
// Order numbers and tracking numbers are quoted; other cells never are.
func differing(c, asked *Change) string {
	var found []string
	add := func(differs bool, format string, args ...any) {
		if differs {
			found = append(found, fmt.Sprintf(format, args...))
		}
	}
	planned, wanted := c.After, asked.After
	add(!slices.Equal(c.Actions, asked.Actions), "the action is %s", order.Joined(asked.Actions))
	add(planned.Status != wanted.Status, "the status is %s", wanted.Status)
	add(planned.OrderNumber != wanted.OrderNumber, "the order number is %q, not %q", wanted.OrderNumber, planned.OrderNumber)
	add(planned.Tracking != wanted.Tracking, "the tracking number is %q, not %q", wanted.Tracking, planned.Tracking)
	add(planned.Carrier != wanted.Carrier, "the carrier differs")
	date := planned.ShippedAt.Truncate(time.Second)
	add(!date.Equal(wanted.ShippedAt.Truncate(time.Second)) || !slices.Equal(listed(c.AfterUnknown), asked.AfterUnknown), "the ship date differs")
	add(c.ShippedOn != asked.ShippedOn, "the ship day differs")
	add(c.Reason != asked.Reason, "the reason differs")
	add(c.Content != asked.Content, "what its row says differs")
	add(c.Attempt != asked.Attempt, "attempt is %d, not %d", asked.Attempt, c.Attempt)
	return strings.Join(found, "; ")
}
