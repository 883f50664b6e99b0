package plan

import (
	"cmp"
	"maps"
	"slices"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// shares finds tracking numbers that stand on several orders of the plan or of
// the state (SHIP12). One that stands on too many holds its orders back.
func (b *builder) shares() {
	others := b.othersSent()
	numbers := rules.NewSharing(len(b.resolved) + len(others))
	for i := range b.resolved {
		if r := &b.resolved[i]; r.Want.Status == order.Shipped && r.Problem == nil {
			numbers.Add(i, r.Want.Tracking)
		}
	}
	for i, e := range others {
		numbers.Add(len(b.resolved)+i, lastSent(e))
	}
	number := func(i int) string {
		if i < len(b.resolved) {
			return b.resolved[i].Want.Tracking
		}
		return lastSent(others[i-len(b.resolved)])
	}
	dropped := map[int]bool{}
	numbers.Groups(number, func(group []int) { b.shared(group, others, dropped) })
	if len(dropped) > 0 {
		kept := b.plan.Changes[:0]
		for i, c := range b.plan.Changes {
			if !dropped[i] {
				kept = append(kept, c)
			}
		}
		b.plan.Changes = kept
	}
}

// othersSent lists the orders of the state that gdfctl sent a number for, if the
// plan sends any.
func (b *builder) othersSent() []*state.Entry {
	if !slices.ContainsFunc(b.plan.Changes, func(c Change) bool { return c.sendsNumber() }) {
		return nil
	}
	if b.in.State.Len() == 0 {
		return nil
	}
	wanted := make(map[state.Key]bool, len(b.resolved))
	for i := range b.resolved {
		wanted[b.resolved[i].key()] = true
	}
	return othersSent(b.in.State, wanted)
}

func othersSent(st *state.State, wanted map[state.Key]bool) []*state.Entry {
	var others []*state.Entry
	for e := range st.Entries() {
		if lastSent(e) != "" && !wanted[e.Key] {
			others = append(others, e)
		}
	}
	return others
}

func lastSent(e *state.Entry) string {
	if sent := e.Sent(); len(sent) > 0 {
		return sent[len(sent)-1]
	}
	return ""
}

// shared says of the orders of one number that they share it: of the first that
// the plan changes, or, if that is an error, of all that it does.
func (b *builder) shared(group []int, others []*state.Entry, dropped map[int]bool) {
	name := func(i int) string {
		if i < len(b.resolved) {
			return b.resolved[i].live.Ref.String()
		}
		return others[i-len(b.resolved)].Ref.String()
	}
	for _, i := range group {
		if i >= len(b.resolved) || b.resolved[i].change == 0 {
			continue
		}
		also := group[0]
		if also == i {
			also = group[1]
		}
		r := &b.resolved[i]
		f := b.in.Policy.Raised.Apply(rules.Shared(name(also), len(group)))
		if f.Severity != rules.Error {
			b.finding(r.Wish, r.Address(), f)
			return
		}
		b.hold(r.Wish, r.live.Ref, heldCode(f.Rule), f.Message, r.Place)
		dropped[r.change-1] = true
	}
}

// formats counts numbers of unknown forms (SHIP19).
type formats map[format]*formatCount

type format struct {
	origin      *spec.Origin
	name, shape string
}

type formatCount struct {
	count int
	first *spec.Wish
}

func (f formats) add(w *spec.Wish, number, carrierName string) {
	name, shape, unknown := rules.UnknownFormat(number, carrierName)
	if !unknown {
		return
	}
	k := format{w.Origin, name, shape}
	if f[k] == nil {
		f[k] = &formatCount{first: w}
	}
	f[k].count++
	if comparePlaces(w.Place, f[k].first.Place) < 0 {
		f[k].first = w
	}
}

func comparePlaces(a, b spec.Place) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
}

// findings are those of each block, carrier and shape.
func (f formats) findings() []Finding {
	keys := slices.SortedFunc(maps.Keys(f), func(a, b format) int {
		return cmp.Or(cmp.Compare(a.origin.String(), b.origin.String()), cmp.Compare(a.name, b.name), cmp.Compare(a.shape, b.shape))
	})
	var found []Finding
	for _, k := range keys {
		at := f[k].first.Place
		said := rules.FormatsUnknown(f[k].count, k.name, k.shape, at.String())
		found = append(found, Finding{Rule: said.Rule, Severity: said.Severity, Address: k.origin.String(), Message: said.Message, DefinedAt: at})
	}
	return found
}
