package plan

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// enoughSilent is of how many shipments, each older than a day, a marketplace's own
// word must have followed none before gdfctl takes it to confirm nothing.
const enoughSilent = 20

// Confirming finds out, from reads of orders that gdfctl changed, which marketplaces
// confirm changes by their own word.
type Confirming struct {
	found map[sourceOf]*tally
}

type sourceOf struct {
	account *spec.Account
	source  string // by order.SourceKey
}

type tally struct {
	follows bool
	silent  int // shipments that it did not follow within a day
}

// Add takes in what a read showed of an order, as the state knew it before.
func (c *Confirming) Add(account *spec.Account, entry *state.Entry, live order.Live, at time.Time) {
	if entry == nil || entry.Applied == nil || !entry.Applied.Before.Status.Open() {
		return // its word said that before the change, too
	}
	a := entry.Applied
	if live.Source == "" || !at.After(a.At) || a.Action != order.Ship && a.Action != order.Cancel {
		return
	}
	if c.found == nil {
		c.found = map[sourceOf]*tally{}
	}
	key := sourceOf{account, order.SourceKey(live.Source)}
	t := c.found[key]
	if t == nil {
		t = &tally{}
		c.found[key] = t
	}
	switch {
	case live.SourceStatus == a.Values.Status:
		t.follows = true
	case a.Action == order.Ship && at.Sub(a.At) > uptake.FinalAfter:
		t.silent++
	}
}

// Learned is what was found out beyond what is known, by account and marketplace.
// That one was seen to confirm stands, whatever it is silent about later.
func (c *Confirming) Learned(known Learned) map[*spec.Account]map[string]bool {
	learned := map[*spec.Account]map[string]bool{}
	for key, t := range c.found {
		confirms, is := known[key.account.Name].Confirms[key.source]
		if t.follows == confirms && is || !t.follows && (confirms || t.silent < enoughSilent) {
			continue
		}
		if learned[key.account] == nil {
			learned[key.account] = map[string]bool{}
		}
		learned[key.account][key.source] = t.follows
	}
	return learned
}
