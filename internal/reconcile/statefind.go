package reconcile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/ordername"
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
	named := ordername.Parse(name)
	var found kept
	for e := range st.Entries() {
		if (account == "" || e.Account == account) && goesBy(e, named) {
			found.entries = append(found.entries, e)
		}
	}
	if err := w.findClosed(st, name, account, &found); err != nil {
		return kept{}, err
	}
	if len(found.entries)+len(found.closed) == 0 {
		return kept{}, fmt.Errorf("the state has no order %q\n`%s` shows those that are open. Name a closed one by its ID, or by the marketplace and its number: \"Amazon 112-1234567-1234567\"", name, w.command("state", "list"))
	}
	return found, nil
}

func goesBy(e *state.Entry, name ordername.Name) bool {
	if name.Ref(e.Ref) || e.Applied != nil && name.Values(e.Applied.Values) || e.Observed != nil && name.Values(e.Observed.Values) ||
		slices.ContainsFunc(e.Sent(), name.Tracking) {
		return true
	}
	return slices.ContainsFunc(e.Intents, func(in state.Intent) bool { return name.Values(in.After) || name.Text(in.Address) })
}

// findClosed looks closed orders up. They are kept by id and by marketplace and
// number only; the audit record knows the ids of those that were changed by all
// their other numbers.
func (w *workspace) findClosed(st *state.State, name, account string, found *kept) error {
	w.closedBy(st, ordername.Parse(name).Words(), account, found)
	if name == "" {
		return nil
	}
	for r, err := range w.store.AuditList(audit.Filter{Any: name}) {
		if err != nil {
			return err
		}
		if r.Order != nil && r.Order.ID != "" {
			found.add(account)(st.Closed(state.Key{Endpoint: r.Endpoint, Account: r.Account, ID: r.Order.ID}))
		}
	}
	return nil
}

// closedBy looks closed orders up by their IDs, or by marketplace and number.
func (w *workspace) closedBy(st *state.State, words []string, account string, found *kept) {
	add := found.add(account)
	for _, word := range words {
		for _, a := range w.cfg.Accounts {
			add(st.Closed(state.Key{Endpoint: a.Endpoint, Account: a.Name, ID: word}))
			if i := strings.LastIndex(word, " "); i > 0 {
				add(st.ClosedBySourceNumber(a.Endpoint, a.Name, word[:i], word[i+1:]))
			}
		}
	}
}

// add returns what takes in a closed order of an account, once.
func (k *kept) add(account string) func(state.ClosedEntry, bool) {
	return func(c state.ClosedEntry, ok bool) {
		known := slices.ContainsFunc(k.closed, func(other state.ClosedEntry) bool { return other.Key == c.Key })
		if ok && !known && (account == "" || c.Account == account) {
			k.closed = append(k.closed, c)
		}
	}
}
