package report

import (
	"github.com/gdfctl/gdfctl/internal/jsonformat"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state"
)

// Pushed are the orders of a state that a push changes.
type Pushed struct {
	FormatVersion string        `json:"format_version"`
	Added         []PushedOrder `json:"added"`
	Removed       []PushedOrder `json:"removed"`
	Changed       []PushedOrder `json:"changed"`
	AuditHead     *string       `json:"audit_head"`  // null: nothing was changed
	SignedHead    *string       `json:"signed_head"` // the file of the signed head; null: it was not signed
}

// PushedOrder is one of them.
type PushedOrder struct {
	Account string    `json:"account"`
	Order   order.Ref `json:"order"`
}

// NewPushed is the report of a push.
func NewPushed(d *state.Difference, head, signed string) *Pushed {
	orders := func(entries []*state.Entry) []PushedOrder {
		list := make([]PushedOrder, 0, len(entries))
		for _, e := range entries {
			list = append(list, PushedOrder{e.Account, e.Ref})
		}
		return list
	}
	return &Pushed{jsonformat.Version, orders(d.Added), orders(d.Removed), orders(d.Changed), nullable(head), nullable(signed)}
}
