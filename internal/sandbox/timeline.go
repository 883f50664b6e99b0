package sandbox

import (
	"slices"
	"strings"
	"time"
)

// Write is one write of a client, its values as they were sent. In a ledger
// all of them took effect, in the order of At.
type Write struct {
	Order      string    `json:"order"` // OrderId
	Op         Op        `json:"op"`    // update_status, acknowledge or insert
	ReceivedAt time.Time `json:"received_at"`
	At         time.Time `json:"at"` // when it took effect

	Status       string `json:"status,omitempty"`
	Tracking     string `json:"tracking,omitempty"`
	Carrier      string `json:"carrier,omitempty"`
	DateShipped  string `json:"date_shipped,omitempty"`
	OrderNumber  string `json:"order_number,omitempty"`
	Source       string `json:"source,omitempty"`
	SourceNumber string `json:"source_number,omitempty"`
}

// event is something that happens to an order by itself at a time: a write
// takes effect, the marketplace follows, reads come to show a change. Events
// are plain data, so that a killed sandbox goes on where it was.
type event struct {
	At     time.Time `json:"at"`
	Order  string    `json:"order"`
	Write  *Write    `json:"write,omitempty"`  // takes effect
	Insert *order    `json:"insert,omitempty"` // the order that Write inserts
	Source string    `json:"source,omitempty"` // SourceOrderStatus becomes this
	Show   *values   `json:"show,omitempty"`   // reads show this
	Refuse string    `json:"refuse,omitempty"` // the marketplace refuses a shipment with this carrier
}

func (s *Sandbox) schedule(e event) {
	s.world.schedule(e)
	s.file.scheduled = append(s.file.scheduled, e)
}

// schedule keeps the events sorted; of two at one time the first to be
// scheduled happens first.
func (w *world) schedule(e event) {
	at, _ := slices.BinarySearchFunc(w.Events, e.At, func(have event, t time.Time) int {
		if have.At.After(t) {
			return 1
		}
		return -1
	})
	w.Events = slices.Insert(w.Events, at, e)
}

// catchUp lets happen what is due. It runs before anything looks at the world,
// so no goroutine and no timer is needed for what happens later.
func (s *Sandbox) catchUp(now time.Time) {
	for len(s.world.Events) > 0 && !s.world.Events[0].At.After(now) {
		e := s.world.Events[0]
		s.world.Events[0] = event{} // release what it points to
		s.world.Events = s.world.Events[1:]
		s.file.happened++
		s.happen(e)
	}
}

func (s *Sandbox) happen(e event) {
	if e.Insert != nil {
		s.executeInsert(e)
		return
	}
	o := s.byID[e.Order]
	switch {
	case o == nil: // a file edited by hand
	case e.Write != nil:
		s.executeWrite(o, *e.Write, e.At)
	case e.Source != "":
		v := o.Actual
		v.SourceStatus = e.Source
		s.change(o, v, e.At)
	case e.Refuse != "":
		if v := o.Actual; v.Carrier == e.Refuse { // nobody mended it
			v.SyncError = refusedCarrier
			s.change(o, v, e.At)
		}
	case e.Show != nil:
		s.index.change(o, func() {
			o.Hidden = false
			if o.Shown = e.Show; *o.Shown == o.Actual {
				o.Shown = nil
			}
		})
		s.file.touch(o)
	}
}

// receive takes a valid write in. It takes effect at once or as late as
// Options.ExecuteLate says, no matter what becomes of the answer.
func (s *Sandbox) receive(w Write, inserted *order) {
	e := event{At: w.ReceivedAt, Order: w.Order, Write: &w, Insert: inserted}
	if s.opts.ExecuteLate != nil {
		if late := s.opts.ExecuteLate(); late > 0 {
			e.At = e.At.Add(late)
			s.schedule(e)
			return
		}
	}
	s.happen(e)
}

// executeWrite lets a write on an existing order take effect.
func (s *Sandbox) executeWrite(o *order, w Write, at time.Time) {
	v := o.Actual
	switch {
	case w.Op == OpAcknowledge:
		v.Status, v.OrderNumber = StatusProcessing, w.OrderNumber
	case canonicalStatus(w.Status) == StatusShipped:
		v.Status, v.ShippedAt = StatusShipped, at.Truncate(time.Second)
		if sent, err := parseTime(w.DateShipped); err == nil {
			v.ShippedAt = sent
		}
		v.Tracking, v.Carrier = orElse(w.Tracking, v.Tracking), orElse(w.Carrier, v.Carrier)
	default:
		v.Status = StatusCanceled
	}
	if v.SyncError == refusedCarrier {
		v.SyncError = "" // the marketplace is asked once more
	}
	switch {
	case s.refuses(v):
		s.schedule(event{At: at.Add(s.opts.RefuseAfter), Order: o.ID, Refuse: v.Carrier})
	case slices.ContainsFunc(s.opts.Silent, func(source string) bool { return strings.EqualFold(source, o.Source) }):
	case s.opts.SourceLag == 0:
		v.SourceStatus = v.Status
	default:
		s.schedule(event{At: at.Add(s.opts.SourceLag), Order: o.ID, Source: v.Status})
	}
	s.record(o, w, at)
	s.change(o, v, at)
}

// refusedCarrier is what a marketplace says of a carrier that it does not take.
const refusedCarrier = "The carrier is not valid"

// refuses reports whether the marketplace will not take a shipment. It says so later.
func (s *Sandbox) refuses(v values) bool {
	return v.Status == StatusShipped && slices.ContainsFunc(s.opts.Refuses, func(carrier string) bool { return strings.EqualFold(carrier, v.Carrier) })
}

// executeInsert lets an inserted order come into being.
func (s *Sandbox) executeInsert(e event) {
	o := e.Insert
	o.CreatedInDestination = e.At
	if s.opts.ReadLag > 0 {
		o.Hidden = true
		v := o.Actual
		s.schedule(event{At: e.At.Add(s.opts.ReadLag), Order: o.ID, Show: &v})
	}
	s.addOrder(o)
	s.record(o, *e.Write, e.At)
}

func (s *Sandbox) record(o *order, w Write, at time.Time) {
	w.At = at
	s.world.Ledger = append(s.world.Ledger, w)
	if o.Writes == nil {
		o.Writes = map[Op]int{}
	}
	o.Writes[w.Op]++
	s.file.touch(o)
}

// change gives an order new values. Reads show them ReadLag later.
func (s *Sandbox) change(o *order, v values, at time.Time) {
	s.file.touch(o)
	if s.opts.ReadLag == 0 {
		s.index.change(o, func() { o.Actual, o.Shown = v, nil })
		return
	}
	if o.Shown == nil {
		before := o.Actual
		o.Shown = &before
	}
	o.Actual = v
	s.schedule(event{At: at.Add(s.opts.ReadLag), Order: o.ID, Show: &v})
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
