package config

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/table"
	"github.com/gdfctl/gdfctl/internal/words"
)

// batchReader makes candidates of the rows of one batch.
type batchReader struct {
	*tablesReader
	batch *batchBlock
	from  *spec.Origin // with what its wishes have in common
	n     *spec.BatchCount

	header      *table.Header
	file        string
	rounded     roundedRows // of the file
	rows, kept  int         // likewise
	leftOut     []string    // files of which `where` leaves out every row
	rowsLeftOut int         // in those
	doubted     bool        // a column that nothing reads was told of
	diags       hcl.Diagnostics
	group       *rowGroup // nil without `group`
}

// batch adds the rows of one batch.
func (g *tablesReader) batch(ctx context.Context, batch *batchBlock) hcl.Diagnostics {
	n := &spec.BatchCount{Address: batch.origin.String()}
	g.out.Batches = append(g.out.Batches, n)
	from := *batch.origin
	from.Combining = batch.combining(n)
	r := &batchReader{tablesReader: g, batch: batch, n: n, from: &from}
	if batch.group != nil {
		r.group = newRowGroup(batch)
	}
	r.read(ctx)
	if n.Rows == 0 {
		g.out.Empty = append(g.out.Empty, n.Address)
	}
	return batch.placed(r.diags)
}

// combining says how the wishes of a batch are combined.
func (batch *batchBlock) combining(n *spec.BatchCount) *spec.Combining {
	c := &spec.Combining{Address: n.Address, Replaces: batch.replaces, MultipleFirst: batch.multipleFirst, Count: n}
	switch {
	case batch.latestFile:
		c.Latest = spec.LatestByFile
	case batch.latestBy != nil:
		c.Latest = spec.LatestByValue
	}
	return c
}

// read takes in all rows, unless something makes them useless.
func (r *batchReader) read(ctx context.Context) {
	for row, err := range r.batch.source.rows(r.batch.keyColumns(), r.batch.hasColumns, r.warn) {
		if err != nil {
			r.fail(r.batch.source.at, "The table can't be read", err.Error()+".")
			return
		}
		r.n.Rows++
		if r.out.Rows++; r.out.Rows%1024 == 0 && ctx.Err() != nil {
			r.diags = append(r.diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Interrupted", Detail: "Reading the tables was stopped."})
			return
		}
		if row.File != r.file && !r.nextFile(row.File) {
			return
		}
		r.rows++
		if row.Header != nil && row.Header != r.header {
			r.header = row.Header
			if wrong := r.batch.checkColumns(row.File, r.header); wrong.HasErrors() {
				r.diags = append(r.diags, wrong...)
				return
			}
			if !r.doubted {
				doubts := r.batch.unreadVoids(row.File, r.header)
				r.diags, r.doubted = append(r.diags, doubts...), len(doubts) > 0
			}
		}
		if r.group == nil {
			if _, ok := r.take(grouped{Row: row}); !ok {
				return
			}
		} else if !r.takeGroups(r.group.add(row)) {
			return
		}
	}
	if r.nextFile("") {
		r.reportLeftOut()
	}
}

// nextFile ends the file that was read so far. It returns false if that makes
// all useless.
func (r *batchReader) nextFile(name string) bool {
	if r.group != nil && !r.takeGroups(r.group.end()) {
		return false
	}
	if r.rows > 0 && r.kept == 0 {
		r.leftOut = append(r.leftOut, r.file)
		r.rowsLeftOut += r.rows
	}
	r.rounded.mark(r.gathering)
	r.file, r.rows, r.kept, r.rounded = name, 0, 0, roundedRows{from: r.gathering.Count()}
	if name != "" {
		r.n.Files++
	}
	return true
}

// take makes a candidate of a row, nil if `where` leaves it out. It returns false
// if too much time went into rows for nothing.
func (r *batchReader) take(g grouped) (*spec.Wish, bool) {
	row, start := g.Row, time.Now()
	w, stands := r.batch.wish(row, r.from, r.intern)
	damaged := g.problem != nil && g.problem.Code == spec.BadRow // nobody knows of which label it is
	if g.undecided || damaged && w.Voided {
		w, stands = r.batch.held(row, r.from, r.intern, g.problem), true
	}
	if column, may := row.Cut(); may {
		r.cutRow(&w, row, column, stands)
	}
	if w.Problem != nil && strings.Contains(w.Problem.Message, tooLarge) {
		r.givenUp++
		if r.wasted += time.Since(start); r.wasted > mostWasted && r.givenUp > 1 {
			r.fail(r.batch.source.at, tooLarge, "Too much time went into rows whose evaluation had to be given up. The last was: "+w.Problem.Message)
			return nil, false
		}
	}
	if !stands {
		r.n.LeftOut++
		if r.see != nil {
			r.showLeftOut(g, w.Place)
		}
		return nil, true
	}
	r.kept++
	r.rounded.file.Add(w.Want.Tracking)
	added := r.gathering.Add(w.Wish)
	if r.see != nil {
		r.see(SeenRow{Wish: added, More: g.more, row: row})
	}
	return added, true
}

// takeGroups takes in rows that were put together. The rows behind the first of a
// group share its fate.
func (r *batchReader) takeGroups(groups []grouped) bool {
	for _, g := range groups {
		c, ok := r.take(g)
		if !ok {
			return false
		}
		switch {
		case c == nil:
			r.n.LeftOut += g.more
			continue
		case c.Voided:
			r.n.Voided += g.more
			continue
		case g.problem != nil && (c.Problem == nil || g.problem.Code == spec.BadRow):
			c.Problem = g.problem
		}
		if c.Problem != nil && c.Problem.Code == spec.BadRow {
			r.n.Bad += g.more
		} else {
			r.n.Combined += g.more
		}
	}
	return true
}

func (r *batchReader) fail(at hcl.Range, summary, detail string) {
	r.diags = append(r.diags, errorAt(at, summary, detail)...)
}

// warn passes on what is doubtful about a file.
func (r *batchReader) warn(e *table.Error) {
	at := r.batch.source.at
	if e.Line > 0 {
		at = rowRange(e.File, e.Line, 1)
	}
	r.diags = append(r.diags, warningAt(at, "A table may not be complete", fmt.Sprintf("%s: %s.", r.n.Address, e))...)
}

// reportLeftOut warns of files that nothing comes of. That the last report holds
// nothing to ship is normal; that a column is written in another way looks alike.
func (r *batchReader) reportLeftOut() {
	if len(r.leftOut) == 0 || r.batch.where == nil {
		return
	}
	const shown = 5
	files := strings.Join(r.leftOut[:min(len(r.leftOut), shown)], ", ")
	if more := len(r.leftOut) - shown; more > 0 {
		files += fmt.Sprintf(" and %d more", more)
	}
	r.diags = append(r.diags, warningAt(r.batch.where.Range(), "where leaves out every row of "+words.Count(len(r.leftOut), "file", "files"),
		fmt.Sprintf("%s: %s (%s). Compare the condition with the cells.", r.n.Address, files, words.Count(r.rowsLeftOut, "row", "rows")))...)
}
