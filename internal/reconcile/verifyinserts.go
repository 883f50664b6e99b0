package reconcile

import (
	"context"
	"errors"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// readInserts looks for the orders of one account whose inserts were accepted: they have no
// ID to ask for, and one listing shows all of them. What it does not show is not there yet,
// and nothing is inserted because of that. read is how many were read, or closed without.
func (v *verifying) readInserts(ctx context.Context, session *state.Session, account *spec.Account, open []plan.Accepted, known plan.Learned) (read int, err error) {
	now := v.Now()
	var inserts []*plan.Accepted
	var sought []plan.Unlisted
	for i := range open {
		if seen, ok := plan.CloseUnreached(&open[i], now); ok {
			session.Observe(seen.State())
			v.saw(&open[i], open[i].Entry.As(seen.State()), "", true)
			read++ // it is recorded
			continue
		}
		if u, ok := plan.SoughtInsert(&open[i], now); ok && !v.settledByPeople(&open[i]) {
			inserts, sought = append(inserts, &open[i]), append(sought, u)
		}
	}
	if len(inserts) == 0 {
		return read, nil
	}
	client, err := v.client(account)
	if err != nil {
		return 0, err
	}
	listed, err := plan.Rereading{API: client, Account: account, Learned: known[account.Name], Now: v.Now}.Listed(ctx, sought)
	if incomplete := (*plan.IncompleteError)(nil); errors.As(err, &incomplete) { // orders come in meanwhile: the others are read all the same
		v.warnf("account %s: inserted orders were not looked for: %s", account.Name, err)
		return read, nil
	}
	if err != nil {
		return 0, unreadIn(ctx, account, err)
	}
	for _, a := range inserts {
		entry, ok := session.State().Entry(a.Entry.Key)
		if !ok {
			continue
		}
		seen, ok := listed.Observe(entry, now)
		if !ok {
			continue
		}
		v.said[a.Entry.Key] = seen.Live.SyncError
		session.Observe(seen.State())
		v.saw(a, entry.As(seen.State()), seen.Live.SyncError, seen.Closed != nil)
		if seen.Twice {
			v.twice(a.Entry.Key, listed.IDs(entry.Ref.Source, entry.Ref.SourceNumber))
		}
		read++
	}
	return read, nil
}

// twice notes the orders that are there for one that was inserted once: a person has to
// cancel all but one.
func (v *verifying) twice(key state.Key, ids []string) {
	o := v.orders[key]
	o.Twice = ids
	v.orders[key] = o
}
