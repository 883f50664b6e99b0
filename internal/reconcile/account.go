package reconcile

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/gdfctl/gdfctl/internal/endpoint"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/words"
)

// accounts are all, or the one of a name.
func (w *workspace) accounts(name string) ([]*spec.Account, error) {
	if name == "" {
		return w.cfg.Accounts, nil
	}
	a, err := w.account(name)
	if err != nil {
		return nil, err
	}
	return []*spec.Account{a}, nil
}

// account is the one of a name or, without it, the default one.
func (w *workspace) account(name string) (*spec.Account, error) {
	names := make([]string, len(w.cfg.Accounts))
	for i, a := range w.cfg.Accounts {
		if a.Name == name || (name == "" && a.Default) {
			return a, nil
		}
		names[i] = a.Name
	}
	known := strings.Join(names, ", ")
	if name != "" {
		return nil, requestf("account", "%q is not in the configuration; it has: %s", name, known)
	}
	return nil, requestf("account", "is required: the configuration has several accounts, and none is the default. Name one of: %s", known)
}

// live is a workspace with the client of one of its accounts.
type live struct {
	*workspace
	account *spec.Account
	client  *godatafeed.Client
}

// live opens a workspace that only looks at the API through one account.
func (d Deps) live(s Source, account string, o Observer) (*live, error) {
	w, err := d.toLook(s, o)
	if err != nil {
		return nil, err
	}
	l := &live{workspace: w}
	if l.account, err = w.account(account); err == nil {
		l.client, err = w.client(l.account)
	}
	if err != nil {
		w.close()
		return nil, err
	}
	return l, nil
}

// adopt tells a state which accounts there are now, and what they were called.
func (w *workspace) adopt(st *state.State) { st.Adopt(w.stateAccounts()) }

func (w *workspace) stateAccounts() []state.Account {
	accounts := make([]state.Account, len(w.cfg.Accounts))
	for i, a := range w.cfg.Accounts {
		accounts[i] = state.Account{Endpoint: a.Endpoint, Name: a.Name, Formerly: a.Formerly, API: apiOf(a)}
	}
	return accounts
}

// apiOf tells accounts of one key from accounts of others. A simulator inside the process
// is its account's alone.
func apiOf(a *spec.Account) string {
	if a.Sandbox() {
		return a.Name
	}
	sum := sha256.Sum256([]byte(a.ConsumerKey + "\x00" + a.Token))
	return hex.EncodeToString(sum[:])
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
