package sandbox

import (
	"fmt"
	"slices"
	"time"
)

// Drift changes an order behind the client's back. A nil field stays as it is;
// the empty text and the zero time take a value away.
type Drift struct {
	Order string `json:"order"` // any name that Sandbox.Order takes

	Status       *string    `json:"status"`        // any word; SourceStatus follows unless it is given
	SourceStatus *string    `json:"source_status"` // any word
	OrderNumber  *string    `json:"order_number"`
	Tracking     *string    `json:"tracking"`
	Carrier      *string    `json:"carrier"`
	SyncError    *string    `json:"sync_error"`
	ShippedAt    *time.Time `json:"shipped_at"`
}

// Drift changes an order, at once and for reads too. It is not a write: it counts
// nowhere and is not in the ledger.
func (s *Sandbox) Drift(d Drift) (err error) {
	locked := s.locked(func(time.Time) {
		o := s.find(d.Order)
		if o == nil {
			err = fmt.Errorf("sandbox: no order %q", d.Order)
			return
		}
		v := o.Actual
		if d.Status != nil {
			v.Status = canonicalStatus(*d.Status)
			v.SourceStatus = v.Status
		}
		if d.SourceStatus != nil {
			v.SourceStatus = canonicalStatus(*d.SourceStatus)
		}
		set(&v.OrderNumber, d.OrderNumber)
		set(&v.Tracking, d.Tracking)
		set(&v.Carrier, d.Carrier)
		set(&v.SyncError, d.SyncError)
		if d.ShippedAt != nil {
			v.ShippedAt = d.ShippedAt.UTC().Round(0)
		}
		// What was still to be shown of earlier changes is overtaken.
		before := len(s.world.Events)
		s.world.Events = slices.DeleteFunc(s.world.Events, func(e event) bool {
			return e.Order == o.ID && (e.Show != nil || e.Source != "")
		})
		s.file.all = s.file.all || len(s.world.Events) < before
		s.index.change(o, func() { o.Actual, o.Shown, o.Hidden = v, nil, false })
		s.file.touch(o)
	})
	if err != nil {
		return err
	}
	return locked
}

func set[T any](field, to *T) {
	if to != nil {
		*field = *to
	}
}

// NewOrder is an order that the control side puts into the world. Its items
// and its buyer are made up.
type NewOrder struct {
	Source          string    `json:"source"`        // default Amazon
	Number          string    `json:"number"`        // the marketplace's; made up if empty
	Status          string    `json:"status"`        // default New
	SourceStatus    string    `json:"source_status"` // default Status
	OrderNumber     string    `json:"order_number"`
	Tracking        string    `json:"tracking"`
	Carrier         string    `json:"carrier"`
	ShippedAt       time.Time `json:"shipped_at"`
	CreatedInSource time.Time `json:"created_in_source"` // default an hour ago
}

// AddOrder puts an order into the world and returns its id.
func (s *Sandbox) AddOrder(n NewOrder) (id string, err error) {
	err = s.locked(func(now time.Time) {
		created := n.CreatedInSource.UTC().Round(0)
		if created.IsZero() {
			created = now.Add(-hour).Truncate(time.Second)
		}
		g, serial := generator{s.world.Seed}, s.nextSerial()
		o := g.order(g.rng(streamOrder, serial), serial, StatusNew, created, now)
		if n.Source != "" || n.Number != "" {
			o.Source, o.Number = orElse(n.Source, "Amazon"), orElse(n.Number, fmt.Sprintf("112-0000000-%07d", serial))
		}
		if o.CreatedInDestination.After(now) {
			o.CreatedInDestination = now
		}
		status := canonicalStatus(orElse(n.Status, StatusNew))
		o.Actual = values{
			Status: status, SourceStatus: canonicalStatus(orElse(n.SourceStatus, status)), OrderNumber: n.OrderNumber,
			Tracking: n.Tracking, Carrier: n.Carrier, ShippedAt: n.ShippedAt.UTC().Round(0),
		}
		s.addOrder(o)
		id = o.ID
	})
	return id, err
}

// Arrive lets a new order arrive, as Options.Arrivals does, and returns its id.
func (s *Sandbox) Arrive() (id string, err error) {
	err = s.locked(func(now time.Time) { id = s.arrive(now) })
	return id, err
}

func (s *Sandbox) arrive(now time.Time) (id string) {
	o := generator{s.world.Seed}.arrival(s.nextSerial(), now)
	s.addOrder(o)
	return o.ID
}

// FeedDrift changes a feed. A nil field stays as it is; a feed whose Compiled
// is set is no longer compiled every day.
type FeedDrift struct {
	Feed     string     `json:"feed"` // id or name
	Name     *string    `json:"name"`
	Gone     bool       `json:"gone"` // deleted
	Status   *string    `json:"status"`
	Compiled *time.Time `json:"compiled"`
	Undated  *bool      `json:"undated"` // answers give no dates of it
	Total    *int       `json:"total"`
	Valid    *int       `json:"valid"`
	Warning  *int       `json:"warning"`
	Error    *int       `json:"error"`
	Score    *int       `json:"score"`
	Content  *string    `json:"content"` // exactly the file; empty is the generated one again
	Oddity   *Oddity    `json:"oddity"`  // of the generated file; empty is none
}

// DriftFeed changes a feed at once.
func (s *Sandbox) DriftFeed(d FeedDrift) (err error) {
	if d.Oddity != nil && *d.Oddity != "" && !slices.Contains(allOddities, *d.Oddity) {
		return fmt.Errorf("sandbox: unknown oddity %q: want one of %s", *d.Oddity, join(allOddities))
	}
	locked := s.locked(func(time.Time) {
		at := slices.IndexFunc(s.world.Feeds, func(f *feed) bool { return f.ID == d.Feed || f.Name == d.Feed })
		if at < 0 {
			err = fmt.Errorf("sandbox: no feed %q", d.Feed)
			return
		}
		s.file.all = true
		if d.Gone {
			s.world.Feeds = slices.Delete(s.world.Feeds, at, at+1)
			return
		}
		f := s.world.Feeds[at]
		set(&f.Name, d.Name)
		set(&f.Status, d.Status)
		set(&f.Undated, d.Undated)
		set(&f.Total, d.Total)
		set(&f.Valid, d.Valid)
		set(&f.Warning, d.Warning)
		set(&f.Error, d.Error)
		set(&f.Score, d.Score)
		if d.Content != nil {
			f.Content = []byte(*d.Content)
		}
		set(&f.Oddity, d.Oddity)
		if d.Compiled != nil {
			f.Compiled, f.Stalled = d.Compiled.UTC().Round(0), true
		}
	})
	if err != nil {
		return err
	}
	return locked
}

// AddFault adds a fault behind those that are there.
func (s *Sandbox) AddFault(f Fault) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults.add(f)
}

// ClearFaults takes all faults away.
func (s *Sandbox) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.live = nil
}

// Faults lists the faults that can still strike.
func (s *Sandbox) Faults() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	live := []Fault{}
	for _, f := range s.faults.live {
		if !f.spent() {
			live = append(live, f.Fault)
		}
	}
	return live
}

// ExpireTokens makes every token that was handed out invalid.
func (s *Sandbox) ExpireTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tokens)
}
