package report

import (
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/jsonformat"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/watch"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Plan is a plan as every view shows it. What it holds refers to the plan: nothing
// of its changes is copied. What groups or sorts them is a method, and made when a
// view asks for it, once: a plan can have a hundred thousand changes, and those who
// wait for its first lines don't wait for what they are not shown.
type Plan struct {
	FormatVersion string                `json:"format_version"`
	Version       string                `json:"gdfctl_version"`
	CreatedAt     time.Time             `json:"created_at"`
	PlanHash      string                `json:"plan_hash"`
	PlanHashShort string                `json:"plan_hash_short"`
	ConfigHash    string                `json:"config_hash"`
	Position      *backend.Position     `json:"position,omitempty"` // of the state in a log that machines share
	Partial       []string              `json:"partial,omitempty"`
	Summary       plan.Summary          `json:"summary"`
	Calls         plan.Calls            `json:"calls"`
	ETASeconds    int                   `json:"eta_seconds"`
	Accounts      []PlanAccount         `json:"accounts"`
	Missing       []plan.MissingAccount `json:"missing_accounts"`
	Batches       []*spec.BatchCount    `json:"batches"`
	Standing      []*plan.StandingCount `json:"standing,omitempty"`
	Changes       []plan.Change         `json:"changes"`
	Held          []plan.Held           `json:"held_back"`
	Pending       []plan.Pending        `json:"pending"`
	Unsettled     []plan.Unsettled      `json:"unsettled,omitempty"`
	Deferred      []plan.Deferred       `json:"deferred"`
	Findings      []plan.Finding        `json:"findings"`
	Replaced      []spec.Replacement    `json:"replaced"`
	Stopped       []plan.StoppedBatch   `json:"stopped"`
	Unclaimed     *plan.Unclaimed       `json:"unclaimed"` // null if no lookback was listed
	Violations    []plan.Violation      `json:"violations"`
	Watches       []watch.Result        `json:"watches"`
	PolicyRef     *spec.PolicyDiff      `json:"policy_ref,omitempty"` // nil: no other policy counts
	Unusual       *Unusual              `json:"unusual,omitempty"`    // nil: nothing is

	Mark   string   `json:"-"` // the first line of its Markdown, if it has one
	Review Review   `json:"-"`
	Sums   []string `json:"-"` // what the plan does, in parts that stay whole
	Cost   string   `json:"-"` // what the plan cost, and what applying it takes

	HeldByCode    [][]*plan.Held      `json:"-"` // the rarest reason first
	HeldElsewhere [][]*plan.Held      `json:"-"` // the same without those that stopped their batch
	Days          []DeferredDay       `json:"-"` // on which deferred orders ship
	Waits         []Waits             `json:"-"` // deferred orders of standing orders
	Releases      []*spec.Replacement `json:"-"` // wishes of orders that are released
	FirstReleases []*spec.Replacement `json:"-"` // the first wish of each release and order
	LeftOut       []*spec.Replacement `json:"-"` // wishes that do not stand for another reason
	NotClaimed    *NotClaimed         `json:"-"` // nil if every open order is claimed

	found func() *findings `json:"-"`
}

// PlanAccount is one account's part of a plan.
type PlanAccount struct {
	plan.AccountPlan
	ETASeconds int `json:"eta_seconds"`
}

// NewPlan is the report of a plan, with the limits of policies that it exceeds
// and the results of the latest check of feeds.
func NewPlan(p *plan.Plan, hash string, violations []plan.Violation, latest watch.Report) *Plan {
	r := &Plan{
		FormatVersion: jsonformat.Version, Version: p.Version, CreatedAt: p.CreatedAt, PlanHash: hash, PlanHashShort: words.ShortHash(hash), ConfigHash: p.ConfigHash,
		Position: p.Position, Partial: p.Partial, Unsettled: p.Unsettled,
		Summary: p.Summary(), Calls: p.Calls(), ETASeconds: int(p.ETA().Seconds()),
		Accounts: make([]PlanAccount, len(p.Accounts)), Missing: listed(p.Missing), Batches: listed(p.Batches), Standing: p.Standing, Changes: listed(p.Changes),
		Held: listed(p.Held), Pending: listed(p.Pending), Deferred: listed(p.Deferred), Findings: listed(p.Findings), Replaced: listed(p.Replaced),
		Stopped: listed(p.Stopped), Unclaimed: p.Unclaimed(), Violations: listed(violations), Watches: listed(latest.Results),
	}
	for i, a := range p.Accounts {
		r.Accounts[i] = PlanAccount{a, int(a.ETA.Seconds())}
	}
	r.Sums, r.Cost = r.sums(), r.cost(p.ETA())
	r.found = sync.OnceValue(r.indexFindings)
	r.HeldByCode, r.HeldElsewhere = heldByCode(p.Held), heldByCode(p.HeldOutsideStopped())
	r.Days, r.Waits = deferredDays(p.Deferred), waits(p.Deferred)
	r.replaced()
	r.NotClaimed = r.notClaimed()
	return r
}

// ByAction sorts the changes by what is done last to the order: one that is
// acknowledged and shipped is shipped.
func (r *Plan) ByAction() map[order.Action][]*plan.Change {
	out := map[order.Action][]*plan.Change{}
	for i := range r.Changes {
		c := &r.Changes[i]
		out[lastAction(c)] = append(out[lastAction(c)], c)
	}
	return out
}

func lastAction(c *plan.Change) order.Action { return c.Actions[len(c.Actions)-1] }
