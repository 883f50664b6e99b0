package report

import (
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/jsonformat"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// LiveOrder is an order as the API shows it. Buyer is nil unless personal data
// was asked for: then, and only then, the views print it.
type LiveOrder struct {
	godatafeed.OrderDetails
	Buyer *godatafeed.Buyer
}

// OrderList are live orders.
type OrderList struct {
	FormatVersion string  `json:"format_version"`
	Orders        []Order `json:"orders"`

	Live       []LiveOrder `json:"-"`
	WithBuyers bool        `json:"-"` // columns have room for buyers; a list may be empty
}

// Orders is the report of a list of live orders.
func Orders(orders []LiveOrder, withBuyers bool) *OrderList {
	list := &OrderList{FormatVersion: jsonformat.Version, Orders: make([]Order, len(orders)), Live: orders, WithBuyers: withBuyers}
	for i := range orders {
		list.Orders[i] = orderDocument(&orders[i])
	}
	return list
}

// SingleOrder is one live order in full.
type SingleOrder struct {
	FormatVersion string `json:"format_version"`
	Order         Order  `json:"order"`

	Live *LiveOrder `json:"-"`
}

// OneOrder is the report of a live order.
func OneOrder(o LiveOrder) *SingleOrder {
	return &SingleOrder{jsonformat.Version, orderDocument(&o), &o}
}

// Fields are the columns of CSV and the lines of a single order.
func (o *LiveOrder) Fields() []Field {
	fields := []Field{
		{"id", o.ID},
		{"source", o.Source},
		{"source_order_number", o.SourceNumber},
		{"order_number", o.OrderNumber},
		{"status", string(o.Status)},
		{"source_status", string(o.SourceStatus)},
		{"tracking_number", o.Tracking},
		{"carrier", o.Carrier},
		{"shipped_at", Stamp(o.ShippedAt)},
		{"created_at", Stamp(o.CreatedInSource)},
		{"received_at", Stamp(o.CreatedInDestination)},
		{"shipping_method", o.ShippingMethod},
		{"grand_total", o.GrandTotal.StringFixed(2)},
		{"sync_status", o.SyncStatus},
		{"sync_error", safetext.Foreign(o.SyncError)},
		{"sub_total", o.SubTotal.StringFixed(2)},
		{"shipping_total", o.ShippingTotal.StringFixed(2)},
		{"shipping_tax", o.ShippingTax.StringFixed(2)},
		{"gift_wrap_total", o.GiftWrapTotal.StringFixed(2)},
		{"gift_wrap_tax", o.GiftWrapTax.StringFixed(2)},
		{"shipping_service", o.ShippingService},
		{"shipping_service_value", o.ShippingServiceValue},
		{"customer_order_number", o.CustomerOrderNumber},
		{"amazon_prime", strconv.FormatBool(o.IsAmazonPrime)},
	}
	if o.Buyer == nil {
		return fields
	}
	b := o.Buyer
	return append(fields,
		Field{"buyer_email", b.Email}, Field{"buyer_phone", b.Phone}, Field{"buyer_user_id", b.UserID},
		Field{"first_name", b.FirstName}, Field{"last_name", b.LastName}, Field{"company", b.Company},
		Field{"street_1", b.Street1}, Field{"street_2", b.Street2}, Field{"city", b.City}, Field{"state", b.State},
		Field{"postal_code", b.PostalCode}, Field{"country", b.Country},
		Field{"payment_type", b.PaymentType}, Field{"payment_transaction", b.PaymentTransaction})
}

// Order is a live order for programs.
type Order struct {
	ID             string          `json:"id"`
	Source         string          `json:"source"`
	SourceNumber   string          `json:"source_order_number"`
	OrderNumber    *string         `json:"order_number"`
	Status         string          `json:"status"`
	SourceStatus   *string         `json:"source_status"`
	Tracking       *string         `json:"tracking_number"`
	Carrier        *string         `json:"carrier"`
	ShippedAt      *time.Time      `json:"shipped_at"`
	CreatedAt      *time.Time      `json:"created_at"`
	ReceivedAt     *time.Time      `json:"received_at"`
	ShippingMethod *string         `json:"shipping_method"`
	GrandTotal     decimal.Decimal `json:"grand_total"`
	SyncStatus     *string         `json:"sync_status"`
	SyncError      *string         `json:"sync_error"`
	SubTotal       decimal.Decimal `json:"sub_total"`
	ShippingTotal  decimal.Decimal `json:"shipping_total"`
	ShippingTax    decimal.Decimal `json:"shipping_tax"`
	GiftWrapTotal  decimal.Decimal `json:"gift_wrap_total"`
	GiftWrapTax    decimal.Decimal `json:"gift_wrap_tax"`
	Service        *string         `json:"shipping_service"`
	ServiceValue   *string         `json:"shipping_service_value"`
	CustomerNumber *string         `json:"customer_order_number"`
	AmazonPrime    bool            `json:"amazon_prime"`
	Items          []Item          `json:"items"`
	Buyer          *Buyer          `json:"buyer,omitempty"`
}

// Item is one item of an order.
type Item struct {
	ID        string          `json:"id"`
	SKU       string          `json:"sku"`
	Name      string          `json:"name"`
	Quantity  decimal.Decimal `json:"quantity"`
	UnitPrice decimal.Decimal `json:"unit_price"`
	SalesTax  decimal.Decimal `json:"sales_tax"`
	Discount  decimal.Decimal `json:"discount"`
}

// Buyer is personal data.
type Buyer struct {
	Email       string `json:"email"`
	Phone       string `json:"phone"`
	UserID      string `json:"user_id"`
	FirstName   string `json:"first_name"`
	LastName    string `json:"last_name"`
	Company     string `json:"company"`
	Street1     string `json:"street_1"`
	Street2     string `json:"street_2"`
	City        string `json:"city"`
	State       string `json:"state"`
	PostalCode  string `json:"postal_code"`
	Country     string `json:"country"`
	PaymentType string `json:"payment_type"`
	Payment     string `json:"payment_transaction"`
}

func orderDocument(o *LiveOrder) Order {
	doc := Order{
		ID: o.ID, Source: o.Source, SourceNumber: o.SourceNumber, OrderNumber: nullable(o.OrderNumber),
		Status: string(o.Status), SourceStatus: nullable(string(o.SourceStatus)),
		Tracking: nullable(o.Tracking), Carrier: nullable(o.Carrier), ShippedAt: wholeSeconds(o.ShippedAt),
		CreatedAt: wholeSeconds(o.CreatedInSource), ReceivedAt: wholeSeconds(o.CreatedInDestination),
		ShippingMethod: nullable(o.ShippingMethod), GrandTotal: o.GrandTotal,
		SyncStatus: nullable(o.SyncStatus), SyncError: nullable(safetext.Foreign(o.SyncError)),
		SubTotal: o.SubTotal, ShippingTotal: o.ShippingTotal, ShippingTax: o.ShippingTax, GiftWrapTotal: o.GiftWrapTotal, GiftWrapTax: o.GiftWrapTax,
		Service: nullable(o.ShippingService), ServiceValue: nullable(o.ShippingServiceValue), CustomerNumber: nullable(o.CustomerOrderNumber),
		AmazonPrime: o.IsAmazonPrime, Items: make([]Item, len(o.Items)),
	}
	for i, item := range o.Items {
		doc.Items[i] = Item{item.ID, item.SKU, item.Name, item.Quantity, item.UnitPrice, item.SalesTax, item.Discount}
	}
	if b := o.Buyer; b != nil {
		doc.Buyer = &Buyer{
			b.Email, b.Phone, b.UserID, b.FirstName, b.LastName, b.Company, b.Street1, b.Street2,
			b.City, b.State, b.PostalCode, b.Country, b.PaymentType, b.PaymentTransaction,
		}
	}
	return doc
}
