package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/config"
	"github.com/gdfctl/gdfctl/internal/explain"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/listing"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// ExplainRequest asks for everything about an order.
type ExplainRequest struct {
	Source
	Order   string // any number that it has or had
	Account string // only orders of this account; empty: of all
	Offline bool   // make no call
}

// ExplainReport is what is known of the orders that go by one number.
type ExplainReport struct {
	Orders  []*explain.Subject
	Offline bool
	// Unread says why the orders could not be read, or the plan not be made; nil: they
	// were, or nobody asked for it.
	Unread error
}

// explaining is a use case that collects what is known of some orders.
type explaining struct {
	*workspace
	req    ExplainRequest
	state  *state.State
	wishes *spec.Wishes
	found  *explain.Collection
}

// Explain collects everything that is known of the orders that go by a number. It
// changes nothing. That there is nothing is an error.
func Explain(ctx context.Context, req ExplainRequest, d Deps, o Observer) (*ExplainReport, error) {
	if strings.TrimSpace(req.Order) == "" {
		return nil, requestf("order", "is required: any number of the order")
	}
	o = o.inTurn()
	ctx = o.withWaits(ctx)
	w, err := d.strict(ctx, req.Source, o, d.Now)
	if err != nil {
		return nil, err
	}
	defer w.close()
	if _, err := w.accounts(req.Account); err != nil {
		return nil, err
	}
	x := &explaining{workspace: w, req: req, found: explain.New(req.Order)}
	x.found.Renamed = map[string]string{}
	for _, a := range w.cfg.Accounts {
		if a.Formerly != "" {
			x.found.Renamed[a.Formerly] = a.Name
		}
	}
	if x.state, err = w.readState(ctx); err != nil {
		return nil, err
	}
	w.adopt(x.state)
	defer x.state.KeepOpen()()
	if x.wishes, err = w.wishesSeen(ctx, x.keep); err != nil {
		return nil, err
	}
	w.gathered = x.wishes
	w.warnUnverified()
	return x.explain(ctx)
}

func (x *explaining) explain(ctx context.Context) (*ExplainReport, error) {
	report := &ExplainReport{Offline: x.req.Offline}
	if err := x.collect(ctx); err != nil {
		return nil, err
	}
	if !x.req.Offline && x.unknown() {
		report.Unread = x.look(ctx)
		if err := x.collect(ctx); err != nil {
			return nil, err
		}
	}
	x.leaveAccounts()
	if len(x.found.Subjects) == 0 {
		if ctx.Err() != nil {
			return nil, ErrInterrupted
		}
		return nil, x.nothing(report.Unread)
	}
	p, err := x.plan(ctx)
	if !x.req.Offline {
		err = errors.Join(err, x.look(ctx)) // what no plan reads, because nothing can be done about it
	}
	if ctx.Err() != nil {
		return nil, ErrInterrupted
	}
	report.Unread = errors.Join(report.Unread, err)
	x.found.Merge()
	x.found.Replaced(x.wishes.Replaced)
	if p != nil {
		x.found.Replaced(p.Replaced)
	}
	x.found.Decide(p, x.wanted)
	x.found.NotSelected(x.wishes.Standing, x.Now())
	x.judge()
	report.Orders = x.found.Subjects
	return report, nil
}

// unknown reports whether only a listing can say which order is meant.
func (x *explaining) unknown() bool {
	return !slices.ContainsFunc(x.found.Subjects, func(s *explain.Subject) bool { return s.Ref.ID != "" || x.wanted(s.Addresses()) })
}

// mostRounds is how often the sources are gone through: each number that is found can
// name more.
const mostRounds = 4

// collect goes through the state, the audit log and the rows of tables until nothing
// more is named.
func (x *explaining) collect(ctx context.Context) error {
	for range mostRounds {
		before := x.found.Known()
		for e := range x.state.Entries() {
			x.found.Entry(e)
		}
		for _, word := range x.found.Words() {
			if err := x.found.Entries(x.store.AuditList(audit.Filter{Any: word})); err != nil {
				return x.unreadable(err)
			}
			x.closed(word)
		}
		x.found.Rows()
		if ctx.Err() != nil {
			return ErrInterrupted
		}
		x.found.Merge()
		if x.found.Known() == before {
			return nil
		}
	}
	return nil
}

// keep takes in a row while the tables are read, which they are once.
func (x *explaining) keep(s config.SeenRow) {
	fate := explain.Stands
	switch {
	case s.LeftOut:
		fate = explain.LeftOut
	case s.List != "":
		fate = explain.Fate(s.List)
	}
	x.found.Keep(s.Wish, fate, s.More, s.Texts())
}

