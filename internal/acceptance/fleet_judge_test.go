//go:build !race

package acceptance

import (
	"slices"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the database of agents that are many
)

// The bounds that are promised.
const (
	promisedInPeace    = time.Minute
	promisedAfterDeath = 17 * time.Minute / 2
)

// latest is when what began at some moment must be over: in peace after so long. Where a machine died or the database
// went away meanwhile, there is peace again 8.5 minutes later: what the run that was taken up did not see any more,
// because it had already read the orders, waits for the due time after that.
func (f *fleet) latest(began time.Time, inPeace time.Duration) time.Time {
	peace := f.size.scaled(promisedInPeace)
	end := began.Add(inPeace + peace)
	f.mu.Lock()
	defer f.mu.Unlock()
	// A run that was under way when something happened can be one that began before this.
	reach := f.size.scaled(promisedAfterDeath)
	for _, b := range f.blows { // in the order in which they came
		if after := b.over.Add(reach + inPeace + peace); b.at.Before(end) && after.After(end) {
			end = after
		}
	}
	return end
}

// notLate fails the test if something of a run was later than it may be, without what the machine kept waiting.
func (f *fleet) notLate(r agentRun, what string, at time.Time, inPeace time.Duration) {
	f.t.Helper()
	const clock = "15:04:05.0"
	if latest, stalled := f.latest(r.due, inPeace), machine().between(r.due, at); at.After(latest.Add(stalled)) {
		f.t.Errorf("%s: the run of %s %s at %s, and %s was allowed, with %s for the machine", r.workspace, r.due.Format(clock), what, at.Format(clock), latest.Format(clock), stalled)
	}
}

// runTable reads the agents' database.
func (f *fleet) runTable() runTable {
	f.t.Helper()
	return readRunTable(f.t, "pgx", f.db.URL, "gdfctl_agent.")
}

// judge holds what became of the orders and of the due times against the promises, once all agents have stopped.
func (f *fleet) judge() {
	f.t.Helper()
	table := f.runTable()
	var latest time.Duration
	every := map[string]time.Duration{}
	for _, s := range f.sellers {
		name := s.name + "/acknowledge-" + s.source
		latest = max(latest, s.tookWithin(func(from, _ time.Time) time.Duration { return f.latest(from, s.every).Sub(from) }))
		table.eachDueTime(f.t, name, s.every, f.blows[0].at)
		every[s.name] = s.every
	}
	var begun []time.Duration
	slices, taken := 0, 0
	for _, r := range table.runs {
		if first := f.blows[0].at; r.due.Before(first) { // it was caught up when the agents began
			r.due = first
		}
		slices += r.slices
		if r.slices > 1 {
			taken++
		}
		if r.began.UnixMilli() == 0 { // in the last moments, or never
			f.notLate(r, "had not begun", f.stopped, 0)
			continue
		}
		f.notLate(r, "began", r.began, 0)
		if r.ended.UnixMilli() == 0 {
			f.notLate(r, "had not ended", f.stopped, every[r.workspace])
		} else {
			f.notLate(r, "ended", r.ended, every[r.workspace])
		}
		begun = append(begun, r.began.Sub(r.due))
	}
	f.t.Logf("%d orders of %d workspaces on %d agents, time %d times faster; %d runs in %d slices, %d of them continued; an order took %s at most, of intervals from %s to %s; runs began %s behind their time in the middle, and %s at most; the machine kept work waiting for %s",
		f.sold(), len(f.sellers), len(f.agents), f.size.by, len(table.runs), slices, taken, latest, f.size.least, f.size.most, middle(begun), longestOf(begun), machine().between(f.blows[0].at, time.Now()).Truncate(time.Millisecond))
	for _, api := range f.servers {
		if n := api.Throttled(); n > 0 {
			f.t.Errorf("%d calls of an account were refused for the limit", n)
		}
	}
	f.verifyAudits()
}

func middle(d []time.Duration) time.Duration {
	if len(d) == 0 {
		return 0
	}
	slices.Sort(d)
	return d[len(d)/2]
}

func longestOf(d []time.Duration) time.Duration {
	if len(d) == 0 {
		return 0
	}
	return slices.Max(d)
}

// verifyAudits has the audit log of each workspace verified, and compares it with the ledger.
func (f *fleet) verifyAudits() {
	f.t.Helper()
	first := f.agents[0].world
	f.inTurn(func(s *seller) {
		w := &world{
			t: f.t, api: s.api, key: first.key, endpoint: s.api.URL, root: first.root, dir: first.dir + "/workspaces/" + s.name,
			program: f.program, extra: append(first.extra[:len(first.extra):len(first.extra)], "GDF_DATABASE_URL="+f.states),
		}
		w.run("audit", "verify").exits(0)
		lines := auditLines(w)
		executed := s.api.Executed()
		logged := map[string]int{}
		for _, a := range lines {
			if a.Result == "done" && a.Action == "acknowledge" && strings.HasPrefix(a.Order.ID, s.source+"0") {
				logged[a.Order.ID]++
			}
		}
		for id := range s.arrived {
			if logged[id] != len(executed[id]) {
				f.t.Errorf("order %s: the audit log has %d entries, and %d writes took effect", id, logged[id], len(executed[id]))
			}
		}
	})
}
