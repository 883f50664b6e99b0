package explain

import (
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/carrier"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// Subject is one order, as far as anything names it.
type Subject struct {
	Account  string
	Endpoint string
	Ref      order.Ref // what is known of it
	Numbers  []string  // the seller's, each once
	Tracking []string  // past ones too, each once

	Rows   []Row
	Entry  *state.Entry       // nil: the state has none that is open
	Closed *state.ClosedEntry // nil: it has none that is closed
	Uptake *uptake.Result     // nil: nothing was changed, or it is closed
	// Silenced reports whether a release says that people know of the refusal.
	Silenced bool
	Audit    []audit.Entry // oldest first
	Live     *Sight        // nil: it was not read, or it was not found
	Absent   bool          // it was asked for, and the API has no such order
	Next     Next
}

// Sight is an order as it was read.
type Sight struct {
	order.Live
	At    time.Time
	State bool // it is the last that the state remembers, and not read now
}

// Fate is what happens to a row.
type Fate string

// The fates, in the words of JSON.
const (
	Stands   Fate = "stands"    // it says what is wanted of the order
	LeftOut  Fate = "left_out"  // by where
	Only     Fate = "only"      // it is in only of a standing order, which may select it
	Except   Fate = "except"    // it is in except of a standing order, which does not select it
	Voided   Fate = "voided"    // its label is void
	Replaced Fate = "replaced"  // by a step of combining, which By names
	HeldBack Fate = "held_back" // it can't be acted on
)

// Row is a row of a table, or an order block, that names an order.
type Row struct {
	Address   string
	DefinedAt spec.Place
	More      int // rows behind it that were put together with it
	Fate      Fate
	Find      spec.Find
	Want      order.Values
	By        spec.Replacement // what replaced it
	Code      string           // why it is held back
	Message   string
}

// Of reports whether the order is one of an account.
func (s *Subject) Of(a *spec.Account) bool { return s.Account == a.Name && s.Endpoint == a.Endpoint }

// is reports whether an ID or a number is that of the subject.
func (s *Subject) is(account, endpoint string, ref order.Ref, numbers ...string) bool {
	switch {
	case s.Account != account || s.Endpoint != endpoint:
		return false
	case s.Ref.ID != "" && ref.ID != "":
		return s.Ref.ID == ref.ID
	case s.Ref.SourceNumber != "" && ref.SourceNumber != "":
		return spec.Find{Source: s.Ref.Source, Number: s.Ref.SourceNumber}.Matches(ref, "") ||
			spec.Find{Source: ref.Source, Number: ref.SourceNumber}.Matches(s.Ref, "")
	}
	return slices.ContainsFunc(s.Numbers, func(n string) bool { return slices.Contains(numbers, n) })
}

// found reports whether a find means the subject.
func (s *Subject) found(account, endpoint string, f spec.Find) bool {
	if f.Empty() || s.Account != account || s.Endpoint != endpoint {
		return false
	}
	if f.Matches(s.Ref, "") {
		return true
	}
	return slices.ContainsFunc(s.Numbers, func(n string) bool { return f.Matches(s.Ref, n) })
}

// loose reports whether nothing says which order it is: a row that can't be read has
// the number that was asked for in one of its cells.
func (s *Subject) loose() bool { return s.Ref == order.Ref{} && len(s.Numbers) == 0 }

// learn completes what names the subject.
func (s *Subject) learn(ref order.Ref, values ...order.Values) {
	if s.Ref.ID == "" {
		s.Ref.ID = ref.ID
	}
	if s.Ref.SourceNumber == "" {
		s.Ref.Source, s.Ref.SourceNumber = ref.Source, ref.SourceNumber
	} else if s.Ref.Source == "" {
		s.Ref.Source = ref.Source
	}
	for _, v := range values {
		if v.OrderNumber != "" && !slices.Contains(s.Numbers, v.OrderNumber) {
			s.Numbers = append(s.Numbers, v.OrderNumber)
		}
		s.ships(v.Tracking)
	}
}

func (s *Subject) ships(tracking string) {
	same := func(t string) bool { return carrier.SameNumber(t, tracking) }
	if tracking != "" && !slices.ContainsFunc(s.Tracking, same) {
		s.Tracking = append(s.Tracking, tracking)
	}
}

// words are the names by which more can be found of the subject.
func (s *Subject) words() []string {
	var all []string
	if s.Ref.ID != "" {
		return []string{s.Ref.ID} // it alone leads to no other order
	}
	if s.Ref.SourceNumber != "" {
		all = append(all, s.Ref.String())
	}
	return append(all, s.Numbers...)
}
