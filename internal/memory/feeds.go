package memory

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

const (
	historyMember = "history"
	watchedMember = "watched"
)

// FeedHistory is what earlier looks at feeds showed. It is not a fact of orders:
// no plan grows stale when it changes, and without it every rule that compares
// begins again.
type FeedHistory struct {
	accounts map[string]map[string]*FeedAccount // by endpoint and name
	watched  json.RawMessage
	sparing  bool
}

// FeedAccount is the history of an account's feeds.
type FeedAccount struct {
	CheckedAt time.Time `json:"checked_at,omitzero"` // the latest look
	// WholePage is the largest page that was the whole listing although more
	// was asked for: one that is smaller is not cut by the server. WholeAt is
	// when one of that size was last seen to be.
	WholePage int                    `json:"whole_page,omitempty"`
	WholeAt   time.Time              `json:"whole_at,omitzero"`
	Feeds     map[string]*FeedRecord `json:"feeds"` // by id
}

// FeedHistory reads the history. A file that is missing or can't be read is as
// good as an empty one: the history is never nil, also with an error, which says
// what is wrong with the file.
func (k Memory) FeedHistory() (*FeedHistory, error) {
	m, err := k.in.read()
	h, damage := historyOf(m)
	if err = errors.Join(err, damage); err != nil {
		return h, fmt.Errorf("%s: the history of feeds can't be read and begins again: %w", k.in, err)
	}
	return h, nil
}

// UpdateFeedHistory hands the history as it is now to change, and keeps what it
// made of it, while no other process can do the same. What can't be read begins
// again.
func (k Memory) UpdateFeedHistory(change func(*FeedHistory)) error {
	err := k.in.update(func(m members) error {
		h, _ := historyOf(m) // FeedHistory told what is wrong with it
		_, h.sparing = k.in.(log)
		change(h)
		return h.keepIn(m)
	})
	if err != nil {
		return fmt.Errorf("saving the history of feeds: %w", err)
	}
	return nil
}

func (h *FeedHistory) keepIn(m members) error {
	own, err := json.Marshal(h.accounts)
	if err != nil {
		return err
	}
	m[historyMember] = own
	if h.watched != nil {
		m[watchedMember] = h.watched
	}
	return nil
}

// historyOf never returns nil.
func historyOf(m members) (*FeedHistory, error) {
	h := &FeedHistory{watched: m[watchedMember]}
	var err error
	if own, ok := m[historyMember]; ok {
		err = json.Unmarshal(own, &h.accounts)
	}
	if err != nil || h.accounts == nil {
		h.accounts = map[string]map[string]*FeedAccount{}
	}
	for _, accounts := range h.accounts {
		for name, a := range accounts {
			if a == nil {
				delete(accounts, name)
				continue
			}
			a.complete()
		}
	}
	return h, err
}

// complete makes a file that people changed by hand harmless.
func (a *FeedAccount) complete() {
	if a.Feeds == nil {
		a.Feeds = map[string]*FeedRecord{}
	}
	for id, r := range a.Feeds {
		if r == nil {
			delete(a.Feeds, id)
			continue
		}
		r.trim()
	}
}

// Account is the history of an account's feeds, empty if there is none. What is
// changed in it is kept by UpdateFeedHistory.
func (h *FeedHistory) Account(endpoint, name string) *FeedAccount {
	if h.accounts[endpoint] == nil {
		h.accounts[endpoint] = map[string]*FeedAccount{}
	}
	a := h.accounts[endpoint][name]
	if a == nil {
		a = &FeedAccount{Feeds: map[string]*FeedRecord{}}
		h.accounts[endpoint][name] = a
	}
	return a
}

// Record is the history of a feed, made if there is none.
func (a *FeedAccount) Record(id string) *FeedRecord {
	r := a.Feeds[id]
	if r == nil {
		r = &FeedRecord{}
		a.Feeds[id] = r
	}
	return r
}

// Watched is FeedHistory.Watched for those who need nothing else of the
// history.
func (k Memory) Watched() json.RawMessage { return k.member(watchedMember) }

// Watched is what the latest look found, as its writer encoded it; nil if
// nothing is kept.
func (h *FeedHistory) Watched() json.RawMessage { return h.watched }

// Sparing reports whether all that is kept goes to a place that machines share, and
// stays there for some time: what says nothing new is better left out.
func (h *FeedHistory) Sparing() bool { return h.sparing }

// SetWatched replaces what the latest look found.
func (h *FeedHistory) SetWatched(report json.RawMessage) { h.watched = report }
