package audit

import (
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/provenance"
)

// Entry is one line of the audit log: one change to one order, or one
// intervention of people.
type Entry struct {
	Line int       `json:"line"` // counts from 1
	Prev string    `json:"prev"`
	At   time.Time `json:"at"`

	RunID     string `json:"run_id"` // of the run that made the call
	Seq       uint64 `json:"seq"`
	SettledBy string `json:"settled_by,omitempty"` // the run that found out its outcome, if another
	provenance.Provenance
	PlanHash string `json:"plan_hash,omitempty"`

	Endpoint string        `json:"endpoint,omitempty"`
	Account  string        `json:"account,omitempty"`
	Address  string        `json:"address,omitempty"`
	Order    *Order        `json:"order,omitempty"`
	Action   string        `json:"action"`            // an order.Action, or one of the Audit constants
	Attempt  int           `json:"attempt,omitempty"` // of the configuration; left out if 1
	Reason   string        `json:"reason,omitempty"`
	Before   *order.Values `json:"before,omitempty"`
	After    *order.Values `json:"after,omitempty"`

	Result   order.Result `json:"result"`
	Status   int          `json:"http_status,omitempty"`
	Message  string       `json:"message,omitempty"`
	Repeated bool         `json:"repeated_after_settle"`
	ReadBack bool         `json:"read_back"`

	Hash string `json:"hash,omitempty"`
}

// Order is an order with all its numbers: those that it has after the
// change, or had before it where the change names none.
type Order struct {
	order.Ref
	OrderNumber string `json:"order_number,omitempty"`
	Tracking    string `json:"tracking_number,omitempty"`
}

// What people do to the state, and what befell the record itself.
const (
	StateRm      = "state_rm"      // an order was taken out of the state
	StatePush    = "state_push"    // people changed the state, or an order in it
	StateRecover = "state_recover" // people accepted a log that lost records
	StateMigrate = "state_migrate" // the state was copied to another place, to go on there
	Unlock       = "state_unlock"  // a lock was removed
	Older        = "apply_older"   // reviewed changes were applied from an older commit
	Gap          = "audit_gap"     // lines that the state remembers are gone
)

// ID identifies an entry: each is written once, however often a journal is
// folded in.
type ID struct {
	run    string
	seq    uint64
	by     string
	result order.Result
}

func (r *Entry) ident() ID { return ID{r.RunID, r.Seq, r.SettledBy, r.Result} }

// names lists every number by which people may look for the record's order.
func (r *Entry) names() []string {
	var names []string
	if o := r.Order; o != nil {
		names = append(names, o.ID, o.SourceNumber, o.OrderNumber, o.Tracking, o.Ref.String())
	}
	for _, v := range []*order.Values{r.Before, r.After} {
		if v != nil {
			names = append(names, v.OrderNumber, v.Tracking)
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return name == "" })
}
