package main

import (
	"slices"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// accounts are those that this run may call. One that the plan, made just now,
// could not read is none of them: its open calls wait for a run that can.
func (a *applying) accounts() []*spec.Account {
	if a.saved != nil || len(a.plan.Missing) == 0 {
		return a.w.cfg.Accounts
	}
	return slices.DeleteFunc(slices.Clone(a.w.cfg.Accounts), func(account *spec.Account) bool {
		return slices.ContainsFunc(a.plan.Missing, func(m plan.MissingAccount) bool { return m.Name == account.Name })
	})
}

// apis makes the clients of the accounts that have something to do.
func (a *applying) apis() (map[string]apply.API, error) {
	needed := map[string]bool{}
	for i := range a.plan.Changes {
		needed[a.plan.Changes[i].Account] = true
	}
	for in := range a.session.State().OpenIntents() {
		needed[in.Account] = true
	}
	apis := map[string]apply.API{}
	for _, account := range a.accounts() {
		if !needed[account.Name] {
			continue
		}
		client, err := a.w.client(account)
		if err != nil {
			return nil, err
		}
		apis[account.Name] = client
	}
	return apis, nil
}
