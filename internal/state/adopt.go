package state

import (
	"cmp"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/carrier"
	"github.com/gdfctl/gdfctl/internal/endpoint"
	"github.com/gdfctl/gdfctl/internal/order"
)

// Account is an account of the configuration, as far as the state keeps orders
// under it.
type Account struct {
	Endpoint string
	Name     string
	Formerly string // its name under which orders may still be kept; empty if none
	API      string // the same where two names stand for one account of the API, such as a hash of the key
}

// Adopt says which accounts there are now, so that what was kept under another
// name or another spelling of an endpoint is found. Orders of an account whose
// endpoint is only written otherwise, or that is now called another name, move
// to it. Orders are found by their id all the same, under whatever account of the
// same API they are kept: the API's ids are its own, whatever an account is
// called, and a name that was one account's can be another's now. What an order is
// called that gdfctl inserts is the marketplace's number alone: two accounts can have an
// order each of that name, which are never taken for one. It is called once, before the
// state is used.
func (s *State) Adopt(accounts []Account) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.aliases, s.places, s.apis = map[accountName][]accountName{}, nil, map[accountName]string{}
	for _, a := range accounts {
		name := accountName{a.Endpoint, a.Name}
		s.apis[name] = a.API
		if a.Formerly != "" && a.Formerly != a.Name {
			s.aliases[name] = append(s.aliases[name], accountName{a.Endpoint, a.Formerly})
		}
	}
	var strays []*Entry
	for _, e := range s.entries {
		if _, current := s.apis[accountName{e.Endpoint, e.Account}]; !current {
			strays = append(strays, e)
		}
	}
	if len(accounts) > 1 || len(strays) > 0 { // else all is kept under the one account
		s.places = make(map[string][]Key, len(s.entries))
		for _, e := range s.entries {
			s.addPlaceLocked(e.Key)
		}
	}
	slices.SortFunc(strays, func(a, b *Entry) int { return a.Key.Compare(b.Key) })
	for _, e := range strays {
		kept := accountName{e.Endpoint, e.Account}
		i := slices.IndexFunc(accounts, func(a Account) bool {
			return a.Formerly == kept.account || a.Name == kept.account && endpoint.Same(a.Endpoint, kept.endpoint)
		})
		if i < 0 {
			continue
		}
		now := accountName{accounts[i].Endpoint, accounts[i].Name}
		if !slices.Contains(s.aliases[now], kept) {
			s.aliases[now] = append(s.aliases[now], kept)
		}
		s.moveLocked([]Key{e.Key}, Key{now.endpoint, now.account, e.ID})
	}
}

// Unclaimed goes through the open calls of accounts that the configuration does
// not have. Only the account whose orders they are can find out the outcome of
// them.
func (s *State) Unclaimed(accounts []Account) []Intent {
	var unclaimed []Intent
	for in := range s.OpenIntents() {
		if !slices.ContainsFunc(accounts, func(a Account) bool { return a.Endpoint == in.Endpoint && a.Name == in.Account }) {
			unclaimed = append(unclaimed, in)
		}
	}
	return unclaimed
}

type accountName struct{ endpoint, account string }

// addPlaceLocked remembers under which account an order is kept.
func (s *State) addPlaceLocked(k Key) {
	if s.places != nil && !slices.Contains(s.places[k.ID], k) {
		s.places[k.ID] = append(s.places[k.ID], k)
	}
}

// elsewhereLocked lists what is kept of an order under other accounts of the same API.
func (s *State) elsewhereLocked(k Key) []Key {
	var found []Key
	for _, other := range s.places[k.ID] {
		_, there := s.entries[other]
		if there && other != k && endpoint.Same(other.Endpoint, k.Endpoint) && !s.anotherLocked(other, k) {
			found = append(found, other)
		}
	}
	slices.SortFunc(found, Key.Compare)
	return found
}

