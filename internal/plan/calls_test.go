package plan_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// The cheapest way to read is taken, and no call is made that nothing needs.
func TestCallsOfARead(t *testing.T) {
	a := mainAccount()
	since := noon.Add(-a.Lookback)
	ids := func(list ...int) (wishes []spec.Wish) {
		for _, i := range list {
			wishes = append(wishes, ship(a, byID(i)))
		}
		return wishes
	}
	cancels := func(n int) (wishes []spec.Wish) {
		for i := range n {
			w := want(a, byID(i), order.Values{Status: order.Cancelled})
			wishes = append(wishes, w)
		}
		return wishes
	}
	for name, c := range map[string]struct {
		orders int
		wishes []spec.Wish
		calls  string
		how    plan.Reading
	}{
		"one id":                    {100, ids(3), "get id-3", plan.Reading{Counted: -1, Singles: 1}},
		"two ids need no count":     {100, ids(3, 4), "get id-3, get id-4", plan.Reading{Counted: -1, Singles: 2}},
		"three of a page":           {9, ids(0, 1, 2), "count, page 1", plan.Reading{Counted: 9, Since: since}},
		"three of many pages":       {100, ids(0, 1, 2), "count, get id-0, get id-1, get id-2", plan.Reading{Counted: 100, Singles: 3}},
		"as many ids as pages":      {30, ids(0, 1, 2), "count, get id-0, get id-1, get id-2", plan.Reading{Counted: 30, Singles: 3}},
		"more ids than pages":       {25, ids(0, 1, 2, 3), "count, page 1, page 2, page 3", plan.Reading{Counted: 25, Since: since}},
		"an id twice":               {100, ids(3, 3, 3), "get id-3", plan.Reading{Counted: -1, Singles: 1}},
		"a number":                  {25, []spec.Wish{ship(a, byNumber(3))}, "count, page 1, page 2, page 3", plan.Reading{Counted: 25, Since: since}},
		"a seller's number":         {5, []spec.Wish{ship(a, spec.Find{OrderNumber: "O1"})}, "count, page 1", plan.Reading{Counted: 5, Since: since}},
		"an id outside the listing": {9, append(ids(3), ship(a, byNumber(4)), ship(a, byID(99))), "count, page 1, get id-99", plan.Reading{Counted: 9, Since: since, Singles: 1}},
		"an exact multiple":         {20, []spec.Wish{ship(a, byNumber(3))}, "count, page 1, page 2, page 3", plan.Reading{Counted: 20, Since: since}},
		"nothing there":             {0, []spec.Wish{ship(a, byNumber(3))}, "count, page 1", plan.Reading{Counted: 0, Since: since}},
		"five cancels":              {1000, cancels(5)[:2], "get id-0, get id-1", plan.Reading{Counted: -1, Singles: 2}},
		"six cancels are counted":   {1000, cancels(6), "count, get id-0, get id-1, get id-2, get id-3, get id-4, get id-5", plan.Reading{Counted: 1000, Singles: 6}},
	} {
		t.Run(name, func(t *testing.T) {
			api := &script{orders: lives(c.orders)}
			snap := mustRead(t, reading(api, c.wishes, stateOf(t))).Accounts["main"]
			if diff := cmp.Diff(c.calls, api.said()); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
			if snap.How != c.how || snap.Calls != len(api.calls) {
				t.Errorf("told %+v, %d calls of %d", snap.How, snap.Calls, len(api.calls))
			}
			for i := range c.wishes {
				f := c.wishes[i].Find
				if want := f.ID != "" && !strings.HasSuffix(f.ID, "99"); want && !has(snap, f.ID) {
					t.Errorf("%v was not read", f)
				}
			}
		})
	}
}

func has(snap *plan.AccountSnapshot, ids ...string) bool {
	for _, id := range ids {
		if live, ok := snap.Order(id); !ok || live.ID != id {
			return false
		}
	}
	return true
}

// A page size that the API is known not to serve is not reckoned with.
func TestAKnownPageCapIsReckonedWith(t *testing.T) {
	a := mainAccount()
	api := &script{orders: lives(20), cap: 5}
	req := reading(api, []spec.Wish{ship(a, byID(0)), ship(a, byID(1)), ship(a, byID(2)), ship(a, byID(3))}, stateOf(t))
	req.Learned = plan.Learned{"main": {PageCap: 5}}
	mustRead(t, req)
	if got := api.said(); got != "count, get id-0, get id-1, get id-2, get id-3" {
		t.Errorf("calls: %s", got)
	}
}

