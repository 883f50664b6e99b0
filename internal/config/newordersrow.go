package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/gdfctl/gdfctl/internal/neworder"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/table"
)

// numbered is how the columns of a CSV file name the items of an order one by one:
// OrderItems.1.Sku.
const numbered = neworder.Items + "."

// headerFault says why a CSV file can't be a table of new orders.
func headerFault(h *table.Header) string {
	if !slices.ContainsFunc(h.Names, neworder.Known) || slices.ContainsFunc(h.Names, func(name string) bool {
		field, item := fieldOf(name)
		return item == 0 && !neworder.Known(field) && looksLikeCell(name)
	}) {
		return "Its first line looks like a row: a table of new orders begins with the names of its columns. " + documented()
	}
	var names []string
	hasItems := false
	for _, name := range h.Names {
		field, item := fieldOf(name)
		switch {
		case name == "":
		case h.Twice(name):
			return fmt.Sprintf("Several columns are called %s.", quotedList([]string{name}))
		case item > 0:
			hasItems = true
		case !neworder.Known(field):
			return fmt.Sprintf("There is no field %s of new orders; did you mean %q? Remove columns that are not sent.", quotedList([]string{name}), neworder.Closest(name))
		default:
			names = append(names, field)
			hasItems = hasItems || field == neworder.Items
		}
	}
	there := map[string]bool{neworder.Items: hasItems}
	for _, name := range names {
		there[name] = true
	}
	for _, name := range neworder.Required() {
		if !there[name] {
			return fmt.Sprintf("It has no column %q. %s", name, documented())
		}
	}
	return ""
}

// fieldOf is what a column's name stands for: a field of the order, or of an item of it.
func fieldOf(column string) (field string, item int) {
	rest, ok := strings.CutPrefix(column, numbered)
	if !ok {
		return column, 0
	}
	number, field, _ := strings.Cut(rest, ".")
	n, err := strconv.Atoi(number)
	_, fields := neworder.Names()
	for _, known := range fields {
		if err == nil && n >= 1 && n <= mostNumbered && field == known {
			return field, n
		}
	}
	return column, 0
}

// mostNumbered is how many items can have columns of their own.
const mostNumbered = 100

// cellOfField is the place of a field in a row, as far as a file has one.
func cellOfField(p spec.Place, row table.Row, field string, item int) spec.Place {
	if row.Header == nil {
		return p
	}
	columns := []string{field}
	if item > 0 {
		columns = []string{fmt.Sprintf("%s%d.%s", numbered, item, field), neworder.Items}
	}
	for _, name := range columns {
		if _, ok := row.Header.Index(name); ok {
			p.Line, p.Column = row.Column(name)
			return p
		}
	}
	return p
}

// valuesOf is a row by the names of fields. What can't be taken for one is a fault.
func valuesOf(row table.Row) (neworder.Row, []neworder.Fault) {
	if row.Header == nil {
		return objectValues(row.Object), nil
	}
	values, numberedItems := neworder.Row{}, map[int]neworder.Row{}
	last := 0
	var faults []neworder.Fault
	for _, name := range row.Header.Names {
		text, ok := row.Cell(name)
		if name == "" || !ok {
			continue
		}
		field, item := fieldOf(name)
		switch {
		case item > 0 && strings.TrimSpace(text) == "":
		case item > 0:
			if numberedItems[item] == nil {
				numberedItems[item] = neworder.Row{}
			}
			numberedItems[item][field] = neworder.Value{Text: text}
			last = max(last, item)
		case field == neworder.Items && strings.TrimSpace(text) != "":
			list, ok := neworder.ItemsOf(text)
			values[field] = neworder.Value{List: list, Other: !ok}
		default:
			values[field] = neworder.Value{Text: text}
		}
	}
	if last > 0 && values[neworder.Items].List != nil {
		faults = append(faults, neworder.Fault{Field: neworder.Items, Message: "is used together with numbered columns of items: use one of them"})
	} else if last > 0 {
		list := make([]neworder.Row, last)
		for n := range list {
			list[n] = numberedItems[n+1]
		}
		values[neworder.Items] = neworder.Value{List: list}
	}
	return values, faults
}

// objectValues is an object of a JSON Lines file by the names of fields.
func objectValues(object cty.Value) neworder.Row {
	values := neworder.Row{}
	for it := object.ElementIterator(); it.Next(); {
		name, v := it.Element()
		values[name.AsString()] = plainValue(v)
	}
	return values
}

// plainValue is a value with the digits that it was written with.
func plainValue(v cty.Value) neworder.Value {
	switch {
	case v.IsNull():
		return neworder.Value{}
	case v.Type() == cty.String:
		return neworder.Value{Text: v.AsString()}
	case v.Type() == cty.Number:
		return neworder.Value{Text: v.AsBigFloat().Text('f', -1)}
	case v.Type().IsTupleType():
		list := make([]neworder.Row, 0, v.LengthInt())
		for it := v.ElementIterator(); it.Next(); {
			_, item := it.Element()
			if item.IsNull() || !item.Type().IsObjectType() {
				return neworder.Value{Other: true}
			}
			list = append(list, objectValues(item))
		}
		return neworder.Value{List: list}
	}
	return neworder.Value{Other: true}
}
