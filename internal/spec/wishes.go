package spec

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"sort"

	"github.com/hashicorp/hcl/v2"

	"github.com/gdfctl/gdfctl/internal/table"
)

// DiagnosticsOfAKind is how many diagnostics of one kind are told one by one;
// the rest is counted.
const DiagnosticsOfAKind = 50

// Wishes reads the tables, once and as streams, and settles which wish stands
// for each order.
func (c *Config) Wishes(ctx context.Context) (*Wishes, hcl.Diagnostics) {
	g := &gathering{cfg: c, out: &Wishes{}, intern: &interner{seen: map[string]string{}}}
	for _, o := range c.orders {
		g.add(o.wish, 0, o.replaces, nil)
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
	diags = append(diags, g.settle()...)
	g.out.Hash = c.wishHash(g.out)
	return g.out, limited(diags)
}

// gathering collects wishes before it is known which of them stand.
type gathering struct {
	cfg    *Config
	out    *Wishes
	intern *interner
	all    []candidate
}

// candidate is a wish with what decides whether it stands.
type candidate struct {
	Wish
	source   string // SourceKey of Find.Source, interned
	fileNo   int    // position of the row's file within its batch
	replaces string
	batch    *batchBlock // nil for an order block
}

func (g *gathering) add(w Wish, fileNo int, replaces string, batch *batchBlock) {
	g.all = append(g.all, candidate{Wish: w, source: g.intern.text(sourceKey(w.Find.Source)), fileNo: fileNo, replaces: replaces, batch: batch})
}

func (g *gathering) batch(ctx context.Context, batch *batchBlock) hcl.Diagnostics {
	var diags hcl.Diagnostics
	var header *table.Header
	file, fileNo := "", 0
	for row, err := range batch.rows {
		if err != nil {
			return append(diags, errorAt(batch.rowsAt, "The table can't be read", err.Error())...)
		}
		if g.out.Rows++; g.out.Rows%1024 == 0 && ctx.Err() != nil {
			return append(diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Interrupted", Detail: "Reading the tables was stopped."})
		}
		if row.File != file {
			file, fileNo = row.File, fileNo+1
		}
		if row.Header != nil && row.Header != header {
			header = row.Header
			if missing := batch.missingColumns(row.File, header); missing.HasErrors() {
				return append(diags, missing...)
			}
		}
		if w, stands := batch.wish(row, g.intern); stands {
			g.add(w, fileNo, batch.replaces, batch)
		}
	}
	return diags
}

// wishHash identifies what is wanted: the configuration's files, variables and
// every wish that stands.
func (c *Config) wishHash(out *Wishes) string {
	h := sha256.New()
	h.Write(c.hash)
	for i := range out.Orders {
		hashWish(h, &out.Orders[i])
	}
	return hex.EncodeToString(h.Sum(nil))
}

func hashWish(h hash.Hash, w *Wish) {
	problem := ""
	if w.Problem != nil {
		problem = w.Problem.Code
	}
	fmt.Fprintf(h, "%s\x00%s\x00%s\x00%s\x00%s\x00%s\x00%d\x00%s\x00%d\x00%s\x00", w.Address(), w.Want.Status, w.Want.OrderNumber,
		w.Want.Tracking, w.Want.Carrier, w.Reason, w.Want.ShippedAt.Unix(), w.Origin.Account.Name, w.Attempt, problem)
}

// limited keeps the first diagnostics of each kind and counts the rest.
func limited(diags hcl.Diagnostics) hcl.Diagnostics {
	sort.SliceStable(diags, func(i, j int) bool {
		a, b := diags[i].Subject, diags[j].Subject
		return a != nil && b != nil && placeOf(*a).before(placeOf(*b))
	})
	count := map[string]int{}
	var kept hcl.Diagnostics
	for _, d := range diags {
		if count[d.Summary]++; count[d.Summary] <= DiagnosticsOfAKind {
			kept = append(kept, d)
		}
	}
	for _, summary := range sortedKeys(count) {
		if more := count[summary] - DiagnosticsOfAKind; more > 0 {
			kept = append(kept, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: fmt.Sprintf("… and %d more of this kind.", more)})
		}
	}
	return kept
}
