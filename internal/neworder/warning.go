package neworder

import (
	"regexp"
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
)

// Warning is something about an order that is doubtful, and no reason not to insert it.
type Warning struct {
	Rule    string
	Field   string
	Message string
}

var amazonNumber = regexp.MustCompile(`^[0-9]{3}-[0-9]{7}-[0-9]{7}$`)

// Warnings is what is doubtful about an order. It holds no value.
func (o *Order) Warnings() []Warning {
	var found []Warning
	if !o.sub.Equal(o.sum) {
		found = append(found, Warning{"INS02", subTotal, "SubTotal is not the sum of quantity times unit price over the items"})
	}
	if strings.HasPrefix(order.SourceKey(o.Source), "amazon") && !amazonNumber.MatchString(o.Number) {
		found = append(found, Warning{"INS03", Number, "an order number of Amazon is written like 123-1234567-1234567"})
	}
	return found
}
