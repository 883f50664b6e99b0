package config

import (
	"iter"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"github.com/gdfctl/gdfctl/internal/preset"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/table"
)

// LookForBuyers lets Wishes look for columns that identify buyers, in those tables
// that wanted says. It costs a look at every cell.
func (c *Config) LookForBuyers(wanted func(file string) bool) { c.lookForBuyers = wanted }

// buyerScan looks for columns of one file that identify buyers.
type buyerScan struct {
	names   []string // columns that do so by their names
	columns []buyerCells
	members map[string]*buyerCells // of JSON Lines
}

// buyerCells are counts of the cells of a column.
type buyerCells struct {
	name                   string
	skip                   bool // its name says enough
	filled, emails, phones int
}

func newBuyerScan(h *table.Header) *buyerScan {
	s := &buyerScan{members: map[string]*buyerCells{}}
	if h == nil {
		return s
	}
	for _, name := range h.Names {
		known := preset.BuyerColumn(name)
		if known && !slices.Contains(s.names, name) {
			s.names = append(s.names, name)
		}
		s.columns = append(s.columns, buyerCells{name: name, skip: known || name == ""})
	}
	return s
}

func (s *buyerScan) row(row table.Row) {
	if row.Header == nil {
		s.object(row.Object)
		return
	}
	for i := range s.columns {
		if c := &s.columns[i]; !c.skip && i < len(row.Cells) {
			c.add(row.Cells[i])
		}
	}
}

// object looks at the members of a line of JSON Lines, and at those of objects in it.
func (s *buyerScan) object(v cty.Value) {
	if v == cty.NilVal || v.IsNull() || !v.IsKnown() {
		return
	}
	switch {
	case v.Type().IsTupleType():
		for _, element := range v.AsValueSlice() {
			s.object(element)
		}
	case v.Type().IsObjectType():
		for name, member := range v.AsValueMap() {
			c := s.members[name]
			if c == nil {
				c = &buyerCells{name: name, skip: preset.BuyerColumn(name)}
				s.members[name] = c
				if c.skip {
					s.names = append(s.names, name)
				}
			}
			if !member.IsNull() && member.Type() == cty.String && !c.skip {
				c.add(member.AsString())
			}
			s.object(member)
		}
	}
}

func (c *buyerCells) add(text string) {
	if text == "" {
		return
	}
	c.filled++
	if preset.HasEmail(text) {
		c.emails++
	} else if preset.IsPhone(text) {
		c.phones++
	}
}

// fewestPhones is how many phone numbers a column has before it is one of phone numbers.
const fewestPhones = 3

func (c *buyerCells) identify() bool {
	return c.emails > 0 || c.phones >= fewestPhones && c.phones*5 >= c.filled*4
}

// found are the columns that identify buyers by what is in them.
func (s *buyerScan) found() []string {
	var names []string
	for i := range s.columns {
		if c := &s.columns[i]; c.identify() {
			names = append(names, c.name)
		}
	}
	for _, name := range sortedKeys(s.members) {
		if s.members[name].identify() {
			names = append(names, name)
		}
	}
	return names
}

// named are the columns that identify buyers by their names.
func (s *buyerScan) named() []string {
	if s.columns == nil {
		slices.Sort(s.names) // members have no order
	}
	return s.names
}

// lookedAt is the rows of a table, which are looked at for buyers on their way.
func (s *tableSource) lookedAt(rows iter.Seq2[table.Row, error]) iter.Seq2[table.Row, error] {
	if s.cfg == nil || s.cfg.lookForBuyers == nil {
		return rows
	}
	return func(yield func(table.Row, error) bool) {
		l := buyerLook{source: s}
		defer l.end()
		for row, err := range rows {
			if err == nil {
				l.row(row)
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// buyerLook looks at one file after the other.
type buyerLook struct {
	source *tableSource
	file   string
	scan   *buyerScan // nil: not at this file
}

func (l *buyerLook) row(row table.Row) {
	if row.File != l.file {
		l.end()
		if l.file = row.File; l.source.cfg.lookForBuyers(row.File) {
			l.scan = newBuyerScan(row.Header)
		}
	}
	if l.scan != nil {
		l.scan.row(row)
	}
}

func (l *buyerLook) end() {
	if l.scan == nil {
		return
	}
	cfg := l.source.cfg
	found := spec.BuyerTable{File: l.file, Copyable: cfg.Use(l.file) != nil, Place: placeOf(l.source.at), Named: l.scan.named(), Filled: l.scan.found()}
	if l.scan = nil; len(found.Named)+len(found.Filled) > 0 {
		cfg.buyers = append(cfg.buyers, found)
	}
}
