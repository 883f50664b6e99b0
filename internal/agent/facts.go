package agent

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
)

// seen is what a run saw.
type seen struct {
	*agentdb.Fact
	reconcile.Facts
}

// well reports whether the run saw all that it was to see.
func (s *seen) well() bool { return s.Outcome == agentdb.Done || s.Outcome == agentdb.Incomplete }

// decoded are facts that this program understands: a newer one may have written others.
func decoded(all []*agentdb.Fact) (out []seen) {
	for _, f := range all {
		one := seen{Fact: f}
		if json.Unmarshal(f.JSON, &one.Facts) == nil {
			out = append(out, one)
		}
	}
	return out
}

// listing is what the JSON of a slice has that listed the orders of an account: a run knows
// them from then on, however it ends.
const listing = `"listed":[`

// leaveOut forgets what a run saw of accounts that its workspace does not have any more: nobody will
// see how it goes on.
func (s *seen) leaveOut(own []string) {
	former := func(account string) bool { return !slices.Contains(own, account) }
	s.Listed = slices.DeleteFunc(s.Listed, former)
	s.Unacknowledged = slices.DeleteFunc(s.Unacknowledged, func(u reconcile.Unacknowledged) bool { return former(u.Account) })
	s.Feeds = slices.DeleteFunc(s.Feeds, func(f reconcile.FeedFact) bool { return former(f.Account) })
	maps.DeleteFunc(s.Levels, func(account string, _ float64) bool { return former(account) })
}

// unacknowledged are the new orders that nobody acknowledged, by marketplace. Of several
// schedules that listed the orders of one account, the last one counts.
func unacknowledged(latest []seen) map[report.AgentSource]report.AgentUnacknowledged {
	type listing struct {
		schedule string
		orders   []reconcile.Unacknowledged
	}
	listed := map[report.AgentAccount]listing{}
	for _, f := range latest {
		for _, account := range f.Listed {
			listed[report.AgentAccount{Workspace: f.Workspace, Account: account}] = listing{schedule: f.Schedule}
		}
		for _, u := range f.Unacknowledged {
			of := report.AgentAccount{Workspace: f.Workspace, Account: u.Account}
			listed[of] = listing{f.Schedule, append(listed[of].orders, u)}
		}
	}
	all := map[report.AgentSource]report.AgentUnacknowledged{}
	for account, l := range listed {
		for _, u := range l.orders {
			at := report.AgentSource{Workspace: account.Workspace, Source: u.Source}
			sum := all[at]
			if !u.Oldest.IsZero() && (sum.Oldest.IsZero() || u.Oldest.Before(sum.Oldest)) {
				sum.Oldest, sum.Schedule = u.Oldest, l.schedule
			}
			sum.Source, sum.Orders = u.Source, sum.Orders+u.Orders
			all[at] = sum
		}
	}
	return all
}

// refusals are the accounts of a workspace of which calls were refused for the limit, by name.
func (k *picture) refusals(workspace string) (all []report.AgentRefusals) {
	hosts := map[string]string{}
	for i := range k.agents {
		hosts[k.agents[i].ID] = k.agents[i].Host
	}
	by := map[string]*report.AgentRefusals{}
	for i := range k.refused {
		f := &k.refused[i]
		for account, codes := range f.Calls {
			n := codes[tooMany]
			if f.Workspace != workspace || n == 0 {
				continue
			}
			if by[account] == nil {
				by[account] = &report.AgentRefusals{Account: account}
			}
			r, host := by[account], cmp.Or(hosts[f.Agent], "an agent that is gone")
			r.Calls, r.Last = r.Calls+n, f.EndedAt
			if !slices.Contains(r.Hosts, host) {
				r.Hosts = append(r.Hosts, host)
			}
		}
	}
	for _, account := range slices.Sorted(maps.Keys(by)) {
		all = append(all, *by[account])
	}
	return all
}
