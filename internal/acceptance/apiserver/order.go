package apiserver

import (
	"maps"
	"slices"
	"time"
)

// The states of an order, spelled as this server keeps them.
const (
	New        = "New"
	Processing = "Processing"
	Shipped    = "Shipped"
	Canceled   = "Canceled"
)

// Order is one order as the server knows it.
type Order struct {
	ID           string
	Source       string
	SourceNumber string
	Created      time.Time // at the marketplace
	Buyer        Buyer
	Values
}

// Values are what writes change.
type Values struct {
	Status       string
	SourceStatus string // the marketplace's own word; empty: null
	Number       string // the seller's
	Tracking     string
	Carrier      string
	ShippedAt    time.Time
	SyncError    string // of the marketplace; empty: it has none to report
}

// Buyer is what must never leave the API's answers.
type Buyer struct {
	FirstName, LastName, Company, Street, City, PostalCode, Email, Phone, UserID, Payment string
}

// Write is a change that took effect.
type Write struct {
	Op       string
	At       time.Time
	Number   string
	Tracking string
	Carrier  string
	Shipped  time.Time // zero if none was sent
}

// record is an order with its history.
type record struct {
	Order
	versions []version // the first is as old as the server
	writes   []Write
}

type version struct {
	from time.Time
	Values
}

func newRecord(o Order) *record {
	return &record{Order: o, versions: []version{{Values: o.Values}}}
}

// change gives the order new values, from now on.
func (r *record) change(v Values) {
	r.Values = v
	r.versions = append(r.versions, version{time.Now(), v})
}

// shown is the order as a read shows it, under the ways in which reads lag.
func (r *record) shown(ways *Options) Order {
	newest := len(r.versions) - 1
	if ways.Behind != nil {
		newest = max(newest-ways.Behind(r.ID), 0)
	}
	limit := time.Now().Add(-ways.ReadLag)
	for newest > 0 && r.versions[newest].from.After(limit) {
		newest--
	}
	o := r.Order
	o.Values = r.versions[newest].Values
	return o
}

// Order is the truth about an order, lag aside.
func (s *Server) Order(id string) Order {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, ok := s.orders[id]; ok {
		return r.Order
	}
	return Order{}
}

// Orders is the truth about all orders, by id.
func (s *Server) Orders() map[string]Order {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[string]Order, len(s.orders))
	for id, r := range s.orders {
		all[id] = r.Order
	}
	return all
}

// Arrive lets a new order come in.
func (s *Server) Arrive(o Order) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.orders[o.ID] = newRecord(o)
}

// Forget lets an order be gone.
func (s *Server) Forget(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.orders, id)
}

// Executed lists the writes that took effect, by order id.
func (s *Server) Executed() map[string][]Write {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string][]Write{}
	for id, r := range s.orders {
		if len(r.writes) > 0 {
			all[id] = slices.Clone(r.writes)
		}
	}
	return all
}

// Sequence lists all writes that took effect, with their orders' ids, in the
// order in which they did.
func (s *Server) Sequence() (ids []string, writes []Write) {
	type executed struct {
		id string
		Write
	}
	var all []executed
	executedBy := s.Executed()
	for _, id := range slices.Sorted(maps.Keys(executedBy)) {
		for _, w := range executedBy[id] {
			all = append(all, executed{id, w})
		}
	}
	slices.SortStableFunc(all, func(a, b executed) int { return a.At.Compare(b.At) })
	for _, e := range all {
		ids, writes = append(ids, e.id), append(writes, e.Write)
	}
	return ids, writes
}

// Meanwhile changes an order as the marketplace, the buyer or another client
// would.
func (s *Server) Meanwhile(id string, change func(*Values)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.orders[id]
	v := r.Values
	change(&v)
	r.change(v)
}
