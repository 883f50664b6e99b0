package config

import (
	"context"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// Wishes reads the tables, once and as streams, and decides which wish counts
// for each order. Those of order blocks are not copied: a hundred thousand take
// 25 MB.
func (c *Config) Wishes(ctx context.Context) (*spec.Wishes, diag.List) {
	return c.WishesSeen(ctx, nil)
}

// WishesSeen is Wishes, and shows every order block and every row on the way, whatever
// comes of it. What a wish's problem is, is only known at the end.
func (c *Config) WishesSeen(ctx context.Context, see func(SeenRow)) (*spec.Wishes, diag.List) {
	out := &spec.Wishes{}
	r := &tablesReader{out: out, gathering: spec.NewGathering(out), intern: &interner{seen: map[string]string{}}, see: see}
	r.gathering.Begin(c.orders)
	if see != nil {
		for w := range c.orders.All() {
			see(SeenRow{Wish: w})
		}
	}
	var diags hcl.Diagnostics
	for _, batch := range c.batches {
		diags = append(diags, r.batch(ctx, batch)...)
	}
	for _, block := range c.standing {
		out.Standing = append(out.Standing, r.standing(ctx, block))
	}
	created, more := c.newOrders(ctx, out, see)
	if diags = append(diags, more...); !diags.HasErrors() {
		r.gathering.Resolve(c.Released)
		out.ResolveNew(created.rows, created.counts)
	}
	out.Buyers, c.buyers = c.buyers, nil
	return out, limited(diags)
}

// tablesReader adds the rows of all batches to a gathering.
type tablesReader struct {
	out       *spec.Wishes
	gathering *spec.Gathering
	intern    *interner
	givenUp   int           // rows whose evaluation was
	wasted    time.Duration // on them

	see func(SeenRow) // shows each row; nil: nobody looks
}

// tooLarge is how the language sums up an evaluation that it gave up.
const tooLarge = "Expression too large"

// mostWasted is how long evaluations that come to nothing may take over all
// rows. Each is bounded, but there can be a million of them.
const mostWasted = 3 * time.Second
