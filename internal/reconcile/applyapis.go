package reconcile

import (
	"slices"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// callable are the accounts that this run may call. One that the plan, made
// just now, could not read is not among them: its open calls wait for a run
// that can.
func (a *applying) callable() []*spec.Account {
	missing := a.report.Plan.Missing
	if a.saved != nil && !a.saved.shown || len(missing) == 0 {
		return a.cfg.Accounts
	}
	return slices.DeleteFunc(slices.Clone(a.cfg.Accounts), func(account *spec.Account) bool {
		return slices.ContainsFunc(missing, func(m plan.MissingAccount) bool { return m.Name == account.Name })
	})
}

// apis makes the clients of the accounts that have something to do.
func (a *applying) apis() (map[string]apply.API, error) {
	needed := map[string]bool{}
	for i := range a.report.Plan.Changes {
		needed[a.report.Plan.Changes[i].Account] = true
	}
	for in := range a.session.State().OpenIntents() {
		needed[in.Account] = true
	}
	apis := map[string]apply.API{}
	for _, account := range a.callable() {
		if !needed[account.Name] {
			continue
		}
		client, err := a.client(account)
		if err != nil {
			return nil, err
		}
		apis[account.Name] = client
	}
	return apis, nil
}
