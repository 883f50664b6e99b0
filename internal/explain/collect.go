package explain

import (
	"cmp"
	"iter"
	"slices"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/ordername"
	"github.com/gdfctl/gdfctl/internal/state"
)

// Collection is everything that goes by one name. What is found can name more: who
// collects goes through all sources again, until nothing more is named.
type Collection struct {
	Name     ordername.Name
	Renamed  map[string]string // accounts by the names that they had
	Subjects []*Subject

	asked    map[string]bool // words that the audit log was asked for
	kept     []kept          // all rows and blocks, as they were read
	imprints imprints
}

// New begins with a word that somebody wrote, and knows nothing yet.
func New(word string) *Collection {
	return &Collection{Name: ordername.Parse(word), asked: map[string]bool{}, imprints: newImprints()}
}

// Known counts what is known: it grows for as long as there is more to find.
func (c *Collection) Known() (n int) {
	for _, s := range c.Subjects {
		n += 1 + len(s.Numbers) + len(s.Tracking) + len(s.Audit)
		for _, text := range []string{s.Ref.ID, s.Ref.Source, s.Ref.SourceNumber} {
			n += min(len(text), 1)
		}
	}
	return n
}

// subject finds the order, or adds one.
func (c *Collection) subject(account, endpoint string, ref order.Ref, numbers ...string) *Subject {
	// One with an ID is not put together with one that goes by a number alone: another
	// order can have that number too. Merge lets go of the latter.
	for _, s := range c.Subjects {
		if ref.ID != "" && s.Ref.ID == ref.ID && s.Account == account && s.Endpoint == endpoint {
			return s
		}
	}
	if s := c.known(account, endpoint, ref, numbers...); s != nil && ref.ID == "" {
		return s
	}
	s := &Subject{Account: account, Endpoint: endpoint}
	if ref == (order.Ref{}) && len(slices.DeleteFunc(numbers, func(n string) bool { return n == "" })) == 0 {
		// What names no order is one heap: it must not grow with each round.
		if i := slices.IndexFunc(c.Subjects, func(k *Subject) bool { return k.loose() && k.Account == account && k.Endpoint == endpoint }); i >= 0 {
			return c.Subjects[i]
		}
	}
	c.Subjects = append(c.Subjects, s)
	return s
}

// known finds the order: nil if it is not known yet.
func (c *Collection) known(account, endpoint string, ref order.Ref, numbers ...string) *Subject {
	i := slices.IndexFunc(c.Subjects, func(s *Subject) bool { return s.is(account, endpoint, ref, numbers...) })
	if i < 0 {
		return nil
	}
	return c.Subjects[i]
}

// Entry takes in an order of the state, if it goes by the name.
func (c *Collection) Entry(e *state.Entry) {
	values := []order.Values{}
	for _, a := range append(slices.Clone(e.Earlier), deref(e.Applied)...) {
		values = append(values, a.Before, a.Values)
	}
	if e.Observed != nil {
		values = append(values, e.Observed.Values)
	}
	ref := read(e.Ref)
	if order.IsInsertID(e.Ref.ID) {
		ref.ID = e.OrderID
	}
	named := c.Name.Ref(e.Ref) || slices.ContainsFunc(e.Sent(), c.Name.Tracking)
	for _, in := range e.Intents {
		values = append(values, in.Before, in.After)
		named = named || c.Name.Text(in.Address)
	}
	named = named || slices.ContainsFunc(values, c.Name.Values)
	if !named && c.known(e.Account, e.Endpoint, ref, numbersOf(values)...) == nil {
		return
	}
	s := c.subject(e.Account, e.Endpoint, ref, numbersOf(values)...)
	s.keeps(e)
	s.learn(ref, values...)
	for _, t := range e.Sent() {
		s.ships(t)
	}
}

func deref(a *state.Applied) []state.Applied {
	if a == nil {
		return nil
	}
	return []state.Applied{*a}
}

func numbersOf(values []order.Values) []string {
	var all []string
	for _, v := range values {
		if v.OrderNumber != "" {
			all = append(all, v.OrderNumber)
		}
	}
	return all
}

// read is an order as the API names it: one that was inserted has an ID of gdfctl's own
// until a read shows it.
func read(ref order.Ref) order.Ref {
	if order.IsInsertID(ref.ID) {
		ref.ID = ""
	}
	return ref
}

