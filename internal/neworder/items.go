package neworder

import (
	"bytes"

	"github.com/shopspring/decimal"
)

// mostItems is beyond what one order has.
const mostItems = 1000

// items are those of an order, as JSON. What is wrong with them is noted.
func (r *reading) items(v Value) string {
	switch {
	case v.List == nil:
		r.fault(Items, 0, "must be a JSON list of objects, each with Sku, Name, Quantity and UnitPrice")
		return ""
	case len(v.List) == 0:
		r.fault(Items, 0, "must have at least one item")
		return ""
	case len(v.List) > mostItems:
		r.fault(Items, 0, "has more than 1000 items")
		return ""
	}
	whole := r.out
	r.out = bytes.Buffer{}
	r.out.WriteByte('[')
	for i, item := range v.List {
		if i > 0 {
			r.out.WriteByte(',')
		}
		r.strangers(item, itemFields, i+1)
		r.quantity, r.price = 0, decimal.Decimal{}
		r.out.WriteByte('{')
		r.object(item, itemFields, i+1)
		r.out.WriteByte('}')
		r.order.sum = r.order.sum.Add(r.price.Mul(decimal.NewFromInt(int64(r.quantity))))
	}
	r.out.WriteByte(']')
	list := r.out.String()
	r.out = whole
	return list
}
