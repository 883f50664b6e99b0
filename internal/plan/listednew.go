package plan

import (
	"iter"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state"
)

// NewOrder is an order that nobody acknowledged, as far as its listing and the state show.
type NewOrder struct {
	order.Ref
	Created time.Time // zero: its marketplace says none
}

// ListedNew are the new orders of each account whose listing holds all of them. Of an
// account of which only some orders were read, nothing is known: the oldest could be among
// the others. One that gdfctl acknowledged, and that reads do not show so yet, is not new.
func ListedNew(in Input) iter.Seq2[string, iter.Seq[NewOrder]] {
	return func(yield func(string, iter.Seq[NewOrder]) bool) {
		for _, account := range in.Accounts {
			s := in.Snapshot.Accounts[account.Name]
			if s == nil || in.Snapshot.Unread[account.Name] != nil || !s.Listed && s.How.New == nil {
				continue
			}
			orders := func(yield func(NewOrder) bool) {
				isNew := func(live order.Live) bool {
					entry := in.State.Remembered(state.Key{Endpoint: account.Endpoint, Account: account.Name, ID: live.ID})
					now, _ := Effective(entry, live, 1)
					return now.Status == order.New && Waits(now.Status, now.SourceStatus)
				}
				for i := range s.count {
					if live := s.at(i); isNew(*live) && !yield(NewOrder{live.Ref, live.Created()}) {
						return
					}
				}
				for id, o := range s.others {
					if _, kept := s.byID[id]; kept {
						continue
					}
					live := order.Live{Ref: o.Ref, Values: order.Values{Status: o.Status, OrderNumber: o.OrderNumber}}
					if isNew(live) && !yield(NewOrder{o.Ref, o.Created}) {
						return
					}
				}
			}
			if !yield(account.Name, orders) {
				return
			}
		}
	}
}
