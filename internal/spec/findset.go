package spec

import (
	"maps"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
)

// FindSet is orders that were named, in whatever way. Nil names none. Only what
// names an order is held: a table of them can be long.
type FindSet struct {
	ids     map[string]struct{}
	numbers map[sourceNumber]struct{}
	sellers map[string]struct{}
}

// NewFindSet is a set that names no order.
func NewFindSet() *FindSet {
	return &FindSet{ids: map[string]struct{}{}, numbers: map[sourceNumber]struct{}{}, sellers: map[string]struct{}{}}
}

// sourceNumber is a marketplace's number in the form in which numbers are matched.
// Without a source it matches those of all.
type sourceNumber struct{ source, number string }

func sourceNumberOf(source, number string) sourceNumber {
	return sourceNumber{order.SourceKey(source), strings.TrimSpace(number)}
}

// Add takes in what f names.
func (s *FindSet) Add(f Find) {
	switch {
	case f.ID != "":
		s.ids[f.ID] = struct{}{}
	case f.Number != "":
		s.numbers[sourceNumberOf(f.Source, f.Number)] = struct{}{}
	default:
		s.sellers[f.OrderNumber] = struct{}{}
	}
}

// Empty reports whether the set names nothing.
func (s *FindSet) Empty() bool { return s == nil || len(s.ids)+len(s.numbers)+len(s.sellers) == 0 }

// Has reports whether the set names a live order, as Find.Matches does.
func (s *FindSet) Has(ref order.Ref, orderNumber string) bool {
	if s == nil {
		return false
	}
	if _, ok := s.ids[ref.ID]; ok {
		return true
	}
	if len(s.numbers) > 0 {
		n := sourceNumberOf(ref.Source, ref.SourceNumber)
		if _, ok := s.numbers[n]; ok {
			return true
		}
		n.source = ""
		if _, ok := s.numbers[n]; ok {
			return true
		}
	}
	if len(s.sellers) == 0 || orderNumber == "" {
		return false
	}
	_, ok := s.sellers[orderNumber]
	return ok
}

// addSet hashes what a set names, whatever the order in which it was read.
func (f *fieldHash) addSet(s *FindSet) {
	if s == nil {
		f.texts("none")
		return
	}
	for _, list := range []map[string]struct{}{s.ids, s.sellers} {
		f.number(int64(len(list)))
		f.texts(slices.Sorted(maps.Keys(list))...)
	}
	numbers := make([]string, 0, len(s.numbers))
	for n := range s.numbers {
		numbers = append(numbers, n.source+"\x00"+n.number)
	}
	slices.Sort(numbers)
	f.number(int64(len(numbers)))
	f.texts(numbers...)
}
