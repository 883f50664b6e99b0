package report

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// PlanBlock is a batch, a standing order, or all order blocks of an account.
type PlanBlock struct {
	Title    string
	Rows     *spec.BatchCount    // of a batch
	Standing *plan.StandingCount // of a standing order
	Special  []*plan.Change      // corrects, cancels, inserts and what is sent again: each deserves a look
	Ordinary []*plan.Change      // ships and acknowledges: those with findings first, then the oldest
	Sources  []SourceShare       // the largest first
	Span                         // of the ship times that are set
}

// Account is the account of the changes of a block: all are of one.
func (b *PlanBlock) Account() string {
	for _, list := range [][]*plan.Change{b.Special, b.Ordinary} {
		if len(list) > 0 {
			return list[0].Account
		}
	}
	return ""
}

// Blocks puts the changes into blocks: order blocks first, which somebody wrote
// by hand, and then the batches and the standing orders, those without a change too.
func (r *Plan) Blocks() []*PlanBlock {
	var blocks []*PlanBlock
	index := map[string]*PlanBlock{}
	at := func(key, title string) *PlanBlock {
		if index[key] == nil {
			index[key] = &PlanBlock{Title: title}
			blocks = append(blocks, index[key])
		}
		return index[key]
	}
	titles := map[string]string{}
	for i := range r.Changes {
		c := &r.Changes[i]
		key := blockKey(c)
		title, known := titles[key]
		if !known {
			title = r.blockTitle(c.Account, c.Address)
			titles[key] = title
		}
		if strings.HasPrefix(key, "order ") {
			at(key, title)
		}
	}
	for _, n := range r.Batches {
		at(n.Address, cmp.Or(titles[n.Address], n.Address)).Rows = n
	}
	for _, n := range r.Standing {
		at(n.Address, cmp.Or(titles[n.Address], n.Address)).Standing = n
	}
	for i := range r.Changes {
		c := &r.Changes[i]
		b := at(blockKey(c), titles[blockKey(c)])
		if c.Has(order.Correct) || c.Has(order.Cancel) || c.Has(order.Insert) || c.Resend {
			b.Special = append(b.Special, c)
		} else {
			b.Ordinary = append(b.Ordinary, c)
		}
	}
	rarest := r.rarest()
	for _, b := range blocks {
		sortOrdinary(b.Ordinary, rarest)
		b.sum()
	}
	return blocks
}

// blockTitle is how people call the block of an address.
func (r *Plan) blockTitle(account, address string) string {
	title, _, _ := strings.Cut(address, "[")
	if title == "order" {
		title = "order blocks"
	}
	if len(r.Accounts) > 1 {
		title = account + ": " + title
	}
	return title
}

// blockKey is the same for the changes of one block.
func blockKey(c *plan.Change) string {
	key, _, _ := strings.Cut(c.Address, "[")
	if key == "order" {
		return "order " + c.Account
	}
	return key
}

// sortOrdinary puts those that do not meet a rare rule first, and then the oldest.
func sortOrdinary(changes []*plan.Change, rarest func(c *plan.Change) int) {
	type ranked struct {
		*plan.Change
		rank int // looked up once, and not at each comparison
		at   int
	}
	all := make([]ranked, len(changes))
	for i, c := range changes {
		all[i] = ranked{c, rarest(c), i}
	}
	slices.SortFunc(all, func(x, y ranked) int {
		return cmp.Or(cmp.Compare(x.rank, y.rank), x.Created.Compare(y.Created), cmp.Compare(x.Address, y.Address), cmp.Compare(x.at, y.at))
	})
	for i := range all {
		changes[i] = all[i].Change
	}
}

// rarest is how many orders do not meet the rarest of the rules that a change
// does not meet.
func (r *Plan) rarest() func(c *plan.Change) int {
	counts := map[string]int{}
	for i := range r.Findings {
		counts[r.Findings[i].Rule] += max(r.Findings[i].Count, 1)
	}
	return func(c *plan.Change) int {
		least := math.MaxInt
		for _, rule := range r.RulesOf(c.Address) {
			least = min(least, counts[rule])
		}
		return least
	}
}

// grouped puts things of one key together, in the order in which keys come up.
func grouped[T any](things iter.Seq[*T], key func(*T) string) [][]*T {
	var groups [][]*T
	index := map[string]int{}
	for thing := range things {
		k := key(thing)
		at, seen := index[k]
		if !seen {
			at = len(groups)
			index[k] = at
			groups = append(groups, nil)
		}
		groups[at] = append(groups[at], thing)
	}
	return groups
}

// pointers are those to the elements of a list.
func pointers[T any](list []T) iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for i := range list {
			if !yield(&list[i]) {
				return
			}
		}
	}
}
