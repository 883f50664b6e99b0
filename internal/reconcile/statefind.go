package reconcile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state"
)

// kept are the orders of a state that go by one name.
type kept struct {
	entries []*state.Entry
	closed  []state.ClosedEntry
}

// keys are what they are kept under.
func (k kept) keys() []state.Key {
	var keys []state.Key
	for _, e := range k.entries {
		keys = append(keys, e.Key)
	}
	for _, c := range k.closed {
		keys = append(keys, c.Key)
	}
	return keys
}

// findKept finds orders by any of their names. It is an error if there is none.
func (w *workspace) findKept(st *state.State, name, account string) (kept, error) {
	names := namesOf(name)
	var found kept
	for e := range st.Entries() {
		if (account == "" || e.Account == account) && goesBy(e, names) {
			found.entries = append(found.entries, e)
		}
	}
	if err := w.findClosed(st, names, account, &found); err != nil {
		return kept{}, err
	}
	if len(found.entries)+len(found.closed) == 0 {
		return kept{}, fmt.Errorf("the state has no order %q\n`%s` shows those that are open. Name a closed one by its ID, or by the marketplace and its number: \"Amazon 112-1234567-1234567\"", name, w.command("state", "list"))
	}
	return found, nil
}

// addressKey is the order's part of an address: batch.NAME["Source/number"].
var addressKey = regexp.MustCompile(`^[a-z_]+(?:\.[^\["]+)?\["(.*)"\]$`)

// namesOf lists what people may have meant: the word itself, the name of the
// order in an address, and "Source/number" as addresses have it.
func namesOf(word string) []string {
	word = strings.TrimSpace(word)
	names := []string{word}
	key := word
	if m := addressKey.FindStringSubmatch(word); m != nil {
		key = strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(m[1])
		names = append(names, key, strings.TrimPrefix(key, "#"))
	}
	if source, number, ok := strings.Cut(key, "/"); ok {
		names = append(names, source+" "+number)
	}
	return names
}

func goesBy(e *state.Entry, names []string) bool {
	own := []string{e.Ref.SourceNumber, e.Ref.String()}
	values := func(v order.Values) { own = append(own, v.OrderNumber, v.Tracking) }
	if e.Applied != nil {
		values(e.Applied.Values)
	}
	if e.Observed != nil {
		values(e.Observed.Values)
	}
	for _, in := range e.Intents {
		values(in.After)
		own = append(own, in.Address)
	}
	return slices.ContainsFunc(names, func(name string) bool {
		// Ids differ in case alone.
		return name != "" && (e.ID == name || slices.ContainsFunc(own, func(n string) bool { return strings.EqualFold(n, name) }))
	})
}

// findClosed looks closed orders up. They are kept by id and by marketplace and
// number only; the audit record knows the ids of those that were changed by all
// their other numbers.
func (w *workspace) findClosed(st *state.State, names []string, account string, found *kept) error {
	add := func(c state.ClosedEntry, ok bool) {
		known := slices.ContainsFunc(found.closed, func(other state.ClosedEntry) bool { return other.Key == c.Key })
		if ok && !known && (account == "" || c.Account == account) {
			found.closed = append(found.closed, c)
		}
	}
	for _, name := range names {
		for _, a := range w.cfg.Accounts {
			add(st.Closed(state.Key{Endpoint: a.Endpoint, Account: a.Name, ID: name}))
			if i := strings.LastIndex(name, " "); i > 0 {
				add(st.ClosedBySourceNumber(a.Endpoint, a.Name, name[:i], name[i+1:]))
			}
		}
		if name == "" {
			continue
		}
		for r, err := range w.store.AuditList(audit.Filter{Any: name}) {
			if err != nil {
				return err
			}
			if r.Order != nil && r.Order.ID != "" {
				add(st.Closed(state.Key{Endpoint: r.Endpoint, Account: r.Account, ID: r.Order.ID}))
			}
		}
	}
	return nil
}
