//go:build !race

package acceptance

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"time"
)

// blow is something that befell the fleet.
type blow struct {
	at, over time.Time
	what     string
	kills    bool     // an agent, which could not say a word more
	hit      []string // the workspaces of which a slice was under way there
}

// befell notes what happens to the fleet.
func (f *fleet) befell(format string, args ...any) *blow {
	f.mu.Lock()
	defer f.mu.Unlock()
	b := &blow{what: fmt.Sprintf(format, args...), at: time.Now()}
	b.over = b.at
	f.blows = append(f.blows, b)
	return b
}

// isOver notes the end of what lasts.
func (f *fleet) isOver(b *blow) {
	f.mu.Lock()
	defer f.mu.Unlock()
	b.over = time.Now()
}

var beginOrEnd = regexp.MustCompile(`(?m) msg=(begun|ended) workspace=(\S+) `)

// underWay are the workspaces of which an agent does a slice, as it logged. Of one that was
// killed, they are those in the middle of which it was.
func (a *fleetAgent) underWay() (workspaces []string) {
	open := map[string]bool{}
	for _, found := range beginOrEnd.FindAllStringSubmatch(a.process.stderr.String(), -1) {
		open[found[2]] = found[1] == "begun"
	}
	for workspace, is := range open {
		if is {
			workspaces = append(workspaces, workspace)
		}
	}
	return workspaces
}

// aim returns an agent that is in the middle of a slice with orders to acknowledge. Where there is none for half
// an interval, it is any of them.
func (f *fleet) aim(random *rand.Rand) *fleetAgent {
	sellers := map[string]*seller{}
	for _, s := range f.sellers {
		sellers[s.name] = s
	}
	time.Sleep(time.Duration(random.IntN(500)) * time.Millisecond)
	for began := time.Now(); time.Since(began) < f.size.most/2; time.Sleep(10 * time.Millisecond) {
		for _, i := range random.Perm(len(f.agents)) {
			for _, workspace := range f.agents[i].underWay() {
				if s := sellers[workspace]; s.taken() < s.sold() {
					return f.agents[i]
				}
			}
		}
	}
	return f.agents[random.IntN(len(f.agents))]
}

// killedRuns is how many runs were under way on agents that were killed.
func (f *fleet) killedRuns() (n int) {
	for _, b := range f.blows {
		if b.kills {
			n += len(b.hit)
		}
	}
	return n
}

// judgeBlows fails the test unless agents were killed in the middle of runs, and all of these runs went on.
func (f *fleet) judgeBlows() {
	f.t.Helper()
	table := f.runTable()
	var said []string
	for _, b := range f.blows[1:] {
		said = append(said, fmt.Sprintf("%s (%d runs)", b.what, len(b.hit)))
		for _, workspace := range b.hit {
			if b.kills && !table.wentOn(workspace, b) {
				f.t.Errorf("%s: its run was under way when %s at %s, and was not taken up", workspace, b.what, b.at.Format("15:04:05.0"))
			}
		}
	}
	f.t.Logf("%d blows: %s", len(said), strings.Join(said, ", "))
	if n := f.killedRuns(); n < leastHits {
		f.t.Errorf("%d runs were under way on agents that were killed, and at least %d were meant", n, leastHits)
	}
}

// wentOn reports whether the run of a workspace that was under way when something happened has had another slice.
// It can have begun when its agent was to be killed and was not dead yet.
func (table runTable) wentOn(workspace string, b *blow) bool {
	for _, r := range table.runs {
		if r.workspace == workspace && !r.began.After(b.over) && r.ended.After(b.at) && r.slices > 1 {
			return true
		}
	}
	return false
}

// open is how many runs that began before some time have not ended.
func (table runTable) open(before time.Time) (n int) {
	for _, r := range table.runs {
		if r.ended.UnixMilli() == 0 && r.queued.Before(before) {
			n++
		}
	}
	return n
}