// keeps takes in what the state has of the order. What it did since it was inserted is
// under its own ID, and says more.
func (s *Subject) keeps(e *state.Entry) {
	if s.Entry == nil || e != nil && order.IsInsertID(s.Entry.ID) {
		s.Entry = e
	}
}

// Closed takes in a closed order that somebody looked up by its key.
func (c *Collection) Closed(e state.ClosedEntry) {
	ref := read(e.Ref)
	if order.IsInsertID(e.Ref.ID) {
		ref.ID = e.OrderID
	}
	s := c.subject(e.Account, e.Endpoint, ref)
	s.Closed = &e
	s.learn(ref, e.Wanted)
	for _, t := range e.Sent {
		s.ships(t)
	}
}

// Words are those that the audit log was not asked for yet.
func (c *Collection) Words() []string {
	var words []string
	all := slices.Clip(c.Name.Words())
	for _, s := range c.Subjects {
		all = append(all, s.words()...)
	}
	for _, w := range all {
		if !c.asked[w] {
			c.asked[w] = true
			words = append(words, w)
		}
	}
	return words
}

// Entries takes in the entries of the audit log that were found by one of the words.
func (c *Collection) Entries(entries iter.Seq2[audit.Entry, error]) error {
	for r, err := range entries {
		if err != nil {
			return err
		}
		if r.Order == nil {
			continue
		}
		s := c.subject(cmp.Or(c.Renamed[r.Account], r.Account), r.Endpoint, read(r.Order.Ref), r.Order.OrderNumber)
		s.learn(read(r.Order.Ref), order.Values{OrderNumber: r.Order.OrderNumber, Tracking: r.Order.Tracking})
		for _, v := range []*order.Values{r.Before, r.After} {
			if v != nil {
				s.learn(order.Ref{}, *v)
			}
		}
		s.entry(r)
	}
	return nil
}

// Live takes in an order that was read, if it goes by the name or is known.
func (c *Collection) Live(account, endpoint string, sight Sight) {
	if !c.Fits(account, endpoint, &sight.Live) {
		return
	}
	s := c.subject(account, endpoint, sight.Ref, sight.OrderNumber)
	s.Live = &sight
	s.learn(sight.Ref, sight.Values)
}

// Fits reports whether a live order goes by the name, or is one of those that are known.
func (c *Collection) Fits(account, endpoint string, live *order.Live) bool {
	return c.Name.Ref(live.Ref) || c.Name.Values(live.Values) || c.known(account, endpoint, live.Ref, live.OrderNumber) != nil
}

// Merge lets go of what turned out to be another subject: one without an ID, where an
// order with an ID has its number. Rows that name no order are those of an order that has
// the number in them, once it is known.
func (c *Collection) Merge() {
	c.Subjects = slices.DeleteFunc(c.Subjects, func(s *Subject) bool { return s.loose() && len(s.Rows)+len(s.Audit) == 0 && s.Entry == nil })
	var kept []*Subject
	for _, withID := range []bool{true, false} {
		for _, s := range c.Subjects {
			if (s.Ref.ID != "") != withID {
				continue
			}
			instead := false
			for _, k := range kept {
				if !s.loose() && k.is(s.Account, s.Endpoint, s.Ref, s.Numbers...) {
					k.takes(s)
					instead = true
				}
			}
			if !instead {
				kept = append(kept, s)
			}
		}
	}
	c.Subjects = kept
}

// takes takes over what is only known of another subject.
func (s *Subject) takes(other *Subject) {
	if s.Live == nil {
		s.Live = other.Live
	}
	if s.Closed == nil {
		s.Closed = other.Closed
	}
	if other.Entry != nil {
		s.keeps(other.Entry)
	}
	for _, e := range other.Audit {
		s.entry(e)
	}
	for _, r := range other.Rows {
		if !slices.ContainsFunc(s.Rows, func(own Row) bool { return own.Address == r.Address && own.at(r.DefinedAt) }) {
			s.Rows = append(s.Rows, r)
			s.ships(r.Want.Tracking)
		}
	}
}

// entry adds an entry of the audit log, once.
func (s *Subject) entry(e audit.Entry) {
	if at, there := slices.BinarySearchFunc(s.Audit, e.Line, func(e audit.Entry, line int) int { return e.Line - line }); !there {
		s.Audit = slices.Insert(s.Audit, at, e)
	}
}
