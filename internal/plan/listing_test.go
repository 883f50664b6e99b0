package plan_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// all wishes that n orders be shipped, by their numbers.
func allByNumber(a *spec.Account, n int) (wishes []spec.Wish) {
	for i := range n {
		wishes = append(wishes, ship(a, byNumber(i)))
	}
	return wishes
}

func allByID(a *spec.Account, n int) (wishes []spec.Wish) {
	for i := range n {
		wishes = append(wishes, ship(a, byID(i)))
	}
	return wishes
}

// Whatever happens while pages are read, no order is missed and none is two.
func TestListingWhileThingsHappen(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(api *script)
		calls   string
		cap     int
		sources string
	}{
		"nothing happens":                         {func(*script) {}, "count, page 1, page 2, page 3", 0, "Amazon"},
		"the page is capped":                      {func(api *script) { api.cap = 7 }, "count, page 1, page 2, page 3, page 4", 7, "Amazon"},
		"the page is capped to an exact multiple": {func(api *script) { api.cap = 5 }, "count, page 1, page 2, page 3, page 4, page 5, page 6", 5, "Amazon"},
		"new orders, oldest first": {func(api *script) {
			api.before = func(call string) {
				if strings.HasPrefix(call, "page") {
					api.orders = append(api.orders, live(100+len(api.calls)))
				}
			}
		}, "count, page 1, page 2, page 3", 0, "Amazon"},
		"new orders, newest first": {func(api *script) {
			slices.Reverse(api.orders)
			api.before = func(call string) {
				if strings.HasPrefix(call, "page") {
					api.orders = slices.Insert(api.orders, 0, live(100+len(api.calls)), live(200+len(api.calls)))
				}
			}
		}, "count, page 1, page 2, page 3, page 4", 0, "Amazon"},
		"an order leaves the first page": {func(api *script) {
			api.before = func(call string) {
				if call == "page 2" && len(api.orders) == 26 {
					api.orders = api.orders[1:]
				}
			}
			api.orders = slices.Insert(api.orders, 0, live(100))
		}, "count, page 1, page 2, page 3, count, page 1, page 2, page 3", 0, "Amazon"},
		"a page comes twice": {func(api *script) {
			api.page = func(page, size int) (int, int) {
				if page == 2 && len(api.calls) < 5 {
					page = 1
				}
				return (page - 1) * size, page * size
			}
		}, "count, page 1, page 2, page 3, count, page 1, page 2, page 3", 0, "Amazon"},
		"a page is short once": {func(api *script) {
			api.page = func(page, size int) (int, int) {
				if page == 2 && len(api.calls) < 5 {
					return size, 2*size - 1
				}
				return (page - 1) * size, page * size
			}
		}, "count, page 1, page 2, count, page 1, page 2, page 3", 0, "Amazon"},
		"an order goes before the first page": {func(api *script) {
			api.orders = append(api.orders[:8:8], live(100)) // 9, of which one goes
			api.before = func(call string) {
				if call == "page 1" && len(api.calls) == 2 {
					api.orders = api.orders[:8]
				}
			}
		}, "count, page 1, page 2, count, page 1", 0, "Amazon"},
		"more are listed than counted": {func(api *script) { api.count = func(n int) int { return n - 3 } }, "count, page 1, page 2, page 3", 0, "Amazon"},
		"several sources": {func(api *script) {
			api.orders[3].Source, api.orders[20].Source, api.orders[21].Source = "Walmart", "eBay", ""
		}, "count, page 1, page 2, page 3", 0, "Amazon, Walmart, eBay"},
	} {
		t.Run(name, func(t *testing.T) {
			a := mainAccount()
			api := &script{orders: lives(25)}
			c.prepare(api)
			snap := mustRead(t, reading(api, allByNumber(a, 25), stateOf(t))).Accounts["main"]
			if got := api.said(); got != c.calls {
				t.Errorf("calls: %s\n want: %s", got, c.calls)
			}
			if snap.PageCap != c.cap || !snap.Listed || strings.Join(snap.Sources, ", ") != c.sources {
				t.Errorf("cap %d, listed %v, sources %q", snap.PageCap, snap.Listed, snap.Sources)
			}
			for _, l := range api.orders {
				if _, read := snap.Order(l.ID); !read && l.Source == "Amazon" && len(l.ID) < len("id-100") {
					t.Errorf("%s was missed", l.ID)
				}
			}
		})
	}
}

