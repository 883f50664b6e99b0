package plan_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// mustExist is the order Phone P-i, placed so long ago.
func mustExist(a *spec.Account, i int, ago time.Duration) *spec.NewOrder {
	return &spec.NewOrder{
		Wish: spec.Wish{
			Origin: &spec.Origin{Kind: "new_orders", Name: "n", Account: a}, Find: spec.Find{Source: "Phone", Number: fmt.Sprintf("P-%d", i)},
			Want: order.Values{Status: order.New}, Attempt: 1, Place: spec.Place{File: "p.jsonl", Line: i},
		},
		Created: noon.Add(-ago), Digest: sha256.Sum256([]byte{byte(i)}),
	}
}

// there is the live order that P-i became, with that id.
func there(id string, i int) order.Live {
	return order.Live{
		Ref: order.Ref{ID: id, Source: "phone", SourceNumber: fmt.Sprintf("P-%d", i)}, Values: order.Values{Status: order.New}, CreatedInSource: noon.Add(-time.Hour),
	}
}

// toInsert is P-i as the state and intents know it.
func toInsert(i int) order.Live {
	ref := order.Ref{ID: order.InsertID("Phone", fmt.Sprintf("P-%d", i)), Source: "Phone", SourceNumber: fmt.Sprintf("P-%d", i)}
	return order.Live{Ref: ref, CreatedInSource: noon.Add(-time.Hour)}
}

func sealed(_ *spec.Account, digest [sha256.Size]byte) string { return hex.EncodeToString(digest[:]) }

// creating is an input with orders that must exist, and wishes.
func creating(t testing.TB, api *script, st *state.State, created []*spec.NewOrder, wishes ...spec.Wish) plan.Input {
	t.Helper()
	accounts := []*spec.Account{created[0].Origin.Account}
	all := &spec.Wishes{Orders: pointers(wishes), New: created}
	req := plan.ReadRequest{Accounts: accounts, APIs: map[string]plan.Reader{"main": api}, Wishes: all, State: st, Now: now}
	return plan.Input{Accounts: accounts, Policy: spec.DefaultPolicy, Wishes: all, State: st, Snapshot: mustRead(t, req), Now: noon, Seal: sealed}
}

// outcomes says what becomes of each order, by number.
func outcomes(p *plan.Plan) map[string]string {
	got := map[string]string{}
	put := func(ref order.Ref, what string) {
		got[strings.TrimSpace(got[ref.SourceNumber]+" "+ref.SourceNumber)] = what
	}
	for i := range p.Changes {
		put(p.Changes[i].Order, string(p.Changes[i].Actions[0]))
	}
	for _, h := range p.Held {
		put(h.Order, string(h.Code))
	}
	for _, w := range p.Pending {
		put(w.Order, "pending")
	}
	for _, d := range p.Deferred {
		put(d.Order, "deferred: "+d.Message)
	}
	return got
}

