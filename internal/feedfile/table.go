package feedfile

// table gets the cells of a file in order, and measures them: the first row
// is the header, which decides what is looked at in the others.
type table struct {
	spec  Spec
	facts *Facts
	keys  *keySpace

	names   headerNames
	width   int       // of the header; 0 until it is there
	columns [][]check // by column
	key     []bool    // by column: filled in every row
	checks  []check
}

// check measures the cells of a column. A cell is judged when it comes; the
// judgement counts once the row turns out to be whole.
type check interface {
	judge(cell []byte)
	endRow(line int, counts bool)
	sum() // at the end of the file
}

// keeps reports whether anybody looks at a column. Everybody needs the first
// one, to tell blank lines.
func (t *table) keeps(col int) bool {
	return t.width == 0 || col == 0 || col < len(t.columns) && len(t.columns[col]) > 0
}

func (t *table) cell(col int, text []byte) {
	if t.width == 0 {
		t.names.add(text)
		return
	}
	for _, c := range t.columns[col] {
		c.judge(text)
	}
}

func (t *table) row(line, width int, damaged bool) {
	if t.width == 0 {
		t.header(line, width, damaged)
		return
	}
	whole := !damaged && width == t.width
	for _, c := range t.checks {
		c.endRow(line, whole)
	}
	switch {
	case damaged:
		note(&t.facts.Damaged, &t.facts.FirstDamagedLine, line)
	case !whole:
		note(&t.facts.Ragged, &t.facts.FirstRaggedLine, line)
	}
	t.facts.Rows++
}

// drop forgets a row that is none.
func (t *table) drop() {
	t.names = headerNames{} // of a line above the header
	for _, c := range t.checks {
		c.endRow(0, false)
	}
}

// fits reports whether a line of so many cells could be a row. In a file of one
// column every line is.
func (t *table) fits(cells int) bool { return cells == t.width && cells > 1 }

func (t *table) isKey(col int) bool { return col < len(t.key) && t.key[col] }

// end sums up. Without a header no column is there.
func (t *table) end() {
	if t.facts.Empty = t.width == 0; t.facts.Empty {
		t.header(0, 0, false)
	}
	for _, c := range t.checks {
		c.sum()
	}
}

// note counts something, and keeps the line of the first.
func note(count, first *int, line int) {
	if *count == 0 {
		*first = line
	}
	*count++
}
