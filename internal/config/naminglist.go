package config

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/gdfctl/gdfctl/internal/lang"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/table"
)

// namingList is a table whose rows name orders: only and except of a standing
// order. It is read like the table of a batch that wants nothing.
type namingList struct {
	batchBlock
	kind string // "only" or "except"
}

var namingSchema = &hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "rows", Required: true}, {Name: "find", Required: true}}}

func (l *loader) namingList(origin *spec.Origin, b *hcl.Block) (*namingList, hcl.Diagnostics) {
	content, diags := contentOf(b.Body, namingSchema)
	list := &namingList{batchBlock: batchBlock{origin: origin, texts: map[string]*lang.RowExpr{}}, kind: b.Type}
	if attr, ok := content.Attributes["rows"]; ok {
		diags = append(diags, l.tableSource(&list.batchBlock, attr)...)
	}
	if attr, ok := content.Attributes["find"]; ok {
		base := l.cfg.base.NewChild()
		base.Functions = l.functionsOf(origin.Account)
		diags = append(diags, l.rowFind(&list.batchBlock, attr.Expr, base)...)
	}
	return list, diags
}

// standing reads the tables of a standing order. What is wrong with one of them
// stops the order alone.
func (r *tablesReader) standing(ctx context.Context, block *standingBlock) *spec.Standing {
	s := block.Standing
	if block.only != nil {
		s.Only, s.Problem = r.names(ctx, block.only)
	}
	if block.except != nil && s.Problem == nil {
		s.Except, s.Problem = r.names(ctx, block.except)
	}
	return &s
}

// names reads which orders a table names. A row that can't be used may name any
// order, so one is enough to make the whole table useless; so is whatever lets it
// be in doubt that the table is complete. Then it is only read on for who looks at
// its rows.
func (r *tablesReader) names(ctx context.Context, list *namingList) (*spec.FindSet, *spec.Problem) {
	set, rows := spec.NewFindSet(), 0
	var useless, doubt *spec.Problem
	var header *table.Header
	warn := func(e *table.Error) {
		if doubt == nil {
			doubt = list.problem(list.tablePlace(e), e.Error())
		}
	}
	for row, err := range list.source.rows(list.keyColumns(), list.hasColumns, warn) {
		if rows++; err == nil && rows%1024 == 0 {
			err = ctx.Err()
		}
		if err != nil {
			return nil, cmp.Or(useless, list.problem(placeOf(list.source.at), err.Error()))
		}
		if row.Header != nil && row.Header != header {
			header = row.Header
			for _, d := range list.checkColumns(row.File, header) {
				return nil, cmp.Or(useless, list.problem(placeOf(*d.Subject), strings.TrimSuffix(d.Summary+". "+d.Detail, ".")))
			}
		}
		w := list.named(row, r.intern)
		useless = cmp.Or(useless, w.Problem)
		if r.see != nil {
			seen := w.Wish
			r.see(SeenRow{Wish: &seen, List: list.kind, row: row})
		} else if useless != nil {
			break
		}
		if w.Problem == nil {
			set.Add(w.Find)
		}
	}
	if useless != nil {
		return nil, useless
	}
	if doubt == nil && rows == 0 && list.source.found != nil && !list.source.found() {
		doubt = list.problem(placeOf(list.source.at), "there is no such file")
	}
	return set, doubt
}

// named is which order a row names; its problem is why the list can't be used.
func (list *namingList) named(row table.Row, intern *interner) draft {
	w := draft{spec.Wish{Origin: list.origin, Place: spec.Place{File: intern.text(row.File), Line: row.Line}}}
	if row.Err != nil {
		w.Problem = list.problem(w.Place, row.Err.Error())
		return w
	}
	if column, may := row.Cut(); may {
		w.Problem = list.problem(w.Place, cutOff(column))
		return w
	}
	list.findOrder(&w, row, intern)
	if w.Problem != nil {
		w.Problem = list.problem(w.Problem.Place, w.Problem.Message)
	}
	return w
}

func (list *namingList) tablePlace(e *table.Error) spec.Place {
	if e.Line > 0 {
		return spec.Place{File: e.File, Line: e.Line}
	}
	return placeOf(list.source.at)
}

func (list *namingList) problem(at spec.Place, message string) *spec.Problem {
	return &spec.Problem{
		Code: spec.BadRow, Place: at,
		Message: fmt.Sprintf("its %s can't be used, so nobody knows which orders it names: %s: %s", list.kind, at, message),
	}
}
