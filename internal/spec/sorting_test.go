package spec

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/order"
)

// inTurn orders candidates by one thing after the other, which is what sorted
// must come to by whatever way.
func inTurn(a, b *Wish) int {
	return cmp.Or(
		cmp.Compare(a.Origin.Account.Name, b.Origin.Account.Name),
		cmp.Compare(a.Find.ID, b.Find.ID),
		cmp.Compare(order.SourceKey(a.Find.Source), order.SourceKey(b.Find.Source)),
		cmp.Compare(a.Find.Number, b.Find.Number),
		cmp.Compare(a.Find.OrderNumber, b.Find.OrderNumber),
		a.Place.compareNaturally(b.Place),
		cmp.Compare(a.no, b.no),
	)
}

func gatherings() *rapid.Generator[*Gathering] {
	return rapid.Custom(func(t *rapid.T) *Gathering {
		accounts := []*Account{{Name: "a"}, {Name: "b"}}
		var origins []*Origin
		for i, name := range []string{"a", "b", "a b", `a"`} {
			origins = append(origins, &Origin{Kind: []string{"batch", "order"}[i/2], Name: name, Account: accounts[i%2]})
		}
		text := rapid.SampledFrom([]string{"", "1", "12", "123456789", "123456789a", "123456789b", "12345678", "1234567\x00", "112-1", "É"})
		source := rapid.SampledFrom([]string{"", "Amazon", "amazon", "Amazon/1", "AMA", "Ebay"})
		g := NewGathering(&Wishes{})
		for range rapid.IntRange(0, 60).Draw(t, "wishes") {
			w := Wish{
				Origin: rapid.SampledFrom(origins).Draw(t, "block"),
				Place:  Place{File: rapid.SampledFrom([]string{"t2", "t10", "T2"}).Draw(t, "file"), Line: rapid.IntRange(1, 3).Draw(t, "line")},
			}
			switch rapid.IntRange(0, 3).Draw(t, "by") {
			case 0:
				w.Find = Find{ID: text.Draw(t, "id")}
			case 1:
				w.Find = Find{OrderNumber: text.Draw(t, "order number")}
			default:
				w.Find = Find{Source: source.Draw(t, "source"), Number: text.Draw(t, "number")}
			}
			g.Add(w)
		}
		return g
	})
}

func TestSorted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := gatherings().Draw(t, "gathering")
		want := slices.SortedFunc(g.candidates(), inTurn)
		got := g.sorted()
		if len(got) != len(want) {
			t.Fatalf("%d of %d candidates", len(got), len(want))
		}
		for i := range got {
			if got[i].Wish != want[i] {
				t.Fatalf("at %d stands %v, want %v", i, got[i].Find, want[i].Find)
			}
			if i > 0 && g.sameOrder(want[i-1], want[i]) && got[i-1].prefix != got[i].prefix {
				t.Fatalf("one order, %v, has two prefixes", want[i].Find)
			}
		}
	})
}

func TestWishesArePublishedByAddress(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := gatherings().Draw(t, "gathering")
		want := slices.SortedFunc(g.candidates(), func(a, b *Wish) int {
			return cmp.Or(cmp.Compare(a.Origin.String(), b.Origin.String()), cmp.Compare(a.Find.key(a.Place), b.Find.key(b.Place)),
				a.Place.compareNaturally(b.Place), cmp.Compare(a.no, b.no))
		})
		g.publish(slices.Collect(g.candidates()))
		for i, c := range want {
			if g.out.Orders[i] != c {
				t.Fatalf("at %d stands %s, want %s", i, g.out.Orders[i].Address(), c.Address())
			}
		}
	})
}

// Numbers of one marketplace begin alike, and are not told apart by eight bytes.
func TestLongNumbersAreNotConfused(t *testing.T) {
	account := &Account{Name: "a"}
	g := NewGathering(&Wishes{})
	for _, number := range []string{"7", "112-1234567-1234567", "112-1234567-1234568", "112-1234567-1234567-9"} {
		g.Add(Wish{Origin: &Origin{Kind: "batch", Name: "b", Account: account}, Find: Find{Source: "Amazon", Number: number}, Attempt: 1})
	}
	if g.resolve(); len(g.out.Orders) != 4 {
		t.Errorf("%d orders", len(g.out.Orders))
	}
}