// What is not wanted is counted and let go.
func TestOnlyWantedOrdersAreKept(t *testing.T) {
	a := mainAccount()
	api := &script{orders: lives(25)}
	api.orders[7].OrderNumber = "O7"
	snap := mustRead(t, reading(api, []spec.Wish{ship(a, byNumber(3)), ship(a, spec.Find{Number: "112-4"}), ship(a, spec.Find{OrderNumber: "O7"})}, stateOf(t))).Accounts["main"]
	if snap.Len() != 3 || !has(snap, "id-3", "id-4", "id-7") || snap.How.Counted != 25 {
		t.Errorf("%d counted, %d kept", snap.How.Counted, snap.Len())
	}
}

// An order that is known by the state is read by its ID.
func TestOrdersOfTheStateAreKnownByID(t *testing.T) {
	a := mainAccount()
	l := live(3)
	st := stateOf(t, applied(a, l, order.Acknowledge, order.Values{Status: order.Processing, OrderNumber: "O1"}, 0))
	api := &script{orders: lives(100)}
	mustRead(t, reading(api, []spec.Wish{ship(a, byNumber(3))}, st))
	if got := api.said(); got != "get id-3" {
		t.Errorf("calls: %s", got)
	}
}

func TestAnOrderThatIsGone(t *testing.T) {
	a := mainAccount()
	api := &script{orders: lives(3)}
	snap := mustRead(t, reading(api, []spec.Wish{ship(a, byID(1)), ship(a, byID(9))}, stateOf(t))).Accounts["main"]
	if len(snap.Missing) != 1 || !snap.Missing["id-9"] {
		t.Errorf("missing: %v", snap.Missing)
	}
}

// Nothing is decided on a reading that failed.
func TestReadFails(t *testing.T) {
	a := mainAccount()
	broken := errors.New("broken")
	for call, wishes := range map[string][]spec.Wish{
		"get id-1": {ship(a, byID(1))},
		"count":    {ship(a, byNumber(1))},
		"page 2":   {ship(a, byNumber(1))},
	} {
		api := &script{orders: lives(25), fail: map[string]error{call: broken}}
		_, err := plan.Read(context.Background(), reading(api, wishes, stateOf(t)))
		if !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "account main: ") {
			t.Errorf("%s: got %v", call, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := plan.Read(ctx, reading(&script{}, []spec.Wish{ship(a, byID(1))}, stateOf(t))); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}

func TestAnAnswerAboutAnotherOrderIsRefused(t *testing.T) {
	a := mainAccount()
	api := &wrongOrder{}
	req := reading(api, []spec.Wish{ship(a, byID(1))}, stateOf(t))
	if _, err := plan.Read(context.Background(), req); err == nil || !strings.Contains(err.Error(), "a different order") {
		t.Errorf("got %v", err)
	}
}

type wrongOrder struct{ script }

func (*wrongOrder) GetOrder(context.Context, string) (order.Live, error) { return live(2), nil }

// Accounts are read side by side; one that nothing is wanted of costs nothing.
func TestAccountsAreReadApart(t *testing.T) {
	a, b, idle := mainAccount(), mainAccount(), mainAccount()
	b.Name, idle.Name = "b", "idle"
	apis := map[string]*script{"main": {orders: lives(5)}, "b": {orders: lives(5)}, "idle": {}}
	req := reading(apis["main"], []spec.Wish{ship(a, byID(1)), ship(b, byNumber(2))}, stateOf(t))
	req.Accounts = []*spec.Account{a, b, idle}
	req.APIs["b"], req.APIs["idle"] = apis["b"], nil
	snap := mustRead(t, req)
	if apis["main"].said() != "get id-1" || apis["b"].said() != "count, page 1" {
		t.Errorf("calls: %s; %s", apis["main"].said(), apis["b"].said())
	}
	if len(snap.Accounts) != 3 || snap.Accounts["idle"].Calls != 0 || snap.Accounts["idle"].How.Counted != -1 {
		t.Errorf("accounts: %+v", snap.Accounts)
	}
	var needed []string
	for _, n := range req.Needed() {
		needed = append(needed, n.Name)
	}
	if fmt.Sprint(needed) != "[main b]" {
		t.Errorf("needed: %v", needed)
	}
}

// What is not selected, and rows that are bad, cost no call.
func TestUnselectedOrdersAreNotRead(t *testing.T) {
	a := mainAccount()
	bad := ship(a, byID(2))
	bad.Problem = &spec.Problem{Code: spec.BadRow}
	api := &script{orders: lives(5)}
	req := reading(api, []spec.Wish{ship(a, byID(1)), bad, ship(a, byID(3))}, stateOf(t))
	req.Select = plan.Selection{Excludes: []string{`batch.b["id-3"]`}}
	mustRead(t, req)
	if got := api.said(); got != "get id-1" {
		t.Errorf("calls: %s", got)
	}
}
