package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/nearest"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// Selection narrows a plan to some addresses: whole blocks
// ("batch.shipments") or single orders (`batch.shipments["Amazon/112-…"]`).
type Selection struct {
	Targets  []string // empty means all
	Excludes []string
}

// Has reports whether an address is selected.
func (s Selection) Has(address string) bool {
	if len(s.Targets) == 0 && len(s.Excludes) == 0 {
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
		partly := slices.ContainsFunc(s.Targets, func(target string) bool { return covers(b.Address, target) })
		if s.Has(b.Address) || (partly && !anyCovers(s.Excludes, b.Address)) {
			some = append(some, b)
		}
	}
	return some
}

// Unmatched lists the selectors that no wish matches, with addresses that could
// have been meant. A mistyped selector must not look like nothing to do.
func (s Selection) Unmatched(wishes *spec.Wishes) []string {
	var unmatched []string
	for _, selector := range slices.Concat(s.Targets, s.Excludes) {
		blocks := map[string]bool{}
		found := false
		for _, w := range slices.Concat(wishes.Orders, wishes.Dropped) {
			if found = anyOf([]string{selector}, w); found {
				break
			}
			blocks[w.Origin.String()] = true
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
