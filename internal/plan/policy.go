package plan

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Violation is a limit of the policy that the plan as a whole exceeds. Such a
// plan is not executed.
type Violation struct {
	Limit string `json:"limit"` // the attribute of the policy
	Value int    `json:"value"` // of the plan
	Most  int    `json:"most"`
	Where string `json:"limit_at"` // where the limit stands
	// DefinedAt is that place, if it is in the configuration.
	DefinedAt *spec.Place `json:"defined_at,omitempty"`
	Message   string      `json:"message"` // with all of that, in words
	Remedy    string      `json:"remedy"`  // who may raise the limit
}

// roundingSlack keeps 29 % of 100 from being 28: most ratios are no exact
// floating-point numbers.
const roundingSlack = 1e-9

// CheckPolicy checks a plan against the limits of a policy.
func CheckPolicy(p *Plan, policy spec.Policy) []Violation {
	c := policyCheck{policy: &policy}
	n := countsOf(p)
	c.within("max_changes", len(p.Changes), policy.MaxChanges, "%s would be changed", "order", "orders", "")
	c.within("max_ships", n.actions[order.Ship], policy.MaxShips, "%s would be shipped", "order", "orders", "")
	c.within("max_acknowledgements", n.actions[order.Acknowledge], policy.MaxAcknowledgements, "%s would be acknowledged", "order", "orders", "")
	c.within("max_held", heldForInput(p), policy.MaxHeld, "%s held back because of the input", "order is", "orders are",
		"more means that something is probably wrong with it")
	if n.resent > 0 { // then all changes are
		c.within("max_corrections", n.resent, policy.MaxCorrections, "%s would be sent again", "order", "orders", "each of them counts as a correction")
	}
	c.within("max_corrections", n.corrected, policy.MaxCorrections, "%s would be corrected", "tracking number", "tracking numbers",
		"more means that the table probably has different numbers from those that were sent")
	c.within("max_inserts", n.actions[order.Insert], policy.MaxInserts, "%s would be inserted", "order", "orders", "")
	c.within("max_cancellations", n.actions[order.Cancel], policy.MaxCancellations, "%s would be canceled", "order", "orders", "")
	for _, batch := range slices.Sorted(maps.Keys(policy.Batches)) { // of a saved plan: one that is made now has none
		if l := policy.Batches[batch].MaxChanges; l != nil {
			c.add("max_changes", n.blocks[batch], l, fmt.Sprintf("%s: %s would be changed", batch, words.Count(n.blocks[batch], "order", "orders")), "")
		}
	}
	for _, a := range p.Accounts {
		if n := n.cancels[a.Name]; n >= spec.RatioTestedFrom && a.Read.Counted >= 0 {
			most := int(math.Floor(policy.MaxCancellationRatio*float64(a.Read.Counted) + roundingSlack))
			const limit = "max_cancellation_ratio"
			c.add(limit, n, c.limit(limit, most),
				fmt.Sprintf("account %s: %s of %s in the lookback would be canceled", a.Name, words.Number(n), words.Count(a.Read.Counted, "order", "orders")),
				fmt.Sprintf("it is %g %% of them", policy.MaxCancellationRatio*100))
		}
	}
	return c.found
}

// policyCounts counts what limits are about.
type policyCounts struct {
	actions map[order.Action]int
	cancels map[string]int // by account
	blocks  map[string]int // changes, by the block that their address names

	corrected, resent int
}

func countsOf(p *Plan) policyCounts {
	n := policyCounts{actions: map[order.Action]int{}, cancels: map[string]int{}, blocks: map[string]int{}}
	for i := range p.Changes {
		c := &p.Changes[i]
		for _, action := range c.Actions {
			n.actions[action]++
		}
		n.blocks[blockOf(c.Address)]++
		switch {
		case c.Has(order.Insert): // has a limit of its own, again or not
		case c.Resend:
			n.resent++
		case c.Has(order.Correct):
			n.corrected++
		}
		if c.Has(order.Cancel) {
			n.cancels[c.Account]++
		}
	}
	return n
}

type policyCheck struct {
	policy *spec.Policy
	found  []Violation
}

// limit is one of the policy, and how much it allows.
func (c *policyCheck) limit(name string, most int) *spec.Limit {
	return &spec.Limit{Most: most, Where: c.policy.Where(name), Raise: c.policy.Raise(name), Here: c.policy.Here(name)}
}

// within compares the number of some things with a limit of the policy.
func (c *policyCheck) within(limit string, n, most int, says, one, many, means string) {
	c.add(limit, n, c.limit(limit, most), fmt.Sprintf(says, words.Count(n, one, many)), means)
}

func (c *policyCheck) add(name string, n int, l *spec.Limit, says, means string) {
	if n <= l.Most {
		return
	}
	if means != "" {
		means = ": " + means
	}
	c.found = append(c.found, Violation{
		Limit: name, Value: n, Most: l.Most, Where: l.Where, DefinedAt: l.Here, Remedy: l.Raise,
		Message: fmt.Sprintf("%s; the limit is %s (%s)%s", says, words.Number(l.Most), l.Where, means),
	})
}

// Cancels is how many orders a plan cancels.
func Cancels(p *Plan) int { return countsOf(p).actions[order.Cancel] }

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
