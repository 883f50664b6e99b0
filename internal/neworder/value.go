package neworder

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// Value is what a row has in one field. The zero value is nothing.
type Value struct {
	Text  string // of a text or a number, as it is written
	List  []Row  // of items
	Other bool   // something that no field takes
}

// empty reports whether there is nothing in it.
func (v Value) empty() bool {
	return strings.TrimSpace(v.Text) == "" && v.List == nil && !v.Other
}

// Row is a row of a table: its values by the names of fields.
type Row map[string]Value

// names are those of a row, sorted.
func (r Row) names() []string {
	names := make([]string, 0, len(r))
	for name := range r {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// ItemsOf reads the items of an order from a text: a JSON list of objects.
func ItemsOf(text string) (items []Row, ok bool) {
	in := json.NewDecoder(strings.NewReader(text))
	in.UseNumber()
	var list []map[string]json.RawMessage
	if err := in.Decode(&list); err != nil || list == nil {
		return nil, false
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return nil, false
	}
	rows := make([]Row, len(list))
	for i, item := range list {
		rows[i] = Row{}
		for name, raw := range item {
			rows[i][name] = plainValue(raw)
		}
	}
	return rows, true
}

// plainValue is a JSON text or number with its digits.
func plainValue(raw json.RawMessage) Value {
	switch raw = bytes.TrimSpace(raw); raw[0] {
	case '"':
		var s string
		if json.Unmarshal(raw, &s) == nil {
			return Value{Text: s}
		}
	case 'n':
		return Value{}
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return Value{Text: string(raw)}
	}
	return Value{Other: true}
}

// Bounds of amounts: what is larger is none, and a decimal of a few bytes, like
// 1e999999999, would be gigabytes of digits.
const (
	longestAmount = 20
	mostDecimals  = 4
)

// amountOf is an amount as it is written, to the last digit.
func amountOf(text string) (decimal.Decimal, bool) {
	if text = strings.TrimSpace(text); len(text) > longestAmount || strings.ContainsAny(text, "eE+") {
		return decimal.Decimal{}, false
	}
	d, err := decimal.NewFromString(text)
	if err != nil || d.IsNegative() || d.Exponent() < -mostDecimals && !d.Truncate(mostDecimals).Equal(d) {
		return decimal.Decimal{}, false
	}
	return d, true
}
