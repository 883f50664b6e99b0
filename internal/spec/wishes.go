package spec

import (
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/gdfctl/gdfctl/internal/order"
)

// Wishes reads the tables, once and as streams, and settles which wish stands
// for each order.
func (c *Config) Wishes(ctx context.Context) (*Wishes, hcl.Diagnostics) {
	g := &gathering{cfg: c, out: &Wishes{}, intern: &interner{seen: map[string]string{}}, sourceKeys: map[string]string{}}
	for _, o := range c.orders {
		g.add(o.wish)
	}
	var diags hcl.Diagnostics
	for _, batch := range c.batches {
		diags = append(diags, g.batch(ctx, batch)...)
	}
	if diags.HasErrors() {
		return g.out, limited(diags)
	}
	for _, r := range c.releases {
		g.out.Released = append(g.out.Released, r.Released)
	}
	slices.SortFunc(g.out.Released, func(a, b Released) int { return a.Place.compare(b.Place) })
	g.settle()
	g.countRows()
	slices.SortFunc(g.out.Batches, func(a, b *BatchCount) int { return strings.Compare(a.Address, b.Address) })
	g.out.Hash = g.hash()
	return g.out, limited(diags)
}

// gathering collects wishes before it is known which of them stand.
type gathering struct {
	cfg    *Config
	out    *Wishes
	intern *interner
	// sourceKeys is order.SourceKey of the texts that were asked for.
	sourceKeys map[string]string
	all        [][]Wish // in chunks, so that a large table is never copied
	count      int
	made       []*Wish // stand, and are none of them: put together, or held back
	anyVoid    bool
	released   map[releaseKey]*Released
	givenUp    int           // rows whose evaluation was
	wasted     time.Duration // on them
}

// tooLarge is how the language sums up an evaluation that it gave up.
const tooLarge = "Expression too large"

// mostWasted is how long evaluations that come to nothing may take over all
// rows. Each is bounded, but there can be a million of them.
const mostWasted = 3 * time.Second

const chunkSize = 1024

// block is what the wishes of one block have in common.
type block struct {
	address  string
	replaces string
	batch    *batchBlock // nil for an order block
	count    *BatchCount // likewise
	void     voidNumbers // likewise
}

func (g *gathering) add(w Wish) *Wish {
	last := len(g.all) - 1
	if last < 0 || len(g.all[last]) == chunkSize {
		g.all = append(g.all, make([]Wish, 0, chunkSize))
		last++
	}
	w.no = int32(g.count)
	g.all[last] = append(g.all[last], w)
	g.count++
	added := &g.all[last][len(g.all[last])-1]
	if added.void {
		g.anyVoid = true
		if added.Find.Empty() && added.Want.Tracking != "" {
			added.Origin.block.void.add(added)
		}
	}
	return added
}

// candidates are all wishes in the order of reading.
func (g *gathering) candidates() iter.Seq[*Wish] {
	return func(yield func(*Wish) bool) {
		for _, chunk := range g.all {
			for i := range chunk {
				if !yield(&chunk[i]) {
					return
				}
			}
		}
	}
}

// sourceKey is order.SourceKey, made once for each of the few sources of a table.
func (g *gathering) sourceKey(source string) string {
	key, ok := g.sourceKeys[source]
	if !ok {
		if key = order.SourceKey(source); len(g.sourceKeys) < internMost {
			g.sourceKeys[source] = key
		}
	}
	return key
}

// canonical is a Find as all that name the same order in the same way have it,
// however they write the marketplace.
func (g *gathering) canonical(f Find) Find {
	f.Source = g.sourceKey(f.Source)
	return f
}
