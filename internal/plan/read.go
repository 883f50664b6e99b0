package plan

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/memory"
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
type Learned map[string]memory.LearnedAccount

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

	Alone bool // only the orders of these wishes, and none whose changes are followed

	// KeepGoing leaves out accounts that can't be read, instead of reading none.
	KeepGoing bool
	// Unreadable says why accounts can't be read at all: they have no credentials.
	Unreadable map[string]error // by account name

	seen *outlook // made once
}

// Needed lists the accounts that have something to be read.
func (req *ReadRequest) Needed() []*spec.Account {
	req.seen = req.look()
	var needed []*spec.Account
	for _, a := range req.Accounts {
		if !req.seen.accounts[a].empty() {
			needed = append(needed, a)
		}
	}
	return needed
}

// Read reads the live orders that the wishes are about, in as few calls as
// possible, all accounts side by side. A listing that is incomplete is an error: nothing
// may be decided on it. With KeepGoing it only keeps back its account, unless no
// account can be read.
func Read(ctx context.Context, req ReadRequest) (*Snapshot, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	seen := req.seen
	if seen == nil {
		seen = req.look()
	}
	snap := &Snapshot{Accounts: map[string]*AccountSnapshot{}, Unread: map[string]error{}, wishes: seen.wishes, created: seen.created, followed: seen.followed}
	var mu sync.Mutex // guards snap while accounts are read side by side
	needed := 0
	var wg sync.WaitGroup
	for _, account := range req.Accounts {
		want := seen.accounts[account]
		if want.empty() {
			mu.Lock()
			snap.Accounts[account.Name] = newAccountSnapshot(req.Now())
			mu.Unlock()
			continue
		}
		needed++
		if err := req.Unreadable[account.Name]; err != nil {
			mu.Lock()
			snap.unread(account, err, req.Now())
			mu.Unlock()
			continue
		}
		wg.Go(func() {
			r := newReading(account, req.APIs[account.Name], want, req.Learned[account.Name], req.Now)
			if err := r.read(ctx); err != nil && !req.KeepGoing {
				cancel(fmt.Errorf("account %s: %w", account.Name, err))
				return
			} else if err != nil {
				mu.Lock()
				snap.unread(account, err, req.Now())
				mu.Unlock()
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
	if needed > 0 && len(snap.Unread) == needed {
		return nil, snap.noneRead()
	}
	return snap, nil
}

// accountReading reads one account.
type accountReading struct {
	account *spec.Account
	api     Reader
	want    *wanted
	learned memory.LearnedAccount
	now     func() time.Time
	out     *AccountSnapshot

	mu sync.Mutex // guards out, where calls are made side by side
}

func newReading(account *spec.Account, api Reader, want *wanted, learned memory.LearnedAccount, now func() time.Time) *accountReading {
	return &accountReading{account: account, api: api, want: want, learned: learned, now: now, out: newAccountSnapshot(now())}
}

// lookback is the time whose orders are looked through. It reckons with a
// difference of the clocks that was found out earlier only where that makes it
// longer: it may be wrong by now, and orders at either end would be left out.
func (r *accountReading) lookback() godatafeed.OrderQuery {
	from := r.now().Add(min(r.learned.ClockOffset, 0)).Add(-r.account.Lookback)
	return godatafeed.OrderQuery{From: from, To: r.end()}
}

// end is the latest time that the API's clock may show now.
func (r *accountReading) end() time.Time { return r.now().Add(max(r.learned.ClockOffset, 0)) }

// read takes the cheapest mix of ways. An order that is wanted by a number
// needs the whole lookback listed: another one could have the same number.
// Those whose ids are known are in that listing too, or are looked for where
// they are expected; what is left is read one by one.
//
// Of N orders that are wanted, among M of the lookback, this costs at most
// ⌈M/page⌉ + 4 calls, or N + 2 where all ids are known and that is fewer,
// unless a listing turns out to be incomplete and is made again. For a standing
// order, the new ones alone are listed where nothing else needs all.
func (r *accountReading) read(ctx context.Context) error {
	lookback := r.lookback()
	if fresh := r.want.fresh; fresh != nil {
		r.out.imported = fresh.sources
		if since := fresh.since.Add(min(r.learned.ClockOffset, 0)); since.Before(lookback.From) {
			lookback.From = since
		}
		if fresh.until.After(lookback.To) {
			lookback.To = fresh.until
		}
	}
	r.out.From = lookback.From
	if r.want.listing() || r.want.cancels >= spec.RatioTestedFrom {
		if err := r.count(ctx, lookback, &r.out.How.Counted); err != nil {
			return err
		}
	}
	if r.want.listing() {
		if err := r.list(ctx, lookback, true); err != nil {
			return err
		}
	} else if len(r.want.standing) > 0 {
		if err := r.listForStanding(ctx, lookback); err != nil {
			return err
		}
	}
	if err := r.readKnown(ctx, &lookback); err != nil {
		return err
	}
	if r.out.Listed {
		r.out.How.Since = r.out.From.UTC().Truncate(time.Second)
	}
	return nil
}

func (r *accountReading) count(ctx context.Context, q godatafeed.OrderQuery, into *int) (err error) {
	*into, err = r.api.CountOrders(ctx, q)
	r.called()
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
func (r *accountReading) pages(n int) int { return n/r.pageSize() + min(n%r.pageSize(), 1) }
