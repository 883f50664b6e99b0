package audit

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/ordername"
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
	Resent   bool          `json:"resent,omitempty"`  // people asked to send it again, for the reason
	Reason   string        `json:"reason,omitempty"`
	Before   *order.Values `json:"before,omitempty"`
	After    *order.Values `json:"after,omitempty"`
	Content  string        `json:"content_hmac,omitempty"` // of an insert: names what was sent, and says nothing of it
	// ErrorBefore is the hash of the marketplace's error before the change.
	ErrorBefore string `json:"error_before,omitempty"`

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
	Rotate       = "audit_rotate"  // a new file of the audit log begins with it
)

// Actions are what an entry can be about: an action on an order, or one of these.
func Actions() []string {
	return []string{
		string(order.Acknowledge), string(order.Ship), string(order.Correct), string(order.Cancel), string(order.Insert),
		StateRm, StatePush, StateRecover, StateMigrate, Unlock, Older, Gap, Rotate,
	}
}

// ID identifies an entry: each is written once, however often a journal is
// folded in.
type ID struct {
	run    string
	seq    uint64
	by     string
	result order.Result
}

func (r *Entry) ident() ID { return ID{r.RunID, r.Seq, r.SettledBy, r.Result} }

// named reports whether a name is one of the numbers that the entry has for its order.
func (r *Entry) named(n ordername.Name) bool {
	if o := r.Order; o != nil && (n.Ref(o.Ref) || n.Text(o.OrderNumber) || n.Tracking(o.Tracking)) {
		return true
	}
	for _, v := range []*order.Values{r.Before, r.After} {
		if v != nil && n.Values(*v) {
			return true
		}
	}
	return false
}
