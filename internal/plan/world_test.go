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

// noon is what the clock shows in these tests.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func newAccount(pageSize int) *spec.Account {
	return &spec.Account{Name: "main", Endpoint: "https://api.example.com", Default: true, Lookback: 30 * 24 * time.Hour, PageSize: pageSize,
		Settle: 2 * time.Minute, TakeTime: time.Hour, Burst: 50, PerSec: 2}
}

// newOrders are n open orders: id-0 is Amazon 112-0, and so on.
func newOrders(n int) []order.Live {
	var all []order.Live
	for i := range n {
		all = append(all, order.Live{Ref: order.Ref{ID: fmt.Sprintf("id-%d", i), Source: "Amazon", SourceNumber: fmt.Sprintf("112-%d", i)},
			Values: order.Values{Status: order.New}, CreatedInSource: noon.Add(-time.Duration(n-i) * time.Hour)})
	}
	return all
}

func byNumber(i int) spec.Find {
	return spec.Find{Source: "Amazon", Number: fmt.Sprintf("112-%d", i)}
}

func ship(a *spec.Account, label string, find spec.Find, tracking string) spec.Wish {
	return spec.Wish{Origin: &spec.Origin{Kind: "order", Name: label, Account: a}, Find: find, Attempt: 1,
		Want: order.Values{Status: order.Shipped, Tracking: tracking}, Place: spec.Place{File: "main.hcl", Line: 1}}
}

func keyOf(a *spec.Account, id string) state.Key {
	return state.Key{Endpoint: a.Endpoint, Account: a.Name, ID: id}
}

func newSession(t *testing.T) *state.Session {
	t.Helper()
	store := state.NewStore(state.PathsFor(filepath.Join(t.TempDir(), "gdfctl.state.json")), state.Options{Now: func() time.Time { return noon }})
	x, err := store.Lock(t.Context(), "test", 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	return x
}

// fakeAPI serves its orders in pages.
type fakeAPI struct{ orders []order.Live }

func (f *fakeAPI) CountOrders(context.Context, godatafeed.OrderQuery) (int, error) {
	return len(f.orders), nil
}

func (f *fakeAPI) ListOrders(_ context.Context, _ godatafeed.OrderQuery, page, size int) ([]order.Live, error) {
	return f.orders[min((page-1)*size, len(f.orders)):min(page*size, len(f.orders))], nil
}

func (f *fakeAPI) GetOrder(_ context.Context, id string) (order.Live, error) {
	for _, l := range f.orders {
		if l.ID == id {
			return l, nil
		}
	}
	return order.Live{}, fmt.Errorf("no order %s", id)
}

// read reads one account for some wishes.
func read(t *testing.T, api Reader, a *spec.Account, s *state.State, wishes ...spec.Wish) (*AccountSnapshot, error) {
	t.Helper()
	snap, err := Read(t.Context(), ReadRequest{Accounts: []*spec.Account{a}, APIs: map[string]Reader{a.Name: api},
		Wishes: &spec.Wishes{Orders: wishes}, State: s, Now: func() time.Time { return noon }})
	if err != nil {
		return nil, err
	}
	return snap.Accounts[a.Name], nil
}

// build plans for what was read.
func build(t *testing.T, a *spec.Account, snap *AccountSnapshot, s *state.State, wishes ...spec.Wish) *Plan {
	t.Helper()
	p, diags := Build(Input{Accounts: []*spec.Account{a}, Policy: spec.DefaultPolicy, Wishes: &spec.Wishes{Orders: wishes}, State: s,
		Snapshot: &Snapshot{Accounts: map[string]*AccountSnapshot{a.Name: snap}}, Now: noon, Version: "0.1.0"})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return p
}
