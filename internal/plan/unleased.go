package plan

import (
	"github.com/gdfctl/gdfctl/internal/state"
)

// unsettled leaves an order out whose last call has no known outcome, where the
// plan is made without the lease: who has it, or will have it, finds out first. It
// reports whether it did. Under a lease that is apply's to do.
func (b *builder) unsettled(r *resolvedWish, entry *state.Entry) bool {
	if b.in.Position == nil || entry == nil || len(entry.Intents) == 0 {
		return false
	}
	call := entry.Intents[len(entry.Intents)-1]
	b.plan.Unsettled = append(b.plan.Unsettled, Unsettled{
		Address: r.Address(), Account: r.Origin.Account.Name, Order: r.live.Ref, Action: call.Action,
		RunID: call.RunID, Since: call.At, InProgress: b.in.InProgress, DefinedAt: r.Place,
	})
	return true
}

// Overtaken lists the changes of a plan whose orders have another last change by
// now than the one that the plan rests on. One that was made under the lease has none.
func Overtaken(p *Plan, keyOf func(*Change) state.Key, st *state.State) []*Change {
	if p.Position == nil {
		return nil
	}
	var overtaken []*Change
	for i := range p.Changes {
		c := &p.Changes[i]
		if e := st.Remembered(keyOf(c)); e.LastChange() != c.LastChange || e != nil && len(e.Intents) > 0 {
			overtaken = append(overtaken, c)
		}
	}
	return overtaken
}
