package plan

import (
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// Unclaimed counts the open orders of an account that the configuration does
// not name: what a plan over tables can't show otherwise.
type Unclaimed struct {
	Count  int       `json:"count"`
	Oldest time.Time `json:"oldest,omitzero"` // when the oldest was placed
}

// UnclaimedNow is Unclaimed without a plan: as far as a few calls show it.
type UnclaimedNow struct {
	Unclaimed
	Known   bool // the tables could be read, and the API was asked
	NewOnly bool // those in processing were too many to be listed
	AtLeast bool // so were the new ones
}

// OpenOrder is a live order that waits for its seller, in short: a listing
// shows many that nobody wants anything of.
type OpenOrder struct {
	order.Ref
	OrderNumber string
	Status      order.Status
	Created     time.Time
}

// Waits reports whether an order waits for its seller.
func Waits(status, atSource order.Status) bool {
	return status.Open() && atSource != order.Cancelled && atSource != order.Shipped
}

// NotClaimed leaves those of an account's open orders that no wish and no
// release names, and no standing order is about. A wish that can't be carried out
// names its order too, and so does one whose labels are all void; a row that `where`
// leaves out names nothing.
func NotClaimed(account *spec.Account, wishes *spec.Wishes, open []OpenOrder) []OpenOrder {
	if len(open) == 0 {
		return nil
	}
	c := newClaims(open)
	for _, w := range wishes.Orders {
		if w.Origin.Account == account {
			c.claim(w.Find)
		}
	}
	for _, w := range wishes.Dropped {
		if w.Origin.Account == account {
			c.claim(w.Find)
		}
	}
	for _, n := range wishes.New {
		if n.Origin.Account == account {
			c.claim(n.Find)
		}
	}
	for i := range wishes.Released {
		if r := &wishes.Released[i]; r.Account == account {
			c.claim(r.Find)
		}
	}
	for _, s := range wishes.Standing {
		if s.Origin.Account == account && s.Problem == nil {
			c.cover(s)
		}
	}
	var left []OpenOrder
	for i := range open {
		if !c.claimed[i] {
			left = append(left, open[i])
		}
	}
	return left
}

// claims crosses off open orders. There are fewer of them than of wishes, which
// are therefore what is gone through.
type claims struct {
	open     []OpenOrder
	claimed  []bool
	byID     map[string]int32
	byNumber matches
	bySeller matches
}

func newClaims(open []OpenOrder) *claims {
	c := &claims{open: open, claimed: make([]bool, len(open)), byID: map[string]int32{}, byNumber: newMatches(), bySeller: newMatches()}
	for i := range open {
		o, at := &open[i], int32(i)
		c.byID[o.ID] = at
		c.byNumber.add(strings.TrimSpace(o.SourceNumber), at)
		if o.OrderNumber != "" {
			c.bySeller.add(o.OrderNumber, at)
		}
	}
	return c
}

// claim crosses off the orders that f names, in the way of [Means].
func (c *claims) claim(f spec.Find) {
	switch {
	case f.ID != "":
		if at, ok := c.byID[f.ID]; ok {
			c.claimed[at] = true
		}
	case f.Number != "":
		for _, at := range c.byNumber.all(strings.TrimSpace(f.Number)) {
			if f.Source == "" || order.SourceKey(f.Source) == order.SourceKey(c.open[at].Source) {
				c.claimed[at] = true
			}
		}
	case f.OrderNumber != "":
		for _, at := range c.bySeller.all(f.OrderNumber) {
			c.claimed[at] = true
		}
	}
}

// cover crosses off the orders that a standing order is about, and those that it
// leaves out by name.
func (c *claims) cover(s *spec.Standing) {
	for i := range c.open {
		o := &c.open[i]
		if s.Covers(o.Ref, o.OrderNumber, o.Status) || s.Except.Has(o.Ref, o.OrderNumber) {
			c.claimed[i] = true
		}
	}
}

// unclaimedOf counts what a listing of the whole lookback showed and nobody
// claims; nil where there was no such listing.
func unclaimedOf(account *spec.Account, wishes *spec.Wishes, snap *AccountSnapshot) *Unclaimed {
	if !snap.Listed {
		return nil
	}
	open := make([]OpenOrder, 0, len(snap.others))
	for _, o := range snap.others {
		open = append(open, o)
	}
	u := &Unclaimed{}
	for _, o := range NotClaimed(account, wishes, open) {
		u.Add(o.Created)
	}
	return u
}

// Add counts an order.
func (u *Unclaimed) Add(created time.Time) {
	u.Count++
	if !created.IsZero() && (u.Oldest.IsZero() || created.Before(u.Oldest)) {
		u.Oldest = created.UTC().Truncate(time.Second)
	}
}

// Unclaimed adds up the accounts whose lookback was listed; nil if none was.
func (p *Plan) Unclaimed() *Unclaimed {
	var sum *Unclaimed
	for _, a := range p.Accounts {
		u := a.Unclaimed
		if u == nil {
			continue
		}
		if sum == nil {
			sum = &Unclaimed{}
		}
		sum.Count += u.Count
		if !u.Oldest.IsZero() && (sum.Oldest.IsZero() || u.Oldest.Before(sum.Oldest)) {
			sum.Oldest = u.Oldest
		}
	}
	return sum
}
