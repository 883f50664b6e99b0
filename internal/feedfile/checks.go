package feedfile

import (
	"bytes"
	"slices"
)

// addChecks makes a fact for each column of the Spec, and a check for each that
// the header has.
func (t *table) addChecks() {
	f, s := t.facts, t.spec
	t.key = make([]bool, len(f.Header))
	f.Unique = make([]UniqueFact, len(s.Unique))
	for i, name := range s.Unique {
		fact := &f.Unique[i]
		fact.Column = name
		found := findColumns(f.Header, name)
		fact.Missing = len(found) == 0
		for _, at := range found {
			t.key[at] = true
			t.add(&uniqueCheck{fact: fact, keys: t.keys.newSet()}, at)
		}
	}
	for _, name := range s.RequiredValues {
		for _, at := range findColumns(f.Header, name) {
			t.key[at] = true
		}
	}
	f.Blank = t.addCellChecks(s.RequiredValues, isBlank)
	f.BadGTIN = t.addCellChecks(s.GTIN, filled(isBadGTIN))
	f.BadPrice = t.addCellChecks(s.Price, filled(isBadPrice))
	f.NotHTTPS = t.addCellChecks(linkColumns(s.HTTPS, f.Header), filled(isBadLink))
}

func (t *table) add(c check, columns ...int) {
	for _, at := range columns {
		t.columns[at] = append(t.columns[at], c)
	}
	t.checks = append(t.checks, c)
}

func (t *table) addCellChecks(columns []string, bad func([]byte) bool) []ColumnFact {
	facts := make([]ColumnFact, len(columns))
	for i, name := range columns {
		facts[i].Column = name
		found := findColumns(t.facts.Header, name)
		facts[i].Missing = len(found) == 0
		t.add(&cellCheck{fact: &facts[i], bad: bad}, found...)
	}
	return facts
}

// linkColumns puts the header's link columns in the place of AllLinks, if there
// are any.
func linkColumns(columns, header []string) []string {
	var found []string
	for _, name := range columns {
		if name != AllLinks {
			found = append(found, name)
			continue
		}
		before := len(found)
		for _, h := range header {
			if isLinkColumn(h) && !slices.Contains(found[before:], h) {
				found = append(found, h)
			}
		}
		if len(found) == before {
			found = append(found, name)
		}
	}
	return found
}

// filled makes a judgement of cells pass blank ones, and spares it outer space.
func filled(bad func([]byte) bool) func([]byte) bool {
	return func(cell []byte) bool {
		cell = bytes.TrimSpace(cell)
		return len(cell) > 0 && bad(cell)
	}
}

// cellCheck counts the rows with a bad cell in a column, or in one of several of
// one name.
type cellCheck struct {
	fact  *ColumnFact
	bad   func(cell []byte) bool
	found bool
}

func (c *cellCheck) judge(cell []byte) { c.found = c.found || c.bad(cell) }

func (c *cellCheck) endRow(line int, counts bool) {
	if c.found && counts {
		note(&c.fact.Count, &c.fact.FirstLine, line)
	}
	c.found = false
}

func (c *cellCheck) sum() {}

// uniqueCheck compares the cells of a column with each other, without outer
// space.
type uniqueCheck struct {
	fact  *UniqueFact
	keys  *keySet
	key   uint64
	blank bool
}

func (c *uniqueCheck) judge(cell []byte) {
	cell = bytes.TrimSpace(cell)
	c.blank = len(cell) == 0
	c.key = c.keys.hash(cell)
}

func (c *uniqueCheck) endRow(line int, counts bool) {
	if counts && !c.blank && !c.keys.add(c.key, line) {
		c.fact.Unchecked++
	}
}

// sum adds what was found to the fact, which columns of one name share.
func (c *uniqueCheck) sum() {
	n, first := c.keys.duplicates()
	if c.fact.Duplicates == 0 || n > 0 && first < c.fact.FirstLine {
		c.fact.FirstLine = first
	}
	c.fact.Duplicates += n
}
