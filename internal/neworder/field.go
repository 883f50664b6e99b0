package neworder

import (
	"slices"

	"github.com/gdfctl/gdfctl/internal/nearest"
)

// kind is what the value of a field is.
type kind byte

const (
	text kind = iota
	moment
	amount
	count
	items
)

// field is a field of InsertOrder, or of its items.
type field struct {
	name     string
	kind     kind
	required bool
	blank    bool // it has to be there, and may hold nothing
	longest  int  // in characters; 0: usualLength
}

// usualLength is how long a text may be. The API names no limits; a longer text is a
// column that slipped.
const usualLength = 255

// The names of fields that others have to know.
const (
	Source      = "OrderSource"
	Number      = "OrderSourceOrderNumber"
	Created     = "DateCreatedInOrderSource"
	OrderNumber = "OrderDestinationOrderNumber"
	Items       = "OrderItems"
	Phone       = "BuyerPhoneNumber"
	PostalCode  = "PostalCode"
	Sku         = "Sku" // of an item
	subTotal    = "SubTotal"
	quantity    = "Quantity"
	unitPrice   = "UnitPrice"
)

// fields are those that an order can have, in the order in which they are sent.
var fields = []field{
	{name: Source, required: true, longest: 100},
	{name: Number, required: true, longest: 100},
	{name: Created, kind: moment, required: true},
	{name: OrderNumber, longest: 100},
	{name: "BuyerEmailAddress", required: true, longest: 320},
	{name: Phone, required: true, longest: 100},
	{name: "BuyerUserId"},
	{name: "FirstName", required: true},
	{name: "LastName", required: true},
	{name: "ShipToCompanyName", required: true, blank: true},
	{name: "Street1", required: true},
	{name: "Street2"},
	{name: "City", required: true},
	{name: "StateOrProvince", required: true},
	{name: "Country", required: true},
	{name: PostalCode, required: true, longest: 40},
	{name: "ShippingMethod", required: true},
	{name: "ShippingServiceName"},
	{name: "ShippingServiceValue"},
	{name: "GrandTotal", kind: amount, required: true},
	{name: subTotal, kind: amount, required: true},
	{name: "ShippingTotal", kind: amount},
	{name: "ShippingTaxTotal", kind: amount},
	{name: "GiftWrapTotal", kind: amount},
	{name: "GiftWrapTaxTotal", kind: amount},
	{name: "PaymentTransactionId"},
	{name: Items, kind: items, required: true},
}

// itemFields are those of an item.
var itemFields = []field{
	{name: Sku, required: true},
	{name: "Name", required: true, longest: 1000},
	{name: quantity, kind: count, required: true},
	{name: unitPrice, kind: amount, required: true},
}

// refused are fields of the API that a new order must not have, and why. Exports have
// them, and so has the example in the API's documentation: they may be there as long as
// they hold nothing.
var refused = map[string]string{
	"OrderStatus":              "a new order is new; a batch ships it once it is there",
	"ShipmentTrackingNumber":   "a batch ships the order once it is there",
	"DateShipped":              "a batch ships the order once it is there",
	"OrderId":                  "the API gives the order its ID",
	"DateCreatedInDestination": "the API says when the order came",
	"SyncUserErrorMessage":     "the API says what went wrong with the order",
}

// refusedOfItems are those that an item must not have.
var refusedOfItems = map[string]string{"OrderItemId": "the API gives the item its ID"}

// Required lists the fields without which no order can be inserted, in the order in which
// they are sent.
func Required() []string {
	var names []string
	for _, f := range fields {
		if f.required {
			names = append(names, f.name)
		}
	}
	return names
}

// Names lists the fields of an order, and those of an item.
func Names() (order, item []string) { return namesOf(fields), namesOf(itemFields) }

func namesOf(list []field) []string {
	names := make([]string, len(list))
	for i, f := range list {
		names[i] = f.name
	}
	return names
}

// Known reports whether there is a field of that name, or one that is refused.
func Known(name string) bool {
	_, no := refused[name]
	return no || slices.ContainsFunc(fields, func(f field) bool { return f.name == name })
}

// Closest is the field that a name most likely stands for.
func Closest(name string) string { return nearest.Sorted(name, namesOf(fields))[0] }
