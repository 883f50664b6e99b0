package doctor

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/endpoint"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// world is an API with its ways, and counts its calls. The zero value has no
// orders, and everything as one would hope for.
type world struct {
	orders []order.Live
	cap    int
	newest bool
	sorted memory.DateField // empty: by no date
	filter memory.DateField // empty: dates are ignored

	hidden    int  // counted, and never listed
	sticky    bool // every page is the first
	noStatus  bool // statuses are ignored
	noCancels bool // cancelled orders are found by no status
	offset    time.Duration

	observe func(godatafeed.Call)
	calls   int
}

func (w *world) called() {
	w.calls++
	w.observe(godatafeed.Call{Status: 200, Sent: noon, Date: noon.Add(w.offset)})
}

func (w *world) CheckCredentials(context.Context) error { w.called(); return nil }

func (w *world) CountFeeds(context.Context, string) (int, error) { w.called(); return 3, nil }

func (w *world) CountOrders(_ context.Context, q godatafeed.OrderQuery) (int, error) {
	w.called()
	return len(w.selected(q)), nil
}

func (w *world) ListOrders(_ context.Context, q godatafeed.OrderQuery, page, size int) ([]order.Live, error) {
	w.called()
	if w.cap > 0 {
		size = min(size, w.cap)
	}
	if w.sticky {
		page = 1
	}
	listed := w.selected(q)
	listed = listed[min(w.hidden, len(listed)):]
	from := min((page-1)*size, len(listed))
	return listed[from:min(from+size, len(listed))], nil
}

func (w *world) selected(q godatafeed.OrderQuery) []order.Live {
	var out []order.Live
	for i := range w.orders {
		o := &w.orders[i]
		if w.filter != "" {
			if at := dateOf(o, w.filter); at.Before(q.From.Truncate(time.Second)) || at.After(q.To.Truncate(time.Second)) {
				continue
			}
		}
		if q.Status != "" && !w.noStatus && (o.Status != q.Status || (w.noCancels && q.Status == order.Cancelled)) {
			continue
		}
		out = append(out, *o)
	}
	if w.sorted != "" {
		slices.SortStableFunc(out, func(a, b order.Live) int {
			if w.newest {
				a, b = b, a
			}
			return dateOf(&a, w.sorted).Compare(dateOf(&b, w.sorted))
		})
	}
	return out
}

// open is the world's client. Its limiter knows of nothing.
func (w *world) open(observe func(godatafeed.Call)) (API, Limit, error) {
	w.observe = observe
	return w, (*godatafeed.Limiter)(nil), nil
}

// examined is what doctor finds out about a world, having known this before.
func examined(t interface {
	Helper()
	Errorf(string, ...any)
}, w *world, known memory.LearnedAccount,
) Report {
	t.Helper()
	r := Examine(context.Background(), Subject{
		Account: &spec.Account{Name: "main", ConsumerKey: "k", Endpoint: endpoint.Default, Lookback: 30 * 24 * time.Hour, Burst: 50, PerSecond: 2},
		Known:   known, Now: func() time.Time { return noon }, Open: w.open,
	})
	if r.Calls != w.calls || r.Calls > MaxCalls {
		t.Errorf("%d calls are told of, %d were made", r.Calls, w.calls)
	}
	return r
}

// some makes orders over the last days, each arriving later than it was placed
// by something of its own, in no order.
func some(n int) []order.Live {
	statuses := []order.Status{order.New, order.Processing, order.Shipped, order.Shipped, order.Cancelled}
	orders := make([]order.Live, n)
	for i := range orders {
		k := i * 7919 % n // shuffled
		placed := noon.Add(-29*24*time.Hour + time.Duration(k)*28*24*time.Hour/time.Duration(n))
		orders[i] = order.Live{
			Ref: order.Ref{ID: fmt.Sprintf("id-%d", k)}, Values: order.Values{Status: statuses[k%5]},
			CreatedInSource: placed, CreatedInDestination: placed.Add(time.Duration(1+k*31%600) * time.Minute),
		}
	}
	return orders
}

func (r Report) finding(check Check) Finding {
	for _, f := range r.Findings {
		if f.Check == check {
			return f
		}
	}
	return Finding{}
}

func TestEveryCheckIsTold(t *testing.T) {
	r := examined(t, &world{orders: some(100), sorted: memory.DateCreatedInSource, filter: memory.DateCreatedInSource}, memory.LearnedAccount{})
	var told []Check
	for _, f := range r.Findings {
		told = append(told, f.Check)
		if f.Found == "" {
			t.Errorf("%s: nothing is told", f.Check)
		}
	}
	if !slices.Equal(told, accountChecks) {
		t.Errorf("told are %v", told)
	}
	if Worst(r.Findings) != NotKnown || !r.New {
		t.Errorf("the worst is %s, something was learned: %v", Worst(r.Findings), r.New)
	}
}
