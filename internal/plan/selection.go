package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/nearest"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// Selection narrows a plan to some addresses: whole blocks
// ("batch.shipments") or single orders (`batch.shipments["Amazon/112-…"]`).
type Selection struct {
	Targets  []string // empty means all
	Excludes []string
	Guessed  bool // nobody wrote the targets: some may be orders that a standing order does not select
}

// partial reports whether anything is left out.
func (s Selection) partial() bool { return len(s.Targets)+len(s.Excludes) > 0 }

// Has reports whether an address is selected.
func (s Selection) Has(address string) bool {
	if !s.partial() {
		return true
	}
	return (len(s.Targets) == 0 || anyCovers(s.Targets, address)) && !anyCovers(s.Excludes, address)
}

// wants reports whether the order of a wish is selected. A selection chooses
// orders, not wishes: where several blocks want something of an order, it is
// selected by the address of any of them, and excluded likewise. Addresses are
// made only where one is asked for: mostly nothing is selected, and a table can
// have a million rows.
func (s Selection) wants(w *spec.Wish) bool {
	return (len(s.Targets) == 0 || anyOf(s.Targets, w)) && !s.excludes(w)
}

// Actions are those that plans of the selected wishes are about, each with a block that wants
// it. An order that is as wanted already takes none.
func (s Selection) Actions(wishes *spec.Wishes) map[order.Action]*spec.Origin {
	all := map[order.Action]*spec.Origin{}
	for _, w := range wishes.Orders {
		if action, is := bringing[w.Want.Status]; is && w.Problem == nil && s.wants(w) && all[action] == nil {
			all[action] = w.Origin
		}
	}
	for _, n := range wishes.New {
		if all[order.Insert] == nil && s.wants(&n.Wish) {
			all[order.Insert] = n.Origin
		}
	}
	return all
}

// bringing are the actions that bring orders to what can be wanted.
var bringing = map[order.Status]order.Action{order.Acknowledged: order.Acknowledge, order.Shipped: order.Ship, order.Cancelled: order.Cancel}

func (s Selection) excludes(w *spec.Wish) bool { return len(s.Excludes) > 0 && anyOf(s.Excludes, w) }

func anyOf(selectors []string, w *spec.Wish) bool {
	for _, address := range w.Addresses() {
		if anyCovers(selectors, address) {
			return true
		}
	}
	return false
}

// batches are those of which something is selected.
func (s Selection) batches(all []*spec.BatchCount) []*spec.BatchCount {
	var some []*spec.BatchCount
	for _, b := range all {
		if s.touches(b.Address) {
			some = append(some, b)
		}
	}
	return some
}

// touches reports whether something of a block can be selected.
func (s Selection) touches(block string) bool {
	partly := slices.ContainsFunc(s.Targets, func(target string) bool { return covers(block, target) })
	return s.Has(block) || partly && !anyCovers(s.Excludes, block)
}

// Unmatched lists the selectors that no wish matches, with addresses that could
// have been meant. A mistyped selector must not look like nothing to do.
func (s Selection) Unmatched(wishes *spec.Wishes) []string {
	var unmatched []string
	for _, selector := range slices.Concat(s.Targets, s.Excludes) {
		blocks := map[string]bool{}
		found := false
		all := slices.Concat(wishes.Orders, wishes.Dropped)
		for _, n := range wishes.New {
			all = append(all, &n.Wish)
		}
		for _, w := range all {
			if found = anyOf([]string{selector}, w); found {
				break
			}
			blocks[w.Origin.String()] = true
		}
		for _, batch := range wishes.Batches { // one without rows wants nothing today
			found = found || covers(selector, batch.Address)
			blocks[batch.Address] = true
		}
		for _, standing := range wishes.Standing { // its orders are not known before they are read
			address := standing.Origin.String()
			found = found || covers(selector, address) || covers(address, selector)
			blocks[address] = true
		}
		if !found {
			unmatched = append(unmatched, fmt.Sprintf("nothing has the address %s; %s", selector, near(selector, blocks)))
		}
	}
	return unmatched
}

// near names the blocks, the closest to a selector first.
func near(selector string, blocks map[string]bool) string {
	if len(blocks) == 0 {
		return "the configuration has no wishes for any order"
	}
	block, _, _ := strings.Cut(selector, "[")
	names := nearest.Sorted(block, slices.Collect(maps.Keys(blocks)))
	const most = 5
	if len(names) > most {
		return "the nearest are: " + strings.Join(names[:most], ", ")
	}
	return "there are: " + strings.Join(names, ", ")
}

func anyCovers(selectors []string, address string) bool {
	for _, s := range selectors {
		if covers(s, address) {
			return true
		}
	}
	return false
}

func covers(selector, address string) bool {
	rest, ok := strings.CutPrefix(address, selector)
	return ok && (rest == "" || rest[0] == '[' || (rest[0] == '.' && !strings.Contains(selector, ".")))
}