// closed looks up closed orders that go by a word, and those of subjects.
func (x *explaining) closed(word string) {
	var found kept
	x.closedBy(x.state, []string{word}, x.req.Account, &found)
	for _, c := range found.closed {
		x.found.Closed(c)
	}
	for _, s := range x.found.Subjects {
		if c, ok := x.state.Closed(state.Key{Endpoint: s.Endpoint, Account: s.Account, ID: s.Ref.ID}); ok && s.Ref.ID != "" {
			x.found.Closed(c)
		}
	}
}

// look reads orders that were not read yet: by their IDs, and in a listing where these
// are not known.
func (x *explaining) look(ctx context.Context) error {
	var failed []error
	for _, a := range x.chosen() {
		client, err := x.client(a)
		if err == nil {
			err = x.lookIn(ctx, a, client)
		}
		failed = append(failed, apiError(ctx, a.Name, err))
	}
	return errors.Join(failed...)
}

// chosen are the accounts whose orders are read: all that something was found in, and
// all where nothing was.
func (x *explaining) chosen() []*spec.Account {
	accounts, err := x.accounts(x.req.Account)
	if err != nil || len(x.found.Subjects) == 0 {
		return accounts
	}
	var some []*spec.Account
	for _, a := range accounts {
		if slices.ContainsFunc(x.found.Subjects, func(s *explain.Subject) bool { return s.Of(a) }) {
			some = append(some, a)
		}
	}
	return some
}

func (x *explaining) lookIn(ctx context.Context, a *spec.Account, client *godatafeed.Client) error {
	unnamed := len(x.found.Subjects) == 0
	for _, s := range slices.Clone(x.found.Subjects) {
		switch {
		case !s.Of(a), s.Live != nil, s.Absent:
			continue
		case s.Ref.ID == "":
			unnamed = true
			continue
		}
		at := x.Now()
		live, err := client.GetOrder(ctx, s.Ref.ID)
		switch {
		case godatafeed.IsNotFound(err):
			s.Absent = true
		case err != nil:
			return err
		default:
			x.found.Live(a.Name, a.Endpoint, explain.Sight{Live: live, At: at})
		}
	}
	if !unnamed {
		return nil
	}
	return x.list(ctx, a, client)
}

// list looks for what is known among the live orders of the lookback.
func (x *explaining) list(ctx context.Context, a *spec.Account, client *godatafeed.Client) error {
	at := x.Now()
	q := godatafeed.OrderQuery{From: at.Add(-a.Lookback), To: at}
	found, err := listing.Find(ctx, listing.Source[order.Live]{
		ID:   func(live *order.Live) string { return live.ID },
		Size: a.PageSize,
		Page: func(ctx context.Context, page, size int) ([]order.Live, error) {
			return client.ListOrders(ctx, q, page, size)
		},
	}, listing.Selection[order.Live]{Keep: func(live *order.Live) bool { return x.found.Fits(a.Name, a.Endpoint, live) }})
	for _, live := range found.Items {
		x.found.Live(a.Name, a.Endpoint, explain.Sight{Live: live, At: at})
	}
	return err
}

// wanted reports whether one of the addresses is that of a wish that stands, so that a
// plan decides about the order.
func (x *explaining) wanted(addresses []string) bool {
	return slices.ContainsFunc(x.wishes.Orders, func(w *spec.Wish) bool {
		return slices.ContainsFunc(w.Addresses(), func(a string) bool { return slices.Contains(addresses, a) })
	}) || slices.ContainsFunc(x.wishes.New, func(n *spec.NewOrder) bool { return slices.Contains(addresses, n.Address()) })
}

// selectable reports whether a plan can be made for an address.
func (x *explaining) selectable(address string) bool {
	return len(plan.Selection{Targets: []string{address}}.Unmatched(x.wishes)) == 0
}

// plan makes the plan of these orders, as `gdfctl plan` would.
func (x *explaining) plan(ctx context.Context) (*plan.Plan, error) {
	var targets []string
	for _, s := range x.found.Subjects {
		for _, address := range append(s.Addresses(), x.standing(s)...) {
			if n := slices.IndexFunc(x.wishes.New, func(n *spec.NewOrder) bool { return n.Address() == address }); n >= 0 {
				address = x.wishes.New[n].Origin.String() // they are selected by their block alone
			}
			if x.selectable(address) && !slices.Contains(targets, address) {
				targets = append(targets, address)
			}
		}
	}
	if len(targets) == 0 {
		return &plan.Plan{}, nil
	}
	if x.req.Offline {
		return nil, nil
	}
	scope := Scope{Source: x.req.Source, Targets: targets, Guessed: true, Closed: true, KeepGoing: true}
	policies, _, err := x.policies(ctx, scope)
	if err != nil {
		return nil, err
	}
	report, in, err := x.makePlan(ctx, scope, policies, x.state, x.moment())
	if err != nil {
		return nil, err
	}
	for _, a := range x.cfg.Accounts {
		x.sights(a, in.Snapshot.Accounts[a.Name])
	}
	return report.Plan, nil
}

