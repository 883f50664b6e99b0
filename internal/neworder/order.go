package neworder

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// Order is an order that can be inserted.
type Order struct {
	Source      string
	Number      string // the marketplace's
	OrderNumber string // the seller's; mostly empty
	Created     time.Time

	body []byte
	sub  decimal.Decimal // as the row says
	sum  decimal.Decimal // of the items
}

// String keeps the buyer out of whatever an order is printed in.
func (o *Order) String() string { return "the order " + o.Source + " " + o.Number }

// GoString is String: %#v prints what %v does.
func (o *Order) GoString() string { return o.String() }

// Body is what is sent to the API.
func (o *Order) Body() []byte { return o.body }

// Digest is different for different contents. It is not fit to be kept: who knows most of an order
// can try out the rest.
func (o *Order) Digest() [sha256.Size]byte { return sha256.Sum256(o.body) }

// Fault is what is wrong with a field of a row. It holds no value.
type Fault struct {
	Field   string // as the row or the list of fields calls it
	Item    int    // of the item that has it, from 1; 0: the order itself
	Message string
}

func (f Fault) String() string {
	if f.Item > 0 {
		return fmt.Sprintf("%s, item %d: %s %s", Items, f.Item, f.Field, f.Message)
	}
	return f.Field + " " + f.Message
}

// ReadTime reads a time as the account of a table writes it. The error says what is wrong
// with it, and does not quote it.
type ReadTime func(text string) (time.Time, error)

// Read makes an order of a row. It is of no use if anything is wrong: then all of that is
// returned, and what can be said of the order all the same.
func Read(row Row, readTime ReadTime) (*Order, []Fault) {
	r := &reading{time: readTime, order: &Order{}}
	r.strangers(row, fields, 0)
	r.out.WriteByte('{')
	r.object(row, fields, 0)
	r.out.WriteByte('}')
	if len(r.faults) == 0 {
		r.order.body = r.out.Bytes()
	}
	return r.order, r.faults
}

// reading is the way from one row to its body.
type reading struct {
	time   ReadTime
	order  *Order
	out    bytes.Buffer
	faults []Fault

	quantity int             // of the item that is read
	price    decimal.Decimal // likewise
}

func (r *reading) fault(field string, item int, message string) {
	r.faults = append(r.faults, Fault{field, item, message})
}

// strangers are names that no field has.
func (r *reading) strangers(row Row, known []field, item int) {
	names, given := map[string]bool{}, refused
	if item > 0 {
		given = refusedOfItems
	}
	for _, f := range known {
		names[f.name] = true
	}
	for _, name := range row.names() {
		why, no := given[name]
		switch {
		case names[name]:
		case no:
			if !row[name].empty() {
				r.fault(name, item, "must be empty: "+why)
			}
		case item > 0:
			r.fault(fitName(name), item, "is not a field of an item: there are "+strings.Join(namesOf(itemFields), ", "))
		default:
			r.fault(fitName(name), item, "is not a field of a new order (did you mean "+Closest(name)+"?)")
		}
	}
}

// fitName is the name of a field as it may be shown. What can't be a name is something
// that slipped, and may be the buyer's.
func fitName(name string) string {
	const longest = 40
	if len(name) > longest || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !strings.ContainsRune("_- 0123456789", r) }) {
		return "something"
	}
	return name
}

// object writes the fields of a row.
func (r *reading) object(row Row, list []field, item int) {
	first := true
	for _, f := range list {
		v, there := row[f.name]
		if v.empty() {
			switch {
			case f.required && !f.blank:
				r.fault(f.name, item, "is required and empty")
			case f.required && !there:
				r.fault(f.name, item, "is required; it may be empty")
			case f.required:
				r.member(&first, f.name, `""`)
			}
			continue
		}
		if written, message := r.value(f, v, item); message != "" {
			r.fault(f.name, item, message)
		} else if written != "" {
			r.member(&first, f.name, written)
		}
	}
}

func (r *reading) member(first *bool, name, value string) {
	if !*first {
		r.out.WriteByte(',')
	}
	*first = false
	r.out.WriteString(strconv.Quote(name) + ":" + value)
}

// value is what is sent in a field, as JSON.
func (r *reading) value(f field, v Value, item int) (written, message string) {
	switch {
	case f.kind == items:
		return r.items(v), ""
	case v.List != nil, v.Other:
		return "", "must be a text or a number"
	}
	is := strings.TrimSpace(v.Text)
	switch f.kind {
	case moment:
		t, err := r.time(is)
		if err != nil {
			return "", err.Error()
		}
		r.order.Created = t.UTC().Truncate(time.Second)
		return strconv.Quote(r.order.Created.Format("2006-01-02T15:04:05Z")), ""
	case amount:
		d, ok := amountOf(is)
		if !ok {
			return "", "must be an amount like 25 or 100.95, from 0 on, with at most 4 decimals and no currency"
		}
		switch f.name {
		case subTotal:
			r.order.sub = d
		case unitPrice:
			r.price = d
		}
		return d.String(), ""
	case count:
		const most = 1_000_000
		n, err := strconv.Atoi(is)
		if err != nil || n < 1 || n > most {
			return "", "must be a whole number from 1 to 1000000"
		}
		r.quantity = n
		return strconv.Itoa(n), ""
	}
	return r.text(f, is)
}

func (r *reading) text(f field, is string) (written, message string) {
	most := f.longest
	if most == 0 {
		most = usualLength
	}
	switch {
	case utf8.RuneCountInString(is) > most:
		return "", fmt.Sprintf("is longer than %d characters", most)
	case strings.ContainsFunc(is, unicode.IsControl):
		return "", "has a line break or another control character"
	}
	if isName := f.name == Source || f.name == Number || f.name == OrderNumber; isName && strings.Contains(is, "@") {
		return "", "looks like an e-mail address: the columns may have slipped" // names are shown, and buyers are not
	}
	switch f.name {
	case Source:
		r.order.Source = strings.Clone(is)
	case Number:
		r.order.Number = strings.Clone(is)
	case OrderNumber:
		r.order.OrderNumber = strings.Clone(is)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(is) // a string always encodes
	return strings.TrimSuffix(b.String(), "\n"), ""
}
