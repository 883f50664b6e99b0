package spec

import "strings"

// Address is the name of a wish in plans, flags and records: order["label"],
// batch.NAME["ID"], batch.NAME["Source/number"] or batch.NAME["#order_number"].
// A row that names no order is called by its place.
func (w *Wish) Address() string {
	if w.Origin.Kind == "order" {
		return w.Origin.String()
	}
	return w.Origin.String() + `["` + escapeKey(w.Find.key(w.Place)) + `"]`
}

func (f Find) key(at Place) string {
	switch {
	case f.ID != "":
		return f.ID
	case f.Number != "" && f.Source != "":
		return f.Source + "/" + f.Number
	case f.Number != "":
		return f.Number
	case f.OrderNumber != "":
		return "#" + f.OrderNumber
	}
	return at.String()
}

// Empty reports whether f names no order at all.
func (f Find) Empty() bool {
	return f == Find{} || (f.ID == "" && f.Number == "" && f.OrderNumber == "")
}

var keyEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

func escapeKey(s string) string { return keyEscapes.Replace(s) }
