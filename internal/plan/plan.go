package plan

import (
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/calendar"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// Plan is what has to be done to make the live orders what the configuration
// wants. It holds no secrets and no personal data.
type Plan struct {
	CreatedAt  time.Time
	Version    string // of the program that made it
	Lineage    string // of the state that it was made against
	Serial     uint64
	ConfigHash string

	// Position is that of a log that machines share, where the plan was made without
	// its lease: others may have gone on since. Nil: nobody could.
	Position *backend.Position
	// Partial names the flags that leave out something of what the configuration wants.
	Partial []string

	// MadeWith lists what of the command line gave variables their values: names
	// alone, for people who apply the plan later.
	MadeWith []string

	Accounts  []AccountPlan // in name order
	Missing   []MissingAccount
	Changes   []Change // in the order of work: acknowledges, cancels, ships, inserts, each by the order's age
	Held      []Held
	Deferred  []Deferred
	Pending   []Pending
	Unsettled []Unsettled // in the order of addresses; only with a Position
	Findings  []Finding
	Replaced  []spec.Replacement
	Stopped   []StoppedBatch     // in the order of addresses
	Standing  []*StandingCount   // in the order of accounts and addresses
	Batches   []*spec.BatchCount // what happened to the rows of each batch, in the order of addresses
	NoOp      int                // orders that are as wanted, closed ones included
	Released  int                // orders that were wanted, and that release blocks take out
	Orders    int                // orders that the configuration wants something of, released ones included
}

// AccountPlan is one account's part and what it costs.
type AccountPlan struct {
	Name      string        `json:"name"`
	Endpoint  string        `json:"endpoint"` // as people are shown it
	Calls     Calls         `json:"calls"`
	ETA       time.Duration `json:"-"` // under the account's call limit
	Burst     int           `json:"burst"`
	PerSecond float64       `json:"limit_per_second"`
	Read      Reading       `json:"read"`

	Unclaimed *Unclaimed `json:"unclaimed,omitempty"` // set if the whole lookback was listed

	// EndpointHash is that of the whole address. A plan's file passes through
	// many hands, and an address can be any variable of the environment.
	EndpointHash string `json:"-"`
}

// MissingAccount is an account that could not be read: nothing was decided about
// its orders, and the others were planned without it.
type MissingAccount struct {
	Name    string `json:"name"`
	Orders  int    `json:"orders"` // that the configuration wants something of
	Message string `json:"message"`
}

// Calls is the number of calls by purpose.
type Calls struct {
	Read  int `json:"read"`
	Write int `json:"write"`
	Check int `json:"reread"` // while applying
}

// Change is what will be done to one order.
type Change struct {
	Address      string         `json:"address"`
	Account      string         `json:"account"`
	Order        order.Ref      `json:"order"`
	Created      time.Time      `json:"created_at,omitzero"` // at the marketplace
	Actions      []order.Action `json:"actions"`
	Before       order.Values   `json:"before"` // as read, or as applied and not shown yet
	After        order.Values   `json:"after"`
	AfterUnknown []string       `json:"after_unknown"`       // fields that are chosen at sending; never nil
	ShippedOn    calendar.Day   `json:"shipped_on,omitzero"` // the day of the ship date that is chosen at sending
	Reason       string         `json:"reason,omitempty"`
	Attempt      int            `json:"attempt,omitempty"`
	Resend       bool           `json:"resend,omitempty"` // it was sent before, and is sent again on purpose
	DefinedAt    spec.Place     `json:"defined_at"`
	Content      string         `json:"content_hmac,omitempty"` // of an insert: identifies what its row said
	ReadAt       time.Time      `json:"read_at"`
	// LastChange is the last one that the state knew of the order, where the plan has
	// a Position: if it is another one by now, the change is not made.
	LastChange string `json:"last_change,omitempty"`

	// Refused names the change that the marketplace refused after the API had accepted
	// it, where this one is to take its place: what was sent then, and not what reads
	// show, is what the wish was compared with.
	Refused string `json:"refused_change,omitempty"`

	// Read is ReadAt as this process knows it, with its monotonic part, which no
	// text holds. It is zero in a plan that comes from a file: then the order is
	// read again before it is changed.
	Read time.Time `json:"-"`

	// ErrorBefore is the hash of the marketplace's error in that read.
	ErrorBefore string `json:"-"`

	// Standing are the blocks that give the order its number, in case the order must
	// still fit what they select when the call is made.
	Standing []*spec.Standing `json:"-"`

	// PlanHash is that of the reviewed plan that has the change, where it is not this
	// plan's own.
	PlanHash string `json:"-"`
}

// Held is an order that is held back because acting on it would be wrong.
type Held struct {
	Address    string         `json:"address"`
	Account    string         `json:"account"`
	Order      order.Ref      `json:"order"`
	Code       Code           `json:"code"`
	Message    string         `json:"message"`
	Conflict   *spec.Conflict `json:"conflict,omitempty"`    // of wishes that contradict each other
	Suggestion string         `json:"suggestion,omitempty"`  // what would decide it
	Pull       *order.Parcel  `json:"pull_parcel,omitempty"` // that must not be handed over: the order is canceled
	DefinedAt  spec.Place     `json:"defined_at"`
}

// Code says why an order is held back.
type Code string

// The codes of the decision table. An order with an error-level finding is
// held under the rule's identifier.
const (
	OrderNumberDiffers   Code = "order_number_differs"
	AlreadyCancelled     Code = "already_cancelled"
	AlreadyShipped       Code = "already_shipped"
	NotFound             Code = "not_found"
	NotFoundInLookback   Code = "not_found_in_lookback"
	AmbiguousMatch       Code = "ambiguous_match"
	Conflict             Code = spec.ConflictCode
	SplitShipment        Code = spec.SplitShipment
	BadTracking          Code = "bad_tracking"
	OlderNumber          Code = "older_number"
	NotReady             Code = "not_ready"
	ShippedBeforeCreated Code = "shipped_before_created"
	UnknownStatus        Code = "unknown_status"
	BadRow               Code = spec.BadRow
	PolicyRule           Code = "policy_rule"
	OutcomeUnknown       Code = "outcome_unknown"
)

// Pending is an order whose change the API accepted and reads don't show yet.
type Pending struct {
	Address   string       `json:"address"`
	Account   string       `json:"account"`
	Order     order.Ref    `json:"order"`
	Action    order.Action `json:"action"`
	AppliedAt time.Time    `json:"applied_at"`
	NotTaken  bool         `json:"not_taken"` // the marketplace had its take_time, and a read shows that it is not there

	VerifiedBy uptake.Witness `json:"verified_by,omitempty"` // who has to show it
	DefinedAt  spec.Place     `json:"defined_at"`
}

// Unsettled is an order with a call whose outcome the state does not know yet:
// nothing is planned for it. The call is one of a run under way, or of one that was
// cut off.
type Unsettled struct {
	Address    string       `json:"address"`
	Account    string       `json:"account"`
	Order      order.Ref    `json:"order"`
	Action     order.Action `json:"action"` // of the call
	RunID      string       `json:"run_id"`
	Since      time.Time    `json:"since"`
	InProgress bool         `json:"in_progress"` // somebody holds the state
	DefinedAt  spec.Place   `json:"defined_at"`
}

// Finding is a rule that one order does not meet.
type Finding struct {
	Rule      string         `json:"rule"`
	Severity  rules.Severity `json:"severity"`
	Address   string         `json:"address"`
	Message   string         `json:"message"`
	Count     int            `json:"count"`           // orders or rows that it stands for, 1 or more
	Order     *order.Ref     `json:"order,omitempty"` // where nothing may be wanted of it any more
	DefinedAt spec.Place     `json:"defined_at"`
}

// Summary counts a plan's actions and orders.
type Summary struct {
	Insert      int `json:"insert"`
	Acknowledge int `json:"acknowledge"`
	Ship        int `json:"ship"`
	Correct     int `json:"correct"`
	Cancel      int `json:"cancel"`
	NoOp        int `json:"no_op"`
	Held        int `json:"held_back"`
	Pending     int `json:"pending"`
	Unsettled   int `json:"unsettled,omitempty"`
	Deferred    int `json:"deferred"`
	Released    int `json:"released"`
	Stopped     int `json:"stopped"` // would be changed, were their batch not stopped
	Orders      int `json:"orders"`
}

// Summary counts actions, so that an acknowledge and a ship of one order are
// two. The other numbers count orders: Orders are those that are changed, and
// NoOp, Held, Pending, Unsettled, Deferred and Released.
func (p *Plan) Summary() Summary {
	s := Summary{NoOp: p.NoOp, Held: len(p.Held), Pending: len(p.Pending), Unsettled: len(p.Unsettled), Deferred: len(p.Deferred), Released: p.Released, Orders: p.Orders}
	for _, b := range p.Stopped {
		s.Stopped += b.Orders
	}
	for i := range p.Changes {
		for _, a := range p.Changes[i].Actions {
			switch a {
			case order.Acknowledge:
				s.Acknowledge++
			case order.Ship:
				s.Ship++
			case order.Correct:
				s.Correct++
			case order.Cancel:
				s.Cancel++
			case order.Insert:
				s.Insert++
			}
		}
	}
	return s
}

// Calls adds up the accounts' calls.
func (p *Plan) Calls() Calls {
	var c Calls
	for _, a := range p.Accounts {
		c.Read, c.Write, c.Check = c.Read+a.Calls.Read, c.Write+a.Calls.Write, c.Check+a.Calls.Check
	}
	return c
}

// ETA is the time of the slowest account: accounts are worked on side by side.
func (p *Plan) ETA() time.Duration {
	var eta time.Duration
	for _, a := range p.Accounts {
		eta = max(eta, a.ETA)
	}
	return eta
}

// Has reports whether the change includes an action.
func (c *Change) Has(action order.Action) bool {
	return slices.Contains(c.Actions, action)
}

// sendsNumber reports whether the change sends a shipment.
func (c *Change) sendsNumber() bool { return c.Has(order.Ship) || c.Has(order.Correct) }

// listed is a list that JSON does not show as null.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
