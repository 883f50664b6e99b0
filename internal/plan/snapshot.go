package plan

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// Snapshot is what the live API showed, account by account.
type Snapshot struct {
	Accounts map[string]*AccountSnapshot
	Unread   map[string]error // by account: why it could not be read

	wishes   []sought
	created  []soughtNew
	followed []state.Key
}

// AccountSnapshot holds the live orders of one account that the configuration
// wants something of; others are counted and let go.
type AccountSnapshot struct {
	Missing map[string]bool // ids that the API doesn't know
	Listed  bool            // the whole lookback was listed
	From    time.Time       // the lookback's beginning
	Sources []string        // marketplaces seen in the listing, as spelled there, sorted
	ReadAt  time.Time       // when reading began: no value is older
	Calls   int
	PageCap int // the largest page that the API served, where it cut one short; else 0
	How     Reading

	// A batch can want a hundred thousand orders. They stand in pieces, so that
	// none is copied when there are more, and the ways to find them hold positions.
	orders   [][]order.Live
	count    int32
	byID     map[string]int32
	byNumber matches // by the number alone: two marketplaces seldom share one
	bySeller matches
	texts    map[string]string // texts that many orders share, each held once

	taken    map[string]string      // ids by the seller's numbers, where new numbers are to be given
	others   map[string]OpenOrder   // open orders of the lookback that were not asked for, by id
	errors   map[string]listedError // of orders that were not asked for, by id
	imported map[string]bool        // by order.SourceKey: whether it has live orders that gdfctl did not insert
}

// unread notes an account of which nothing is known.
func (s *Snapshot) unread(a *spec.Account, err error, now time.Time) {
	s.Accounts[a.Name], s.Unread[a.Name] = newAccountSnapshot(now), err
}

// noneRead is the error where no account could be read.
func (s *Snapshot) noneRead() error {
	var all []error
	for _, name := range slices.Sorted(maps.Keys(s.Unread)) {
		all = append(all, fmt.Errorf("account %s: %w", name, s.Unread[name]))
	}
	return errors.Join(all...)
}

// Reading is the mix of ways in which an account's orders were read.
type Reading struct {
	Counted  int       `json:"counted"`        // orders in the lookback; -1 if they were not counted
	Since    time.Time `json:"since,omitzero"` // the lookback's beginning, if all of it was listed
	New      *int      `json:"new,omitempty"`  // new orders in the lookback, if these alone were listed; nil: they were not
	Listings int       `json:"listings"`       // of a status and dates, for orders that are known by id
	Found    int       `json:"found"`          // orders, by those
	Singles  int       `json:"singles"`        // orders read one by one
}

func newAccountSnapshot(now time.Time) *AccountSnapshot {
	return &AccountSnapshot{
		Missing: map[string]bool{}, ReadAt: now, How: Reading{Counted: -1},
		byID: map[string]int32{}, byNumber: newMatches(), bySeller: newMatches(), texts: map[string]string{}, taken: map[string]string{}, others: map[string]OpenOrder{},
		errors: map[string]listedError{},
	}
}

// Order returns a live order of the snapshot.
func (s *AccountSnapshot) Order(id string) (order.Live, bool) {
	if live := s.order(id); live != nil {
		return *live, true
	}
	return order.Live{}, false
}

// order is Order without a copy: nil, or the order itself, which stays in its
// place once everything is read.
func (s *AccountSnapshot) order(id string) *order.Live {
	at, ok := s.byID[id]
	if !ok {
		return nil
	}
	return s.at(at)
}

// piece is how many orders stand together.
const piece = 1024

func (s *AccountSnapshot) at(i int32) *order.Live { return &s.orders[i/piece][i%piece] }

// Len is the number of orders that are kept.
func (s *AccountSnapshot) Len() int { return int(s.count) }

// add takes in an order. Of the same order seen twice, the later read stands.
func (s *AccountSnapshot) add(live order.Live) {
	live.Source, live.Carrier, live.SyncStatus = s.text(live.Source), s.text(live.Carrier), s.text(live.SyncStatus)
	if at, seen := s.byID[live.ID]; seen {
		*s.at(at) = live
		return
	}
	at := s.count
	if at%piece == 0 {
		s.orders = append(s.orders, make([]order.Live, 0, piece))
	}
	last := &s.orders[at/piece]
	*last = append(*last, live)
	s.count++
	s.byID[live.ID] = at
	s.byNumber.add(strings.TrimSpace(live.SourceNumber), at)
	if live.OrderNumber != "" {
		s.bySeller.add(live.OrderNumber, at)
	}
}

func (s *AccountSnapshot) text(t string) string {
	if held, ok := s.texts[t]; ok {
		return held
	}
	s.texts[t] = t
	return t
}

// match lists the ids of the live orders that f matches, sorted.
func (s *AccountSnapshot) match(f spec.Find) []string {
	var found []int32
	switch {
	case f.ID != "":
		if _, ok := s.byID[f.ID]; ok {
			return []string{f.ID}
		}
	case f.Number != "":
		found = s.byNumber.all(strings.TrimSpace(f.Number))
	default:
		found = s.bySeller.all(f.OrderNumber)
	}
	var ids []string
	for _, at := range found {
		if live := s.at(at); f.Matches(live.Ref, live.OrderNumber) {
			ids = append(ids, live.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// Matching lists the live orders that f matches.
func (s *AccountSnapshot) Matching(f spec.Find) []order.Live {
	var all []order.Live
	for _, id := range s.match(f) {
		all = append(all, *s.order(id))
	}
	return all
}

// hasSource reports whether a marketplace of that name was seen.
func (s *AccountSnapshot) hasSource(name string) bool {
	for _, seen := range s.Sources {
		if order.SourceKey(seen) == order.SourceKey(name) {
			return true
		}
	}
	return false
}

// matches finds the positions of orders by a text that is nearly always that of
// one alone.
type matches struct {
	first map[string]int32
	rest  map[string][]int32
}

func newMatches() matches {
	return matches{map[string]int32{}, map[string][]int32{}}
}

func (m matches) add(key string, at int32) {
	if _, taken := m.first[key]; taken {
		m.rest[key] = append(m.rest[key], at)
		return
	}
	m.first[key] = at
}

func (m matches) all(key string) []int32 {
	at, ok := m.first[key]
	if !ok {
		return nil
	}
	return append([]int32{at}, m.rest[key]...)
}
