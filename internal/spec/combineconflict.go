package spec

import (
	"fmt"
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
)

// ConflictCode is the code of a held order of which wishes want different things.
const ConflictCode = "conflict"

// contradicts holds back the order of two wishes that want different things.
func (w *Wish) contradicts(other *Wish, fields []string, suggestion string) *Wish {
	a, b := w, other
	if b.Place.before(a.Place) {
		a, b = b, a
	}
	return a.held(&Problem{
		Code: ConflictCode, Place: b.Place, Suggestion: suggestion,
		Message: fmt.Sprintf("%s at %s and %s at %s want different things of one order (%s)",
			a.Address(), a.Place, b.Address(), b.Place, strings.Join(fields, ", ")),
		Conflict: &Conflict{Fields: fields, Places: []Place{a.Place, b.Place}},
	})
}

// severalNumbers is what to do about two tracking numbers of one order in one file.
const severalNumbers = `set voided if one of the labels is void, latest_by if a column says which row is newer, or multiple_tracking = "first" if both are right`

// suggestion is what would decide a conflict, as far as the places of the two
// wishes show it.
func suggestion(a, b *Wish, field string) string {
	switch {
	case field == "status":
		return "if the parcel must not be sent, " + order.PullWords + parcelOf(a, b) + " and write a release of the order; otherwise remove the cancel"
	case a.Origin != b.Origin:
		return fmt.Sprintf("write replaces = %q in %s if that one stands, or the other way around", b.Origin, a.Origin)
	case a.Origin.Combining != nil && a.Origin.Combining.Latest != LatestUnsaid:
		return "remove one row: neither is the later one"
	case a.Place.File != b.Place.File:
		return `if the later file is right, set latest = "file"; if a column says which row is newer, set latest_by`
	case field == "tracking_number":
		return severalNumbers
	}
	return "remove one row, or set latest_by if a column says which row is newer"
}

func parcelOf(wishes ...*Wish) string {
	for _, w := range wishes {
		if w.Want.Status == order.Shipped && w.Want.Tracking != "" {
			return w.Want.Tracking
		}
	}
	return "(no number)"
}
