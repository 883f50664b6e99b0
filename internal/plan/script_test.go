package plan_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/config"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/local"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// noon is what the clock shows in these tests.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func now() time.Time { return noon }

// mainAccount pages by 10, so that a few orders are several pages.
func mainAccount() *spec.Account {
	return &spec.Account{
		Name: "main", Endpoint: "https://api.example.com", Default: true, Lookback: 30 * 24 * time.Hour, PageSize: 10,
		Settle: 2 * time.Minute, TakeTime: time.Hour, Burst: 50, PerSecond: 2,
	}
}

// live is order number i, placed i minutes after the first: id-i, Amazon 112-i.
func live(i int, change ...func(l *order.Live)) order.Live {
	l := order.Live{
		Ref:             order.Ref{ID: fmt.Sprintf("id-%d", i), Source: "Amazon", SourceNumber: fmt.Sprintf("112-%d", i)},
		Values:          order.Values{Status: order.New},
		CreatedInSource: noon.Add(-48*time.Hour + time.Duration(i)*time.Minute),
	}
	for _, c := range change {
		c(&l)
	}
	return l
}

// lives are orders 0 to n-1.
func lives(n int) []order.Live {
	var all []order.Live
	for i := range n {
		all = append(all, live(i))
	}
	return all
}

func byID(i int) spec.Find { return spec.Find{ID: fmt.Sprintf("id-%d", i)} }

func byNumber(i int) spec.Find {
	return spec.Find{Source: "amazon", Number: fmt.Sprintf("112-%d", i)}
}

// ship wishes that the order that f means be shipped.
func ship(a *spec.Account, f spec.Find) spec.Wish {
	return want(a, f, order.Values{Status: order.Shipped, Tracking: "1Z" + f.ID + f.Number + f.OrderNumber})
}

func want(a *spec.Account, f spec.Find, v order.Values) spec.Wish {
	return spec.Wish{Origin: &spec.Origin{Kind: "batch", Name: "b", Account: a}, Find: f, Want: v, Attempt: 1, Place: spec.Place{File: "t.csv", Line: 2}}
}

// script is an API that answers from a list of orders and writes its calls
// down. The list is in the order in which pages show it.
type script struct {
	mu     sync.Mutex
	orders []order.Live
	calls  []string
	cap    int                                 // the most orders of a page; 0: what is asked for
	count  func(n int) int                     // what is counted, where that is not what is there
	page   func(page, size int) (from, to int) // what a page shows, where it is not its own part
	before func(call string)                   // happens before a call is answered, under the lock
	fail   map[string]error                    // by call
	filter bool                                // it filters by status, and says so in its calls
}

func (s *script) called(format string, args ...any) error {
	call := fmt.Sprintf(format, args...)
	s.calls = append(s.calls, call)
	if s.before != nil {
		s.before(call)
	}
	return s.fail[call]
}

// listed is called for a call about the orders of a query, and these.
func (s *script) listed(q godatafeed.OrderQuery, call string) ([]order.Live, error) {
	if !s.filter || q.Status == "" {
		err := s.called("%s", call)
		return s.orders, err
	}
	err := s.called("%s %s", q.Status, call)
	return slices.DeleteFunc(slices.Clone(s.orders), func(l order.Live) bool { return l.Status != q.Status }), err
}

func (s *script) CountOrders(_ context.Context, q godatafeed.OrderQuery) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	orders, err := s.listed(q, "count")
	if err != nil {
		return 0, err
	}
	if s.count != nil {
		return s.count(len(orders)), nil
	}
	return len(orders), nil
}

func (s *script) ListOrders(_ context.Context, q godatafeed.OrderQuery, page, size int) ([]order.Live, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	orders, err := s.listed(q, fmt.Sprintf("page %d", page))
	if err != nil {
		return nil, err
	}
	if s.cap > 0 {
		size = min(size, s.cap)
	}
	from, to := (page-1)*size, page*size
	if s.page != nil {
		from, to = s.page(page, size)
	}
	n := len(orders)
	return slices.Clone(orders[min(from, n):min(to, n)]), nil
}

func (s *script) GetOrder(_ context.Context, id string) (order.Live, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.called("get %s", id); err != nil {
		return order.Live{}, err
	}
	for _, l := range s.orders {
		if l.ID == id {
			return l, nil
		}
	}
	return order.Live{}, notFound()
}

// said are the calls in order, single reads sorted, since they run side by side.
func (s *script) said() string {
	calls := slices.Clone(s.calls)
	for i, c := range calls {
		if strings.HasPrefix(c, "get ") {
			slices.Sort(calls[i:])
			break
		}
	}
	return strings.Join(calls, ", ")
}

// notFound is the client's error for an order that the API doesn't know.
var notFound = sync.OnceValue(func() error {
	api, err := sandbox.New(sandbox.Options{Orders: -1, Feeds: -1, Burst: -1})
	if err != nil {
		return err
	}
	client, err := godatafeed.New(godatafeed.Options{
		Endpoint: "http://localhost", ConsumerKey: sandbox.DefaultConsumerKey, Transport: api.Transport(),
		Limiter: godatafeed.NewLimiter(godatafeed.LimiterOptions{Burst: 100, PerSecond: 100}),
	})
	if err != nil {
		return err
	}
	_, err = client.GetOrder(context.Background(), "none")
	if !godatafeed.IsNotFound(err) {
		return errors.Join(errors.New("the simulator knows an order that is not there"), err)
	}
	return err
})

