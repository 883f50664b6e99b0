package plan

import "github.com/gdfctl/gdfctl/internal/spec"

// countReleased counts the orders that release blocks take out of the plan, one
// for each block that took out a wish: a block names one order, and several
// rows can be about it.
func (b *builder) countReleased() {
	orders := map[spec.Place]bool{}
	for i := range b.plan.Replaced {
		r := &b.plan.Replaced[i]
		if r.By == spec.StepRelease && b.in.Select.Has(r.Address) {
			orders[r.ByPlace] = true
		}
	}
	b.plan.Released = len(orders)
	b.plan.Orders += len(orders)
}
