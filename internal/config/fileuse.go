package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/preset"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/table"
)

// FileUse is what batches make of one table.
type FileUse struct {
	Batches []string // their addresses

	file    string
	cfg     *Config
	batches []*batchBlock
}

// Use finds the batches that read a CSV file; nil: none does.
func (c *Config) Use(file string) *FileUse {
	u := &FileUse{file: file, cfg: c}
	for _, b := range c.batches {
		if b.source.isCSV && table.Matches(b.source.path, file) {
			u.batches = append(u.batches, b)
			u.Batches = append(u.Batches, b.origin.String())
		}
	}
	if u.batches == nil {
		return nil
	}
	return u
}

// Copied is a copy of a table with the columns that batches need.
type Copied struct {
	table.Copied
	Columns []string // of the copy
	Dropped int      // columns that it lacks
}

// Copy writes a table like theirs with the columns that the batches read, those of also,
// and no others.
func (u *FileUse) Copy(root *os.Root, file string, to io.Writer, also ...string) (Copied, error) {
	var done Copied
	var err error
	first := u.batches[0]
	done.Copied, err = table.CopyColumns(root, file, first.csvOptions(), to, func(h *table.Header) ([]int, error) {
		at, err := u.columns(h, also)
		for _, i := range at {
			done.Columns = append(done.Columns, h.Names[i])
		}
		done.Dropped = len(h.Names) - len(at)
		return at, err
	})
	return done, err
}

// csvOptions are those with which the batch reads its table.
func (batch *batchBlock) csvOptions() table.CSVOptions {
	o := batch.source.csv
	o.Keys = batch.keyColumns()
	return o
}

// columns are the places of the columns that the batches need: those that they read,
// and those by which the preset recognizes the header.
func (u *FileUse) columns(h *table.Header, also []string) ([]int, error) {
	var at []int
	add := func(names []string, want func(name string) bool) {
		for i, name := range names {
			if want(name) && !slices.Contains(at, i) {
				at = append(at, i)
			}
		}
	}
	for _, b := range u.batches {
		for expr := range b.exprs() {
			if expr.Dynamic() {
				return nil, fmt.Errorf("%s reads whole rows: it is not known which columns it needs. Read columns by their names", b.origin)
			}
			for _, c := range expr.Columns() {
				if i, ok := h.Index(c.Name); ok {
					add(h.Names, func(name string) bool { return name == h.Names[i] })
				}
			}
		}
		if b.preset == nil {
			continue
		}
		also = append(also, b.preset.Identifying(h.Names)...)
	}
	add(h.Names, func(name string) bool { return name != "" && slices.Contains(also, name) })
	if len(at) == 0 {
		return nil, errors.New("it has none of the columns that the batches read")
	}
	slices.Sort(at)
	return at, nil
}

// Tried is how a batch reads one row.
type Tried struct {
	Line    int
	Problem string // why the row can't be used; empty: it can
	Cells   []TriedCell
}

// TriedCell is a column that an attribute reads, and what it makes of it.
type TriedCell struct {
	Attribute string
	Column    string
	Cell      string // Hidden for what could be a buyer's
	Value     string // of the attribute, where it is not the cell; likewise
}

// Hidden stands for the text of a cell that could be a buyer's.
const Hidden = "•••"

// Try evaluates the batch for the first rows that it does not leave out, each of another
// order than the one before.
func (u *FileUse) Try(most int) ([]Tried, error) {
	var tried []Tried
	var last spec.Find
	b := u.batches[len(u.batches)-1]
	intern := &interner{seen: map[string]string{}}
	for row, err := range table.CSV(u.cfg.root, u.file, b.csvOptions()) {
		if err != nil {
			return tried, err
		}
		if row.Err != nil {
			continue
		}
		w, stands := b.wish(row, b.origin, intern)
		if !stands || w.Voided || w.Find == last && len(tried) > 0 {
			continue
		}
		last = w.Find
		tried = append(tried, b.tried(row, &w))
		if len(tried) == most {
			break
		}
	}
	return tried, nil
}

// columnsOf are the columns that an attribute reads. The source of an order is apart
// from its number.
func (b *batchBlock) columnsOf(name string) []string {
	switch name {
	case "source", "find":
		var columns []string
		for _, key := range b.findKeys {
			if (key.name == "source") == (name == "source") {
				columns = append(columns, columnsReadBy(key.expr)...)
			}
		}
		if b.find != nil && name == "find" {
			columns = columnsReadBy(b.find)
		}
		return columns
	}
	return columnsReadBy(b.texts[name])
}

// shownAttributes are those whose columns are shown, in the order in which people read.
var shownAttributes = []string{"source", "find", "order_number", "tracking_number", "carrier", "shipped_at", "shipped_on"}

func (b *batchBlock) tried(row table.Row, w *draft) Tried {
	t := Tried{Line: row.Line}
	if w.Problem != nil {
		t.Problem = w.Problem.Message
	}
	for _, name := range shownAttributes {
		columns := b.columnsOf(name)
		value := w.valueFor(name)
		if name == "shipped_at" && w.ShippedOn != 0 {
			name, value = "shipped_on", w.valueFor("shipped_on")
		}
		for _, column := range columns {
			i, ok := row.Header.Index(column)
			if !ok {
				continue
			}
			cell := TriedCell{Attribute: name, Column: row.Header.Names[i], Cell: row.Cells[i], Value: value}
			if len(columns) > 1 && (name != "carrier" || cell.Cell == "") {
				cell.Value = "" // it is not of this cell alone
			}
			cell.hide()
			t.Cells = append(t.Cells, cell)
		}
	}
	return t
}

// valueFor is what the wish has of an attribute.
func (w *draft) valueFor(name string) string {
	switch name {
	case "source":
		return w.Find.Source
	case "find":
		if w.Find.ID != "" {
			return w.Find.ID
		}
		return w.Find.Number + w.Find.OrderNumber
	case "order_number":
		return w.Want.OrderNumber
	case "tracking_number":
		return w.Want.Tracking
	case "carrier":
		return w.Want.Carrier
	case "shipped_at":
		if !w.Want.ShippedAt.IsZero() {
			return w.Want.ShippedAt.Format("2006-01-02T15:04:05Z")
		}
	case "shipped_on":
		if w.ShippedOn != 0 {
			return w.ShippedOn.String()
		}
	}
	return ""
}

// hide keeps cells from being shown that could be a buyer's: only numbers, dates that
// were understood and names of carriers are shown. A row can be shifted, so that a
// buyer stands under any header.
func (c *TriedCell) hide() {
	safe := !preset.BuyerColumn(c.Column)
	switch c.Attribute {
	case "find", "order_number", "tracking_number":
		safe = safe && isNumber(c.Cell)
	case "carrier":
		safe = safe && isCarrier(c.Cell)
	case "source": // a list of the configuration has the cell
		safe = safe && c.Value != "" && c.Value != c.Cell
	default:
		safe = safe && c.Value != ""
	}
	if c.Value == c.Cell {
		c.Value = ""
	}
	if !safe && c.Cell != "" {
		c.Cell = Hidden
		if c.Value != "" {
			c.Value = Hidden
		}
	}
}

// isNumber reports whether a text is the number of an order or a parcel, as far as can
// be seen: it has digits, and neither words nor an address.
func isNumber(text string) bool {
	const longest = 60
	return len(text) <= longest && strings.ContainsAny(text, "0123456789") && !strings.ContainsAny(text, " \n@") && !preset.IsPhone(text)
}
