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

// MarshalJSON writes every field, absent ones as null, times in UTC and whole
// seconds. A plan of a hundred thousand changes has two hundred thousand Values:
// they are written without anything between them and the text.
func (v Values) MarshalJSON() ([]byte, error) {
	const usual = 160
	b := append(make([]byte, 0, usual), '{')
	for _, f := range [...]struct{ name, text string }{
		{`"status":`, string(v.Status)}, {`,"order_number":`, v.OrderNumber}, {`,"tracking_number":`, v.Tracking}, {`,"carrier":`, v.Carrier},
	} {
		var err error
		if b, err = appendText(append(b, f.name...), f.text); err != nil {
			return nil, err
		}
	}
	b = append(b, `,"shipped_at":`...)
	if v.ShippedAt.IsZero() {
		return append(b, "null}"...), nil
	}
	b, err := v.ShippedAt.UTC().Truncate(time.Second).AppendText(append(b, '"'))
	return append(b, `"}`...), err
}

// appendText writes a text as JSON, an empty one as null.
func appendText(b []byte, text string) ([]byte, error) {
	if text == "" {
		return append(b, "null"...), nil
	}
	if !strings.ContainsFunc(text, escapedInJSON) {
		return append(append(append(b, '"'), text...), '"'), nil
	}
	quoted, err := json.Marshal(text)
	return append(b, quoted...), err
}

// escapedInJSON reports whether a character may not stand in a JSON text as it is.
// Nearly all texts of an order are of those that may.
func escapedInJSON(r rune) bool {
	return r < ' ' || r >= 0x7f || strings.ContainsRune(`"\<>&`, r)
}

// Equal reports whether both hold exactly the same values, times to the
// second.
func (v Values) Equal(w Values) bool {
	return v.Status == w.Status && v.OrderNumber == w.OrderNumber && v.Tracking == w.Tracking &&
		v.Carrier == w.Carrier && v.ShippedAt.Truncate(time.Second).Equal(w.ShippedAt.Truncate(time.Second))
}
