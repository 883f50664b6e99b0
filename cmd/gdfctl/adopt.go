package main

import (
	"fmt"

	"github.com/gdfctl/gdfctl/internal/endpoint"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/words"
)

// adopt tells a state which accounts there are now, and what they were called.
func (w *workspace) adopt(st *state.State) {
	st.Adopt(w.stateAccounts())
}

func (w *workspace) stateAccounts() []state.Account {
	accounts := make([]state.Account, len(w.cfg.Accounts))
	for i, a := range w.cfg.Accounts {
		accounts[i] = state.Account{Endpoint: a.Endpoint, Name: a.Name, Formerly: a.Formerly}
	}
	return accounts
}

// unclaimed is the error for open calls of an account that the configuration
// does not have: nobody could find out what became of them, and their orders
// could be sent again under another account's name. It is nil if there are none.
func (w *workspace) unclaimed(st *state.State) error {
	calls := st.Unclaimed(w.stateAccounts())
	if len(calls) == 0 {
		return nil
	}
	first := calls[0]
	n := 0
	for _, in := range calls {
		if in.Account == first.Account && endpoint.Same(in.Endpoint, first.Endpoint) {
			n++
		}
	}
	return fmt.Errorf("the outcome of %s of account %q at %s is unknown (the first: %s of %s), and the configuration has no such account\n"+
		"If that account has another name or endpoint now, write formerly = %q in its block. Otherwise put the account back, and run apply once before you remove it",
		words.Count(n, "earlier call", "earlier calls"), first.Account, endpoint.Shown(first.Endpoint), first.Action, first.Ref, first.Account)
}
