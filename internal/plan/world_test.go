package plan

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// fakeAPI serves orders as the API would, and miscounts or hides some.
type fakeAPI struct {
	orders  []order.Live
	counted int           // what it counts; 0 for all
	most    int           // the largest page that it serves; 0 for any
	hidden  map[int][]int // by listing, from 1: positions of orders that it leaves out
	other   bool          // single reads are answered with another order

	listings, calls int
}

func (f *fakeAPI) CountOrders(context.Context, godatafeed.OrderQuery) (int, error) {
	f.calls++
	if f.counted > 0 {
		return f.counted, nil
	}
	return len(f.orders), nil
}

func (f *fakeAPI) ListOrders(_ context.Context, _ godatafeed.OrderQuery, page, size int) ([]order.Live, error) {
	f.calls++
	if page == 1 {
		f.listings++
	}
	var shown []order.Live
next:
	for i, o := range f.orders {
		for _, hidden := range f.hidden[f.listings] {
			if i == hidden {
				continue next
			}
		}
		shown = append(shown, o)
	}
	if f.most > 0 {
		size = min(size, f.most)
	}
	from := min((page-1)*size, len(shown))
	return shown[from:min(from+size, len(shown))], nil
}

func (f *fakeAPI) GetOrder(_ context.Context, id string) (order.Live, error) {
	f.calls++
	for _, o := range f.orders {
		if (o.ID == id) != f.other {
			return o, nil
		}
	}
	return order.Live{}, fmt.Errorf("no order %s", id)
}

// newOrders makes n orders, the oldest first; number i has the id "id-i" and is
// called "N-i" at its marketplace.
func newOrders(n int) []order.Live {
	orders := make([]order.Live, n)
	for i := range orders {
		orders[i] = order.Live{
			Ref:             order.Ref{ID: fmt.Sprintf("id-%d", i), Source: "Amazon", SourceNumber: fmt.Sprintf("N-%d", i)},
			Values:          order.Values{Status: order.New},
			CreatedInSource: noon.Add(time.Duration(i-n) * time.Hour),
		}
	}
	return orders
}

func newAccount(pageSize int) *spec.Account {
	return &spec.Account{Name: "main", Endpoint: "https://api.example", Lookback: 30 * 24 * time.Hour, PageSize: pageSize,
		Settle: 2 * time.Minute, TakeTime: time.Hour, Burst: 50, PerSec: 2}
}

func keyOf(a *spec.Account, id string) state.Key {
	return state.Key{Endpoint: a.Endpoint, Account: a.Name, ID: id}
}

// ship wishes an order to be shipped.
func ship(a *spec.Account, label string, find spec.Find, tracking string) spec.Wish {
	return spec.Wish{Origin: &spec.Origin{Kind: "order", Name: label, Account: a}, Find: find, Attempt: 1,
		Want: order.Values{Status: order.Shipped, Tracking: tracking}}
}

// byNumber finds order i by the marketplace's number.
func byNumber(i int) spec.Find {
	return spec.Find{Source: "Amazon", Number: fmt.Sprintf("N-%d", i)}
}

// newSession has the lock of a state that is new.
func newSession(t *testing.T) *state.Session {
	t.Helper()
	store := state.NewStore(state.PathsFor(filepath.Join(t.TempDir(), "gdfctl.state.json")), state.Options{})
	x, err := store.Lock(t.Context(), "test", 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}

// read reads what the wishes are about.
func read(t *testing.T, api *fakeAPI, a *spec.Account, s *state.State, wishes ...spec.Wish) (*AccountSnapshot, error) {
	t.Helper()
	snap, err := Read(t.Context(), ReadRequest{Accounts: []*spec.Account{a}, APIs: map[string]Reader{a.Name: api},
		Wishes: &spec.Wishes{Orders: wishes}, State: s, Now: func() time.Time { return noon }})
	if err != nil {
		return nil, err
	}
	return snap.Accounts[a.Name], nil
}

// build plans what the wishes ask for.
func build(t *testing.T, a *spec.Account, snap *AccountSnapshot, s *state.State, wishes ...spec.Wish) *Plan {
	t.Helper()
	p, diags := Build(Input{Accounts: []*spec.Account{a}, Policy: spec.DefaultPolicy, Wishes: &spec.Wishes{Orders: wishes}, State: s,
		Snapshot: &Snapshot{Accounts: map[string]*AccountSnapshot{a.Name: snap}}, Now: noon})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return p
}
