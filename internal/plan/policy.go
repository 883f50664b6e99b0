package plan

import (
	"fmt"
	"math"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/words"
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

// CheckPolicy checks a plan against the limits of a policy.
func CheckPolicy(p *Plan, policy spec.Policy) []Violation {
	var found []Violation
	add := func(limit, format string, args ...any) {
		found = append(found, Violation{limit, fmt.Sprintf(format, args...)})
	}
	if n := len(p.Changes); n > policy.MaxChanges {
		add("max_changes", "%s would be changed; the limit is %s", words.Count(n, "order", "orders"), words.Number(policy.MaxChanges))
	}
	if n := heldForInput(p); n > policy.MaxHeld {
		add("max_held", "%s held back because of the input; the limit is %s: more means that something is probably wrong with it",
			words.Count(n, "order is", "orders are"), words.Number(policy.MaxHeld))
	}
	corrections := 0
	for i := range p.Changes {
		if p.Changes[i].Has(order.Correct) {
			corrections++
		}
	}
	if corrections > policy.MaxCorrections {
		add("max_corrections", "%s would be corrected; the limit is %s: more means that the table probably has different numbers from those that were sent",
			words.Count(corrections, "tracking number", "tracking numbers"), words.Number(policy.MaxCorrections))
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
		add("max_cancellations", "%s would be canceled; the limit is %s", words.Count(all, "order", "orders"), words.Number(policy.MaxCancellations))
	}
	for _, a := range p.Accounts {
		n := cancels[a.Name]
		if n < spec.RatioTestedFrom || a.Read.Counted < 0 {
			continue
		}
		if most := int(math.Floor(policy.MaxCancellationRatio*float64(a.Read.Counted) + roundingSlack)); n > most {
			add("max_cancellation_ratio", "account %s: %s of %s in the lookback would be canceled; the limit is %g %% (%s)",
				a.Name, words.Number(n), words.Count(a.Read.Counted, "order", "orders"), policy.MaxCancellationRatio*100, words.Number(most))
		}
	}
	return found
}

// CheckRules checks one change against the policy's rules and returns the first
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
