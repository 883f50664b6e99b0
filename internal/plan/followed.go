package plan

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// A wish can be gone once it worked: a table is cleared, a standing wish wants nothing
// of an order any more. The marketplace can still refuse what was done, so such orders
// are followed until they are closed.

// follow adds the orders that no wish names and of which a read can say more.
func (out *outlook) follow(req *ReadRequest) {
	if req.Alone || req.Select.partial() {
		return
	}
	now := req.Now()
	for _, open := range Uptake(req.State, req.Accounts, req.Learned, now) {
		want := out.accounts[open.Account]
		if _, named := want.known[open.Entry.ID]; named || !worthReading(&open, now) {
			continue
		}
		want.known[open.Entry.ID] = hintOf(req.State, open.Entry.Key)
		out.followed = append(out.followed, open.Entry.Key)
	}
}

// worthReading reports whether a read can say more of a change. Those that wait for a
// person are read for as long as listings go back: their marketplace may say more.
func worthReading(a *Accepted, now time.Time) bool {
	switch {
	case order.IsInsertID(a.Entry.ID): // the API doesn't know that ID: it is looked for where a row names it, and by verify
		return false
	case a.Unknown, a.Result.Final && attemptOf(a.Entry) > 1: // that is for the run that finds the outcome out; and nothing closes
		return false
	case a.Result.Word.NeedsPerson():
		return now.Sub(a.Since()) <= a.Account.Lookback
	}
	return a.Result.Final || !a.Result.Next.After(now)
}

// followed are the orders that nobody wants anything of any more and that were read:
// those that a wish turned out to be about are not among them.
func (b *builder) followed(visit func(a *spec.Account, key state.Key, live *order.Live)) {
	for _, key := range b.in.Snapshot.followed {
		for _, a := range b.in.Accounts {
			if a.Name != key.Account || a.Endpoint != key.Endpoint {
				continue
			}
			live := b.in.Snapshot.Accounts[a.Name].order(key.ID)
			if live == nil {
				continue
			}
			if _, wanted := b.taken[live]; !wanted {
				visit(a, key, live)
			}
		}
	}
}

// refusals notes which of the followed and of the released orders were refused.
func (b *builder) refusals() {
	b.followed(func(a *spec.Account, key state.Key, live *order.Live) {
		if !b.refusal(a, key, live, "nothing is wanted of the order any more") {
			b.oldErrors.add(live)
		}
	})
	for i := range b.found {
		f := &b.found[i]
		account := f.wishes[0].Origin.Account
		if !f.excluded && b.releaseOf(account.Name, f.live.Ref, f.live.OrderNumber) != nil {
			key := state.Key{Endpoint: account.Endpoint, Account: account.Name, ID: f.live.ID}
			b.refusal(account, key, f.live, "the order is released")
		}
	}
}

// refusal notes a refusal of an order that is not wanted any more, for a reason, and
// reports false if there is none.
func (b *builder) refusal(a *spec.Account, key state.Key, live *order.Live, because string) bool {
	entry, ok := b.in.State.Entry(key)
	if !ok {
		return true
	}
	r, _ := UptakeNow(entry, *live, b.in.Snapshot.Accounts[a.Name].ReadAt, UptakeSettings(a, live.Source, b.in.Learned[a.Name]))
	if r.Word != uptake.RefusedLater {
		return false
	}
	if !SilencesLive(b.releaseOf(a.Name, live.Ref, live.OrderNumber), entry, live) {
		b.findings.add(Finding{
			Rule: RefusedLater, Severity: rules.Error, Order: &live.Ref, Count: 1,
			Message: RefusedMessage(entry.Applied, live.SyncError) + "; " + because,
		})
	}
	return true
}
