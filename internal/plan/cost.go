package plan

import (
	"math"
	"time"

	"github.com/gdfctl/gdfctl/internal/endpoint"
)

// Freshness is the most that a read may be old when a write rests on it.
const Freshness = 5 * time.Minute

// WindowTime is how long the writes of one window may take. Apply reads the
// orders of a window again before it begins, so that all of its writes stay
// within Freshness.
const WindowTime = 4 * time.Minute

// accountPlans works out what the changes cost each account.
func accountPlans(in Input, changes []Change) []AccountPlan {
	writes := map[string]int{}
	for i := range changes {
		writes[changes[i].Account] += len(changes[i].Actions)
	}
	open := map[[2]string]int{} // calls without a known outcome, by endpoint and account
	if in.State != nil {
		for call := range in.State.OpenIntents() {
			open[[2]string{call.Endpoint, call.Account}]++
		}
	}
	var out []AccountPlan
	for _, a := range in.Accounts {
		if in.Snapshot.Unread[a.Name] != nil {
			continue
		}
		snap := in.Snapshot.Accounts[a.Name]
		// What happened to these, apply finds out once settle has passed. It makes other
		// changes meanwhile.
		unknown := open[[2]string{a.Endpoint, a.Name}]
		p := AccountPlan{
			Name: a.Name, Endpoint: endpoint.Shown(a.Endpoint), EndpointHash: endpoint.Hash(a.Endpoint), Burst: a.Burst, PerSecond: a.PerSecond, Read: snap.How,
			Calls: Calls{Read: snap.Calls, Write: writes[a.Name], Check: CheckCalls(writes[a.Name], a.PerSecond, a.PageSize) + unknown},
		}
		p.Unclaimed = unclaimedOf(a, in.Wishes, snap)
		over := float64(p.Calls.Read + p.Calls.Write + p.Calls.Check - a.Burst)
		p.ETA = time.Duration(max(0, over)/a.PerSecond) * time.Second
		if unknown > 0 {
			p.ETA = max(p.ETA, a.Settle)
		}
		out = append(out, p)
	}
	return out
}

// WindowSize is how many writes fit into WindowTime.
func WindowSize(perSecond float64) int {
	return max(50, int(math.Min(perSecond*WindowTime.Seconds(), 1e6)))
}

// CheckCalls estimates the reads that apply adds: a count and the pages of
// each window but the first.
func CheckCalls(writes int, perSecond float64, pageSize int) int {
	size := WindowSize(perSecond)
	windows := (writes + size - 1) / size
	if windows <= 1 {
		return 0
	}
	return (windows - 1) * (1 + (size+pageSize-1)/pageSize)
}
