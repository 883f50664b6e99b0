package plan_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// filtering is an API that takes its queries at their word.
type filtering struct {
	mu     sync.Mutex
	orders []order.Live
	byDest bool // filters by the date of arrival
	newest bool // first
	cap    int
	calls  []string
}

func (f *filtering) date(l order.Live) time.Time {
	if f.byDest {
		return l.CreatedInDestination
	}
	return l.CreatedInSource
}

func (f *filtering) selected(q godatafeed.OrderQuery) (found []order.Live) {
	for _, l := range f.orders {
		if at := f.date(l).Truncate(time.Second); at.Before(q.From.Truncate(time.Second)) || at.After(q.To.Truncate(time.Second)) {
			continue
		}
		if q.Status == "" || q.Status == l.Status {
			found = append(found, l)
		}
	}
	slices.SortStableFunc(found, func(a, b order.Live) int {
		c := cmp.Or(f.date(a).Compare(f.date(b)), cmp.Compare(a.ID, b.ID))
		if f.newest {
			return -c
		}
		return c
	})
	return found
}

func (f *filtering) CountOrders(_ context.Context, q godatafeed.OrderQuery) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, "count")
	return len(f.selected(q)), nil
}

func (f *filtering) ListOrders(_ context.Context, q godatafeed.OrderQuery, page, size int) ([]order.Live, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, fmt.Sprintf("%s page %d", q.Status, page))
	if f.cap > 0 {
		size = min(size, f.cap)
	}
	found := f.selected(q)
	return slices.Clone(found[min((page-1)*size, len(found)):min(page*size, len(found))]), nil
}

func (f *filtering) GetOrder(_ context.Context, id string) (order.Live, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, "get "+id)
	for _, l := range f.orders {
		if l.ID == id {
			return l, nil
		}
	}
	return order.Live{}, notFound()
}

var liveStatuses = []order.Status{order.New, order.Processing, order.Shipped, order.Cancelled}

// drawWorld makes up to 400 orders of the last 30 days, the API's manners, and
// a state that knows some of the orders, rightly or not any more.
func drawWorld(t *rapid.T, a *spec.Account) (api *filtering, knows []func(*state.Session) error, known map[string]bool) {
	api = &filtering{
		byDest: rapid.Bool().Draw(t, "by destination"), newest: rapid.Bool().Draw(t, "newest first"),
		cap: rapid.SampledFrom([]int{0, 0, 7}).Draw(t, "cap"),
	}
	skew := rapid.IntRange(0, 3).Draw(t, "skew") // how far one status prevails
	known = map[string]bool{}
	for i := range rapid.IntRange(0, 400).Draw(t, "orders") {
		l := live(i)
		l.CreatedInSource = noon.Add(-time.Duration(rapid.IntRange(2*60, 28*24*60).Draw(t, "age")) * time.Minute)
		l.CreatedInDestination = l.CreatedInSource.Add(time.Duration(rapid.IntRange(0, 60).Draw(t, "delay")) * time.Minute)
		l.Status = liveStatuses[max(0, rapid.IntRange(-skew, 3).Draw(t, "status"))]
		api.orders = append(api.orders, l)
		if rapid.Bool().Draw(t, "known") {
			seen := l.Values
			if rapid.IntRange(0, 3).Draw(t, "stale") == 0 {
				seen.Status = order.New
			}
			known[l.ID] = true
			knows = append(knows, observed(a, l, seen))
		}
	}
	return api, knows, known
}

