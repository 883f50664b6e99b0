package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/listing"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// mostStatusCalls is how many calls a status makes: people look at it often.
const mostStatusCalls = 10

// fewestCalls show something of an account: a count and a page.
const fewestCalls = 2

// errEnough ends a listing that would take more calls than there are.
var errEnough = errors.New("this would take more calls than a status makes")

// lookLive asks the API for new orders, and for those in processing where few calls show
// them. An account that can't be read is told, and the rest is shown all the same.
func (w *workspace) lookLive(ctx context.Context, st *state.State, accounts []*spec.Account, r *StatusReport) {
	wishes, err := w.wishes(ctx)
	if err != nil {
		w.warnf("which orders are in no table is not known, because the tables can't be read: `%s` says why", w.command("validate"))
	}
	r.Unclaimed.Known = wishes != nil
	for i, account := range accounts {
		made := int(w.calls.Load())
		left := mostStatusCalls - made
		share := min(left, max(left/(len(accounts)-i), fewestCalls))
		look := &liveLook{workspace: w, account: account, state: st, until: made + share, report: r, wishes: wishes}
		if err := look.all(ctx); err != nil && ctx.Err() == nil {
			r.Unread = append(r.Unread, UnreadAccount{account.Name, apiError(ctx, account.Name, err)})
			r.Unclaimed.Known = false
		}
	}
	slices.SortStableFunc(r.Unacknowledged, func(a, b plan.Unacknowledged) int { return a.Created.Compare(b.Created) })
}

// liveLook is a look at the open orders of one account.
type liveLook struct {
	*workspace
	account *spec.Account
	state   *state.State
	client  *godatafeed.Client
	until   int // calls that this command may have made by its end
	wishes  *spec.Wishes
	report  *StatusReport
}

func (l *liveLook) all(ctx context.Context) (err error) {
	if l.left() < fewestCalls {
		return noClientError{fmt.Errorf("account %s was not asked: a status makes at most %d calls. See `%s`", l.account.Name, mostStatusCalls, l.command("status", "--account", l.account.Name))}
	}
	if l.client, err = l.workspace.client(l.account); err != nil {
		return noClientError{err}
	}
	open, whole, err := l.list(ctx, order.New)
	if err != nil {
		return err
	}
	for i := range open {
		l.acknowledged(&open[i])
	}
	u := &l.report.Unclaimed
	u.AtLeast = u.AtLeast || !whole
	if whole {
		processing, all, err := l.list(ctx, order.Processing)
		if err != nil {
			return err
		}
		if whole = all; all {
			open = append(open, processing...)
		}
	}
	u.NewOnly = u.NewOnly || !whole
	l.unclaimed(open)
	return nil
}

func (l *liveLook) left() int { return l.until - int(l.calls.Load()) }

// list lists the orders of one status, as far as the calls reach. Without room for a
// count and one page, it makes no call.
func (l *liveLook) list(ctx context.Context, status order.Status) (orders []order.Live, whole bool, err error) {
	if l.left() < fewestCalls {
		return nil, false, nil
	}
	now := l.Now()
	known := l.knownOf(l.account)
	q := godatafeed.OrderQuery{Status: status, From: now.Add(min(known.ClockOffset, 0)).Add(-l.account.Lookback), To: now.Add(max(known.ClockOffset, 0))}
	counted, err := l.client.CountOrders(ctx, q)
	if err != nil || counted == 0 {
		return nil, err == nil, err
	}
	size := l.account.PageSize
	if known.PageCap > 0 {
		size = min(size, known.PageCap)
	}
	if status != order.New && counted > size*l.left() {
		return nil, false, nil // a part of them would say nothing
	}
	seen := 0
	found, err := listing.Find(ctx, listing.Source[order.Live]{
		ID: func(live *order.Live) string { return live.ID }, Size: size,
		Page: func(ctx context.Context, page, size int) ([]order.Live, error) {
			if l.left() < 1 || seen >= counted {
				return nil, errEnough
			}
			items, err := l.client.ListOrders(ctx, q, page, size)
			seen += len(items)
			return items, err
		},
	}, listing.Selection[order.Live]{})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return found.Items, len(found.Items) >= counted, err
}

// acknowledged notes an order whose marketplace waits to hear of it.
func (l *liveLook) acknowledged(live *order.Live) {
	entry := l.state.Remembered(state.Key{Endpoint: l.account.Endpoint, Account: l.account.Name, ID: live.ID})
	if u, waits := plan.WaitsForAcknowledge(entry, *live, l.cfg.Policy.Raised, l.report.At); waits {
		u.Account = l.account.Name
		l.report.Unacknowledged = append(l.report.Unacknowledged, u)
	}
}

func (l *liveLook) unclaimed(live []order.Live) {
	if l.wishes == nil {
		return
	}
	var open []plan.OpenOrder
	for i := range live {
		if o := &live[i]; plan.Waits(o.Status, o.SourceStatus) {
			open = append(open, plan.OpenOrder{Ref: o.Ref, OrderNumber: o.OrderNumber, Status: o.Status, Created: o.Created()})
		}
	}
	for _, o := range plan.NotClaimed(l.account, l.wishes, open) {
		l.report.Unclaimed.Add(o.Created)
	}
}
