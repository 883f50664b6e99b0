package spec

import (
	"github.com/gdfctl/gdfctl/internal/calendar"
	"github.com/gdfctl/gdfctl/internal/order"
)

// Wish is what the configuration wants of one order. There can be a million: a
// word more takes 8 MB.
type Wish struct {
	Origin  *Origin
	Find    Find
	Want    order.Values // one of the three that can be wanted; empty fields are not wanted
	Reason  string       // of a cancel
	Attempt int          // 1 unless the configuration asks to send again
	Place   Place
	// DateOnly: ShippedAt was written without a time and means midnight.
	DateOnly bool
	// ShippedOn is the day that it was shipped on, written instead of ShippedAt:
	// the time is chosen at sending. The account has a Timezone then.
	ShippedOn calendar.Day
	// NoTracking: it ships without a number on purpose.
	NoTracking bool

	Voided bool  // its label is void: only Find and Want.Tracking are set
	fate   fate  // what became of the row
	no     int32 // in the order of reading
	// NumberColumn is that of the cell of the tracking number, if it is in
	// the row's line.
	NumberColumn int32

	// Problem is set where this wish can't be acted on: its order is held back.
	Problem *Problem

	// Number is what else is known of the tracking number; mostly nil.
	Number *Number

	extra *extra // what few wishes have
}

// extra is what few wishes have: a value of latest_by, and what was combined.
type extra struct {
	by       LatestValue
	parts    []*Wish // all that the wish was made of, also what was taken out
	replaced []Replacement
	notes    []Remark
	released *Release
	numbered *Origin // the standing order that gives the order number
}

// Problem is why one row's order is held back.
type Problem struct {
	Code       string // as in a plan's held list
	Message    string
	Place      Place
	Conflict   *Conflict // of wishes that contradict each other
	Suggestion string    // what would decide it

	Missing string // the text that was looked up in a list and is not in it
}

// The codes of problems with rows. Those of combining wishes are next to their
// step.
const (
	BadRow       = "bad_row"       // it can't be read
	GroupDiffers = "group_differs" // rows that were put together differ in a column that the batch reads
)

// Conflict says in which attributes wishes for one order contradict each other,
// and where they stand.
type Conflict struct {
	Fields []string `json:"fields"`
	Places []Place  `json:"places"`
}
