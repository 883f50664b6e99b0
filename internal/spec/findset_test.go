package spec_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// A set of finds names the orders that one of its finds matches.
func TestAFindSetNamesWhatItsFindsMatch(t *testing.T) {
	ids, sources := rapid.SampledFrom([]string{"a", "b", "A"}), rapid.SampledFrom([]string{"", "Amazon", "AMAZON ", "eBay"})
	numbers := rapid.SampledFrom([]string{"1", " 1", "2", "01"})
	finds := rapid.Custom(func(t *rapid.T) spec.Find {
		switch rapid.IntRange(0, 2).Draw(t, "way") {
		case 0:
			return spec.Find{ID: ids.Draw(t, "id")}
		case 1:
			return spec.Find{Source: sources.Draw(t, "source"), Number: numbers.Draw(t, "number")}
		}
		return spec.Find{OrderNumber: numbers.Draw(t, "seller's")}
	})
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(finds, 0, 4).Draw(t, "finds")
		set := spec.NewFindSet()
		for _, f := range all {
			set.Add(f)
		}
		if set.Empty() != (len(all) == 0) {
			t.Fatalf("empty: %v", set.Empty())
		}
		ref := order.Ref{ID: ids.Draw(t, "live id"), Source: sources.Draw(t, "live source"), SourceNumber: numbers.Draw(t, "live number")}
		seller := rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, "live seller's")
		want := slices.ContainsFunc(all, func(f spec.Find) bool { return f.Matches(ref, seller) })
		if got := set.Has(ref, seller); got != want {
			t.Fatalf("the set says %v, and its finds %v", got, want)
		}
	})
	var none *spec.FindSet
	if none.Has(order.Ref{ID: "a"}, "1") || !none.Empty() {
		t.Error("no set names an order")
	}
}
