package plan

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// Reader is what Read needs of the API. Implementations wait for the call
// limit and repeat failed reads themselves.
type Reader interface {
	CountOrders(ctx context.Context, q godatafeed.OrderQuery) (int, error)
	ListOrders(ctx context.Context, q godatafeed.OrderQuery, page, size int) ([]order.Live, error)
	GetOrder(ctx context.Context, id string) (order.Live, error)
}

// ReadRequest says what to read.
type ReadRequest struct {
	Accounts []*spec.Account
	APIs     map[string]Reader // by account name
	Wishes   *spec.Wishes
	State    *state.State
	Select   Selection
	PageCaps map[string]int // by account name: the largest page known to be served
	All      bool           // closed orders too
	Now      func() time.Time
}

// Needed lists the accounts that have something to be read.
func (req ReadRequest) Needed() []*spec.Account {
	var needed []*spec.Account
	for _, a := range req.Accounts {
		if !wantedOf(req, a).empty() {
			needed = append(needed, a)
		}
	}
	return needed
}

// readersAtOnce is how many single orders of an account are read side by side.
// The call limit is what bounds the rate; this hides the latency.
const readersAtOnce = 8

// Read reads the live orders that the wishes are about, at the fewest calls,
// all accounts side by side. A listing that is incomplete is an error: nothing
// may be decided on it.
func Read(ctx context.Context, req ReadRequest) (*Snapshot, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	snap := &Snapshot{Accounts: map[string]*AccountSnapshot{}}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, account := range req.Accounts {
		want := wantedOf(req, account)
		if want.empty() {
			mu.Lock()
			snap.Accounts[account.Name] = newAccountSnapshot(req.Now())
			mu.Unlock()
			continue
		}
		wg.Go(func() {
			r := &accountReading{
				account: account, api: req.APIs[account.Name], want: want,
				now: req.Now, pageCap: req.PageCaps[account.Name],
			}
			out, err := r.read(ctx)
			if err != nil {
				cancel(fmt.Errorf("account %s: %w", account.Name, err))
				return
			}
			mu.Lock()
			snap.Accounts[account.Name] = out
			mu.Unlock()
		})
	}
	wg.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return snap, nil
}

// wanted is what one account's wishes ask to be read.
type wanted struct {
	ids     map[string]bool // known by id
	numbers map[string]bool // numberKeys to be found by listing
	sellers map[string]bool // seller's numbers to be found by listing
	cancels int             // the cancels wished, for the policy's ratio
}

func (w *wanted) empty() bool   { return len(w.ids)+len(w.numbers)+len(w.sellers) == 0 }
func (w *wanted) listing() bool { return len(w.numbers)+len(w.sellers) > 0 }

func (w *wanted) has(live order.Live) bool {
	return w.ids[live.ID] || w.numbers[numberKey(live.Source, live.SourceNumber)] ||
		w.numbers[numberKey("", live.SourceNumber)] || (live.OrderNumber != "" && w.sellers[live.OrderNumber])
}

func wantedOf(req ReadRequest, account *spec.Account) *wanted {
	out := &wanted{ids: map[string]bool{}, numbers: map[string]bool{}, sellers: map[string]bool{}}
	for i := range req.Wishes.Orders {
		w := &req.Wishes.Orders[i]
		if w.Origin.Account != account || w.Problem != nil || !req.Select.wants(w) {
			continue
		}
		if !req.All && isClosed(req.State, w) {
			continue
		}
		if w.Want.Status == order.Cancelled {
			out.cancels++
		}
		switch id := knownID(req.State, w); {
		case id != "":
			out.ids[id] = true
		case w.Find.Number != "":
			out.numbers[numberKey(w.Find.Source, w.Find.Number)] = true
		default:
			out.sellers[w.Find.OrderNumber] = true
		}
	}
	return out
}

// knownID is the id of the order that a wish is about, as far as the
// configuration or the state know it.
func knownID(s *state.State, w *spec.Wish) string {
	if w.Find.ID != "" {
		return w.Find.ID
	}
	if w.Find.Number == "" || w.Find.Source == "" {
		return ""
	}
	a := w.Origin.Account
	if id, ok := s.IDBySourceNumber(a.Endpoint, a.Name, order.SourceKey(w.Find.Source), w.Find.Number); ok {
		return id
	}
	entry, _ := s.ClosedBySourceNumber(a.Endpoint, a.Name, order.SourceKey(w.Find.Source), w.Find.Number)
	return entry.ID
}

// knownFind is how to find the order of a wish among those that were read: by
// its id, where that is known.
func knownFind(s *state.State, w *spec.Wish) spec.Find {
	if id := knownID(s, w); id != "" {
		return spec.Find{ID: id}
	}
	return w.Find
}

