package text

import (
	"io"
	"strings"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/report"
)

// Order prints one live order in full.
func Order(w io.Writer, s Style, single *report.SingleOrder) error {
	o := single.Live
	fields := o.Fields()
	for _, item := range o.Items {
		fields = append(fields, report.Field{Name: "item", Value: item.Quantity.String() + " × " + item.SKU + ", " + item.Name + ", at " + item.UnitPrice.StringFixed(2)})
	}
	return writeFields(w, s, o.Ref.String(), fields)
}

// Orders prints a list of live orders.
func Orders(w io.Writer, s Style, list *report.OrderList) error {
	orders, withBuyers := list.Live, list.WithBuyers
	columns := []column{
		{title: "SOURCE"},
		{title: "SOURCE NO."},
		{title: "STATUS"},
		{title: "ORDER NO."},
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
func statusWords(o *report.LiveOrder) string {
	if o.SourceStatus == "" || o.SourceStatus == o.Status {
		return string(o.Status)
	}
	return string(o.Status) + " (source: " + string(o.SourceStatus) + ")"
}

func buyerOf(o *report.LiveOrder) godatafeed.Buyer {
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
