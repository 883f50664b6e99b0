package plan

import (
	"slices"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// Snapshot is what the live API showed, account by account.
type Snapshot struct {
	Accounts map[string]*AccountSnapshot
}

// AccountSnapshot holds the live orders of one account that the configuration
// wants something of; others are counted and let go.
type AccountSnapshot struct {
	Missing map[string]bool // ids that the API doesn't know
	Listed  bool            // the whole lookback was listed
	From    time.Time       // the lookback's beginning
	Counted int             // orders in the lookback; -1 if they were not counted
	Sources []string        // marketplaces seen in the listing, as spelled there, sorted
	ReadAt  time.Time       // when reading began: no value is older
	Calls   int
	PageCap int    // the largest page that the API served, where it cut one short; else 0
	How     string // how the orders were read, for people

	// A batch can want a hundred thousand orders. They stand in one slice, and
	// the ways to find them hold positions in it.
	orders   []order.Live
	byID     map[string]int32
	byNumber matches[number]
	bySeller matches[string]
	texts    map[string]string // texts that many orders share, each held once
}

// number is a marketplace's number of an order in the form in which numbers
// are matched. Without a source it matches those of all.
type number struct{ source, text string }

func numberOf(source, text string) number {
	return number{order.SourceKey(source), strings.TrimSpace(text)}
}

func newAccountSnapshot(now time.Time) *AccountSnapshot {
	return &AccountSnapshot{
		Missing: map[string]bool{}, Counted: -1, ReadAt: now,
		byID: map[string]int32{}, byNumber: matches[number]{}, bySeller: matches[string]{}, texts: map[string]string{},
	}
}

// Order returns a live order of the snapshot.
func (s *AccountSnapshot) Order(id string) (order.Live, bool) {
	at, ok := s.byID[id]
	if !ok {
		return order.Live{}, false
	}
	return s.orders[at], true
}

// Len is the number of orders that are kept.
func (s *AccountSnapshot) Len() int { return len(s.orders) }

// add takes in an order. Of the same order seen twice, the later read stands.
func (s *AccountSnapshot) add(live order.Live) {
	live.Source, live.Carrier, live.SyncStatus = s.text(live.Source), s.text(live.Carrier), s.text(live.SyncStatus)
	if at, seen := s.byID[live.ID]; seen {
		s.orders[at] = live
		return
	}
	at := int32(len(s.orders))
	s.orders = append(s.orders, live)
	s.byID[live.ID] = at
	key := numberOf(live.Source, live.SourceNumber)
	key.source = s.text(key.source)
	s.byNumber.add(key, at)
	if key.source != "" {
		key.source = ""
		s.byNumber.add(key, at)
	}
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

// match lists the ids of the live orders that f means, sorted.
func (s *AccountSnapshot) match(f spec.Find) []string {
	var found []int32
	switch {
	case f.ID != "":
		if _, ok := s.byID[f.ID]; ok {
			return []string{f.ID}
		}
	case f.Number != "":
		found = s.byNumber.all(numberOf(f.Source, f.Number))
	default:
		found = s.bySeller.all(f.OrderNumber)
	}
	ids := make([]string, len(found))
	for i, at := range found {
		ids[i] = s.orders[at].ID
	}
	slices.Sort(ids)
	return ids
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

// matches finds the positions of orders by a key that is nearly always theirs
// alone: those that share one are chained.
type matches[K comparable] map[K]chain

type chain struct {
	at   int32
	rest []int32
}

func (m matches[K]) add(key K, at int32) {
	c, ok := m[key]
	if ok {
		c.rest = append(c.rest, at)
	} else {
		c.at = at
	}
	m[key] = c
}

func (m matches[K]) all(key K) []int32 {
	c, ok := m[key]
	if !ok {
		return nil
	}
	return append([]int32{c.at}, c.rest...)
}
