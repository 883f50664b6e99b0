package view

import (
	"io"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// LiveOrder is an order as the API shows it. Buyer is nil unless personal data
// was asked for: then, and only then, the views print it.
type LiveOrder struct {
	godatafeed.OrderDetails
	Buyer *godatafeed.Buyer
}

// Orders prints a list of live orders. withBuyers says whether its columns have
// room for buyers; a list may be empty.
func Orders(w io.Writer, s Style, format Format, orders []LiveOrder, withBuyers bool) error {
	switch format {
	case JSONFormat:
		out := struct {
			FormatVersion string          `json:"format_version"`
			Orders        []liveOrderJSON `json:"orders"`
		}{formatVersion, make([]liveOrderJSON, len(orders))}
		for i := range orders {
			out.Orders[i] = liveOrderDocument(&orders[i])
		}
		return JSON(w, out)
	case CSVFormat:
		things := make([][]field, len(orders))
		for i := range orders {
			things[i] = orderFields(&orders[i])
		}
		empty := LiveOrder{}
		if withBuyers {
			empty.Buyer = &godatafeed.Buyer{}
		}
		return fieldsCSV(w, fieldNames(orderFields(&empty)), things)
	}
	return ordersTable(w, s, orders, withBuyers)
}

// Order prints one live order in full.
func Order(w io.Writer, s Style, format Format, o LiveOrder) error {
	switch format {
	case JSONFormat:
		return JSON(w, struct {
			FormatVersion string        `json:"format_version"`
			Order         liveOrderJSON `json:"order"`
		}{formatVersion, liveOrderDocument(&o)})
	case CSVFormat:
		return Orders(w, s, format, []LiveOrder{o}, o.Buyer != nil)
	}
	fields := orderFields(&o)
	for _, item := range o.Items {
		fields = append(fields, field{"item", item.Quantity.String() + " × " + item.SKU + ", " + item.Name + ", at " + item.UnitPrice.StringFixed(2)})
	}
	return writeFields(w, s, o.Ref.String(), fields)
}

func ordersTable(w io.Writer, s Style, orders []LiveOrder, withBuyers bool) error {
	columns := []column{
		{title: "SOURCE"},
		{title: "NUMBER"},
		{title: "STATUS"},
		{title: "ORDER NUMBER"},
		{title: "TRACKING"},
		{title: "CARRIER"},
		{title: "TOTAL", right: true},
		{title: "CREATED"},
		{title: "ID"},
	}
	if withBuyers {
		columns = append(columns, column{title: "NAME"}, column{title: "E-MAIL"}, column{title: "PHONE"}, column{title: "ADDRESS"})
	}
	rows := make([][]string, len(orders))
	for i := range orders {
		o := &orders[i]
		rows[i] = []string{
			o.Source, o.SourceNumber, statusWords(o), o.OrderNumber, o.Tracking, o.Carrier,
			o.GrandTotal.StringFixed(2), moment(o.Created()), o.ID,
		}
		if withBuyers {
			b := buyerOf(o)
			rows[i] = append(rows[i], joined(" ", b.FirstName, b.LastName, b.Company), b.Email, b.Phone,
				joined(", ", b.Street1, b.Street2, joined(" ", b.PostalCode, b.City), b.State, b.Country))
		}
	}
	return writeTable(w, s, columns, rows)
}

// statusWords names the marketplace's status too where it is another one: such
// an order is about to change, or was changed elsewhere.
func statusWords(o *LiveOrder) string {
	if o.SourceStatus == "" || o.SourceStatus == o.Status {
		return string(o.Status)
	}
	return string(o.Status) + " (source: " + string(o.SourceStatus) + ")"
}

// orderFields are the columns of CSV and the lines of a single order.
func orderFields(o *LiveOrder) []field {
	fields := []field{
		{"id", o.ID},
		{"source", o.Source},
		{"source_order_number", o.SourceNumber},
		{"order_number", o.OrderNumber},
		{"status", string(o.Status)},
		{"source_status", string(o.SourceStatus)},
		{"tracking_number", o.Tracking},
		{"carrier", o.Carrier},
		{"shipped_at", stamp(o.ShippedAt)},
		{"created_at", stamp(o.CreatedInSource)},
		{"received_at", stamp(o.CreatedInDestination)},
		{"shipping_method", o.ShippingMethod},
		{"grand_total", o.GrandTotal.StringFixed(2)},
		{"sync_status", o.SyncStatus},
		{"sync_error", safetext.Foreign(o.SyncError)},
	}
	if o.Buyer == nil {
		return fields
	}
	b := o.Buyer
	return append(fields,
		field{"buyer_email", b.Email}, field{"buyer_phone", b.Phone}, field{"buyer_user_id", b.UserID},
		field{"first_name", b.FirstName}, field{"last_name", b.LastName}, field{"company", b.Company},
		field{"street_1", b.Street1}, field{"street_2", b.Street2}, field{"city", b.City}, field{"state", b.State},
		field{"postal_code", b.PostalCode}, field{"country", b.Country},
		field{"payment_type", b.PaymentType}, field{"payment_transaction", b.PaymentTransaction})
}

func buyerOf(o *LiveOrder) godatafeed.Buyer {
	if o.Buyer == nil {
		return godatafeed.Buyer{}
	}
	return *o.Buyer
}

func joined(separator string, parts ...string) string {
	var there []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			there = append(there, p)
		}
	}
	return strings.Join(there, separator)
}

type liveOrderJSON struct {
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
	Items          []itemJSON      `json:"items"`
	Buyer          *buyerJSON      `json:"buyer,omitempty"`
}

type itemJSON struct {
	ID        string          `json:"id"`
	SKU       string          `json:"sku"`
	Name      string          `json:"name"`
	Quantity  decimal.Decimal `json:"quantity"`
	UnitPrice decimal.Decimal `json:"unit_price"`
}

type buyerJSON struct {
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

func liveOrderDocument(o *LiveOrder) liveOrderJSON {
	doc := liveOrderJSON{
		ID: o.ID, Source: o.Source, SourceNumber: o.SourceNumber, OrderNumber: nullable(o.OrderNumber),
		Status: string(o.Status), SourceStatus: nullable(string(o.SourceStatus)),
		Tracking: nullable(o.Tracking), Carrier: nullable(o.Carrier), ShippedAt: wholeSeconds(o.ShippedAt),
		CreatedAt: wholeSeconds(o.CreatedInSource), ReceivedAt: wholeSeconds(o.CreatedInDestination),
		ShippingMethod: nullable(o.ShippingMethod), GrandTotal: o.GrandTotal,
		SyncStatus: nullable(o.SyncStatus), SyncError: nullable(safetext.Foreign(o.SyncError)), Items: make([]itemJSON, len(o.Items)),
	}
	for i, item := range o.Items {
		doc.Items[i] = itemJSON{item.ID, item.SKU, item.Name, item.Quantity, item.UnitPrice}
	}
	if b := o.Buyer; b != nil {
		doc.Buyer = &buyerJSON{
			b.Email, b.Phone, b.UserID, b.FirstName, b.LastName, b.Company, b.Street1, b.Street2,
			b.City, b.State, b.PostalCode, b.Country, b.PaymentType, b.PaymentTransaction,
		}
	}
	return doc
}

func nullable(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// wholeSeconds is a time as JSON writes it, null for the zero time.
func wholeSeconds(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC().Truncate(time.Second)
	return &t
}
