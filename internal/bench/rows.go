package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gdfctl/gdfctl/internal/words"
)

// measureStart is what every command begins with.
func measureStart(ctx context.Context, b *bench) error {
	p, err := b.newPlace("start", "")
	if err != nil {
		return err
	}
	u, err := p.runs(ctx, 9, "version")
	if err != nil {
		return err
	}
	b.report.goal("`version`", u.wall.Seconds(), 0.03, "s")
	return nil
}

// rowBatch has what most batches have: a filter, a call, plain columns.
const rowBatch = `
batch "shipments" {
  rows            = csv("shipments.csv")
  where           = row["Void"] != "Y"
  find            = { source = row["Store"], source_order_number = row["Order Number"] }
  status          = "shipped"
  tracking_number = row["Tracking Number"]
  carrier         = upper(row["Carrier"])
}
`

// measureRows checks ever longer tables.
func measureRows(ctx context.Context, b *bench) error {
	var perRow []float64
	fixed := 0.0 // what a table without rows costs
	for _, rows := range []int{0, 10_000, 100_000, 1_000_000} {
		if rows > 0 {
			rows = b.size(rows)
		}
		p, err := b.newPlace(fmt.Sprintf("rows-%d", rows), "")
		if err != nil {
			return err
		}
		if err := p.write("main.hcl", rowBatch); err != nil {
			return err
		}
		if err := p.shipments(func(add func(source, number string)) error {
			for i := range rows {
				add("Amazon", fmt.Sprintf("112-%07d-%07d", i%7919, i))
			}
			return nil
		}); err != nil {
			return err
		}
		times := 9
		if rows > 10_000 {
			times = 3
		}
		u, err := p.runs(ctx, times, "validate")
		if err != nil {
			return err
		}
		b.say("validate, %s rows: %s", words.Number(rows), u.wall)
		if rows == 0 {
			fixed = u.cpu.Seconds()
			continue
		}
		b.report.ran(fmt.Sprintf("`validate`, %s rows", words.Number(rows)), u, -1)
		perRow = append(perRow, (u.cpu.Seconds()-fixed)/float64(rows))
		if rows == b.size(1_000_000) {
			b.report.within(fmt.Sprintf("`validate`, %s rows", words.Number(rows)), u, 10, 600)
		}
		if err := os.RemoveAll(p.dir); err != nil {
			return err
		}
	}
	b.report.goal(fmt.Sprintf("CPU per row, %s rows compared with %s", words.Number(b.size(1_000_000)), words.Number(b.size(10_000))), perRow[2]/perRow[0], 1.25, "×")
	return nil
}

// shipments writes the table of rowBatch: a row for each order that is added.
func (p *place) shipments(each func(add func(source, number string)) error) (err error) {
	f, err := os.Create(filepath.Join(p.dir, "shipments.csv"))
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	w.WriteString("Order Number,Store,Tracking Number,Carrier,Void\n")
	i := 0
	if err := each(func(source, number string) {
		fmt.Fprintf(w, "%s,%s,1Z999AA1%010d,ups,N\n", number, source, i)
		i++
	}); err != nil {
		return err
	}
	return w.Flush()
}

// measureBlocks checks orders that are written one by one.
func measureBlocks(ctx context.Context, b *bench) error {
	for _, c := range []struct {
		blocks             int
		seconds, mebibytes float64
	}{{10_000, 1, 0}, {100_000, 10, 200}} {
		blocks := b.size(c.blocks)
		p, err := b.newPlace(fmt.Sprintf("blocks-%d", blocks), "")
		if err != nil {
			return err
		}
		if err := p.blocks(blocks); err != nil {
			return err
		}
		u, err := p.runs(ctx, 3, "validate")
		if err != nil {
			return err
		}
		what := fmt.Sprintf("`validate`, %s `order` blocks", words.Number(blocks))
		b.say("%s: %s", what, u.wall)
		b.report.ran(what, u, -1)
		b.report.goal(what, u.wall.Seconds(), c.seconds, "s")
		if c.mebibytes > 0 {
			b.report.goal(what+", memory", u.peak/mebi, c.mebibytes, "MiB")
		}
	}
	return nil
}

// blocks writes a configuration of so many order blocks.
func (p *place) blocks(n int) error {
	f, err := os.Create(filepath.Join(p.dir, "main.hcl"))
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	for i := range n {
		fmt.Fprintf(w, `order "amazon-%d" {
  find            = { source = "Amazon", source_order_number = "112-%07d" }
  status          = "shipped"
  tracking_number = "1Z999AA1%010d"
  carrier         = "UPS"
  shipped_at      = "2026-11-20T16:28:00Z"
}
`, i, i, i)
	}
	return w.Flush()
}
