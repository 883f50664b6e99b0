package plan

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// Reader is what Read needs of the API. Implementations wait for the call
// limit and repeat failed reads themselves, and are safe for concurrent use.
type Reader interface {
	CountOrders(ctx context.Context, q godatafeed.OrderQuery) (int, error)
	ListOrders(ctx context.Context, q godatafeed.OrderQuery, page, size int) ([]order.Live, error)
	GetOrder(ctx context.Context, id string) (order.Live, error)
}

// Learned is what is known of the API, by account name. Whatever it says, the
// same orders are read; it only saves calls.
type Learned map[string]state.LearnedAccount

// ReadRequest says what to read.
type ReadRequest struct {
	Accounts []*spec.Account
	APIs     map[string]Reader // by account name
	Wishes   *spec.Wishes
	State    *state.State
	Select   Selection
	Learned  Learned
	All      bool // closed orders too
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
			r := newReading(account, req.APIs[account.Name], want, req.Learned[account.Name], req.Now)
			if err := r.read(ctx); err != nil {
				cancel(fmt.Errorf("account %s: %w", account.Name, err))
				return
			}
			mu.Lock()
			snap.Accounts[account.Name] = r.out
			mu.Unlock()
		})
	}
	wg.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return snap, nil
}

// accountReading reads one account.
type accountReading struct {
	account *spec.Account
	api     Reader
	want    *wanted
	learned state.LearnedAccount
	clock   func() time.Time // the API's, as far as it is known
	out     *AccountSnapshot

	mu      sync.Mutex // guards out, where calls are made side by side
	windows int        // listed for orders that are known
	found   int        // by them
	singles int        // orders read one by one
}

func newReading(account *spec.Account, api Reader, want *wanted, learned state.LearnedAccount, now func() time.Time) *accountReading {
	return &accountReading{
		account: account, api: api, want: want, learned: learned,
		clock: func() time.Time { return now().Add(learned.ClockOffset) },
		out:   newAccountSnapshot(now()),
	}
}

// read takes the cheapest mix of ways. An order that is wanted by a number
// needs the whole lookback listed: another one could have the same number.
// Those whose ids are known are in that listing too, or are looked for where
// they are expected; what is left is read one by one.
//
// Of N orders that are wanted, among M of the lookback, this costs at most
// ⌈M/page⌉ + 4 calls, or N + 2 where all ids are known and that is fewer,
// unless a listing turns out to be incomplete and is made again.
func (r *accountReading) read(ctx context.Context) error {
	end := r.clock()
	r.out.From = end.Add(-r.account.Lookback)
	lookback := godatafeed.OrderQuery{From: r.out.From, To: end}
	if r.want.listing() || r.want.cancels >= spec.RatioTestedFrom {
		if err := r.count(ctx, lookback); err != nil {
			return err
		}
	}
	if r.want.listing() {
		if err := r.list(ctx, lookback); err != nil {
			return err
		}
	}
	if err := r.readKnown(ctx, &lookback); err != nil {
		return err
	}
	r.out.How = r.how()
	return nil
}

func (r *accountReading) count(ctx context.Context, q godatafeed.OrderQuery) error {
	n, err := r.api.CountOrders(ctx, q)
	r.called()
	r.out.Counted = n
	return err
}

func (r *accountReading) called() {
	r.mu.Lock()
	r.out.Calls++
	r.mu.Unlock()
}

// pageSize is how many orders a page is expected to hold.
func (r *accountReading) pageSize() int {
	size := r.account.PageSize
	for _, limit := range []int{r.learned.PageCap, r.out.PageCap} {
		if limit > 0 {
			size = min(size, limit)
		}
	}
	return size
}

// pages is how many pages a listing of n orders is expected to take.
func (r *accountReading) pages(n int) int { return (n + r.pageSize() - 1) / r.pageSize() }

// how says how the orders were read, for people.
func (r *accountReading) how() string {
	var did []string
	if r.out.Listed {
		did = append(did, fmt.Sprintf("listed %d orders since %s", r.out.Counted, r.out.From.Format(time.DateOnly)))
	}
	if r.windows > 0 {
		did = append(did, fmt.Sprintf("found %d in %s by status and date", r.found, listings(r.windows)))
	}
	if r.singles > 0 {
		single := fmt.Sprintf("read %d one by one", r.singles)
		if len(did) == 0 {
			single = fmt.Sprintf("read %d orders one by one", r.singles)
		}
		if !r.out.Listed && r.out.Counted >= 0 {
			single += fmt.Sprintf(", fewer calls than listing %d", r.out.Counted)
		}
		did = append(did, single)
	}
	switch len(did) {
	case 0:
		return ""
	case 1:
		return did[0]
	}
	return strings.Join(did[:len(did)-1], ", ") + ", and " + did[len(did)-1]
}

func listings(n int) string {
	if n == 1 {
		return "a listing"
	}
	return fmt.Sprintf("%d listings", n)
}
