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
		g.add(o.wish, &block{address: o.wish.Origin.String(), replaces: o.replaces}, 0)
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
	g.fates = make([]fate, g.count)
	diags = append(diags, g.settle()...)
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
	all        [][]candidate // in chunks, so that a large table is never copied
	count      int
	stands     []bool // by candidate.no
	fates      []fate // by candidate.no, of those that don't stand
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
}

// candidate is a wish with what decides whether it stands. There can be a
// million: a word more takes 8 MB.
type candidate struct {
	Wish
	from   *block
	fileNo int32 // position of the row's file within its batch
	no     int32 // in the order of reading
}

func (g *gathering) add(w Wish, from *block, fileNo int) *candidate {
	last := len(g.all) - 1
	if last < 0 || len(g.all[last]) == chunkSize {
		g.all = append(g.all, make([]candidate, 0, chunkSize))
		last++
	}
	g.all[last] = append(g.all[last], candidate{Wish: w, from: from, fileNo: int32(fileNo), no: int32(g.count)})
	g.count++
	return &g.all[last][len(g.all[last])-1]
}

// candidates are all of them in the order of reading.
func (g *gathering) candidates() iter.Seq[*candidate] {
	return func(yield func(*candidate) bool) {
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
