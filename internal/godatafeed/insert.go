package godatafeed

import (
	"context"
	"net/http"
	"time"

	"github.com/shopspring/decimal"

	"github.com/gdfctl/gdfctl/internal/order"
)

// NewOrder is an order to be inserted (reference: Insert an Order). Fields are
// required by the API unless said otherwise; what is empty and optional is not
// sent. Printing it shows no buyer.
type NewOrder struct {
	Source          string // eBay, Amazon …
	SourceNumber    string // the marketplace's number; with Source what an insert is found by again
	CreatedInSource time.Time

	Buyer Buyer // Street2, UserID, PaymentType and PaymentTransaction are optional

	ShippingMethod       string // like "Two Day"
	ShippingService      string // optional: ShippingServiceName
	ShippingServiceValue string // optional

	GrandTotal, SubTotal       decimal.Decimal
	ShippingTotal, ShippingTax decimal.NullDecimal // optional
	GiftWrapTotal, GiftWrapTax decimal.NullDecimal // optional

	Items []NewItem // at least one

	// Optional: how far the order has come already.
	Status               order.Status // shipped or canceled
	OrderNumber          string       // the seller's own
	CreatedInDestination time.Time
	Tracking             string
	ShippedAt            time.Time
}

// NewItem is one line of a NewOrder.
type NewItem struct {
	SKU, Name string
	Quantity  int
	UnitPrice decimal.Decimal
}

type wireInsert struct {
	OrderSource, OrderSourceOrderNumber string
	OrderDestinationOrderNumber         string `json:",omitempty"`
	OrderStatus                         string `json:",omitempty"`
	DateCreatedInOrderSource            string
	DateCreatedInDestination            string `json:",omitempty"`
	DateShipped                         string `json:",omitempty"`
	ShipmentTrackingNumber              string `json:",omitempty"`

	BuyerEmailAddress, BuyerPhoneNumber        string
	BuyerUserID                                string `json:"BuyerUserId,omitempty"`
	ShipToCompanyName, FirstName, LastName     string
	Street1                                    string
	Street2                                    string `json:",omitempty"`
	City, StateOrProvince, Country, PostalCode string
	PaymentType                                string `json:",omitempty"`
	PaymentTransactionID                       string `json:"PaymentTransactionId,omitempty"`

	ShippingMethod       string
	ShippingServiceName  string `json:",omitempty"`
	ShippingServiceValue string `json:",omitempty"`

	GrandTotal, SubTotal amount
	ShippingTotal        *amount `json:",omitempty"`
	ShippingTaxTotal     *amount `json:",omitempty"`
	GiftWrapTotal        *amount `json:",omitempty"`
	GiftWrapTaxTotal     *amount `json:",omitempty"`

	OrderItems []wireNewItem
}

type wireNewItem struct {
	Sku, Name string
	Quantity  int
	UnitPrice amount
}

// InsertOrder sends a new order. The reference does not say whether the API
// refuses one that it has: an unknown outcome must be looked up by Source and
// SourceNumber, and never repeated blindly.
func (c *Client) InsertOrder(ctx context.Context, o NewOrder, before BeforeSend) error {
	if reason := o.missing(); reason != "" {
		return invalid(OpInsertOrder, reason)
	}
	body, err := marshal(o.wire())
	if err != nil {
		return invalid(OpInsertOrder, "the order can't be written as JSON")
	}
	return c.write(ctx, request{
		op: OpInsertOrder, method: http.MethodPut, path: []string{"Orders", "InsertOrder"},
		body: body,
	}, before)
}

// missing names what an insert can't do without: its identity, and a content.
// The rest of what is required is the API's to judge.
func (o NewOrder) missing() string {
	switch {
	case o.Source == "", o.SourceNumber == "":
		return "source and source order number are required"
	case o.CreatedInSource.IsZero():
		return "the date of the order at its source is required"
	case len(o.Items) == 0:
		return "an order needs at least one item"
	case o.Status != "" && o.Status != order.Shipped && o.Status != order.Cancelled:
		return "an order can be inserted as shipped, as canceled, or without a status"
	}
	return ""
}

func (o NewOrder) wire() wireInsert {
	w := wireInsert{
		OrderSource: o.Source, OrderSourceOrderNumber: o.SourceNumber,
		OrderDestinationOrderNumber: o.OrderNumber,
		OrderStatus:                 insertWord(o.Status),
		DateCreatedInOrderSource:    wireTime(o.CreatedInSource),
		DateCreatedInDestination:    wireTime(o.CreatedInDestination),
		DateShipped:                 wireTime(o.ShippedAt),
		ShipmentTrackingNumber:      o.Tracking,

		BuyerEmailAddress: o.Buyer.Email, BuyerPhoneNumber: o.Buyer.Phone, BuyerUserID: o.Buyer.UserID,
		ShipToCompanyName: o.Buyer.Company, FirstName: o.Buyer.FirstName, LastName: o.Buyer.LastName,
		Street1: o.Buyer.Street1, Street2: o.Buyer.Street2, City: o.Buyer.City,
		StateOrProvince: o.Buyer.State, Country: o.Buyer.Country, PostalCode: o.Buyer.PostalCode,
		PaymentType: o.Buyer.PaymentType, PaymentTransactionID: o.Buyer.PaymentTransaction,

		ShippingMethod: o.ShippingMethod, ShippingServiceName: o.ShippingService,
		ShippingServiceValue: o.ShippingServiceValue,

		GrandTotal: amount{o.GrandTotal}, SubTotal: amount{o.SubTotal},
		ShippingTotal: optional(o.ShippingTotal), ShippingTaxTotal: optional(o.ShippingTax),
		GiftWrapTotal: optional(o.GiftWrapTotal), GiftWrapTaxTotal: optional(o.GiftWrapTax),
	}
	for _, item := range o.Items {
		w.OrderItems = append(w.OrderItems, wireNewItem{
			Sku: item.SKU, Name: item.Name, Quantity: item.Quantity, UnitPrice: amount{item.UnitPrice},
		})
	}
	return w
}

func insertWord(s order.Status) string {
	switch s {
	case order.Shipped:
		return wordShipped
	case order.Cancelled:
		return wordCancelled
	}
	return ""
}

func optional(d decimal.NullDecimal) *amount {
	if !d.Valid {
		return nil
	}
	return &amount{d.Decimal}
}
