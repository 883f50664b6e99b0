package feedfile

import "bytes"

// addChecks makes a fact for each column of the Spec, and a check for each that
// the header has.
func (t *table) addChecks() {
	f, s := t.facts, t.spec
	f.Unique = make([]UniqueFact, len(s.Unique))
	for i, name := range s.Unique {
		fact := &f.Unique[i]
		fact.Column = name
		if at := findColumn(f.Header, name); at >= 0 {
			t.add(at, &uniqueCheck{fact: fact, keys: t.keys.newSet()})
		} else {
			fact.Missing = true
		}
	}
	f.Blank = t.addCellChecks(s.RequiredValues, isBlank)
	f.BadGTIN = t.addCellChecks(s.GTIN, filled(isBadGTIN))
	f.BadPrice = t.addCellChecks(s.Price, filled(isBadPrice))
	f.NotHTTPS = t.addCellChecks(linkColumns(s.HTTPS, f.Header), filled(isBadLink))
}

func (t *table) add(at int, c check) {
	t.columns[at] = append(t.columns[at], c)
	t.checks = append(t.checks, c)
}

func (t *table) addCellChecks(columns []string, bad func([]byte) bool) []ColumnFact {
	facts := make([]ColumnFact, len(columns))
	for i, name := range columns {
		facts[i].Column = name
		if at := findColumn(t.facts.Header, name); at >= 0 {
			t.add(at, &cellCheck{fact: &facts[i], bad: bad})
		} else {
			facts[i].Missing = true
		}
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
			if isLinkColumn(h) {
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

// cellCheck counts the cells of a column that are bad.
type cellCheck struct {
	fact  *ColumnFact
	bad   func(cell []byte) bool
	found bool
}

func (c *cellCheck) judge(cell []byte) { c.found = c.bad(cell) }

func (c *cellCheck) count(line int) {
	if c.found {
		note(&c.fact.Count, &c.fact.FirstLine, line)
	}
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

func (c *uniqueCheck) count(line int) {
	if !c.blank && !c.keys.add(c.key, line) {
		c.fact.Unchecked++
	}
}

func (c *uniqueCheck) sum() { c.fact.Duplicates, c.fact.FirstLine = c.keys.duplicates() }
