package plan

import (
	"cmp"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// Accepted is an order with a change that the API accepted and that is not closed,
// or with a call whose outcome is unknown, and what is known of it.
type Accepted struct {
	Entry   *state.Entry
	Account *spec.Account
	Result  uptake.Result // of the last change; its zero value where none was accepted
	Unknown bool          // the outcome of a call is unknown
}

// Since is when the last change was accepted, or the first call without a known
// outcome was begun.
func (a *Accepted) Since() time.Time {
	if a.Unknown {
		return a.Entry.Intents[0].At
	}
	return a.Entry.Applied.At
}

// Action is that of the last change, or of the call whose outcome is unknown.
func (a *Accepted) Action() order.Action {
	if a.Unknown {
		return a.Entry.Intents[0].Action
	}
	return a.Entry.Applied.Action
}

// NeverShown says that no read will show the change, because the API doesn't know the
// order any more. What is known to be done, or to need a person, stands.
func (a *Accepted) NeverShown() {
	if !a.Unknown && !a.Result.Done && !a.Result.Word.NeedsPerson() {
		a.Result = uptake.Result{Word: uptake.NotTaken}
	}
}

// Uptake lists what is open in a state, the oldest first, as its latest reads show:
// it makes no call. Orders of accounts that the configuration does not have are not
// in it.
func Uptake(st *state.State, accounts []*spec.Account, learned Learned, now time.Time) []Accepted {
	named := map[state.Key]*spec.Account{} // without an id
	for _, a := range accounts {
		named[state.Key{Endpoint: a.Endpoint, Account: a.Name}] = a
	}
	var open []Accepted
	for e := range st.Entries() {
		account := named[state.Key{Endpoint: e.Endpoint, Account: e.Account}]
		if account == nil || e.Applied == nil && len(e.Intents) == 0 {
			continue
		}
		a := Accepted{Entry: e, Account: account, Unknown: len(e.Intents) > 0}
		a.Result, _ = UptakeOf(e, UptakeSettings(account, e.Ref.Source, learned[account.Name]), now)
		open = append(open, a)
	}
	slices.SortStableFunc(open, func(x, y Accepted) int { return cmp.Compare(x.Since().UnixNano(), y.Since().UnixNano()) })
	return open
}

// UptakeSettings are how a marketplace takes up changes: as the configuration says,
// or as was learned.
func UptakeSettings(account *spec.Account, source string, learned memory.LearnedAccount) uptake.Settings {
	s := uptake.Settings{TakeTime: account.TakeTime}
	key := order.SourceKey(source)
	confirms, known := learned.Confirms[key]
	if own, ok := account.Sources[key]; ok {
		if own.TakeTime != nil {
			s.TakeTime = *own.TakeTime
		}
		if own.Confirms != nil {
			confirms, known = *own.Confirms, true
		}
	}
	switch {
	case known && confirms:
		s.Confirms = uptake.DoesConfirm
	case known:
		s.Confirms = uptake.DoesntConfirm
	}
	return s
}

// UptakeOf is what is known of the last change of an order, as the latest read that
// the state holds showed it; false where gdfctl changed nothing.
func UptakeOf(e *state.Entry, with uptake.Settings, now time.Time) (uptake.Result, bool) {
	var seen uptake.Sight
	if e != nil && e.Observed != nil {
		o := e.Observed
		seen = uptake.Sight{Values: o.Values, Source: o.SourceStatus, Error: o.Error, Twice: o.Twice, At: o.At}
	}
	return judged(e, seen, with, now)
}

// UptakeNow is UptakeOf for a read that the state need not hold yet.
func UptakeNow(e *state.Entry, live order.Live, at time.Time, with uptake.Settings) (uptake.Result, bool) {
	return judged(e, uptake.Sight{Values: live.Values, Source: live.SourceStatus, Error: uptake.ErrorHash(live.SyncError), At: at}, with, at)
}

func judged(e *state.Entry, seen uptake.Sight, with uptake.Settings, now time.Time) (uptake.Result, bool) {
	if e == nil || e.Applied == nil {
		return uptake.Result{}, false
	}
	return uptake.Judge(changeOf(e), seen, with, now), true
}

// changeOf is the last change of an entry that has one.
func changeOf(e *state.Entry) uptake.Change {
	a := e.Applied
	c := uptake.Change{Action: a.Action, Before: a.Before, After: a.Values, At: a.At, ErrorBefore: a.ErrorBefore, ErrorFirst: e.ErrorFirst(), ShownBefore: !e.Verified.IsZero()}
	for _, before := range e.Earlier {
		c.Earlier = append(c.Earlier, before.Before, before.Values)
	}
	return c
}
