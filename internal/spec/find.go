package spec

import (
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
)

// Find names a live order: by ID, by Source and Number (the
// marketplace's), or by OrderNumber (the seller's).
type Find struct {
	ID          string
	Source      string
	Number      string
	OrderNumber string
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

// Matches reports whether f names a live order, which has that number at the
// seller. Marketplaces are compared without case, and their numbers without the
// white space around them; the seller's own number is compared as it is.
func (f Find) Matches(ref order.Ref, orderNumber string) bool {
	switch {
	case f.ID != "":
		return f.ID == ref.ID
	case f.Number != "":
		return strings.TrimSpace(f.Number) == strings.TrimSpace(ref.SourceNumber) &&
			(f.Source == "" || order.SourceKey(f.Source) == order.SourceKey(ref.Source))
	}
	return f.OrderNumber != "" && f.OrderNumber == orderNumber
}
