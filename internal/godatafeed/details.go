package godatafeed

import (
	"context"

	"github.com/shopspring/decimal"

	"github.com/gdfctl/gdfctl/internal/order"
)

// OrderDetails is an order with its money and items, for lists that people
// read. Amounts that the API leaves out are zero. It holds no buyer.
//
// Encode its fields, not the struct: order.Live brings its own JSON form, which
// covers only the values that plans compare.
type OrderDetails struct {
	order.Live

	GrandTotal, SubTotal       decimal.Decimal
	ShippingTotal, ShippingTax decimal.Decimal
	GiftWrapTotal, GiftWrapTax decimal.Decimal
	ShippingMethod             string // the marketplace's word, like MFNStandard
	ShippingService            string // ShippingServiceName
	ShippingServiceValue       string
	CustomerOrderNumber        string // OrderSourceCustomerOrderNumber
	IsAmazonPrime              bool
	Items                      []Item
}

// Item is one line of an order.
type Item struct {
	ID, SKU, Name                 string
	Quantity                      decimal.Decimal
	UnitPrice, SalesTax, Discount decimal.Decimal
}

// Buyer is who an order goes to: personal data, to be shown on request and
// stored nowhere. Printing it shows nothing of it.
type Buyer struct {
	Email, Phone, UserID             string
	FirstName, LastName, Company     string
	Street1, Street2                 string
	City, State, PostalCode, Country string
	PaymentType, PaymentTransaction  string
}

// String returns "[buyer]".
func (Buyer) String() string { return "[buyer]" }

// GoString is String, for %#v.
func (b Buyer) GoString() string { return b.String() }

// OrderWithBuyer is what only the methods named WithBuyer return.
type OrderWithBuyer struct {
	OrderDetails
	Buyer Buyer
}

// ListOrderDetails is ListOrders with money and items.
func (c *Client) ListOrderDetails(ctx context.Context, q OrderQuery, page, size int) ([]OrderDetails, error) {
	return listOrders(ctx, c, orderPage{q, page, size}, (*wireDetails).details)
}

// GetOrderDetails is GetOrder with money and items.
func (c *Client) GetOrderDetails(ctx context.Context, id string) (OrderDetails, error) {
	return getOrder(ctx, c, id, (*wireDetails).details)
}

// ListOrdersWithBuyer is ListOrderDetails with personal data.
func (c *Client) ListOrdersWithBuyer(ctx context.Context, q OrderQuery, page, size int) ([]OrderWithBuyer, error) {
	return listOrders(ctx, c, orderPage{q, page, size}, (*wireBuyerOrder).withBuyer)
}

// GetOrderWithBuyer is GetOrderDetails with personal data.
func (c *Client) GetOrderWithBuyer(ctx context.Context, id string) (OrderWithBuyer, error) {
	return getOrder(ctx, c, id, (*wireBuyerOrder).withBuyer)
}

type wireDetails struct {
	wireOrder
	GrandTotal, SubTotal            money
	ShippingTotal, ShippingTaxTotal money
	GiftWrapTotal, GiftWrapTaxTotal money
	ShippingMethod                  text
	ShippingServiceName             text
	ShippingServiceValue            text
	OrderSourceCustomerOrderNumber  text
	IsAmazonPrime                   flag
	OrderItems                      []wireItem
}

type wireItem struct {
	OrderItemID text `json:"OrderItemId"`
	Sku, Name   text
	Quantity    money
	UnitPrice   money
	SaleTaxCost money
	Discount    money
}

func (w *wireDetails) details() OrderDetails {
	d := OrderDetails{
		Live:                 w.live(),
		GrandTotal:           w.GrandTotal.Decimal,
		SubTotal:             w.SubTotal.Decimal,
		ShippingTotal:        w.ShippingTotal.Decimal,
		ShippingTax:          w.ShippingTaxTotal.Decimal,
		GiftWrapTotal:        w.GiftWrapTotal.Decimal,
		GiftWrapTax:          w.GiftWrapTaxTotal.Decimal,
		ShippingMethod:       w.ShippingMethod.trimmed(),
		ShippingService:      w.ShippingServiceName.trimmed(),
		ShippingServiceValue: w.ShippingServiceValue.trimmed(),
		CustomerOrderNumber:  w.OrderSourceCustomerOrderNumber.trimmed(),
		IsAmazonPrime:        w.IsAmazonPrime.yes,
	}
	for _, item := range w.OrderItems {
		d.Items = append(d.Items, Item{
			ID: string(item.OrderItemID), SKU: item.Sku.trimmed(), Name: item.Name.trimmed(),
			Quantity: item.Quantity.Decimal, UnitPrice: item.UnitPrice.Decimal,
			SalesTax: item.SaleTaxCost.Decimal, Discount: item.Discount.Decimal,
		})
	}
	return d
}

type wireBuyerOrder struct {
	wireDetails
	BuyerEmailAddress, BuyerPhoneNumber    text
	BuyerUserID                            text `json:"BuyerUserId"`
	FirstName, LastName, ShipToCompanyName text
	Street1, Street2, City                 text
	StateOrProvince, PostalCode, Country   text
	PaymentType                            text
	PaymentTransactionID                   text `json:"PaymentTransactionId"`
}

func (w *wireBuyerOrder) withBuyer() OrderWithBuyer {
	return OrderWithBuyer{OrderDetails: w.details(), Buyer: Buyer{
		Email: string(w.BuyerEmailAddress), Phone: string(w.BuyerPhoneNumber), UserID: string(w.BuyerUserID),
		FirstName: string(w.FirstName), LastName: string(w.LastName), Company: string(w.ShipToCompanyName),
		Street1: string(w.Street1), Street2: string(w.Street2), City: string(w.City),
		State: string(w.StateOrProvince), PostalCode: string(w.PostalCode), Country: string(w.Country),
		PaymentType: string(w.PaymentType), PaymentTransaction: string(w.PaymentTransactionID),
	}}
}