// Twice running fewer orders than counted: nothing is decided on that, unless
// the missing ones can be read one by one.
func TestAnIncompleteListing(t *testing.T) {
	a := mainAccount()
	api := &script{orders: lives(12), count: func(n int) int { return n + 1 }}
	_, err := plan.Read(context.Background(), reading(api, allByNumber(a, 12), stateOf(t)))
	var incomplete *plan.IncompleteError
	if !errors.As(err, &incomplete) || incomplete.Counted != 13 || incomplete.Seen != 12 {
		t.Errorf("got %v", err)
	}
	if got := api.said(); got != "count, page 1, page 2, count, page 1, page 2" {
		t.Errorf("calls: %s", got)
	}

	api = &script{orders: lives(12), count: func(n int) int { return n + 1 }}
	wishes := []spec.Wish{ship(a, byID(1)), ship(a, byID(2)), ship(a, byID(50))}
	snap := mustRead(t, reading(api, wishes, stateOf(t))).Accounts["main"]
	if got := api.said(); got != "count, page 1, page 2, get id-50" {
		t.Errorf("calls: %s", got)
	}
	if snap.Listed || !snap.Missing["id-50"] || snap.Len() != 2 {
		t.Errorf("listed %v, missing %v, %d orders", snap.Listed, snap.Missing, snap.Len())
	}
}

// Many pages are read side by side. An order that turns up between others then
// pushes one from a page that is read later to one that was read before, and
// makes up for it in the count: only a second count tells.
func TestAnOrderTurnsUpBetweenPagesSideBySide(t *testing.T) {
	a := mainAccount()
	api := &script{orders: lives(60)}
	api.before = func(call string) {
		if call == "page 2" && len(api.orders) == 60 {
			api.orders = slices.Insert(api.orders, 10, live(100))
		}
	}
	api.page = func(page, size int) (int, int) {
		from := (page - 1) * size
		if again := slices.Index(api.calls[1:], "count") > 0; page > 2 && len(api.orders) > 60 && !again {
			from++ // as it was before
		}
		return from, from + size
	}
	snap := mustRead(t, reading(api, allByNumber(a, 60), stateOf(t))).Accounts["main"]
	for i := range 60 {
		if !has(snap, live(i).ID) {
			t.Errorf("order %d was missed", i)
		}
	}
	if !snap.Listed || snap.Calls != len(api.calls) {
		t.Errorf("listed %v, %d calls of %d", snap.Listed, snap.Calls, len(api.calls))
	}
}

// Many pages go on behind the last one that was counted, until one is short: a
// count that is too low is no reason to miss an order.
func TestManyPagesGoOnBehindTheCount(t *testing.T) {
	a := mainAccount()
	api := &script{orders: lives(64), count: func(n int) int { return n - 14 }}
	snap := mustRead(t, reading(api, allByNumber(a, 64), stateOf(t))).Accounts["main"]
	if snap.Len() != 64 || len(api.calls) != 1+7+1 {
		t.Errorf("%d orders by %q", snap.Len(), api.calls)
	}
}

// A count that no account can have is not believed either.
func TestAnAbsurdCount(t *testing.T) {
	a := mainAccount()
	api := &script{orders: lives(30), count: func(int) int { return math.MaxInt }}
	_, err := plan.Read(t.Context(), reading(api, allByNumber(a, 30), stateOf(t)))
	if _, ok := errors.AsType[*plan.IncompleteError](err); !ok || len(api.calls) > 50 {
		t.Errorf("%v, %d calls", err, len(api.calls))
	}
}

