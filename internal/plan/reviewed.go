package plan

import (
	"fmt"
	"slices"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/words"
)

// ReviewedPlan is a plan that reviewers were shown, with its hash.
type ReviewedPlan struct {
	*Plan
	Hash string
}

// NotReviewed is a change that no reviewed plan has.
type NotReviewed struct {
	Change *Change
	Why    string
}

// Reviewed compares a plan that is made now with those that reviewers were shown.
// It returns the plan with only the changes that one of them has too: for the same
// order of the same endpoint and account, the same actions with the same values.
// The changes are those of the present plan, to the last letter; a reviewed plan is
// what anybody may have published, so it only chooses among them. An order that was
// to be acknowledged and shipped, and is acknowledged by now, was reviewed too. What
// a standing order changes was reviewed if the rule was: the same words, for the same
// account.
func Reviewed(now *Plan, shown []ReviewedPlan) (*Plan, []NotReviewed) {
	r := &reviewing{shown: shown, at: map[orderKey][]reviewedAt{}, rules: map[orderKey]int{}, now: map[string]string{}}
	r.index(now)
	kept := *now
	kept.Accounts = slices.Clone(now.Accounts)
	kept.Changes = make([]Change, 0, len(now.Changes))
	var rest []NotReviewed
	for i := range now.Changes {
		c := &now.Changes[i]
		by, why := r.judge(c)
		if why != "" {
			rest = append(rest, NotReviewed{c, why})
			notMade(kept.Accounts, c)
			continue
		}
		reviewed := *c
		reviewed.PlanHash = shown[by].Hash
		kept.Changes = append(kept.Changes, reviewed)
	}
	return &kept, rest
}

// reviewing is one comparison.
type reviewing struct {
	shown []ReviewedPlan
	at    map[orderKey][]reviewedAt
	rules map[orderKey]int  // the newest plan that shows a standing order, by its account and digest
	now   map[string]string // the digests of standing orders, by address
}

type reviewedAt struct{ plan, change int }

// index finds the reviewed changes of the accounts that are the same now.
func (r *reviewing) index(now *Plan) {
	endpoints := now.endpoints()
	for _, s := range now.Standing {
		r.now[s.Address] = s.Digest
	}
	for n, p := range r.shown {
		same := map[string]bool{}
		for _, a := range p.Accounts {
			hash, ok := endpoints[a.Name]
			same[a.Name] = ok && hash == a.EndpointHash
		}
		for _, s := range p.Standing {
			if same[s.Account] {
				r.rules[orderKey{s.Account, s.Digest}] = n
			}
		}
		for i := range p.Changes {
			if c := &p.Changes[i]; same[c.Account] {
				key := orderKey{c.Account, c.Order.ID}
				r.at[key] = append(r.at[key], reviewedAt{n, i})
			}
		}
	}
}

// judge finds the newest reviewed plan that has a change, or says why none has it.
func (r *reviewing) judge(c *Change) (by int, why string) {
	if IsStanding(c.Address) {
		address := blockOf(c.Address)
		if by, ok := r.rules[orderKey{c.Account, r.now[address]}]; ok {
			return by, ""
		}
		return 0, "no reviewed plan has " + address + " as it is now"
	}
	places := r.at[orderKey{c.Account, c.Order.ID}]
	if len(places) == 0 {
		return 0, "no reviewed plan changes this order"
	}
	for _, at := range slices.Backward(places) {
		shown := &r.shown[at.plan]
		reviewed := &shown.Changes[at.change]
		differs := differing(reviewed, withActionsLeft(c, reviewed.Actions))
		if differs == "" {
			return at.plan, ""
		}
		if why == "" { // of the newest
			why = fmt.Sprintf("plan %s showed another change: %s", words.ShortHash(shown.Hash), differs)
		}
	}
	return 0, why
}

// withActionsLeft is a change as it was before its first actions were done: what
// is left of the reviewed ones counts as all of them.
func withActionsLeft(c *Change, reviewed []order.Action) *Change {
	left := len(reviewed) - len(c.Actions)
	if left <= 0 || !slices.Equal(reviewed[left:], c.Actions) {
		return c
	}
	whole := *c
	whole.Actions = reviewed
	return &whole
}

// notMade takes the calls of a change that is not made out of what the plan costs.
func notMade(accounts []AccountPlan, c *Change) {
	for i := range accounts {
		if accounts[i].Name == c.Account {
			accounts[i].Calls.Write -= len(c.Actions)
		}
	}
}
