package spec

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/rules"
)

// Policy bounds what one plan may do.
type Policy struct {
	Source Source
	Places map[string]Place // of what is written, by its name; of a batch's limit, by the batch's address and the name

	MaxChanges           int     // orders, in the whole plan
	MaxShips             int     // orders
	MaxAcknowledgements  int     // orders
	MaxCancellations     int     // orders
	MaxCorrections       int     // orders
	MaxInserts           int     // orders
	MaxCancellationRatio float64 // of the orders counted in the lookback
	MaxHeld              int     // orders
	MaxPlanAge           time.Duration
	MaxReviewAge         time.Duration          // of the published plan that shows what was reviewed
	ConfirmCancellations bool                   // whoever approves types how many there are
	Batches              map[string]BatchLimits // by address; only those that have limits of their own
	MinApprovals         int                    // of each pull request, of one plan that is published for it
	EnvironmentApproves  bool                   // an approval of the run counts too, as that of an environment on GitHub
	Rules                []*PolicyRule
	Raised               rules.Raised // rules that are errors here
}

// NoLimit is a limit that no plan reaches, and the largest that can be written.
const NoLimit = 100_000_000

// RatioTestedFrom is the least number of cancels that MaxCancellationRatio
// applies to: one cancel among ten orders does not suggest a mistake.
const RatioTestedFrom = 6

// DefaultPolicy holds where the configuration has no policy block.
var DefaultPolicy = Policy{MaxChanges: 20000, MaxShips: NoLimit, MaxAcknowledgements: NoLimit, MaxCancellations: 25, MaxCorrections: 25, MaxInserts: NoLimit, MaxCancellationRatio: 0.02, MaxHeld: 20, MaxPlanAge: 24 * time.Hour, MaxReviewAge: 7 * 24 * time.Hour}

// PolicyRule is a condition that every change must meet.
type PolicyRule struct {
	Name   string
	Place  Place
	Digest string // of what it says, whatever its layout
	// Check returns the rule's message if a change does not meet it, or "". An
	// error means that the rule itself can't be evaluated for this change.
	Check func(Change) (string, error)
}

// Change is a planned change as a rule sees it.
type Change struct {
	Address   string
	Account   string
	Order     order.Ref
	Actions   []order.Action
	Before    order.Values
	After     order.Values
	DefinedAt Place
}
