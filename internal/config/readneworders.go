package config

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/gdfctl/gdfctl/internal/neworder"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/table"
)

// createdRows are the rows of all tables of new orders, without their buyers.
type createdRows struct {
	rows   []*spec.NewOrder
	counts map[string]*spec.BatchCount
}

// newOrders reads the tables of new orders. Each row is let go when it was looked at.
func (c *Config) newOrders(ctx context.Context, out *spec.Wishes, see func(SeenRow)) (createdRows, hcl.Diagnostics) {
	created := createdRows{counts: map[string]*spec.BatchCount{}}
	var diags hcl.Diagnostics
	for _, block := range c.created {
		count := &spec.BatchCount{Address: block.origin.String()}
		created.counts[count.Address] = count
		out.Batches = append(out.Batches, count)
		file := ""
		warn := func(e *table.Error) {
			at := block.source.at
			if e.Line > 0 {
				at = rowRange(e.File, e.Line, 1)
			}
			diags = append(diags, warningAt(at, "A table may not be complete", fmt.Sprintf("%s: %s.", count.Address, e))...)
		}
		for read, err := range block.each(warn) {
			if err != nil {
				diags = append(diags, err)
				break
			}
			count.Rows++
			if out.Rows++; out.Rows%1024 == 0 && ctx.Err() != nil {
				return created, append(diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Interrupted", Detail: "Reading the tables was stopped."})
			}
			if read.place.File != file {
				file = read.place.File
				count.Files++
			}
			n := block.wish(read)
			created.rows = append(created.rows, n)
			if see != nil {
				see(SeenRow{Wish: &n.Wish})
			}
		}
		if count.Rows == 0 {
			out.Empty = append(out.Empty, count.Address)
		}
	}
	return created, diags
}

// readNewOrder is a row of a table of new orders, while it is looked at.
type readNewOrder struct {
	place  spec.Place
	order  *neworder.Order
	faults []spec.Remark
	at     func(field string, item int) spec.Place
}

// each reads the rows one by one. The error ends the reading.
func (b *newOrdersBlock) each(warn func(*table.Error)) iter.Seq2[readNewOrder, *hcl.Diagnostic] {
	return func(yield func(readNewOrder, *hcl.Diagnostic) bool) {
		var header *table.Header
		for row, err := range b.source.rows(neworder.Required(), func(h *table.Header) bool { return headerFault(h) == "" }, warn) {
			if err != nil {
				yield(readNewOrder{}, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "The table can't be read", Detail: err.Error() + ".", Subject: b.source.at.Ptr()})
				return
			}
			if row.Header != nil && row.Header != header {
				header = row.Header
				if wrong := headerFault(header); wrong != "" {
					yield(readNewOrder{}, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: row.File + " is not a table of new orders", Detail: wrong, Subject: b.source.at.Ptr()})
					return
				}
			}
			if !yield(b.read(row), nil) {
				return
			}
		}
	}
}

// read makes an order of a row.
func (b *newOrdersBlock) read(row table.Row) readNewOrder {
	r := readNewOrder{place: spec.Place{File: strings.Clone(row.File), Line: row.Line}, order: &neworder.Order{}}
	r.at = func(field string, item int) spec.Place { return cellOfField(r.place, row, field, item) }
	if row.Err != nil {
		r.faults = []spec.Remark{{Code: spec.BadRow, Message: row.Err.Error(), Place: r.place}}
		return r
	}
	if column, may := row.Cut(); may {
		r.faults = []spec.Remark{{Code: spec.BadRow, Message: cutOff(column), Place: r.at(column, 0)}}
		return r
	}
	values, wrong := valuesOf(row)
	made, faults := neworder.Read(values, b.time)
	r.order = made
	for _, f := range slices.Concat(wrong, faults, changedNumbers(values)) {
		r.faults = append(r.faults, spec.Remark{Code: spec.BadRow, Message: f.String(), Place: r.at(f.Field, f.Item)})
	}
	return r
}

// changedNumbers are those of an order that a spreadsheet changed. It would be inserted under
// a number that no order has, and once more when the table is right again.
func changedNumbers(row neworder.Row) (faults []neworder.Fault) {
	look := func(v neworder.Value, field string, item int) {
		if rules.DamagedName(v.Text) && (field != neworder.Sku || strings.ContainsAny(v.Text, "+='")) { // 7.5E27 is a lamp's base
			faults = append(faults, neworder.Fault{Field: field, Item: item, Message: "was changed by a spreadsheet: " + exportAgain})
		}
	}
	for _, field := range []string{neworder.Number, neworder.OrderNumber, neworder.Phone, neworder.PostalCode} {
		look(row[field], field, 0)
	}
	for i, item := range row[neworder.Items].List {
		look(item[neworder.Sku], neworder.Sku, i+1)
	}
	return faults
}

// time reads a time as the account's desks write it.
func (b *newOrdersBlock) time(text string) (time.Time, error) {
	t, dateOnly, f := wishedTime(text, b.origin.Account.Timezone)
	switch {
	case f == notATime:
		return t, errors.New(`must be a time like "2026-11-20T16:28:00Z"`)
	case f != nil:
		return t, errors.New("can't be used: " + strings.TrimSuffix(f.summary+". "+f.detail, "."))
	case dateOnly:
		return t, errors.New("must have a time beside the date")
	}
	return t, nil
}

// wish is what plans may know of a row.
func (b *newOrdersBlock) wish(r readNewOrder) *spec.NewOrder {
	o := r.order
	n := &spec.NewOrder{Wish: spec.Wish{
		Origin: b.origin, Find: spec.Find{Source: o.Source, Number: o.Number}, Want: order.Values{Status: order.New, OrderNumber: o.OrderNumber},
		Attempt: 1, Place: r.place,
	}, Created: o.Created, PerRun: b.perRun, Faults: r.faults}
	if len(r.faults) > 0 {
		message := r.faults[0].Message
		if more := len(r.faults) - 1; more > 0 {
			message += fmt.Sprintf("; and %d more", more)
		}
		n.Problem = &spec.Problem{Code: spec.BadRow, Message: message, Place: r.faults[0].Place}
		return n
	}
	n.Digest = o.Digest()
	for _, w := range o.Warnings() {
		n.Doubts = append(n.Doubts, spec.Remark{Code: w.Rule, Message: w.Message, Place: r.at(w.Field, 0)})
	}
	return n
}

// Row is a row of a table of new orders with its buyer, to be sent.
type Row struct {
	Account string
	*neworder.Order
}

// ID is what the order of the row is called.
func (r Row) ID() string { return order.InsertID(r.Source, r.Number) }

// Bodies reads the tables of new orders again, for those that are to be sent now. A row
// that is of no use, or that is there twice with different contents, is left out: it is
// not the one that was planned.
func (c *Config) Bodies(ctx context.Context, wanted func(account, id string) bool) ([]Row, error) {
	type key struct{ account, id string }
	found, unfit := map[key]Row{}, map[key]bool{}
	for _, block := range c.created {
		n := 0
		for read, err := range block.each(func(*table.Error) {}) {
			if n++; n%1024 == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %s", err.Summary, err.Detail)
			}
			row := Row{block.origin.Account.Name, read.order}
			k := key{row.Account, row.ID()}
			if !wanted(k.account, k.id) {
				continue
			}
			before, twice := found[k]
			unfit[k] = unfit[k] || len(read.faults) > 0 || twice && before.Digest() != row.Digest()
			found[k] = row
		}
	}
	var rows []Row
	for k, row := range found {
		if !unfit[k] {
			rows = append(rows, row)
		}
	}
	return rows, nil
}