// isClosed reports whether the wish was verified earlier and is wanted as
// before: then it costs no call.
func isClosed(s *state.State, w *spec.Wish) bool {
	a := w.Origin.Account
	var entry state.ClosedEntry
	var ok bool
	switch {
	case w.Find.ID != "":
		entry, ok = s.Closed(state.Key{Endpoint: a.Endpoint, Account: a.Name, ID: w.Find.ID})
	case w.Find.Number != "" && w.Find.Source != "":
		entry, ok = s.ClosedBySourceNumber(a.Endpoint, a.Name, order.SourceKey(w.Find.Source), w.Find.Number)
	}
	if !ok {
		return false
	}
	d := decide(w, order.Live{Ref: entry.Ref, Values: entry.Wanted})
	return d.held == "" && len(d.actions) == 0
}

// accountReading reads one account.
type accountReading struct {
	account *spec.Account
	api     Reader
	want    *wanted
	now     func() time.Time
	pageCap int
	out     *AccountSnapshot
	mu      sync.Mutex
}

func (r *accountReading) read(ctx context.Context) (*AccountSnapshot, error) {
	r.out = newAccountSnapshot(r.now())
	r.out.From = r.out.ReadAt.Add(-r.account.Lookback)
	query := godatafeed.OrderQuery{From: r.out.From, To: r.out.ReadAt}
	list, err := r.listingPays(ctx, query)
	if err != nil {
		return nil, err
	}
	if list {
		if err := r.list(ctx, query); err != nil {
			return nil, err
		}
	}
	gaps := r.gaps()
	if err := r.single(ctx, gaps); err != nil {
		return nil, err
	}
	r.out.How = describe(r.out, len(gaps))
	return r.out, nil
}

// listingPays decides between listing the lookback and reading orders one by
// one. The count, which costs a call, is asked for only where it can matter.
func (r *accountReading) listingPays(ctx context.Context, q godatafeed.OrderQuery) (bool, error) {
	const cheapest = 2 // a listing costs a count and a page at least
	if !r.want.listing() && len(r.want.ids) <= cheapest && r.want.cancels < spec.RatioTestedFrom {
		return false, nil
	}
	if err := r.count(ctx, q); err != nil {
		return false, err
	}
	return r.want.listing() || r.pages(r.out.Counted) < len(r.want.ids), nil
}

func (r *accountReading) count(ctx context.Context, q godatafeed.OrderQuery) error {
	n, err := r.api.CountOrders(ctx, q)
	r.called()
	r.out.Counted = n
	return err
}

// pages is how many pages a listing of n orders is expected to take.
func (r *accountReading) pages(n int) int {
	size := r.account.PageSize
	if r.pageCap > 0 {
		size = min(size, r.pageCap)
	}
	return (n + size - 1) / size
}

// gaps lists the ids that are wanted and were not in a listing.
func (r *accountReading) gaps() []string {
	var gaps []string
	for id := range r.want.ids {
		if _, ok := r.out.Orders[id]; !ok {
			gaps = append(gaps, id)
		}
	}
	return gaps
}

func (r *accountReading) single(ctx context.Context, ids []string) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	slots := make(chan struct{}, readersAtOnce)
	var wg sync.WaitGroup
	for _, id := range ids {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			break
		}
		wg.Go(func() {
			defer func() { <-slots }()
			if err := r.get(ctx, id); err != nil {
				cancel(err)
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

func (r *accountReading) get(ctx context.Context, id string) error {
	live, err := r.api.GetOrder(ctx, id)
	r.called()
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case godatafeed.IsNotFound(err):
		r.out.Missing[id] = true
	case err != nil:
		return fmt.Errorf("order %s: %w", id, err)
	case live.ID != id:
		return fmt.Errorf("order %s: the API answered with another order", id)
	default:
		r.out.add(live)
	}
	return nil
}

func (r *accountReading) called() {
	r.mu.Lock()
	r.out.Calls++
	r.mu.Unlock()
}

func describe(s *AccountSnapshot, singles int) string {
	switch {
	case s.Listed && singles > 0:
		return fmt.Sprintf("listed %d orders since %s, and read %d one by one", s.Counted, s.From.Format("2006-01-02"), singles)
	case s.Listed:
		return fmt.Sprintf("listed %d orders since %s", s.Counted, s.From.Format("2006-01-02"))
	case s.Counted >= 0:
		return fmt.Sprintf("read %d orders one by one, fewer calls than listing %d", singles, s.Counted)
	}
	return fmt.Sprintf("read %d orders one by one", singles)
}
