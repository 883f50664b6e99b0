package plan

import (
	"fmt"
	"math"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// Violation is a limit of the policy that the plan as a whole exceeds. Such a
// plan is not executed.
type Violation struct {
	Limit   string `json:"limit"` // the attribute of the policy
	Message string `json:"message"`
}

// roundingSlack keeps 29 % of 100 from being 28: most ratios are no exact
// floating-point numbers.
const roundingSlack = 1e-9

// CheckPolicy holds a plan against the limits of a policy.
func CheckPolicy(p *Plan, policy spec.Policy) []Violation {
	var found []Violation
	add := func(limit, format string, args ...any) {
		found = append(found, Violation{limit, fmt.Sprintf(format, args...)})
	}
	if n := len(p.Changes); n > policy.MaxChanges {
		add("max_changes", "%d orders would be changed, %d are allowed", n, policy.MaxChanges)
	}
	if n := heldForInput(p); n > policy.MaxHeld {
		add("max_held", "%d orders are held back for what the input says, %d are allowed: more is a sign that something is wrong with it", n, policy.MaxHeld)
	}
	corrections := 0
	for i := range p.Changes {
		if p.Changes[i].Has(order.Correct) {
			corrections++
		}
	}
	if corrections > policy.MaxCorrections {
		add("max_corrections", "%d tracking numbers would be corrected, %d are allowed: more is a sign that the table holds other numbers than were sent", corrections, policy.MaxCorrections)
	}
	cancels := map[string]int{}
	all := 0
	for i := range p.Changes {
		if p.Changes[i].Has(order.Cancel) {
			cancels[p.Changes[i].Account]++
			all++
		}
	}
	if all > policy.MaxCancellations {
		add("max_cancellations", "%d orders would be cancelled, %d are allowed", all, policy.MaxCancellations)
	}
	for _, a := range p.Accounts {
		n := cancels[a.Name]
		if n < spec.RatioTestedFrom || a.Read.Counted < 0 {
			continue
		}
		if most := int(math.Floor(policy.MaxCancellationRatio*float64(a.Read.Counted) + roundingSlack)); n > most {
			add("max_cancellation_ratio", "account %s: %d of %d orders in the lookback would be cancelled, %g %% are allowed (%d)",
				a.Name, n, a.Read.Counted, policy.MaxCancellationRatio*100, most)
		}
	}
	return found
}

// CheckRules holds one change against the policy's rules and returns the first
// message of a rule that is not met, or "". A rule that can't be evaluated for
// the change is not met: nothing is done on a guess.
func CheckRules(policy spec.Policy, c *Change) string {
	for _, rule := range policy.Rules {
		message, err := rule.Check(spec.Change{
			Address: c.Address, Account: c.Account, Order: c.Order, Actions: c.Actions,
			Before: c.Before, After: c.After, DefinedAt: c.DefinedAt,
		})
		if err != nil {
			return fmt.Sprintf("%s: the rule can't be evaluated for this order: %s", rule.Name, err)
		}
		if message != "" {
			return fmt.Sprintf("%s: %s", rule.Name, message)
		}
	}
	return ""
}
