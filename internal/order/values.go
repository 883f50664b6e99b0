package order

import (
	"encoding/json"
	"strings"
	"time"
)

// Ref names an order in all the ways that the API knows it by. ID is the
// API's opaque, case-sensitive OrderId; Source and SourceNumber are the
// marketplace and the marketplace's own number.
type Ref struct {
	ID           string `json:"id,omitempty"`
	Source       string `json:"source,omitempty"`
	SourceNumber string `json:"source_order_number,omitempty"`
}

// String is how people call the order: "Amazon 112-1234567-1234567", or the id
// where the marketplace's number is not known.
func (r Ref) String() string {
	if r.SourceNumber == "" {
		return r.ID
	}
	return strings.TrimSpace(r.Source + " " + r.SourceNumber)
}

// Values are the fields of an order that gdfctl compares and changes. An empty
// field is absent: null in the API and in JSON.
type Values struct {
	Status      Status    `json:"status"`          // canonical
	OrderNumber string    `json:"order_number"`    // the seller's own number (OrderDestinationOrderNumber)
	Tracking    string    `json:"tracking_number"` // ShipmentTrackingNumber
	Carrier     string    `json:"carrier"`         // DestinationShippingCarrier, as written
	ShippedAt   time.Time `json:"shipped_at"`      // DateShipped, UTC; zero if absent
}

// Field is one of an order's values by its name in configurations and JSON.
type Field struct{ Name, Value string }

// Fields are the values in the order in which they are shown, absent ones empty;
// stamp writes the ship time.
func (v Values) Fields(stamp func(time.Time) string) []Field {
	shipped := ""
	if !v.ShippedAt.IsZero() {
		shipped = stamp(v.ShippedAt)
	}
	return []Field{
		{"status", string(v.Status)}, {"order_number", v.OrderNumber}, {"tracking_number", v.Tracking}, {"carrier", v.Carrier}, {"shipped_at", shipped},
	}
}

type jsonValues struct {
	Status      *string    `json:"status"`
	OrderNumber *string    `json:"order_number"`
	Tracking    *string    `json:"tracking_number"`
	Carrier     *string    `json:"carrier"`
	ShippedAt   *time.Time `json:"shipped_at"`
}

// MarshalJSON writes every field, absent ones as null, times in UTC and whole
// seconds.
func (v Values) MarshalJSON() ([]byte, error) {
	j := jsonValues{
		Status: nullable(string(v.Status)), OrderNumber: nullable(v.OrderNumber),
		Tracking: nullable(v.Tracking), Carrier: nullable(v.Carrier),
	}
	if !v.ShippedAt.IsZero() {
		t := v.ShippedAt.UTC().Truncate(time.Second)
		j.ShippedAt = &t
	}
	return json.Marshal(j)
}

// Equal reports whether both hold exactly the same values, times to the
// second.
func (v Values) Equal(w Values) bool {
	return v.Status == w.Status && v.OrderNumber == w.OrderNumber && v.Tracking == w.Tracking &&
		v.Carrier == w.Carrier && v.ShippedAt.Truncate(time.Second).Equal(w.ShippedAt.Truncate(time.Second))
}

func nullable(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
