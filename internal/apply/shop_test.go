package apply_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// shop is an API as bad as one can be that is still told the truth: its reads
// show any earlier moment, one order's fields of two moments, and its answers
// get lost. It remembers everything that was ever true.
type shop struct {
	mu     sync.Mutex
	chance map[string]*rand.Rand // an order's own, since several are read at once
	orders map[string][]moment   // what was true of an order from when on, oldest first
	sent   []sending             // what was executed, in that order

	lag     time.Duration // reads show a moment that is at most so long ago
	blurred bool          // a read that lags may show fields of two moments
	faults  bool          // answers of writes get lost
}

// moment is what is true from a time on.
type moment struct {
	at     time.Time
	values order.Values
}

// sending is one write that was executed.
type sending struct {
	order  string
	action order.Action // correct counts as ship
	value  string       // the number that was written
	at     time.Time
}

func newShop(seed uint64, ids ...string) *shop {
	s := &shop{chance: map[string]*rand.Rand{}, orders: map[string][]moment{}}
	for i, id := range ids {
		s.chance[id] = rand.New(rand.NewPCG(seed, uint64(i)))
		s.orders[id] = []moment{{time.Now().Add(-24 * time.Hour), order.Values{Status: order.New}}}
	}
	return s
}

// now is the truth.
func (s *shop) now(id string) order.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.nowLocked(id)
}

func (s *shop) nowLocked(id string) order.Values {
	now, v := time.Now(), order.Values{}
	for _, m := range s.orders[id] {
		if !m.at.After(now) {
			v = m.values
		}
	}
	return v
}

// change is an effect on an order, by a write or by other hands.
func (s *shop) change(id string, edit func(*order.Values)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.nowLocked(id)
	edit(&v)
	s.orders[id] = append(s.orders[id], moment{time.Now(), v})
}

func (s *shop) CountOrders(context.Context, godatafeed.OrderQuery) (int, error) {
	return len(s.orders), nil
}

func (s *shop) ListOrders(context.Context, godatafeed.OrderQuery, int, int) ([]order.Live, error) {
	return nil, errors.New("the orders are known by their ids")
}

func (s *shop) GetOrder(_ context.Context, id string) (order.Live, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	past := s.orders[id]
	if past == nil {
		return order.Live{}, missing()
	}
	shown, i := time.Now(), 0
	if s.lag > 0 {
		shown = shown.Add(-time.Duration(s.chance[id].Int64N(int64(s.lag))))
	}
	for i+1 < len(past) && !past[i+1].at.After(shown) {
		i++
	}
	v := past[i].values
	if s.blurred && i+1 < len(past) && !past[i+1].at.After(time.Now()) {
		next := past[i+1].values
		for _, pick := range []func(){
			func() { v.Status = next.Status },
			func() { v.OrderNumber = next.OrderNumber },
			func() { v.Tracking = next.Tracking },
		} {
			if s.chance[id].IntN(2) == 0 {
				pick()
			}
		}
	}
	return order.Live{
		Ref: order.Ref{ID: id, Source: "Amazon", SourceNumber: "N-" + id}, Values: v, SourceStatus: v.Status,
		CreatedInSource: past[0].at,
	}, nil
}

// missing is the answer about an order that is another seller's.
func missing() error {
	_, err := stranger().GetOrder(context.Background(), "none")
	return err
}

// stranger is a client of an API that knows no orders.
func stranger() *godatafeed.Client {
	c, err := godatafeed.New(godatafeed.Options{
		Endpoint: "http://localhost", Token: "t", Transport: nobody{},
		Limiter: godatafeed.NewLimiter(godatafeed.LimiterOptions{Burst: 1e6, PerSecond: 1e6}),
	})
	if err != nil {
		panic(err)
	}
	return c
}

type nobody struct{}

func (nobody) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusNotFound, Header: http.Header{}, Body: http.NoBody}, nil
}

func (s *shop) Ship(_ context.Context, id string, sh godatafeed.Shipment, before godatafeed.BeforeSend) error {
	return s.write(sending{order: id, action: order.Ship, value: sh.Tracking}, before, func(v *order.Values) {
		v.Status, v.Tracking, v.Carrier, v.ShippedAt = order.Shipped, sh.Tracking, sh.Carrier, sh.ShippedAt
	})
}

func (s *shop) Cancel(_ context.Context, id string, before godatafeed.BeforeSend) error {
	return s.write(sending{order: id, action: order.Cancel}, before, func(v *order.Values) { v.Status = order.Cancelled })
}

func (s *shop) Acknowledge(_ context.Context, id, number string, before godatafeed.BeforeSend) error {
	return s.write(sending{order: id, action: order.Acknowledge, value: number}, before, func(v *order.Values) {
		v.Status, v.OrderNumber = order.Processing, number
	})
}

func (s *shop) Insert(context.Context, []byte, godatafeed.BeforeSend) error {
	return errors.New("the shop's orders are there")
}

// latest is how long after it was sent a call may be executed. Together with
// the lag of reads it stays below the time that calls wait to be reread.
const latest = 20 * time.Second

var errLost = errors.New("the answer got lost")

func (s *shop) write(w sending, before godatafeed.BeforeSend, effect func(*order.Values)) error {
	if err := before(); err != nil {
		return err
	}
	execute := func() {
		w.at = time.Now()
		s.change(w.order, effect)
		s.mu.Lock()
		s.sent = append(s.sent, w)
		s.mu.Unlock()
	}
	s.mu.Lock()
	fate := s.chance[w.order].IntN(8)
	late := time.Duration(s.chance[w.order].Int64N(int64(latest)))
	s.mu.Unlock()
	switch {
	case !s.faults || fate > 3:
		execute()
		return nil
	case fate == 0:
		return &godatafeed.Error{Op: "write", Status: http.StatusBadRequest, Outcome: godatafeed.Refused}
	case fate == 1:
		execute()
	case fate == 2:
		time.AfterFunc(late, execute)
	}
	return errLost
}

// stateAccounts are the accounts of a configuration, as a state adopts them.
func stateAccounts(cfg spec.Config) []state.Account {
	var accounts []state.Account
	for _, a := range cfg.Accounts {
		accounts = append(accounts, state.Account{Endpoint: a.Endpoint, Name: a.Name, Formerly: a.Formerly})
	}
	return accounts
}