// A listing side by side is counted again whatever is known of the API, but
// what is known by id needs no complete listing. The last page is full, so that
// one more has to be looked for.
func TestManyPagesSideBySide(t *testing.T) {
	a := mainAccount()
	for name, c := range map[string]struct {
		learned memory.LearnedAccount
		wishes  []spec.Wish
		calls   int
	}{
		"nothing is known": {memory.LearnedAccount{}, allByNumber(a, 60), 1 + 6 + 1 + 1},
		"much is known":    {memory.LearnedAccount{ListOrder: memory.NewestFirst, DateField: memory.DateCreatedInDestination}, allByNumber(a, 60), 1 + 6 + 1 + 1},
		"known by id":      {memory.LearnedAccount{}, allByID(a, 60), 1 + 6},
	} {
		t.Run(name, func(t *testing.T) {
			api := &script{orders: lives(60)}
			req := reading(api, c.wishes, stateOf(t))
			req.Learned = plan.Learned{"main": c.learned}
			snap := mustRead(t, req).Accounts["main"]
			if len(api.calls) != c.calls || snap.Len() != 60 {
				t.Errorf("%d orders by %d calls, want %d: %q", snap.Len(), len(api.calls), c.calls, api.calls)
			}
		})
	}
}

// What is known of the API's clock makes the lookback longer at its ends, and
// never shorter: it may be wrong by now.
func TestTheLookbackReckonsWithTheAPIsClock(t *testing.T) {
	a := mainAccount()
	for _, c := range []struct{ offset, age time.Duration }{
		{5 * time.Minute, -3 * time.Minute},
		{-5 * time.Minute, time.Minute},
		{5 * time.Minute, a.Lookback - time.Minute},
		{-5 * time.Minute, a.Lookback + 3*time.Minute},
	} {
		l := live(0, func(l *order.Live) { l.CreatedInSource = noon.Add(-c.age) })
		req := reading(&filtering{orders: []order.Live{l}}, allByNumber(a, 1), stateOf(t))
		req.Learned = plan.Learned{"main": {ClockOffset: c.offset}}
		if n := mustRead(t, req).Accounts["main"].Len(); n != 1 {
			t.Errorf("an order was missed that is %s old, where the API's clock is said to be ahead by %s", c.age, c.offset)
		}
	}
	l := live(0, func(l *order.Live) { l.CreatedInSource = noon.Add(time.Minute) })
	req := reading(&filtering{orders: []order.Live{l}}, allByNumber(a, 1), stateOf(t))
	if n := mustRead(t, req).Accounts["main"].Len(); n != 0 {
		t.Errorf("%d orders of the future", n)
	}
}

// An API that shows the same page for ever is not asked for ever.
func TestAnAPIThatRepeatsItself(t *testing.T) {
	a := mainAccount()
	api := &script{orders: lives(10), count: func(int) int { return 100_000 }, page: func(_, size int) (int, int) { return 0, size }}
	_, err := plan.Read(context.Background(), reading(api, allByNumber(a, 12), stateOf(t)))
	var incomplete *plan.IncompleteError
	if !errors.As(err, &incomplete) || len(api.calls) > 20 {
		t.Errorf("%d calls, %v", len(api.calls), err)
	}
}

func TestReread(t *testing.T) {
	known := func(n int) (all []plan.Known) {
		for i := range n {
			all = append(all, plan.Known{ID: live(i).ID, Created: live(i).CreatedInSource})
		}
		return all
	}
	for name, c := range map[string]struct {
		orders int
		again  []plan.Known
		calls  string
	}{
		"one":                 {100, known(1), "get id-0"},
		"many":                {10, known(9), "page 1"},
		"on two pages":        {20, known(12), "page 1, page 2"},
		"few of many":         {100, known(2), "get id-0, get id-1"},
		"one that is gone":    {2, append(known(1), plan.Known{ID: "gone", Created: noon}), "get gone, get id-0"},
		"without their dates": {100, []plan.Known{{ID: "id-1"}, {ID: "id-2"}, {ID: "id-3"}}, "get id-1, get id-2, get id-3"},
		"none":                {100, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			api := &script{orders: lives(c.orders)}
			snap, err := plan.Rereading{API: api, Account: mainAccount(), Now: now}.Orders(context.Background(), c.again)
			if err != nil {
				t.Fatal(err)
			}
			if got := api.said(); got != c.calls {
				t.Errorf("calls: %s\n want: %s", got, c.calls)
			}
			for _, k := range c.again {
				if _, ok := snap.Order(k.ID); ok == snap.Missing[k.ID] {
					t.Errorf("%s: found %v, missing %v", k.ID, ok, snap.Missing[k.ID])
				}
			}
		})
	}
}