// anotherLocked reports whether two keys with one ID are of two orders: the ID is one
// that gdfctl gave, and they are of two accounts that the configuration has side by side.
// What is kept under a name that it does not have may be of either.
func (s *State) anotherLocked(a, b Key) bool {
	if !order.IsInsertID(a.ID) {
		return false
	}
	one, other := accountName{a.Endpoint, a.Account}, accountName{b.Endpoint, b.Account}
	apiOne, isOne := s.apis[one]
	apiOther, isOther := s.apis[other]
	return isOne && isOther && apiOne != apiOther && !slices.Contains(s.aliases[one], other) && !slices.Contains(s.aliases[other], one)
}

// findLocked returns what is kept of an open order, wherever that is.
func (s *State) findLocked(k Key) (*Entry, bool) {
	e, ok := s.entries[k]
	others := s.elsewhereLocked(k)
	if len(others) == 0 {
		return e, ok
	}
	return s.mergedLocked(others, k), true
}

// findClosedLocked returns a closed order, under the account's earlier names too.
func (s *State) findClosedLocked(k Key) (ClosedEntry, bool) {
	if c, ok := s.closed.find(k); ok {
		return c, true
	}
	for _, alias := range s.aliases[accountName{k.Endpoint, k.Account}] {
		if c, ok := s.closed.find(Key{alias.endpoint, alias.account, k.ID}); ok {
			c.Key = k
			return c, true
		}
	}
	return ClosedEntry{}, false
}

// findClosedNumberLocked is findClosedLocked for the marketplace's number.
func (s *State) findClosedNumberLocked(n numberKey) (ClosedEntry, bool) {
	if c, ok := s.closed.findNumber(n); ok {
		return c, true
	}
	for _, alias := range s.aliases[accountName{n.endpoint, n.account}] {
		if c, ok := s.closed.findNumber(numberKey{alias.endpoint, alias.account, n.source, n.number}); ok {
			c.Endpoint, c.Account = n.endpoint, n.account
			return c, true
		}
	}
	return ClosedEntry{}, false
}

// moveLocked keeps what stands under old keys under another one, together with what
// stands there already: a run that was killed may have begun to use it.
func (s *State) moveLocked(old []Key, to Key) {
	if len(old) == 0 {
		return
	}
	e := s.mergedLocked(old, to)
	for _, k := range old {
		s.deleteLocked(k)
	}
	s.putLocked(e)
}

func (s *State) mergedLocked(old []Key, to Key) *Entry {
	e := s.entries[to]
	for _, k := range old {
		e = mergeEntries(e, s.entries[k])
	}
	renamed := *e
	renamed.Key = to
	renamed.Intents = slices.Clone(e.Intents)
	for i := range renamed.Intents {
		renamed.Intents[i].Endpoint, renamed.Intents[i].Account = to.Endpoint, to.Account
	}
	return &renamed
}

// mergeEntries joins what is known of one order in two places. The changes are
// put into the order in which they were accepted.
func mergeEntries(a, b *Entry) *Entry {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	changes := slices.Concat(a.changes(), b.changes())
	slices.SortStableFunc(changes, func(x, y Applied) int {
		return cmp.Or(cmp.Compare(x.Number, y.Number), x.At.Compare(y.At))
	})
	changes = slices.CompactFunc(changes, func(x, y Applied) bool { return x.RunID == y.RunID && x.Seq == y.Seq })
	e := *b
	e.Closed = cmp.Or(b.Closed, a.Closed)
	e.OrderID = cmp.Or(b.OrderID, a.OrderID)
	if e.Created.IsZero() {
		e.Created = a.Created
	}
	if a.Observed != nil && (b.Observed == nil || a.Observed.At.After(b.Observed.At)) {
		e.Observed = a.Observed
	}
	e.Intents = slices.Concat(a.Intents, b.Intents)
	e.Applied, e.Earlier, e.Verified, e.Replaced = nil, nil, time.Time{}, nil
	if n := len(changes); n > 0 {
		last := changes[n-1]
		e.Applied, e.Earlier = &last, slices.Clip(changes[:n-1])
	}
	for _, number := range slices.Concat(a.Sent(), b.Sent()) {
		same := func(other string) bool { return carrier.SameNumber(other, number) }
		if !slices.ContainsFunc(e.Sent(), same) {
			e.Replaced = append(e.Replaced, number)
		}
	}
	return &e
}