// The table of what becomes of an order that must exist.
func TestOrdersThatMustExist(t *testing.T) {
	a := mainAccount()
	done := order.Values{Status: order.New}
	for name, c := range map[string]struct {
		live  []order.Live
		state []func(x *state.Session) error
		age   time.Duration
		want  string // empty: as wanted
	}{
		"nothing is known":              {age: time.Hour, want: "insert"},
		"it is there":                   {live: []order.Live{there("x", 1)}, age: time.Hour},
		"it is there and canceled":      {live: []order.Live{func() order.Live { l := there("x", 1); l.Status = order.Cancelled; return l }()}, age: time.Hour},
		"others inserted it twice":      {live: []order.Live{there("x", 1), there("y", 1)}, age: time.Hour},
		"another marketplace has it":    {live: []order.Live{func() order.Live { l := there("x", 1); l.Source = "Fax"; return l }()}, age: time.Hour, want: "insert"},
		"inserted, and not shown yet":   {state: []func(x *state.Session) error{applied(a, toInsert(1), order.Insert, done, time.Minute)}, age: time.Hour, want: "pending"},
		"inserted and shown":            {live: []order.Live{there("x", 1)}, state: []func(x *state.Session) error{applied(a, toInsert(1), order.Insert, done, time.Minute)}, age: time.Hour},
		"inserted, and there twice":     {live: []order.Live{there("x", 1), there("y", 1)}, state: []func(x *state.Session) error{applied(a, toInsert(1), order.Insert, done, time.Minute)}, age: time.Hour, want: "inserted_twice"},
		"the outcome is not known":      {state: []func(x *state.Session) error{begun(a, toInsert(1), order.Insert, done)}, age: time.Hour, want: "outcome_unknown"},
		"seen for good":                 {state: []func(x *state.Session) error{closed(a, toInsert(1), done)}, age: 900 * 24 * time.Hour},
		"placed before the lookback":    {age: 31 * 24 * time.Hour, want: "too_old_to_check"},
		"placed at its very beginning":  {age: 30*24*time.Hour - time.Minute, want: "insert"},
		"dated ahead":                   {age: -6 * time.Minute, want: "created_in_future"},
		"dated ahead, as clocks differ": {age: -4 * time.Minute, want: "insert"},
	} {
		p := mustBuild(t, creating(t, &script{orders: append(lives(3), c.live...)}, stateOf(t, c.state...), []*spec.NewOrder{mustExist(a, 1, c.age)}))
		got := outcomes(p)
		if c.want == "" && (len(got) > 0 || p.NoOp != 1) || c.want != "" && got["P-1"] != c.want {
			t.Errorf("%s: %v, %d as wanted; want %q", name, got, p.NoOp, c.want)
		}
		s := p.Summary()
		if s.Orders != 1 || len(p.Changes)+s.NoOp+s.Held+s.Pending+s.Deferred != 1 {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

// Nothing is inserted on a listing that is not complete, nor on one that begins too late.
func TestInsertsRestOnACompleteListing(t *testing.T) {
	a := mainAccount()
	api := &script{orders: lives(12), count: func(n int) int { return n + 1 }}
	all := &spec.Wishes{New: []*spec.NewOrder{mustExist(a, 1, time.Hour)}}
	_, err := plan.Read(t.Context(), plan.ReadRequest{Accounts: []*spec.Account{a}, APIs: map[string]plan.Reader{"main": api}, Wishes: all, State: stateOf(t), Now: now})
	if incomplete := (*plan.IncompleteError)(nil); !errors.As(err, &incomplete) {
		t.Errorf("got %v", err)
	}
	again := plan.Rereading{API: api, Account: a, Now: now}
	_, err = again.Listed(t.Context(), []plan.Unlisted{{Source: "Phone", Number: "P-1", Windows: plan.WindowToInsert(noon.Add(-time.Hour), noon)}})
	if incomplete := (*plan.IncompleteError)(nil); !errors.As(err, &incomplete) {
		t.Errorf("listed again: %v", err)
	}
	// a snapshot of an earlier moment does not reach back far enough
	in := creating(t, &script{orders: lives(3)}, stateOf(t), []*spec.NewOrder{mustExist(a, 1, time.Hour)})
	in.Snapshot.Accounts["main"].From = noon.Add(-24 * time.Hour)
	if got := outcomes(mustBuild(t, in)); got["P-1"] != "too_old_to_check" {
		t.Errorf("a listing of a day: %v", got)
	}
	in.Snapshot.Accounts["main"].From, in.Snapshot.Accounts["main"].Listed = noon.Add(-100*24*time.Hour), false
	if got := outcomes(mustBuild(t, in)); got["P-1"] != "too_old_to_check" {
		t.Errorf("no listing: %v", got)
	}
}

// That an order is not listed says nothing of its insert, unless the listing reaches back to
// where it would be.
func TestAnInsertIsNotTakenOnlyByAListingThatWouldShowIt(t *testing.T) {
	a := mainAccount()
	for name, c := range map[string]struct {
		narrow func(s *plan.AccountSnapshot)
		want   bool
	}{
		"a whole listing":             {func(*plan.AccountSnapshot) {}, true},
		"none":                        {func(s *plan.AccountSnapshot) { s.Listed = false }, false},
		"one that begins after it":    {func(s *plan.AccountSnapshot) { s.From = noon.Add(-24 * time.Hour) }, false},
		"one that ends before it":     {func(s *plan.AccountSnapshot) { s.ReadAt = noon.Add(-3 * time.Hour) }, false},
		"one that begins just before": {func(s *plan.AccountSnapshot) { s.From = noon.Add(-26 * time.Hour) }, true},
	} {
		sent := applied(a, toInsert(1), order.Insert, order.Values{Status: order.New}, 2*time.Hour)
		in := creating(t, &script{orders: lives(3)}, stateOf(t, sent), []*spec.NewOrder{mustExist(a, 1, time.Hour)})
		c.narrow(in.Snapshot.Accounts["main"])
		p := mustBuild(t, in)
		if len(p.Pending) != 1 || p.Pending[0].NotTaken != c.want {
			t.Errorf("%s: %+v", name, p.Pending)
		}
	}
}

// Wishes about an order that is inserted now are for the next plan, and name no source
// that nobody knows.
func TestWishesWaitForInserts(t *testing.T) {
	a := mainAccount()
	unlisted := mustExist(a, 3, time.Hour)
	st := stateOf(t, begun(a, toInsert(2), order.Insert, order.Values{Status: order.New}), applied(a, toInsert(3), order.Insert, order.Values{Status: order.New}, time.Minute))
	p := mustBuild(t, creating(t, &script{orders: lives(3)}, st, []*spec.NewOrder{mustExist(a, 1, time.Hour), mustExist(a, 2, time.Hour), unlisted},
		ship(a, spec.Find{Source: "PHONE", Number: "P-1"}), ship(a, spec.Find{Number: "P-2"}), ship(a, spec.Find{Source: "Phone", Number: "P-3"}), ship(a, spec.Find{Source: "Phone", Number: "P-4"})))
	var got []string
	for _, d := range p.Deferred {
		got = append(got, d.Order.SourceNumber+" "+d.Message)
	}
	want := []string{
		"P-2 its order is not there: the outcome of its insert is not known",
		"P-1 its order is not there: this plan inserts it",
		"P-3 its order is not there: it is inserted, and the API doesn't show it yet",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := outcomes(p); got["P-4"] != "not_found_in_lookback" || p.Orders != 7 {
		t.Errorf("%v, %d orders", got, p.Orders)
	}
}

func TestMaxPerRunTruncates(t *testing.T) {
	a := mainAccount()
	var created []*spec.NewOrder
	for i := range 5 {
		n := mustExist(a, i, time.Duration(i+1)*time.Hour)
		n.PerRun = 2
		created = append(created, n)
	}
	p := mustBuild(t, creating(t, &script{orders: lives(3)}, stateOf(t), created))
	if len(p.Changes) != 2 || p.Changes[0].Order.SourceNumber != "P-4" || p.Changes[1].Order.SourceNumber != "P-3" || len(p.Deferred) != 3 || !strings.Contains(p.Deferred[0].Message, "2 orders per run (max_per_run)") {
		t.Errorf("%v", outcomes(p))
	}
	in := creating(t, &script{orders: lives(3)}, stateOf(t), created[:1])
	in.Policy.MaxInserts = 0
	if v := plan.CheckPolicy(mustBuild(t, in), in.Policy); len(v) != 1 || v[0].Limit != "max_inserts" {
		t.Errorf("%+v", v)
	}
}

// Where a marketplace's orders come by themselves, an insert can come a second time.
func TestImportedToo(t *testing.T) {
	a := mainAccount()
	found := func(live ...order.Live) string {
		var rules []string
		for _, f := range mustBuild(t, creating(t, &script{orders: append(lives(3), live...)}, stateOf(t, closed(a, toInsert(7), order.Values{})), []*spec.NewOrder{mustExist(a, 1, time.Hour), mustExist(a, 2, time.Hour)})).Findings {
			rules = append(rules, fmt.Sprintf("%s %d", f.Rule, f.Count))
		}
		return strings.Join(rules, ", ")
	}
	if got := found(there("x", 2), there("y", 7)); got != "" {
		t.Errorf("orders of its own: %s", got)
	}
	if got := found(there("x", 9)); got != "INS04 2" {
		t.Errorf("another's order: %q", got)
	}
}

// What a read shows of an order that must exist is enough for ever if others inserted it. Of one that gdfctl
// inserted, a second one is seen.
func TestObservedInserts(t *testing.T) {
	a := mainAccount()
	in := creating(t, &script{orders: append(lives(1), there("x", 1), there("y", 2), there("z", 2), there("u", 3))},
		stateOf(t, applied(a, toInsert(2), order.Insert, order.Values{Status: order.New}, time.Minute), begun(a, toInsert(3), order.Insert, order.Values{Status: order.New})),
		[]*spec.NewOrder{mustExist(a, 1, time.Hour), mustExist(a, 2, time.Hour), mustExist(a, 3, time.Hour), mustExist(a, 4, time.Hour)})
	var got []string
	for o := range plan.Observe(in) {
		got = append(got, fmt.Sprintf("%s is %s, twice %v, closed %v", o.Key.ID, o.OrderID, o.Twice, o.Closed != nil))
	}
	if diff := cmp.Diff([]string{"insert:phone/P-1 is x, twice false, closed true", "insert:phone/P-2 is , twice true, closed false"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A saved plan only chooses among the rows: what is inserted is what a row says now, and
// whether that is what it said is for apply to find out.
func TestASavedInsertIsWhatItsRowAsks(t *testing.T) {
	a := mainAccount()
	created := []*spec.NewOrder{mustExist(a, 1, time.Hour), mustExist(a, 2, time.Hour)}
	saved := func(change func(*plan.Change)) *plan.Plan {
		p := mustBuild(t, creating(t, &script{orders: lives(3)}, stateOf(t), created, ship(a, spec.Find{Source: "Phone", Number: "P-1"})))
		change(&p.Changes[0])
		return p
	}
	asked := func(p *plan.Plan, rows ...*spec.NewOrder) (*plan.Plan, string) {
		wishes := &spec.Wishes{New: rows, Orders: pointers([]spec.Wish{ship(a, spec.Find{Source: "Phone", Number: "P-1"})})}
		out, unasked := plan.Asked(p, plan.Asking{Wishes: wishes, Seal: sealed, Accounts: []*spec.Account{a}, State: stateOf(t), Policy: spec.DefaultPolicy, Now: noon})
		if len(unasked) > 0 {
			return nil, unasked[0].Why
		}
		return out, ""
	}
	same, why := asked(saved(func(*plan.Change) {}), created...)
	if why != "" || len(same.Changes) != 2 || !same.Changes[0].Has(order.Insert) {
		t.Fatalf("%s %+v", why, same)
	}
	other := *created[0]
	other.Digest, other.Created = sha256.Sum256([]byte("other")), noon.Add(-2*time.Hour)
	changed, why := asked(saved(func(*plan.Change) {}), &other, created[1])
	if why != "" || changed.Changes[0].Content != sealed(nil, created[0].Digest) {
		t.Errorf("a row that changed: %s %+v", why, changed)
	}
	if p := saved(func(*plan.Change) {}); p.ChangesHash() == saved(func(c *plan.Change) { c.Content = "other" }).ChangesHash() {
		t.Error("another content is the same plan")
	}
	few := []*spec.NewOrder{mustExist(a, 1, time.Hour), mustExist(a, 2, time.Hour)}
	few[0].PerRun, few[1].PerRun = 1, 1
	if _, why := asked(saved(func(*plan.Change) {}), few...); !strings.Contains(why, "inserts 1 order per run (max_per_run)") {
		t.Errorf("more than max_per_run: got %q", why)
	}
	for want, change := range map[string]func(*plan.Change){
		"no row for this order":         func(c *plan.Change) { c.Order.ID = order.InsertID("Phone", "P-9") },
		"is inserted, and nothing else": func(c *plan.Change) { c.Actions = []order.Action{order.Insert, order.Ship} },
		"which content of the row":      func(c *plan.Change) { c.Content = "" },
		"the order number is":           func(c *plan.Change) { c.After.OrderNumber = "SO-1" },
		"no wish with this address":     func(c *plan.Change) { c.Address = "new_orders.other" },
		"changes this order twice": func(c *plan.Change) {
			c.Order.ID, c.Address = order.InsertID("Phone", "P-2"), strings.Replace(c.Address, "P-1", "P-2", 1)
		},
		"an order that must exist is in": func(c *plan.Change) { c.Actions = []order.Action{order.Ship} },
	} {
		if _, why := asked(saved(change), created...); !strings.Contains(why, want) {
			t.Errorf("got %q, want %q", why, want)
		}
	}
}
