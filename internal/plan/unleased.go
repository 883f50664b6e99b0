package plan

import (
	"slices"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// unsettled leaves an order out whose last call has no known outcome, where the
// plan is made without the lease: who has it, or will have it, finds out first. It
// reports whether it did. Under a lease that is apply's to do.
func (b *builder) unsettled(w *spec.Wish, ref order.Ref, entry *state.Entry) bool {
	if b.in.Position == nil || entry == nil || len(entry.Intents) == 0 {
		return false
	}
	call := entry.Intents[len(entry.Intents)-1]
	b.plan.Unsettled = append(b.plan.Unsettled, Unsettled{
		Address: w.Address(), Account: w.Origin.Account.Name, Order: ref, Action: call.Action,
		RunID: call.RunID, Since: call.At, InProgress: b.in.InProgress, DefinedAt: w.Place,
	})
	return true
}

// Overtaken lists the changes of a plan whose orders have another last change by
// now than the one that the plan rests on, or have an open call. known are calls that
// whoever has the plan knows of: they overtake nothing. A plan that was made under the
// lease is not overtaken.
func Overtaken(p *Plan, keyOf func(*Change) state.Key, st *state.State, known func(state.IntentID) bool) []*Change {
	if p.Position == nil {
		return nil
	}
	foreign := func(in state.Intent) bool { return !known(in.Ident()) }
	var overtaken []*Change
	for i := range p.Changes {
		c := &p.Changes[i]
		e := st.Remembered(keyOf(c))
		done := e != nil && e.Applied != nil && known(state.IntentID{RunID: e.Applied.RunID, Seq: e.Applied.Seq}) // as others found out
		if e.LastChange() != c.LastChange && !done || e != nil && slices.ContainsFunc(e.Intents, foreign) {
			overtaken = append(overtaken, c)
		}
	}
	return overtaken
}
