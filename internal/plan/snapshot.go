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
	Orders  map[string]order.Live // by id
	Missing map[string]bool       // ids that the API doesn't know
	Listed  bool                  // the whole lookback was listed
	From    time.Time             // the lookback's beginning
	Counted int                   // orders in the lookback; -1 if they were not counted
	Sources []string              // marketplaces seen in the listing, as spelled there, sorted
	ReadAt  time.Time             // when reading began: no value is older
	Calls   int
	PageCap int    // the largest page that the API served, where it cut one short; else 0
	How     string // how the orders were read, for people

	byNumber map[string][]string // numberKey → ids
	bySeller map[string][]string // the seller's number → ids
}

func newAccountSnapshot(now time.Time) *AccountSnapshot {
	return &AccountSnapshot{
		Orders: map[string]order.Live{}, Missing: map[string]bool{}, Counted: -1, ReadAt: now,
		byNumber: map[string][]string{}, bySeller: map[string][]string{},
	}
}

// add takes in an order. The same order seen twice is one.
func (s *AccountSnapshot) add(live order.Live) {
	if _, seen := s.Orders[live.ID]; !seen {
		key := numberKey(live.Source, live.SourceNumber)
		s.byNumber[key] = append(s.byNumber[key], live.ID)
		if bare := numberKey("", live.SourceNumber); bare != key {
			s.byNumber[bare] = append(s.byNumber[bare], live.ID)
		}
		if live.OrderNumber != "" {
			s.bySeller[live.OrderNumber] = append(s.bySeller[live.OrderNumber], live.ID)
		}
	}
	s.Orders[live.ID] = live
}

// match lists the ids of the live orders that f means, sorted.
func (s *AccountSnapshot) match(f spec.Find) []string {
	var ids []string
	switch {
	case f.ID != "":
		if _, ok := s.Orders[f.ID]; ok {
			ids = []string{f.ID}
		}
	case f.Number != "":
		ids = s.byNumber[numberKey(f.Source, f.Number)]
	default:
		ids = s.bySeller[f.OrderNumber]
	}
	if len(ids) > 1 {
		ids = slices.Sorted(slices.Values(ids))
	}
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

// numberKey is the form in which marketplace numbers are matched.
func numberKey(source, number string) string {
	return order.SourceKey(source) + "\x00" + strings.TrimSpace(number)
}
