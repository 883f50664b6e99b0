package report

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/jsonformat"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state"
)

// PullList are the parcels that must not be handed over.
type PullList struct {
	FormatVersion string         `json:"format_version"`
	Parcels       []PulledParcel `json:"parcels"`
}

// PulledParcel is a parcel of an order that is canceled.
type PulledParcel struct {
	order.Parcel
	Account     string    `json:"account"`
	Order       order.Ref `json:"order"`
	OrderNumber string    `json:"order_number,omitempty"`
	Since       time.Time `json:"since"`
}

// NewPullList is the list of the parcels of orders, as the state knows them.
func NewPullList(entries []*state.Entry) *PullList {
	list := &PullList{FormatVersion: jsonformat.Version, Parcels: []PulledParcel{}}
	for _, e := range entries {
		number := ""
		if e.Observed != nil {
			number = e.Observed.Values.OrderNumber
		}
		list.Parcels = append(list.Parcels, PulledParcel{Parcel: e.Pull.Parcel, Account: e.Account, Order: e.Ref, OrderNumber: number, Since: e.Pull.Since})
	}
	return list
}

// Fields are the columns of CSV: the number comes first, for a scanner.
func (p *PulledParcel) Fields() []Field {
	return []Field{
		{"tracking_number", p.Tracking},
		{"carrier", p.Carrier},
		{"source", p.Order.Source},
		{"source_order_number", p.Order.SourceNumber},
		{"order_number", p.OrderNumber},
		{"account", p.Account},
		{"since", Stamp(p.Since)},
		{"id", p.Order.ID},
	}
}