// Whatever the world and the hints of the state are like, the orders that are
// wanted are read, and the calls stay within their bounds.
func TestCallsStayWithinTheirBounds(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a := mainAccount()
		api, knows, known := drawWorld(rt, a)
		byIDs := rapid.Bool().Draw(rt, "ids only")
		var wishes []spec.Wish
		all := true
		for i, l := range api.orders {
			switch w := rapid.IntRange(0, 2).Draw(rt, "wish"); {
			case w == 0:
			case byIDs || w == 1:
				wishes = append(wishes, ship(a, byID(i)))
			default:
				wishes = append(wishes, ship(a, byNumber(i)))
				all = all && known[l.ID]
			}
		}
		if len(wishes) == 0 {
			return
		}
		req := reading(api, wishes, stateOf(t, knows...))
		if rapid.Bool().Draw(rt, "learned") {
			l := memory.LearnedAccount{PageCap: api.cap, ListOrder: memory.OldestFirst, DateField: memory.DateCreatedInSource}
			if api.byDest {
				l.DateField = memory.DateCreatedInDestination
			}
			req.Learned = plan.Learned{"main": l}
		}
		snap, err := plan.Read(t.Context(), req)
		if err != nil {
			rt.Fatal(err)
		}
		for i := range wishes {
			if id := api.orders[wishedOrder(api, wishes[i])].ID; !has(snap.Accounts["main"], id) {
				rt.Errorf("%s was not read", id)
			}
		}
		page := a.PageSize
		if api.cap > 0 {
			page = api.cap
		}
		n, m := len(wishes), len(api.orders)
		bound := (m+page-1)/page + 4
		if all {
			bound = min(bound, n+2)
		}
		if len(api.calls) > bound {
			rt.Errorf("%d calls for %d of %d orders (all known: %v): at most %d\n%q", len(api.calls), n, m, all, bound, api.calls)
		}
	})
}

func wishedOrder(api *filtering, w spec.Wish) int {
	return slices.IndexFunc(api.orders, func(l order.Live) bool {
		return l.ID == w.Find.ID || (w.Find.Number != "" && l.SourceNumber == w.Find.Number)
	})
}

// The state saw 120 orders of 8 days as new, and most have been shipped since.
// That shows after three listings, and then the lookback is listed: 20 pages.
func TestHintsThatAreWrong(t *testing.T) {
	a := mainAccount()
	api := &filtering{}
	var wishes []spec.Wish
	var knows []func(*state.Session) error
	for i := range 200 {
		l := live(i)
		l.CreatedInSource = noon.Add(-time.Duration(2+i%8*3)*24*time.Hour + time.Duration(i)*time.Minute)
		l.CreatedInDestination = l.CreatedInSource
		if i < 120 {
			wishes = append(wishes, ship(a, byID(i)))
			knows = append(knows, observed(a, l, l.Values))
		}
		if i >= 16 {
			l.Status = order.Shipped
		}
		api.orders = append(api.orders, l)
	}
	req := reading(api, wishes, stateOf(t, knows...))
	snap := mustRead(t, req).Accounts["main"]
	if snap.Len() != 120 || len(api.calls) != 1+3+20 {
		t.Errorf("%d orders by %d calls: %q", snap.Len(), len(api.calls), api.calls)
	}
}

// Orders that stand together are found on their pages, whatever else is there.
func TestHintsThatAreRight(t *testing.T) {
	a := mainAccount()
	api := &filtering{}
	var wishes []spec.Wish
	var knows []func(*state.Session) error
	for i := range 400 {
		l := live(i)
		l.CreatedInSource = noon.Add(-time.Duration(400-i) * time.Hour)
		l.CreatedInDestination = l.CreatedInSource
		if l.Status = order.Shipped; i >= 370 {
			l.Status = order.Processing
			wishes = append(wishes, ship(a, byID(i)))
			knows = append(knows, observed(a, l, l.Values))
		}
		api.orders = append(api.orders, l)
	}
	req := reading(api, wishes, stateOf(t, knows...))
	snap := mustRead(t, req).Accounts["main"]
	if want := (plan.Reading{Counted: 400, Listings: 1, Found: 30}); snap.Len() != 30 || len(api.calls) != 1+3 || snap.How != want {
		t.Errorf("%d orders by %q, told %+v", snap.Len(), api.calls, snap.How)
	}
}