// standing are the addresses that an order has if a standing order selects it.
func (x *explaining) standing(s *explain.Subject) []string {
	if s.Ref.SourceNumber == "" || s.Live != nil && s.Live.Status != order.New {
		return nil
	}
	var all []string
	for _, block := range x.wishes.Standing {
		if s.Of(block.Origin.Account) && order.SourceKey(block.Source) == order.SourceKey(s.Ref.Source) {
			all = append(all, (&spec.Wish{Origin: block.Origin, Find: spec.Find{Source: s.Ref.Source, Number: s.Ref.SourceNumber}}).Address())
		}
	}
	return all
}

// sights takes in what the plan was made from.
func (x *explaining) sights(a *spec.Account, snap *plan.AccountSnapshot) {
	if snap == nil {
		return
	}
	for _, s := range slices.Clone(x.found.Subjects) {
		if !s.Of(a) {
			continue
		}
		if s.Absent = s.Absent || snap.Missing[s.Ref.ID]; s.Ref.ID != "" {
			if live, ok := snap.Order(s.Ref.ID); ok {
				x.found.Live(a.Name, a.Endpoint, explain.Sight{Live: live, At: snap.ReadAt})
			}
			continue
		}
		for _, row := range s.Rows {
			for _, live := range snap.Matching(row.Find) {
				x.found.Live(a.Name, a.Endpoint, explain.Sight{Live: live, At: snap.ReadAt})
			}
		}
		s.Absent = s.Absent || s.Live == nil && snap.Listed
	}
}

// judge says what is known of the last change to each order, and shows what the state
// remembers where nothing was read.
func (x *explaining) judge() {
	learned := x.known()
	for _, s := range x.found.Subjects {
		account, ok := x.cfg.Account(s.Account)
		if s.Entry == nil || !ok {
			continue
		}
		if order.IsInsertID(s.Entry.ID) { // what was only inserted can't be read by an ID: the state knows what was seen
			if r, changed := plan.UptakeOf(s.Entry, plan.UptakeSettings(account, s.Ref.Source, learned[account.Name]), x.Now()); changed && r.Word.NeedsPerson() {
				s.Uptake = &r
			}
			continue
		}
		if o := s.Entry.Observed; o != nil && s.Live == nil && !s.Absent {
			s.Live = &explain.Sight{Live: order.Live{Ref: s.Ref, Values: o.Values, SourceStatus: o.SourceStatus, SourceWord: o.Word}, At: o.At, State: true}
		}
		with := plan.UptakeSettings(account, s.Ref.Source, learned[account.Name])
		if s.Live != nil && !s.Live.State {
			if r, changed := plan.UptakeNow(s.Entry, s.Live.Live, s.Live.At, with); changed {
				s.Uptake = &r
			}
			s.Silenced = s.Refused() && plan.SilencesLive(x.releaseOfEntry(s.Entry), s.Entry, &s.Live.Live)
		} else if r, changed := plan.UptakeOf(s.Entry, with, x.Now()); changed {
			s.Uptake = &r
			s.Silenced = s.Refused() && plan.Silences(x.releaseOfEntry(s.Entry), s.Entry, s.Entry.ErrorHash())
		}
	}
}

// leaveAccounts leaves out orders of other accounts than the one that was asked for.
func (x *explaining) leaveAccounts() {
	if x.req.Account == "" {
		return
	}
	x.found.Subjects = slices.DeleteFunc(x.found.Subjects, func(s *explain.Subject) bool { return s.Account != x.req.Account })
}

// nothing is the error for a number that nothing has.
func (x *explaining) nothing(unread error) error {
	where := "no row of a table, no order block, and no order of the state or the audit log has it"
	switch {
	case x.req.Offline:
		where += ". Live orders were not asked for (--offline)"
	case unread != nil:
		return fmt.Errorf("nothing names an order %q: %s, and live orders can't be read: %w", x.req.Order, where, unread)
	default:
		where += ", nor has a live order of the lookback"
	}
	return fmt.Errorf("nothing names an order %q: %s\nIDs are case-sensitive. Older orders are listed with `%s`", x.req.Order, where, x.command("orders", "list", "--since", "90d"))
}
