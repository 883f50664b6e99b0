package spec

import "strings"

// Address is the name of a wish in plans, flags and records: order["label"],
// batch.NAME["ID"], batch.NAME["Source/number"] or batch.NAME["#order_number"];
// likewise for a standing order.
// A row that names no order is called by its place.
func (w *Wish) Address() string {
	if w.Origin.Kind == "order" {
		return w.Origin.String()
	}
	return w.Origin.String() + `["` + escapeKey(w.Find.key(w.Place)) + `"]`
}

var keyEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

func escapeKey(s string) string { return keyEscapes.Replace(s) }
