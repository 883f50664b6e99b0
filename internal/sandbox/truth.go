package sandbox

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Truth is what is really the case, whatever answers and reads said.
type Truth struct {
	At      time.Time    `json:"at"`
	Orders  []OrderTruth `json:"orders"` // in the order in which they came into being
	Ledger  []Write      `json:"ledger"` // writes that took effect, in that order
	Pending int          `json:"pending"`
	CallTruth
}

// CallTruth is what was asked of the sandbox since New.
type CallTruth struct {
	Calls     map[Op]int `json:"calls"` // refused ones too
	CallCount int        `json:"call_count"`
	Throttled int        `json:"throttled"` // answered with 429 by the bucket
}

// OrderTruth is one order without its buyer.
type OrderTruth struct {
	ID                   string     `json:"id"`
	Source               string     `json:"source"`
	Number               string     `json:"number"` // the marketplace's
	Status               string     `json:"status"`
	SourceStatus         string     `json:"source_status"`
	OrderNumber          string     `json:"order_number"` // the seller's
	Tracking             string     `json:"tracking"`
	Carrier              string     `json:"carrier"`
	SyncError            string     `json:"sync_error"`
	ShippedAt            time.Time  `json:"shipped_at,omitzero"`
	CreatedInSource      time.Time  `json:"created_in_source"`
	CreatedInDestination time.Time  `json:"created_in_destination"`
	Writes               map[Op]int `json:"writes"` // writes that took effect, by kind
	WriteCount           int        `json:"write_count"`
	Shown                bool       `json:"shown"` // reads show all of this already
}

// Truth looks at the world without being counted as a call. It is a copy, at
// the cost of the whole world; Order, Calls and Ledger cost less.
func (s *Sandbox) Truth() Truth {
	var t Truth
	s.look(func(now time.Time) {
		t = Truth{
			At: now, Ledger: slices.Clone(s.world.Ledger), CallTruth: s.counted(),
			Orders: make([]OrderTruth, len(s.world.Orders)),
		}
		for i, o := range s.world.Orders {
			t.Orders[i] = o.truth()
		}
		for _, e := range s.world.Events {
			if e.Write != nil {
				t.Pending++
			}
		}
	})
	return t
}

// Order is the truth about one order, named by its id, its marketplace's
// number, or both marketplace and number ("Amazon 112-1234567-1234567").
func (s *Sandbox) Order(name string) (t OrderTruth, ok bool) {
	s.look(func(time.Time) {
		if o := s.find(name); o != nil {
			t, ok = o.truth(), true
		}
	})
	return t, ok
}

// counted is what was counted so far; the sandbox is locked.
func (s *Sandbox) counted() CallTruth {
	t := CallTruth{Calls: maps.Clone(s.calls), Throttled: s.throttled}
	for _, n := range s.calls {
		t.CallCount += n
	}
	return t
}

func (s *Sandbox) callTruth() (t CallTruth) {
	s.look(func(time.Time) { t = s.counted() })
	return t
}

// Calls are the requests since New by operation, and how many of them the
// bucket refused.
func (s *Sandbox) Calls() (byOp map[Op]int, throttled int) {
	t := s.callTruth()
	return t.Calls, t.Throttled
}

// Ledger lists the writes that took effect, in that order.
func (s *Sandbox) Ledger() (writes []Write) {
	s.look(func(time.Time) { writes = slices.Clone(s.world.Ledger) })
	return writes
}

// look runs f on the world as of now. An error of the file is not lost: it stays
// due, and the next call and Close report it.
func (s *Sandbox) look(f func(now time.Time)) { _ = s.locked(f) }

// find takes any name of an order. Of several with one number the one made
// last is meant.
func (s *Sandbox) find(name string) *order {
	if o := s.byID[name]; o != nil {
		return o
	}
	if source, number, ok := strings.Cut(name, " "); ok {
		if o := s.byNumber[strings.ToLower(source)+" "+number]; o != nil {
			return o
		}
	}
	for _, o := range slices.Backward(s.world.Orders) {
		if o.Number == name {
			return o
		}
	}
	return nil
}

func (o *order) truth() OrderTruth {
	t := OrderTruth{
		ID: o.ID, Source: o.Source, Number: o.Number,
		Status: o.Actual.Status, SourceStatus: o.Actual.SourceStatus, OrderNumber: o.Actual.OrderNumber,
		Tracking: o.Actual.Tracking, Carrier: o.Actual.Carrier, SyncError: o.Actual.SyncError,
		ShippedAt: o.Actual.ShippedAt, CreatedInSource: o.CreatedInSource, CreatedInDestination: o.CreatedInDestination,
		Writes: maps.Clone(o.Writes), Shown: o.Shown == nil && !o.Hidden,
	}
	for _, n := range o.Writes {
		t.WriteCount += n
	}
	return t
}
