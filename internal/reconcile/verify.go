package reconcile

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/notify"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// VerifyChangesRequest asks what happened to the changes that the API accepted.
type VerifyChangesRequest struct {
	Source
	Account     string        // empty: all
	Wait        time.Duration // how long to wait for what is pending; 0: not at all
	LockTimeout time.Duration // how long to wait for another run to end
}

// VerifyChangesReport is what happened to them.
type VerifyChangesReport struct {
	At     time.Time
	Orders []Verified // the oldest change first
	Closed int        // of them, that need no more calls
	Calls  int
	Zones  map[string]*time.Location // of the accounts, by name; UTC where there is none
}

// Verified is an order with an accepted change, or with a call whose outcome is
// unknown.
type Verified struct {
	plan.Accepted
	Said   string   // the marketplace's error, as the latest read showed it
	Gone   bool     // the API doesn't know the order any more
	Twice  []string // the IDs of an order that was inserted once and is there more than once
	Closed bool
}

// VerifyWaits is sent when a verify waits for the next moment at which a read can
// decide something.
type VerifyWaits struct {
	Until   time.Time
	Waiting int
}

func (VerifyWaits) event() {}

// VerifyChanges reads back what is applied and not closed, and records what it saw. Orders
// that people handled, as a release block says, are not in the report.
func VerifyChanges(ctx context.Context, req VerifyChangesRequest, d Deps, o Observer) (*VerifyChangesReport, error) {
	o = o.inTurn()
	ctx = o.withWaits(ctx)
	w, err := d.forRecords(req.Source, o)
	if err != nil {
		return nil, err
	}
	defer w.close()
	return w.verifyChanges(ctx, req)
}

func (w *workspace) verifyChanges(ctx context.Context, req VerifyChangesRequest) (*VerifyChangesReport, error) {
	if err := w.keepsState(); err != nil {
		return nil, err
	}
	accounts, err := w.accounts(req.Account)
	if err != nil {
		return nil, err
	}
	v := &verifying{workspace: w, req: req, accounts: accounts, runID: w.runID(), orders: map[state.Key]Verified{}, said: map[state.Key]string{}}
	err = v.all(ctx)
	w.share()
	if v.look != nil {
		w.tell(ctx, *v.look)
	}
	if err != nil {
		return nil, err
	}
	return v.report(), nil
}

// verifying is one verify.
type verifying struct {
	*workspace
	req      VerifyChangesRequest
	accounts []*spec.Account
	runID    string
	orders   map[state.Key]Verified
	said     map[state.Key]string
	look     *notify.Look // nil: nothing was read
	began    time.Time    // when the latest reading did
	judged   time.Time    // when it was judged
}

// gathered is how far apart moments are for which one read does: a plan's changes are
// made within minutes, and each has a moment of its own.
const gathered = 5 * time.Minute

// all reads until nothing is waited for, or no read within the time can decide anything.
func (v *verifying) all(ctx context.Context) error {
	end := v.Now().Add(v.req.Wait)
	for {
		if err := v.read(ctx); err != nil {
			return err
		}
		next, waiting := v.next()
		if waiting == 0 || next.After(end) {
			return nil
		}
		v.observe(VerifyWaits{Until: next, Waiting: waiting})
		if !v.until(ctx, next) {
			return ErrInterrupted
		}
	}
}

