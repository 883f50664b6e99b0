package plan

import (
	"fmt"
	"maps"
	"slices"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/uptake"
	"github.com/gdfctl/gdfctl/internal/words"
)

// sourceErrors counts, by marketplace, the errors that are no news, and the orders of
// which it does not hear. One line says enough of each.
type sourceErrors struct {
	older map[string]map[string]int // by order.SourceKey and hash: orders
	off   map[string]int            // by order.SourceKey: orders
	names map[string]string         // by order.SourceKey: one of its spellings
}

// listedError is the error of an order that a listing showed and nobody asked for.
type listedError struct{ source, hash string }

func (e *sourceErrors) add(live *order.Live) {
	e.addHash(live.Source, uptake.ErrorHash(live.SyncError))
}

// addListed adds the errors of orders that nobody asked for.
func (e *sourceErrors) addListed(snap *Snapshot) {
	for _, account := range snap.Accounts {
		for _, listed := range account.errors {
			e.addHash(listed.source, listed.hash)
		}
	}
}

func (e *sourceErrors) addHash(source, hash string) {
	if hash == "" {
		return
	}
	if e.older == nil {
		e.older = map[string]map[string]int{}
	}
	key := e.keyOf(source)
	if e.older[key] == nil {
		e.older[key] = map[string]int{}
	}
	e.older[key][hash]++
}

// keyOf is what the orders of a marketplace are counted under, however it is spelled. The
// spelling that is shown does not depend on which order comes first.
func (e *sourceErrors) keyOf(source string) string {
	key := order.SourceKey(source)
	if e.names == nil {
		e.names = map[string]string{}
	}
	if known, ok := e.names[key]; !ok || source < known {
		e.names[key] = source
	}
	return key
}

// hears notes an order that is to be changed, or was, if its marketplace will not hear
// of that.
func (e *sourceErrors) hears(live *order.Live) {
	if !live.SyncOff() {
		return
	}
	if e.off == nil {
		e.off = map[string]int{}
	}
	e.off[e.keyOf(live.Source)]++
}

func (e *sourceErrors) findings() []Finding {
	var all []Finding
	for _, source := range slices.Sorted(maps.Keys(e.off)) {
		n := e.off[source]
		all = append(all, Finding{Rule: "SHIP16", Severity: rules.Warn, Count: n, Message: fmt.Sprintf(
			"synchronization with %s is not enabled for %s: changes will not reach it", e.names[source], words.Count(n, "order", "orders"))})
	}
	for _, source := range slices.Sorted(maps.Keys(e.older)) {
		n := 0
		for _, orders := range e.older[source] {
			n += orders
		}
		all = append(all, Finding{Rule: "SHIP16", Severity: rules.Info, Count: n, Message: fmt.Sprintf(
			"%s on %s, %s: gdfctl status --older", words.Count(n, "older error", "older errors"), e.names[source], words.Count(len(e.older[source]), "text", "texts"))})
	}
	return all
}
