package explain

import (
	"iter"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// kept is a row of a table, or a block, until it is known which orders it names. There
// can be a million: of one that wants nothing, only what names its order is kept.
type kept struct {
	origin *spec.Origin
	find   spec.Find
	place  spec.Place
	wish   *spec.Wish // nil: it wants nothing
	fate   Fate       // of one that wants nothing
	more   int
	holds  bool      // one of its cells is the number that was asked for
	cells  []imprint // of a row that names no order
}

// Keep takes in a row of a table, or a block, as it is read. fate is Stands for one that
// wants something: what comes of it is only known when all are read, and its wish has to
// stay. cells are compared where nothing else says which order a row means.
func (c *Collection) Keep(w *spec.Wish, fate Fate, more int, cells iter.Seq[string]) {
	if w.Origin.Account == nil {
		return
	}
	k := kept{origin: w.Origin, find: w.Find, place: w.Place, fate: fate, more: more}
	if fate == Stands || w.Problem != nil {
		k.wish = w
	}
	if fate != Stands || w.Problem != nil || w.Find.Empty() {
		for cell := range cells {
			k.holds = k.holds || c.Name.Tracking(cell)
			if cell != "" && w.Find.Empty() {
				k.cells = append(k.cells, c.imprints.of(cell)...)
			}
		}
	}
	c.kept = append(c.kept, k)
}

// Rows finds which rows name the orders that are known by now. It forgets what it found
// before.
func (c *Collection) Rows() {
	for _, s := range c.Subjects {
		s.Rows = nil
	}
	for i := range c.kept {
		k := &c.kept[i]
		for _, s := range c.fitting(k) {
			row := k.row()
			s.Rows = append(s.Rows, row)
			s.ships(row.Want.Tracking)
		}
	}
}

// row is what is shown of it.
func (k *kept) row() Row {
	w := k.wish
	if w == nil {
		return Row{Address: (&spec.Wish{Origin: k.origin, Find: k.find, Place: k.place}).Address(), DefinedAt: k.place, More: k.more, Fate: k.fate, Find: k.find}
	}
	row := Row{Address: w.Address(), DefinedAt: k.place, More: k.more, Fate: k.fate, Find: k.find, Want: w.Want}
	switch {
	case w.Voided:
		row.Fate = Voided
	case w.Problem != nil:
		row.Fate, row.Code, row.Message = HeldBack, w.Problem.Code, w.Problem.Message
	}
	return row
}

// fitting are the orders that a row names. One that names the asked number, and none of
// them, adds one.
func (c *Collection) fitting(k *kept) []*Subject {
	account := k.origin.Account
	var fits []*Subject
	for _, s := range c.Subjects {
		if s.found(account.Name, account.Endpoint, k.find) {
			fits = append(fits, s)
		}
	}
	if len(fits) > 0 {
		return fits
	}
	if len(k.cells) > 0 {
		for _, s := range c.Subjects {
			if s.Account == account.Name && s.Endpoint == account.Endpoint && c.imprints.anyOf(s, k.cells) {
				fits = append(fits, s)
			}
		}
	}
	ref := order.Ref{ID: k.find.ID, Source: k.find.Source, SourceNumber: k.find.Number}
	if len(fits) > 0 || !c.named(k, ref) {
		return fits
	}
	s := c.subject(account.Name, account.Endpoint, ref, k.find.OrderNumber)
	s.learn(ref, order.Values{OrderNumber: k.find.OrderNumber})
	return []*Subject{s}
}

// named reports whether a row is about the number that was asked for.
func (c *Collection) named(k *kept, ref order.Ref) bool {
	if k.holds || c.Name.Ref(ref) || c.Name.Text(k.find.OrderNumber) || k.wish != nil && c.Name.Values(k.wish.Want) {
		return true
	}
	return c.byAddress() && c.Name.Text(k.row().Address)
}

// byAddress reports whether the word can be an address.
func (c *Collection) byAddress() bool {
	return slices.ContainsFunc(c.Name.Words(), func(w string) bool { return strings.ContainsAny(w, ".[") })
}

// Replaced notes which rows were taken out by a step of combining, and by what.
func (c *Collection) Replaced(all []spec.Replacement) {
	type place struct {
		address, file string
		line          int
	}
	by := map[place]spec.Replacement{}
	for _, r := range all {
		by[place{r.Address, r.Place.File, r.Place.Line}] = r
	}
	for _, s := range c.Subjects {
		for i := range s.Rows {
			row := &s.Rows[i]
			r, ok := by[place{row.Address, row.DefinedAt.File, row.DefinedAt.Line}]
			if ok && (row.Fate == Stands || row.Fate == HeldBack) {
				row.Fate, row.By = Replaced, r
			}
		}
	}
}

// at reports whether the row stands in that line.
func (r *Row) at(p spec.Place) bool { return r.DefinedAt.File == p.File && r.DefinedAt.Line == p.Line }

// wants reports whether the row wants something, even if nothing comes of it.
func (r *Row) wants() bool { return r.Fate != LeftOut && r.Fate != Only && r.Fate != Except }

// Addresses are those by which a plan can be made for the order: of rows that want
// something of it.
func (s *Subject) Addresses() []string {
	var all []string
	seen := map[string]bool{}
	for i := range s.Rows {
		if row := &s.Rows[i]; row.wants() && !seen[row.Address] {
			seen[row.Address] = true
			all = append(all, row.Address)
		}
	}
	return all
}
