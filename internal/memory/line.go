package memory

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// line says how one thing is now.
type line struct {
	Endpoint string `json:"endpoint,omitempty"`
	Account  string `json:"account,omitempty"`

	Looked  *looked         `json:"looked,omitempty"`
	Feed    string          `json:"feed,omitempty"` // its id
	Record  *noted          `json:"record,omitempty"`
	Forget  bool            `json:"forget,omitempty"` // the feed
	Learned *LearnedAccount `json:"learned,omitempty"`

	Watched  json.RawMessage `json:"watched,omitempty"`
	Notified json.RawMessage `json:"notified,omitempty"` // null: nothing is remembered
}

// looked is a look at the feeds of an account. Those that the look before showed, it
// showed as they were: lines of their own behind it say what was otherwise.
type looked struct {
	CheckedAt time.Time `json:"checked_at"`
	WholePage int       `json:"whole_page,omitempty"`
	WholeAt   time.Time `json:"whole_at,omitzero"`
}

// noted is a feed, whose observations are the first ones that were kept of it before,
// and those in the record.
type noted struct {
	FeedRecord
	Kept int `json:"kept,omitempty"`
}

// fold is what lines come to. What can't be read says the error; what is returned is
// empty then.
func fold(lines []byte) (*document, error) {
	d := newDocument()
	for n := 1; len(lines) > 0; n++ {
		text, rest, _ := bytes.Cut(lines, []byte("\n"))
		lines = rest
		var l line
		if err := json.Unmarshal(text, &l); err != nil {
			return newDocument(), fmt.Errorf("line %d: %w", n, err)
		}
		d.take(&l)
	}
	return d, nil
}

func newDocument() *document {
	h, _ := historyOf(nil)
	l, _ := learnedOf(nil)
	return &document{feeds: h, learned: l}
}

func (d *document) take(l *line) {
	if l.Watched != nil {
		d.feeds.watched = l.Watched
	}
	if l.Notified != nil {
		if d.notified = l.Notified; string(l.Notified) == "null" {
			d.notified = nil
		}
	}
	if l.Learned != nil {
		d.learned.SetAccount(l.Endpoint, l.Account, *l.Learned)
	}
	if l.Looked == nil && l.Feed == "" {
		return
	}
	a := d.feeds.Account(l.Endpoint, l.Account)
	if l.Looked != nil {
		a.looked(*l.Looked)
	}
	switch {
	case l.Feed == "":
	case l.Forget:
		delete(a.Feeds, l.Feed)
	case l.Record != nil:
		a.Feeds[l.Feed] = l.Record.behind(a.Feeds[l.Feed])
	}
}

// looked notes a look that showed what the one before did.
func (a *FeedAccount) looked(l looked) {
	for _, r := range a.Feeds {
		if !r.SeenAt.Equal(a.CheckedAt) {
			continue
		}
		r.SeenAt = l.CheckedAt
		if newest := r.newest(); newest != nil && newest.CheckedAt.Equal(a.CheckedAt) {
			newest.CheckedAt = l.CheckedAt
		}
	}
	a.CheckedAt, a.WholePage, a.WholeAt = l.CheckedAt, l.WholePage, l.WholeAt
}

// behind is the feed, as it was before, with what is noted.
func (n *noted) behind(was *FeedRecord) *FeedRecord {
	r := n.FeedRecord
	if was != nil {
		kept := was.Observations[:max(0, min(n.Kept, len(was.Observations)))]
		r.Observations = slices.Concat(kept, r.Observations)
	}
	r.trim()
	return &r
}

// notedSince is the feed, as far as it is not what it was before.
func (r *FeedRecord) notedSince(was *FeedRecord) *noted {
	n := &noted{FeedRecord: *r}
	if was == nil {
		return n
	}
	past := was.Observations
	if over := len(past) + 1 - maxObservations; over > 0 && len(r.Observations) == maxObservations && !same(past[0], r.Observations[0]) {
		past = past[over:] // the newest one pushed it out
		n.Kept = over
	}
	kept := 0
	for kept < min(len(past), len(r.Observations)) && same(past[kept], r.Observations[kept]) {
		kept++
	}
	if kept == 0 {
		n.Kept = 0
		return n
	}
	n.Kept += kept
	n.Observations = r.Observations[kept:]
	if !same(n.behind(was), r) {
		return &noted{FeedRecord: *r}
	}
	return n
}

// linesTo are the lines that make a document another one.
func (d *document) linesTo(to *document) ([]byte, error) {
	var lines bytes.Buffer
	from, err := d.copied()
	if err != nil {
		return nil, err
	}
	add := func(l line) {
		if err == nil {
			err = json.NewEncoder(&lines).Encode(l)
			from.take(&l)
		}
	}
	for endpoint, name := range inOrder(to.feeds.accounts) {
		a, was := to.feeds.accounts[endpoint][name], from.feeds.Account(endpoint, name)
		if now := (looked{a.CheckedAt, a.WholePage, a.WholeAt}); !same(now, looked{was.CheckedAt, was.WholePage, was.WholeAt}) {
			add(line{Endpoint: endpoint, Account: name, Looked: &now})
		}
		for _, id := range slices.Sorted(maps.Keys(a.Feeds)) {
			if !same(was.Feeds[id], a.Feeds[id]) {
				add(line{Endpoint: endpoint, Account: name, Feed: id, Record: a.Feeds[id].notedSince(was.Feeds[id])})
			}
		}
		for _, id := range slices.Sorted(maps.Keys(was.Feeds)) {
			if a.Feeds[id] == nil {
				add(line{Endpoint: endpoint, Account: name, Feed: id, Forget: true})
			}
		}
	}
	for endpoint, name := range inOrder(to.learned.accounts) {
		if l := to.learned.accounts[endpoint][name]; !same(from.learned.accounts[endpoint][name], l) {
			add(line{Endpoint: endpoint, Account: name, Learned: &l})
		}
	}
	if to.feeds.watched != nil && !same(from.feeds.watched, to.feeds.watched) {
		add(line{Watched: to.feeds.watched})
	}
	if !same(from.notified, to.notified) {
		now := to.notified
		if now == nil {
			now = json.RawMessage("null")
		}
		add(line{Notified: now})
	}
	return lines.Bytes(), err
}

// copied is a document that shares nothing with d that changes.
func (d *document) copied() (*document, error) {
	m, err := d.members()
	if err != nil {
		return nil, err
	}
	return documentOf(m)
}

// inOrder are the endpoints and names of accounts, in their order.
func inOrder[T any](accounts map[string]map[string]T) func(yield func(endpoint, name string) bool) {
	return func(yield func(endpoint, name string) bool) {
		for _, endpoint := range slices.Sorted(maps.Keys(accounts)) {
			for _, name := range slices.Sorted(maps.Keys(accounts[endpoint])) {
				if !yield(endpoint, name) {
					return
				}
			}
		}
	}
}

// same reports whether two values are kept as the same.
func same(a, b any) bool {
	one, oneErr := json.Marshal(a)
	other, otherErr := json.Marshal(b)
	return oneErr == nil && otherErr == nil && bytes.Equal(one, other)
}
