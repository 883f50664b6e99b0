package spec

import (
	"fmt"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/order"
)

// KindStanding is the Kind of the Origin of a standing order's wishes.
const KindStanding = "standing"

// Standing is a wish about live orders, whichever they are: that the new orders
// of a marketplace are acknowledged. Which orders it means is only known once they
// are read.
type Standing struct {
	Origin    *Origin
	Place     Place // of the block
	Source    string
	OlderThan time.Duration // since the order was created at its marketplace
	NewerThan time.Duration // 0: however old
	MaxPerRun int
	LimitAt   Place // where MaxPerRun is written

	Only   *FindSet // the only orders that are selected; nil: all
	Except *FindSet // orders that are not selected; nil: none

	// Number is the seller's number for an order; an error says why there is none.
	// It depends on nothing but the order's own names and age.
	Number       func(ref order.Ref, created time.Time) (string, error)
	NumberAt     Place
	NumberDigest string // of what makes the number
	Digest       string // of what the block says, whatever its name and layout; without the rows of its tables

	// Problem is set where one of its tables can't be used: then it selects nothing,
	// because nobody knows whom it leaves out.
	Problem *Problem
}

// BadOrderNumber is the code of an order that a standing order selects and has no
// usable number for.
const BadOrderNumber = "bad_order_number"

// Fit is how a live order fits what a standing order selects.
type Fit byte

// The fits. Only Selected selects an order.
const (
	NotMeant   Fit = iota // it is of another marketplace, or not new
	LeftOut               // by Only or Except
	AgeUnknown            // its marketplace says no date of creation
	TooYoung
	TooOld
	Selected
)

// Covers reports whether an order is of the kind that a standing order is about,
// now or when it is old enough.
func (s *Standing) Covers(ref order.Ref, orderNumber string, status order.Status) bool {
	return s.about(ref, status) && (s.Only == nil || s.Only.Has(ref, orderNumber))
}

func (s *Standing) about(ref order.Ref, status order.Status) bool {
	return status == order.New && order.SourceKey(ref.Source) == order.SourceKey(s.Source)
}

// Fits judges a live order at a time. An order that its marketplace shows as
// canceled or shipped is not new, whatever GoDataFeed says.
func (s *Standing) Fits(live order.Live, now time.Time) Fit {
	switch {
	case s.Problem != nil, !s.about(live.Ref, live.Status), live.IsCancelled(), live.SourceStatus == order.Shipped:
		return NotMeant
	case s.Only != nil && !s.Only.Has(live.Ref, live.OrderNumber), s.Except.Has(live.Ref, live.OrderNumber):
		return LeftOut
	case live.CreatedInSource.IsZero():
		return AgeUnknown
	}
	switch age := now.Sub(live.CreatedInSource); {
	case age < s.OlderThan:
		return TooYoung
	case s.NewerThan > 0 && age > s.NewerThan:
		return TooOld
	}
	return Selected
}

// Wish is what a standing order wants of an order that it selects.
func (s *Standing) Wish(live order.Live) *Wish {
	w := &Wish{
		Origin: s.Origin, Find: Find{Source: live.Source, Number: strings.TrimSpace(live.SourceNumber)},
		Want: order.Values{Status: order.Acknowledged}, Attempt: 1, Place: s.Place,
	}
	if w.Find.Source == "" || w.Find.Number == "" {
		w.Find = Find{ID: live.ID}
	}
	number, err := s.Number(live.Ref, live.CreatedInSource)
	if err != nil {
		w.Problem = &Problem{Code: BadOrderNumber, Message: err.Error(), Place: s.NumberAt}
		return w
	}
	w.Want.OrderNumber = number
	return w
}

// diagnostics is what a check without a plan says of a standing order.
func (s *Standing) diagnostics() diag.List {
	if p := s.Problem; p != nil {
		return diag.List{p.Place.Error("A standing order that can't be used", fmt.Sprintf("%s: %s. It does nothing until that is corrected.", s.Origin, p.Message))}
	}
	if s.Only != nil {
		return nil
	}
	but := ""
	if s.Except != nil {
		but = ", apart from those that except names"
	}
	return diag.List{s.Place.Info("A standing order for all new orders", fmt.Sprintf(
		"%s acknowledges every new order of %s%s; other programs that read new orders from GoDataFeed will not see them.", s.Origin, s.Source, but))}
}

// addStanding hashes what a standing order does. What it is called, and what its
// tables are, is no part of it.
func (f *fieldHash) addStanding(s *Standing) {
	f.texts("standing", order.SourceKey(s.Source), s.NumberDigest)
	f.account(s.Origin.Account)
	f.durations(s.OlderThan, s.NewerThan)
	f.number(int64(s.MaxPerRun))
	if s.Problem != nil {
		f.texts(s.Problem.Code)
		return
	}
	f.addSet(s.Only)
	f.addSet(s.Except)
}
