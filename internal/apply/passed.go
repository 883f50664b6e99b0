package apply

import "github.com/gdfctl/gdfctl/internal/plan"

// Passed is a change of the plan that was decided against before the run began. It
// is reported and counted like one that was skipped on the way.
type Passed struct {
	Change  *plan.Change
	Result  ItemResult
	Message string
}

// countPassed adds the actions of passed changes to what the run is about.
func (r *run) countPassed() {
	for _, p := range r.Passed {
		r.total += len(p.Change.Actions)
	}
}

// pass tells of the passed changes.
func (r *run) pass() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.Passed {
		c := p.Change
		for _, action := range c.Actions {
			item := Item{
				Address: c.Address, Account: c.Account, Order: c.Order, Action: action, Result: p.Result,
				Message: p.Message, Tracking: c.After.Tracking, DefinedAt: c.DefinedAt,
			}
			r.result.Items = append(r.result.Items, item)
			r.result.Counts[p.Result]++
			r.done++
			r.sendLocked(Event{
				Type: ChangeSkipped, Account: c.Account, Address: c.Address, Order: &item.Order, Action: action,
				Result: string(p.Result), Message: p.Message,
			})
		}
	}
}
