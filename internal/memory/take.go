package memory

import (
	"encoding/json"
	"fmt"
)

// Take keeps what another memory keeps, when the state moves from there: of each
// account, what was seen last. A clock is known to one machine only, and stays there.
func (k Memory) Take(from Memory) error {
	theirs, err := from.in.read()
	if err != nil {
		return fmt.Errorf("%s: %w", from.in, err)
	}
	history, err := historyOf(theirs)
	if err != nil {
		return fmt.Errorf("%s: %w", from.in, err)
	}
	learned, err := learnedOf(theirs)
	if err != nil {
		return fmt.Errorf("%s: %w", from.in, err)
	}
	if len(history.accounts) == 0 && len(learned.accounts) == 0 && theirs[notifiedMember] == nil {
		return nil
	}
	return k.in.update(func(m members) error {
		h, _ := historyOf(m) // what can't be read begins again
		h.take(history)
		l, _ := learnedOf(m)
		for endpoint, name := range inOrder(learned.accounts) {
			l.SetAccount(endpoint, name, l.accounts[endpoint][name].With(learned.accounts[endpoint][name]))
		}
		if m[notifiedMember] == nil && theirs[notifiedMember] != nil {
			m[notifiedMember] = theirs[notifiedMember]
		}
		own, err := json.Marshal(l.accounts)
		if err != nil {
			return err
		}
		m[learnedMember] = own
		return h.keepIn(m)
	})
}

// take has the accounts of another history that were looked at later.
func (h *FeedHistory) take(from *FeedHistory) {
	for endpoint, name := range inOrder(from.accounts) {
		if a := from.accounts[endpoint][name]; a.CheckedAt.After(h.Account(endpoint, name).CheckedAt) {
			h.accounts[endpoint][name], h.watched = a, from.watched
		}
	}
}
