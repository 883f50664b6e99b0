package config

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/gdfctl/gdfctl/internal/nearest"
	"github.com/gdfctl/gdfctl/internal/table"
)

// csvOptionNames are the options of csv(), as they are told.
var csvOptionNames = []string{"delimiter", "encoding", "quotes", "header_line", "columns"}

// csvOptions reads the second argument of csv().
func csvOptions(v cty.Value, expr hcl.Expression) (table.CSVOptions, hcl.Diagnostics) {
	at := expr.Range()
	var o table.CSVOptions
	if v.IsNull() || !(v.Type().IsObjectType() || v.Type().IsMapType()) {
		return o, errorAt(at, "Invalid options of csv()", `Write an object, like { delimiter = ";" }.`)
	}
	var diags hcl.Diagnostics
	for it := v.ElementIterator(); it.Next(); {
		key, value := it.Element()
		name := key.AsString()
		if !slices.Contains(csvOptionNames, name) {
			diags = append(diags, errorAt(at, "csv() has no option "+quotedIn(expr, name),
				fmt.Sprintf("Did you mean %s? The options are: %s.", nearest.Sorted(name, csvOptionNames)[0], strings.Join(csvOptionNames, ", ")))...)
			continue
		}
		if value.IsNull() {
			continue
		}
		if wrong := setCSVOption(&o, name, value); wrong != nil {
			diags = append(diags, errorAt(at, wrong.summary, wrong.detail)...)
		}
	}
	if o.HeaderLine > 0 && o.Columns != nil {
		diags = append(diags, errorAt(at, "Invalid options of csv()", "columns is for a file without a header, and header_line says where the header is. Remove one of them.")...)
	}
	return o, diags
}

func setCSVOption(o *table.CSVOptions, name string, v cty.Value) *fault {
	bad := func(detail string) *fault { return &fault{name, "Invalid " + name + " of csv()", detail} }
	text := ""
	if v.Type() == cty.String {
		text = v.AsString()
	}
	switch name {
	case "delimiter":
		runes := []rune(text)
		// what a reader can't tell from the rest of the table
		if len(runes) != 1 || strings.ContainsRune("\"\r\n\x00\ufffd", runes[0]) {
			return bad(`Write one character, like ";" or "\t".`)
		}
		o.Delimiter = runes[0]
	case "encoding":
		if o.Encoding = table.Encoding(strings.ToLower(text)); !slices.Contains(table.Encodings, o.Encoding) {
			return bad("Write one of these: " + quotedWords(table.Encodings) + ".")
		}
	case "quotes":
		if o.Quotes = table.Quotes(text); !slices.Contains(table.AllQuotes, o.Quotes) {
			return bad("Write one of these: " + quotedWords(table.AllQuotes) + ".")
		}
	case "header_line":
		n, ok := wholeNumber(v, 1, mostHeaderLine)
		if !ok {
			return bad(fmt.Sprintf("Write the number of the line with the names of the columns, from 1 to %d.", mostHeaderLine))
		}
		o.HeaderLine = n
	case "columns":
		names, ok := columnNames(v)
		if !ok {
			return bad(`Write the names of all columns, each once, like ["Order Number", "Tracking Number"]; "" is a column without a name.`)
		}
		o.Columns = names
	}
	return nil
}

// mostHeaderLine is beyond what any export writes above its header.
const mostHeaderLine = 10_000

func wholeNumber(v cty.Value, least, most int64) (int, bool) {
	if v.Type() != cty.Number {
		return 0, false
	}
	n, exact := v.AsBigFloat().Int64()
	return int(n), exact == big.Exact && n >= least && n <= most
}

// columnNames reads the names of columns; blank ones name nothing.
func columnNames(v cty.Value) ([]string, bool) {
	if !(v.Type().IsTupleType() || v.Type().IsListType()) || v.LengthInt() == 0 {
		return nil, false
	}
	var names []string
	for it := v.ElementIterator(); it.Next(); {
		_, e := it.Element()
		if e.IsNull() || e.Type() != cty.String {
			return nil, false
		}
		name := table.Clean(e.AsString())
		if name != "" && slices.Contains(names, name) {
			return nil, false
		}
		names = append(names, name)
	}
	return names, true
}

func quotedWords[T ~string](words []T) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = fmt.Sprintf("%q", string(w))
	}
	return strings.Join(quoted, ", ")
}