// stateIn is a state in a directory.
func stateIn(dir string) *state.Store {
	return state.NewStore(local.New(filepath.Join(dir, "gdfctl.state.json")), state.Options{
		Now:      now,
		RandomID: func() string { return "00000000-0000-4000-8000-000000000000" },
	})
}

// stateOf is a state in which something was done.
func stateOf(t testing.TB, do ...func(x *state.Session) error) *state.State {
	t.Helper()
	store := stateIn(t.TempDir())
	x, err := store.Lock(context.Background(), state.LockRequest{Operation: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	for _, d := range do {
		if err := d(x); err != nil {
			t.Fatal(err)
		}
	}
	return x.State()
}

func keyOf(a *spec.Account, l order.Live) state.Key {
	return state.Key{Endpoint: a.Endpoint, Account: a.Name, ID: l.ID}
}

// applied is a change that the API accepted some time before noon.
func applied(a *spec.Account, l order.Live, action order.Action, after order.Values, ago time.Duration) func(x *state.Session) error {
	return appliedAttempt(a, l, action, after, ago, 1)
}

func appliedAttempt(a *spec.Account, l order.Live, action order.Action, after order.Values, ago time.Duration, attempt int) func(x *state.Session) error {
	return func(x *state.Session) error {
		in := state.Intent{Key: keyOf(a, l), Ref: l.Ref, Action: action, Before: l.Values, After: after, At: noon.Add(-ago), Attempt: attempt, ErrorBefore: uptake.ErrorHash(l.SyncError)}
		seq, err := x.Intend(in)
		if err != nil {
			return err
		}
		for open := range x.State().OpenIntents() {
			if open.Seq == seq {
				return x.RecordOutcome(open.Ident(), state.Outcome{Result: order.Done, At: noon.Add(-ago)})
			}
		}
		return errors.New("the intent is lost")
	}
}

// begun is a call whose outcome is not known.
func begun(a *spec.Account, l order.Live, action order.Action, after order.Values) func(x *state.Session) error {
	return func(x *state.Session) error {
		_, err := x.Intend(state.Intent{Key: keyOf(a, l), Ref: l.Ref, Action: action, Before: l.Values, After: after, At: noon.Add(-time.Minute)})
		return err
	}
}

// closed is an order that was verified earlier with these values.
func closed(a *spec.Account, l order.Live, v order.Values) func(x *state.Session) error {
	return func(x *state.Session) error {
		x.Observe(state.Observation{
			Key: keyOf(a, l), Ref: l.Ref, Created: l.Created(), Observed: state.Observed{Values: v, At: noon.Add(-2 * time.Hour)},
			Verified: true, Closed: &v,
		})
		return nil
	}
}

// observed is an open order that was read before.
func observed(a *spec.Account, l order.Live, v order.Values) func(x *state.Session) error {
	return func(x *state.Session) error {
		x.Observe(state.Observation{
			Key: keyOf(a, l), Ref: l.Ref, Created: l.Created(),
			Observed: state.Observed{Values: v, At: noon.Add(-time.Hour)},
		})
		return nil
	}
}

func pointers(wishes []spec.Wish) []*spec.Wish {
	all := make([]*spec.Wish, len(wishes))
	for i := range wishes {
		all[i] = &wishes[i]
	}
	return all
}

// reading is a plan.ReadRequest with the parts that most tests don't care for.
func reading(api plan.Reader, wishes []spec.Wish, st *state.State) plan.ReadRequest {
	accounts := []*spec.Account{wishes[0].Origin.Account}
	return plan.ReadRequest{Accounts: accounts, APIs: map[string]plan.Reader{accounts[0].Name: api}, Wishes: &spec.Wishes{Orders: pointers(wishes)}, State: st, Now: now}
}

func mustRead(t testing.TB, req plan.ReadRequest) *plan.Snapshot {
	t.Helper()
	snap, err := plan.Read(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

// input reads what the wishes need and is ready for Build.
func input(t testing.TB, api *script, wishes []spec.Wish, st *state.State) plan.Input {
	t.Helper()
	req := reading(api, wishes, st)
	return plan.Input{Accounts: req.Accounts, Policy: spec.DefaultPolicy, Wishes: req.Wishes, State: st, Snapshot: mustRead(t, req), Now: noon, Version: "0.5.0"}
}

func mustBuild(t testing.TB, in plan.Input) *plan.Plan {
	t.Helper()
	p, diags := plan.Build(in)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return p
}

func sprintf(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// policyOf is the default policy with rules, each of which names its order.
func policyOf(t testing.TB, rules ...string) spec.Policy {
	t.Helper()
	dir := t.TempDir()
	source := "policy {\n"
	for _, r := range rules {
		source += "  rule \"r\" {\n    " + r + "\n    message = \"carrier of ${change.order.id}\"\n  }\n"
	}
	if err := os.WriteFile(filepath.Join(dir, "policy.hcl"), []byte(source+"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, diags := config.Load(dir, config.Options{Env: func(string) string { return "" }, Now: now, Version: "0.5.0"})
	defer cfg.Close()
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return cfg.Policy
}
