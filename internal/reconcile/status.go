package reconcile

import (
	"context"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// StatusRequest asks what is open: what needs a person, and what waits.
type StatusRequest struct {
	Source
	Account string // empty: all
	Offline bool   // makes no call
}

// StatusReport is what is open. Orders that people handled, as a release block says, are
// not in it.
type StatusReport struct {
	At      time.Time
	Offline bool
	Calls   int

	Open       []plan.Accepted // the oldest first
	InProgress []plan.Accepted // calls of a run under way
	Parcels    []*state.Entry  // whose parcels must not be handed over, the oldest first
	Feeds      watch.Report    // what the latest check found of the watches

	Unacknowledged []plan.Unacknowledged // the oldest first
	Unclaimed      plan.UnclaimedNow
	Unread         []UnreadAccount // whose orders are not known
}

// Status finds out what is open, and changes nothing. It takes no lease: an apply can be
// under way. Apart from the API, which it asks at most mostStatusCalls times, it reads what
// is kept; a mistake in the configuration is no reason to show nothing.
func Status(ctx context.Context, req StatusRequest, d Deps, o Observer) (*StatusReport, error) {
	o = o.inTurn()
	ctx = o.withWaits(ctx)
	k, err := d.openKept(ctx, req, o)
	if err != nil {
		return nil, err
	}
	defer k.close()
	w, st, accounts := k.workspace, k.state, k.accounts
	if err := w.unclaimed(st); err != nil {
		w.warnf("%s", err)
	}
	r := &StatusReport{At: w.Now(), Offline: req.Offline, Feeds: w.latestFeeds()}
	w.openIn(st, accounts, r)
	if !req.Offline {
		w.lookLive(ctx, st, accounts, r)
	}
	if ctx.Err() != nil {
		return nil, ErrInterrupted
	}
	r.Calls = int(w.calls.Load())
	return r, nil
}

// keptState is what is kept of accounts, opened to look at it without a lease.
type keptState struct {
	*workspace
	state    *state.State
	accounts []*spec.Account
	letGo    func()
}

func (d Deps) openKept(ctx context.Context, req StatusRequest, o Observer) (*keptState, error) {
	w, err := d.forRecords(req.Source, o)
	if err != nil {
		return nil, err
	}
	k := &keptState{workspace: w}
	if k.accounts, err = w.accounts(req.Account); err == nil {
		k.state, err = w.readState(ctx)
	}
	if err != nil {
		w.close()
		return nil, err
	}
	w.adopt(k.state)
	k.letGo = k.state.KeepOpen()
	return k, nil
}

func (k *keptState) close() {
	k.letGo()
	k.workspace.close()
}

// PullList lists the orders whose parcels must not be handed over. It makes no call.
func PullList(ctx context.Context, req StatusRequest, d Deps, o Observer) ([]*state.Entry, error) {
	req.Offline = true
	r, err := Status(ctx, req, d, o)
	if err != nil {
		return nil, err
	}
	return r.Parcels, nil
}

// openIn finds what is open in the state alone.
func (w *workspace) openIn(st *state.State, accounts []*spec.Account, r *StatusReport) {
	_, held := w.store.Holder()
	for _, a := range plan.Uptake(st, accounts, w.known(), r.At) {
		switch {
		case w.settledByPeople(&a):
		case a.Unknown && held && underWay(a, r.At):
			r.InProgress = append(r.InProgress, a)
		default:
			r.Open = append(r.Open, a)
		}
	}
	for e := range st.Entries() {
		if e.Pull != nil && r.At.Sub(e.Pull.Seen) <= state.PullFor && isOf(accounts, e.Key) && w.releaseOfEntry(e) == nil {
			r.Parcels = append(r.Parcels, e)
		}
	}
	slices.SortStableFunc(r.Parcels, func(a, b *state.Entry) int { return a.Pull.Since.Compare(b.Pull.Since) })
}

// underWay reports whether a call without a known outcome can be one of the run that
// holds the state: it waits for settle before it rereads an order, and a while after.
func underWay(a plan.Accepted, now time.Time) bool {
	const rereads = 5 * time.Minute
	return now.Sub(a.Since()) <= a.Account.Settle+rereads
}

func isOf(accounts []*spec.Account, k state.Key) bool {
	return slices.ContainsFunc(accounts, func(a *spec.Account) bool { return a.Endpoint == k.Endpoint && a.Name == k.Account })
}

// settledByPeople reports whether a release block says that people handled an order. A
// refusal in other words than they know is news again.
func (w *workspace) settledByPeople(a *plan.Accepted) bool {
	r := w.releaseOfEntry(a.Entry)
	return r != nil && (string(a.Result.Word) != plan.RefusedLater || plan.Silences(r, a.Entry, a.Entry.ErrorHash()))
}

// releaseOfEntry is the release block about an order of the state, or nil.
func (w *workspace) releaseOfEntry(e *state.Entry) *spec.Release {
	number := ""
	if e.Observed != nil {
		number = e.Observed.Values.OrderNumber
	}
	return w.releaseOf(e.Key, e.Ref, number)
}
