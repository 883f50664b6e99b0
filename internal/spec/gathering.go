package spec

import (
	"iter"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
)

// Gathering collects wishes before it is known which of them stand: Add takes
// them in, in the order of reading, and Resolve says which stand.
type Gathering struct {
	out *Wishes
	// sourceKeys is order.SourceKey of the texts that were asked for.
	sourceKeys map[string]string
	read       Pile
	made       []*Wish // stand, and are none of those: put together, or held back
	anyVoid    bool
	released   map[releaseKey]*Release
}

// mostSourceKeys is beyond the number of marketplaces that a table names.
const mostSourceKeys = 10_000

// NewGathering begins to collect. What stands is put into out, in which the
// reader of tables counts what it read.
func NewGathering(out *Wishes) *Gathering {
	return &Gathering{out: out, sourceKeys: map[string]string{}}
}

// Resolve decides which wish stands for each order, unless a release takes the
// order out.
func (g *Gathering) Resolve(released []Release) {
	g.out.Released = slices.SortedFunc(slices.Values(released), func(a, b Release) int { return a.Place.Compare(b.Place) })
	g.resolve()
	g.countRows()
	slices.SortFunc(g.out.Batches, func(a, b *BatchCount) int { return strings.Compare(a.Address, b.Address) })
	g.out.Hash = g.hash()
}

// Begin begins with wishes that were read before, none of which is void. They stay
// where they lie, and may have been part of a gathering before.
func (g *Gathering) Begin(read Pile) {
	g.read = read.shared()
	for w := range g.read.All() {
		w.fate = repeated
	}
}

// Add takes in the next wish, and returns it where it is kept.
func (g *Gathering) Add(w Wish) *Wish {
	added := g.read.Add(w)
	if added.Voided {
		g.anyVoid = true
		if added.Find.Empty() && added.Want.Tracking != "" {
			added.Origin.Combining.void.add(added)
		}
	}
	return added
}

// Count is how many wishes were added.
func (g *Gathering) Count() int { return g.read.Len() }

// From lists the wishes that were added after the first n, in the order of
// reading.
func (g *Gathering) From(n int) iter.Seq[*Wish] {
	return func(yield func(*Wish) bool) {
		for c := range g.candidates() {
			if int(c.no) >= n && !yield(c) {
				return
			}
		}
	}
}

// candidates are all wishes in the order of reading.
func (g *Gathering) candidates() iter.Seq[*Wish] { return g.read.All() }

// sourceKey is order.SourceKey, made once for each of the few sources of a table.
func (g *Gathering) sourceKey(source string) string {
	key, ok := g.sourceKeys[source]
	if !ok {
		if key = order.SourceKey(source); len(g.sourceKeys) < mostSourceKeys {
			g.sourceKeys[source] = key
		}
	}
	return key
}

// canonical is a Find as all that name the same order in the same way have it,
// however they write the marketplace.
func (g *Gathering) canonical(f Find) Find {
	f.Source = g.sourceKey(f.Source)
	return f
}
