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
	out := &spec.Wishes{}
	r := &tablesReader{out: out, gathering: spec.NewGathering(out), intern: &interner{seen: map[string]string{}}}
	r.gathering.Begin(c.orders)
	var diags hcl.Diagnostics
	for _, batch := range c.batches {
		diags = append(diags, r.batch(ctx, batch)...)
	}
	if !diags.HasErrors() {
		r.gathering.Resolve(c.Released)
	}
	return out, limited(diags)
}

// tablesReader adds the rows of all batches to a gathering.
type tablesReader struct {
	out       *spec.Wishes
	gathering *spec.Gathering
	intern    *interner
	givenUp   int           // rows whose evaluation was
	wasted    time.Duration // on them
}

// tooLarge is how the language sums up an evaluation that it gave up.
const tooLarge = "Expression too large"

// mostWasted is how long evaluations that come to nothing may take over all
// rows. Each is bounded, but there can be a million of them.
const mostWasted = 3 * time.Second
