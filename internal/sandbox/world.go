package sandbox

import (
	"strings"
	"time"
)

// The statuses of an order, in the spelling of the reference's answers. A
// drift may set any other word.
const (
	StatusNew        = "New"
	StatusProcessing = "Processing"
	StatusShipped    = "Shipped"
	StatusCanceled   = "Canceled"
)

// worldVersion is the format of the file. A file of another version is
// refused, never guessed at.
const worldVersion = 2

// worldVersionOnce is that of files which hold a whole world in one object, and
// no changes. They are read, and made anew at the first change.
const worldVersionOnce = 1

// world is everything that outlives a process. It holds no buyer.
type world struct {
	Version int       `json:"version"`
	Seed    uint64    `json:"seed"`
	Created time.Time `json:"created"`
	Serial  uint64    `json:"serial"` // of the order made last
	Orders  []*order  `json:"orders,omitempty"`
	Feeds   []*feed   `json:"feeds"`
	Ledger  []Write   `json:"ledger,omitempty"`
	Events  []event   `json:"events,omitempty"` // what is still to come, by time
}

// order is one order without its buyer.
type order struct {
	ID     string `json:"id"`
	Serial uint64 `json:"serial"` // rises with each order made; breaks ties of dates
	Source string `json:"source"`
	Number string `json:"number"`

	CreatedInSource      time.Time `json:"created_in_source"`
	CreatedInDestination time.Time `json:"created_in_destination"`

	Items        []item `json:"items"`
	SubTotal     amount `json:"sub_total"`
	Shipping     amount `json:"shipping"`
	ShippingTax  amount `json:"shipping_tax"`
	GiftWrap     amount `json:"gift_wrap"`
	GiftWrapTax  amount `json:"gift_wrap_tax"`
	GrandTotal   amount `json:"grand_total"`
	Service      string `json:"service"`
	ServiceValue string `json:"service_value"`
	Method       string `json:"method"`
	Prime        bool   `json:"prime,omitempty"`

	Actual values     `json:"actual"`          // the truth
	Shown  *values    `json:"shown,omitempty"` // what reads show, while that differs from the truth
	Hidden bool       `json:"hidden,omitempty"`
	Writes map[Op]int `json:"writes,omitempty"` // writes that took effect
}

type item struct {
	ID       string `json:"id"`
	SKU      string `json:"sku"`
	Name     string `json:"name"`
	Quantity int    `json:"quantity"`
	Price    amount `json:"price"`
}

// values are the fields of an order that change.
type values struct {
	Status       string    `json:"status"`
	SourceStatus string    `json:"source_status"`
	OrderNumber  string    `json:"order_number,omitempty"`
	Tracking     string    `json:"tracking,omitempty"`
	Carrier      string    `json:"carrier,omitempty"`
	SyncError    string    `json:"sync_error,omitempty"`
	ShippedAt    time.Time `json:"shipped_at,omitzero"`
}

// shown is what reads see.
func (o *order) shown() values {
	if o.Shown != nil {
		return *o.Shown
	}
	return o.Actual
}

// amount is money as decimal text: generated amounts add up to the cent, and
// inserted ones come back with the digits that were sent.
type amount string

// canonicalStatus gives the known statuses one spelling and keeps any other
// word.
func canonicalStatus(s string) string {
	switch strings.ToUpper(strings.TrimSpace(s)) {
	case "NEW":
		return StatusNew
	case "PROCESSING":
		return StatusProcessing
	case "SHIPPED":
		return StatusShipped
	case "CANCELED", "CANCELLED":
		return StatusCanceled
	}
	return s
}

// buildIndex makes the ways to find the orders of a world that was generated
// or loaded.
func (s *Sandbox) buildIndex() {
	s.byID = make(map[string]*order, len(s.world.Orders))
	s.byNumber = make(map[string]*order, len(s.world.Orders))
	s.index = newIndex(s.opts.DateField)
	visible := make([]*order, 0, len(s.world.Orders))
	for _, o := range s.world.Orders {
		s.byID[o.ID], s.byNumber[numberKey(o)] = o, o
		if !o.Hidden {
			visible = append(visible, o)
		}
	}
	s.index.fill(visible)
}

// addOrder puts an order into the world; a hidden one is shown by a later
// event.
func (s *Sandbox) addOrder(o *order) {
	s.world.Orders = append(s.world.Orders, o)
	s.byID[o.ID], s.byNumber[numberKey(o)] = o, o
	if !o.Hidden {
		s.index.insert(o)
	}
	s.file.touch(o)
}

// numberKey is what the marketplace calls an order. Several orders may share
// one: then the youngest is found by it.
func numberKey(o *order) string { return strings.ToLower(o.Source) + " " + o.Number }

// nextSerial numbers a new order.
func (s *Sandbox) nextSerial() uint64 {
	s.world.Serial++
	return s.world.Serial
}
