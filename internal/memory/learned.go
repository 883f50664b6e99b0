package memory

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"
)

// Learned is what gdfctl found out about the API. It is a help and no fact of
// orders: nothing depends on it but the number of calls, and no plan grows stale
// when it changes.
type Learned struct {
	accounts map[string]map[string]LearnedAccount // by endpoint and name
}

// LearnedAccount is what is known of the API as one account sees it. Zero
// values are not known.
type LearnedAccount struct {
	PageCap     int           `json:"page_cap,omitempty"`     // the most orders that a page holds, whatever is asked for
	ListOrder   ListOrder     `json:"list_order,omitempty"`   // how listings are sorted
	DateField   DateField     `json:"date_field,omitempty"`   // the date that listings are filtered by
	ClockOffset time.Duration `json:"clock_offset,omitempty"` // how much the API's clock is ahead of this machine's
	At          time.Time     `json:"at,omitzero"`            // when it was found out

	// Confirms says of marketplaces, by order.SourceKey, whether their own word follows
	// changes. It is never changed, but replaced.
	Confirms map[string]bool `json:"confirms,omitempty"`
}

// ListOrder is how listings of orders are sorted.
type ListOrder string

// The orders of listings, by the date that they are filtered by.
const (
	OldestFirst ListOrder = "oldest_first"
	NewestFirst ListOrder = "newest_first"
)

// DateField is one of an order's dates.
type DateField string

// The dates that listings may be filtered by: the API's reference doesn't say
// by which they are.
const (
	DateCreatedInSource      DateField = "created_in_source"
	DateCreatedInDestination DateField = "created_in_destination"
)

const learnedMember = "learned"

// Learned reads what was learned. A file that is missing or can't be read is as
// good as an empty one: what is returned is never nil, also with an error, which
// says what is wrong with the file.
func (k Memory) Learned() (*Learned, error) {
	m, err := k.in.read()
	l, damage := learnedOf(m)
	if err = errors.Join(err, damage); err != nil {
		return l, fmt.Errorf("%s: it can't be read and is left out of account: %w", k.in, err)
	}
	return l, nil
}

// UpdateLearned hands what was learned, as it is now, to change, and keeps what
// it made of it, while no other process can do the same. What can't be read is
// left out of account.
func (k Memory) UpdateLearned(change func(*Learned)) error {
	err := k.in.update(func(m members) error {
		l, _ := learnedOf(m) // Learned told what is wrong with it
		change(l)
		own, err := json.Marshal(l.accounts)
		if err != nil {
			return err
		}
		m[learnedMember] = own
		return nil
	})
	if err != nil {
		return fmt.Errorf("saving what was learned of the API: %w", err)
	}
	return nil
}

// learnedOf never returns nil.
func learnedOf(m members) (*Learned, error) {
	l := &Learned{}
	var err error
	if own, ok := m[learnedMember]; ok {
		err = json.Unmarshal(own, &l.accounts)
	}
	if l.accounts == nil {
		l.accounts = map[string]map[string]LearnedAccount{}
	}
	return l, err
}

// Account returns what is known of an account, if anything is.
func (l *Learned) Account(endpoint, account string) (LearnedAccount, bool) {
	a, ok := l.accounts[endpoint][account]
	return a, ok
}

// SetAccount replaces what is known of an account. UpdateLearned keeps it.
func (l *Learned) SetAccount(endpoint, account string, a LearnedAccount) {
	if l.accounts[endpoint] == nil {
		l.accounts[endpoint] = map[string]LearnedAccount{}
	}
	a.At = plainTime(a.At)
	l.accounts[endpoint][account] = a
}

// With is what this machine knows, where others know something too: what was found out
// last goes. Their clocks say nothing of this machine's.
func (a LearnedAccount) With(others LearnedAccount) LearnedAccount {
	if others.At.After(a.At) {
		others.ClockOffset = a.ClockOffset
		a, others = others, a
	}
	if len(others.Confirms) > 0 {
		both := maps.Clone(others.Confirms)
		maps.Copy(both, a.Confirms)
		a.Confirms = both
	}
	return a
}

// SaysAll reports whether nothing of what is known beside the clock is other than here.
func (a LearnedAccount) SaysAll(known LearnedAccount) bool {
	known.At = a.At
	return same(a, known.OfAll())
}

// OfAll is what other machines may know of it.
func (a LearnedAccount) OfAll() LearnedAccount {
	a.ClockOffset = 0
	return a
}
