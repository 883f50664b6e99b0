package plan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/words"
)

// StoppedBatch is a batch that sends nothing, because it is beyond a limit: its table
// is likely broken as a whole. Or it is a standing order one of whose tables can't be
// used. Other blocks are sent.
type StoppedBatch struct {
	Address    string   `json:"address"`
	Code       Code     `json:"code"`      // BatchStopped
	Held       int      `json:"held_back"` // orders that are held back for what the input says
	MaxHeld    int      `json:"max_held"`
	Orders     int      `json:"orders"` // that would be changed
	MaxChanges *int     `json:"max_changes,omitempty"`
	Where      string   `json:"limit_at"`         // where the limit stands that it is beyond
	Raise      string   `json:"remedy"`           // who may raise it
	Reason     string   `json:"reason,omitempty"` // why a standing order does nothing
	Messages   []string `json:"messages"`         // why orders are held back: the most frequent ones
}

// Why says which limit the batch is beyond, and where that stands.
func (s *StoppedBatch) Why() string {
	switch {
	case s.Code == StandingStopped:
		return s.Reason
	case s.MaxChanges == nil:
		return fmt.Sprintf("%s held back, %s allowed (max_held, %s)", words.Count(s.Held, "order is", "orders are"), words.Number(s.MaxHeld), s.Where)
	}
	return fmt.Sprintf("%s would be changed, %s allowed (max_changes, %s)", words.Count(s.Orders, "order", "orders"), words.Number(*s.MaxChanges), s.Where)
}

// BatchStopped is the code of a batch that sends nothing.
const BatchStopped Code = "batch_stopped"

// mostMessages is how many reasons a stopped batch tells.
const mostMessages = 3

// inputCodes are the codes that point at the input. What happened to an order
// meanwhile says nothing about it, and doesn't count against max_held.
var inputCodes = map[Code]bool{
	BadRow: true, Conflict: true, SplitShipment: true, BadTracking: true, spec.GroupDiffers: true,
	NotFound: true, NotFoundInLookback: true, AmbiguousMatch: true, "SHIP06": true, "SHIP07": true,
}

// stopBatches takes out the changes of batches that are beyond their limits. What was
// put together with what such a batch wants is not sent either.
func (b *builder) stopBatches() {
	stopped := map[string]*StoppedBatch{}
	b.stopHeld(stopped)
	b.stopLarge(stopped)
	if len(stopped) == 0 {
		return
	}
	b.plan.Changes = slices.DeleteFunc(b.plan.Changes, func(c Change) bool {
		for _, address := range b.blocksOf(&c) {
			if s := stopped[address]; s != nil {
				s.Orders++
				return true
			}
		}
		return false
	})
	for _, address := range slices.Sorted(maps.Keys(stopped)) {
		b.plan.Stopped = append(b.plan.Stopped, *stopped[address])
	}
}

// stopHeld stops batches of which too many orders are held back.
func (b *builder) stopHeld(stopped map[string]*StoppedBatch) {
	held := map[string][]*Held{}
	for i := range b.plan.Held {
		if h := &b.plan.Held[i]; inputCodes[h.Code] {
			held[blockOf(h.Address)] = append(held[blockOf(h.Address)], h)
		}
	}
	policy := &b.in.Policy
	for address, list := range held {
		most := &spec.Limit{Most: policy.MaxHeld, Where: policy.Where("max_held"), Raise: policy.Raise("max_held")}
		if own := policy.Batches[address].MaxHeld; own != nil {
			most = own
		}
		if n := len(list); b.holding[address].Kind != "order" && n > most.Most {
			stopped[address] = &StoppedBatch{Address: address, Code: BatchStopped, Held: n, MaxHeld: most.Most, Where: most.Where, Raise: most.Raise, Messages: frequent(list)}
		}
	}
}

// stopLarge stops batches that would change too many orders, if nothing else stops
// them.
func (b *builder) stopLarge(stopped map[string]*StoppedBatch) {
	changes := map[string]int{}
	for i := range b.plan.Changes {
		for _, address := range b.blocksOf(&b.plan.Changes[i]) {
			changes[address]++
		}
	}
	for address, n := range changes {
		if most := b.in.Policy.Batches[address].MaxChanges; most != nil && n > most.Most && stopped[address] == nil {
			stopped[address] = &StoppedBatch{Address: address, Code: BatchStopped, MaxChanges: &most.Most, Where: most.Where, Raise: most.Raise, Messages: []string{}}
		}
	}
}

// blocksOf are the blocks that had a say in a change.
func (b *builder) blocksOf(c *Change) []string {
	blocks := append([]string{blockOf(c.Address)}, b.others[c.Address]...)
	slices.Sort(blocks)
	return slices.Compact(blocks)
}

// heldBy remembers the block whose order is held back.
func (b *builder) heldBy(o *spec.Origin) {
	if b.holding == nil {
		b.holding = map[string]*spec.Origin{}
	}
	b.holding[o.String()] = o
}

// changedBy remembers the blocks that had a say in a change, if there are
// several: its address names one.
func (b *builder) changedBy(w *spec.Wish, address string) {
	origins := w.Origins()
	if len(origins) == 1 {
		return
	}
	if b.others == nil {
		b.others = map[string][]string{}
	}
	for _, o := range origins {
		b.others[address] = append(b.others[address], o.String())
	}
}

// frequent is the messages that stand most often, each once.
func frequent(held []*Held) []string {
	count := map[string]int{}
	for _, h := range held {
		count[h.Message]++
	}
	messages := slices.SortedFunc(maps.Keys(count), func(a, b string) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	return messages[:min(len(messages), mostMessages)]
}

// blockOf is the block in an address: of order["label"] all of it.
func blockOf(address string) string {
	if strings.HasPrefix(address, "batch.") || strings.HasPrefix(address, "new_orders.") || IsStanding(address) {
		address, _, _ = strings.Cut(address, "[")
	}
	return address
}

// HeldOutsideStopped lists the held orders but those for which their batch is
// stopped, which one line sums up.
func (p *Plan) HeldOutsideStopped() []Held {
	if len(p.Stopped) == 0 {
		return p.Held
	}
	stopped := map[string]bool{}
	for _, s := range p.Stopped {
		stopped[s.Address] = s.MaxChanges == nil
	}
	return slices.DeleteFunc(slices.Clone(p.Held), func(h Held) bool { return inputCodes[h.Code] && stopped[blockOf(h.Address)] })
}

// heldForInput counts the orders that are held back for what the input says,
// outside of stopped batches: those are dealt with.
func heldForInput(p *Plan) int {
	n := 0
	for _, h := range p.HeldOutsideStopped() {
		if inputCodes[h.Code] {
			n++
		}
	}
	return n
}
