package apiserver

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// The other style is the same API as some servers speak it: statuses in upper
// case and the British spelling, times without a zone, amounts as strings,
// fields that no document names, nothing where null would stand, the newest
// order first, and dates filtered by arrival.

func (s *Server) replyOrders(w http.ResponseWriter, orders []Order) {
	ways := s.options()
	other := ways.OtherStyle
	list := make([]map[string]any, 0, len(orders))
	for _, o := range orders {
		list = append(list, render(o, ways.arrived(o), other))
	}
	answer := map[string]any{"Success": true, "Message": "", "Orders": list}
	if other {
		answer["RequestId"] = "5d1c"
		answer["Paging"] = map[string]any{"More": nil}
	}
	reply(w, answer)
}

func render(o Order, arrived time.Time, other bool) map[string]any {
	amount := func(n float64) any {
		if other {
			return fmt.Sprintf("%.2f", n)
		}
		return n
	}
	const layout = "2006-01-02T15:04:05Z"
	text := func(s string) any {
		if s == "" && !other {
			return nil
		}
		return s
	}
	m := map[string]any{
		"OrderId": o.ID, "OrderSource": o.Source, "OrderSourceOrderNumber": o.SourceNumber,
		"OrderDestinationOrderNumber": text(o.Number), "ShipmentTrackingNumber": text(o.Tracking),
		"DestinationShippingCarrier": text(o.Carrier), "OrderStatus": word(o.Status, other), "SourceOrderStatus": nil,
		"DateShipped": moment(o.ShippedAt, layout, other), "DateCreatedInOrderSource": moment(o.Created, layout, other),
		"DateCreatedInDestination": moment(arrived, layout, other),
		"SyncStatus":               "Enabled", "SyncUserErrorMessage": o.SyncError, "IsAmazonPrime": false,
		"GrandTotal": amount(12.98), "SubTotal": amount(9.99), "ShippingTotal": amount(2.99), "GiftWrapTotal": amount(0),
		"OrderItems": []map[string]any{{
			"OrderItemId": "1uTXxLgsfP6kmKpkDGqQhSjkcPJZfsel", "Sku": "ABC123", "Name": "My Great Product",
			"Quantity": 1, "UnitPrice": amount(9.99), "Discount": "0.00",
		}},
		"BuyerEmailAddress": o.Buyer.Email, "BuyerPhoneNumber": o.Buyer.Phone, "BuyerUserId": o.Buyer.UserID,
		"FirstName": o.Buyer.FirstName, "LastName": o.Buyer.LastName, "ShipToCompanyName": o.Buyer.Company,
		"Street1": o.Buyer.Street, "Street2": "", "City": o.Buyer.City, "PostalCode": o.Buyer.PostalCode, "StateOrProvince": "FL", "Country": "US",
		"PaymentTransactionId": o.Buyer.Payment, "PaymentType": nil,
	}
	if o.SourceStatus != "" {
		m["SourceOrderStatus"] = word(o.SourceStatus, other)
	}
	if other {
		m["ShipByDate"] = nil
		m["Tags"] = []any{map[string]any{"Id": 7}}
	}
	return m
}

// word spells a status.
func word(status string, other bool) string {
	switch {
	case other && status == Canceled:
		return "CANCELLED"
	case other:
		return strings.ToUpper(status)
	}
	return status
}

// moment spells a time: in the layout, unless the style is the other one.
func moment(t time.Time, layout string, other bool) any {
	switch {
	case t.IsZero():
		return nil
	case other:
		layout = "2006-01-02T15:04:05.0000000"
	}
	return t.UTC().Format(layout)
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(v) // the client may be gone
}

func refuse(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"Success": false, "Message": message})
}

func notFound(w http.ResponseWriter) {
	refuse(w, http.StatusNotFound, "The specified endpoint could not be found.")
}