func (v *verifying) until(ctx context.Context, at time.Time) bool {
	timer := time.NewTimer(at.Sub(v.Now()))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// next is when a read can decide something for what is waited for, and how many
// changes that is.
func (v *verifying) next() (at time.Time, waiting int) {
	var moments []time.Time
	for _, o := range v.orders {
		switch next := o.Result.Next; {
		case o.Unknown, o.Result.Done:
		case next.After(v.judged):
			moments = append(moments, next)
		case v.wasRead(o.Entry) && next.After(o.Entry.Observed.At): // it came while the orders were read
			moments = append(moments, v.judged.Add(v.judged.Sub(v.began))) // a reading that takes long has a pause
		}
	}
	slices.SortFunc(moments, time.Time.Compare)
	for _, m := range moments {
		if m.Sub(moments[0]) <= gathered {
			at = m
		}
	}
	return at, len(moments)
}

// wasRead reports whether the latest reading reached an order. One that is never reached has
// nothing to wait for.
func (v *verifying) wasRead(e *state.Entry) bool {
	return e.Observed != nil && !e.Observed.At.Before(v.began)
}

// read reads all that is open once, under the lease of the state, and records it.
func (v *verifying) read(ctx context.Context) (err error) {
	session, err := v.lock(ctx, "verify", v.req.LockTimeout, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	v.notices(session.Notices())
	st := session.State()
	v.adopt(st)
	if err := v.unclaimed(st); err != nil {
		v.warnf("%s", err)
	}
	var confirming plan.Confirming
	known := v.known()
	v.began = v.Now()
	read := 0
	for _, account := range v.accounts {
		open := plan.Uptake(st, []*spec.Account{account}, known, v.Now())
		n, err := v.readAccount(ctx, session, account, open, known, &confirming)
		if err != nil {
			return err
		}
		inserts, err := v.readInserts(ctx, session, account, open, known)
		if err != nil {
			return err
		}
		read += n + inserts
	}
	v.learnConfirms(&confirming)
	v.judged = v.Now()
	for key, o := range v.orders { // with what was learned, as it is kept now
		o.Result, _ = plan.UptakeOf(o.Entry, plan.UptakeSettings(o.Account, o.Entry.Ref.Source, v.known()[o.Account.Name]), v.judged)
		if o.Gone {
			o.NeverShown()
		}
		v.orders[key] = o
	}
	look := v.uptakeLook(st, v.said, v.runID)
	v.look = &look
	if read == 0 {
		return nil
	}
	if err := session.Commit(); err != nil {
		return fmt.Errorf("what the reads showed could not be saved: %w", err)
	}
	return nil
}

// readAccount reads the open orders of one account, in as few calls as possible.
func (v *verifying) readAccount(ctx context.Context, session *state.Session, account *spec.Account, open []plan.Accepted, known plan.Learned, confirming *plan.Confirming) (read int, err error) {
	var orders []plan.Known
	for i := range open {
		a := &open[i]
		if o := v.orders[a.Entry.Key]; !v.settledByPeople(a) {
			o.Accepted = *a
			v.orders[a.Entry.Key] = o
		}
		if a.Entry.Applied != nil && !order.IsInsertID(a.Entry.ID) {
			orders = append(orders, plan.Known{ID: a.Entry.ID, Created: a.Entry.Created, Status: a.Entry.Applied.Values.Status})
		}
	}
	if len(orders) == 0 {
		return 0, nil
	}
	client, err := v.client(account)
	if err != nil {
		return 0, err
	}
	snap, err := plan.Rereading{API: client, Account: account, Learned: known[account.Name], Now: v.Now}.Orders(ctx, orders)
	if err != nil {
		return 0, unreadIn(ctx, account, err)
	}
	for i := range open {
		key := open[i].Entry.Key
		entry, ok := session.State().Entry(key)
		live, found := snap.Order(key.ID)
		if !ok || !found {
			if o, listed := v.orders[key]; listed && snap.Missing[key.ID] {
				o.Gone = true
				v.orders[key] = o
			}
			continue
		}
		confirming.Add(account, entry, live, snap.ReadAt)
		seen := plan.ObserveAccepted(session.State(), account, key, live, snap.ReadAt, known)
		seen.Silenced = plan.Silenced(v.releaseOf(key, live.Ref, live.OrderNumber), entry, &live)
		v.said[key] = live.SyncError
		session.Observe(seen.State())
		v.saw(&open[i], entry.As(seen.State()), live.SyncError, seen.Closed != nil)
	}
	return len(orders), nil
}

func unreadIn(ctx context.Context, account *spec.Account, err error) error {
	if ctx.Err() != nil {
		err = ErrInterrupted
	}
	return fmt.Errorf("account %s: %w", account.Name, err)
}

// saw takes a read of an order into the report. What people had settled is in it if the
// read shows what they don't know.
func (v *verifying) saw(a *plan.Accepted, entry *state.Entry, said string, closed bool) {
	o, listed := v.orders[entry.Key]
	if !listed {
		o.Accepted = *a
		o.Result, _ = plan.UptakeOf(entry, plan.UptakeSettings(a.Account, entry.Ref.Source, v.known()[a.Account.Name]), v.Now())
	}
	o.Entry, o.Said, o.Closed, o.Gone, o.Twice = entry, said, closed, false, nil
	if listed || !v.settledByPeople(&o.Accepted) {
		v.orders[entry.Key] = o
	}
}

func (v *verifying) report() *VerifyChangesReport {
	r := &VerifyChangesReport{At: v.Now(), Calls: int(v.calls.Load()), Zones: zonesOf(v.cfg), Orders: slices.Collect(maps.Values(v.orders))}
	slices.SortFunc(r.Orders, func(a, b Verified) int {
		if c := a.Since().Compare(b.Since()); c != 0 {
			return c
		}
		return a.Entry.Key.Compare(b.Entry.Key)
	})
	for _, o := range r.Orders {
		if o.Closed {
			r.Closed++
		}
	}
	return r
}
