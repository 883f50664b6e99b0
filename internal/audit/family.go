package audit

import (
	"encoding/json"
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/ordername"
)

// family is all entries of the orders that go by one name. An order has other numbers
// from one entry to the next: those that name it are found first, and then all of the
// orders that they are about. What is kept is their IDs, however long the log is.
type family struct {
	name    ordername.Name
	all     bool
	ids     map[orderID]bool
	numbers map[orderID]bool // at the marketplace, of entries of the family
	unnamed map[orderID]bool // likewise, of those without an ID
	sieve   sieve
}

// orderID is an ID of an order in an account, or its number at the marketplace.
type orderID struct{ endpoint, account, id string }

func (r *Entry) id() orderID { return orderID{r.Endpoint, r.Account, r.Order.ID} }

func (r *Entry) number() orderID {
	return orderID{r.Endpoint, r.Account, order.SourceKey(r.Order.Source) + "\n" + strings.ToLower(r.Order.SourceNumber)}
}

// familyOf goes through the log once to find the orders.
func familyOf(source Source, word string) (*family, error) {
	f := &family{
		name: ordername.Parse(word), all: word == "", ids: map[orderID]bool{}, numbers: map[orderID]bool{}, unnamed: map[orderID]bool{},
	}
	if f.all {
		return f, nil
	}
	f.sieve.marks = marksOf(f.name.Words())
	err := f.each(source, f.add, func(int, error) error { return nil }) // the list says where a line is not an entry
	if f.sieve.marks != nil {
		ids := []string{}
		for id := range f.ids {
			ids = append(ids, id.id)
		}
		for number := range f.unnamed {
			ids = append(ids, number.id[strings.LastIndexByte(number.id, '\n')+1:])
		}
		f.sieve.also(ids)
	}
	return f, err
}

// add adds the order of an entry that names it.
func (f *family) add(e *Entry) error {
	if e.Order == nil || !e.named(f.name) {
		return nil
	}
	if e.Order.ID != "" {
		f.ids[e.id()] = true
	} else if e.Order.SourceNumber != "" {
		f.unnamed[e.number()] = true
	}
	if e.Order.SourceNumber != "" {
		f.numbers[e.number()] = true
	}
	return nil
}

// has reports whether an entry is one of the family. Without an ID, an order is known
// by its number at the marketplace alone.
func (f *family) has(e *Entry) bool {
	switch {
	case f.all || e.named(f.name):
		return true
	case e.Order == nil:
		return false
	case e.Order.ID == "":
		return e.Order.SourceNumber != "" && f.numbers[e.number()]
	}
	return f.ids[e.id()] || e.Order.SourceNumber != "" && f.unnamed[e.number()]
}

// each decodes the lines that can be of the family.
func (f *family) each(source Source, visit func(*Entry) error, undecoded func(line int, err error) error) error {
	number := 0
	_, err := eachLine(source, func(text []byte) error {
		number++
		if !f.sieve.mayHold(text) {
			return nil
		}
		var e Entry
		if err := json.Unmarshal(text, &e); err != nil {
			return undecoded(number, err)
		}
		return visit(&e)
	})
	return err
}
