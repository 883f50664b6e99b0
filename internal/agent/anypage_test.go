//go:build !race

package agent

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/report"
)

// What a page says of schedules is what `agent status` and the metrics say of the same
// database, and what was written into it.
func TestThePageTellsTheTruth(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), newShop(t)
	a := s.pages("a", "b")
	rapid.Check(t, func(r *rapid.T) {
		for _, table := range []string{"schedules", "pauses", "runs", "results", "workspaces", "agents"} {
			s.change(a, "DELETE FROM gdfctl_"+table)
		}
		ok(r, a.db.Seen(ctx, a.row(), pageTime))
		needs := map[report.AgentNeedKind]int{}
		for _, w := range a.names {
			if rapid.Bool().Draw(r, "pause") {
				needs[report.NeedPaused]++
				ok(r, a.db.Pause(ctx, &agentdb.Pause{Workspace: w, Reason: "r", At: pageTime}))
			}
			for i := range rapid.IntRange(0, 3).Draw(r, "schedules") {
				a.anySchedule(r, w, fmt.Sprintf("s%d", i), needs)
			}
			if rapid.Bool().Draw(r, "refused") {
				needs[report.NeedRefused]++
				must[bool](r)(a.db.Refuse(ctx, w, "abc", "unsigned", pageTime))
			}
		}
		m := a.measured(ctx)
		near := map[string]bool{}
		for at, oldest := range m.Oldest {
			if pageTime.Sub(oldest) > 3*time.Hour {
				near[at.Workspace] = true
				needs[report.NeedAcknowledge] = len(near)
			}
		}
		overview := must[*report.AgentPage](r)(a.page(ctx, report.AgentAsked{}))
		if diff := cmp.Diff(m.Agents, overview.Agents); diff != "" || m.Paused != (overview.Paused != nil) {
			r.Fatal(diff)
		}
		found := map[report.AgentNeedKind]int{}
		for _, n := range overview.Needs {
			found[n.Kind] = len(n.Items)
		}
		if diff := cmp.Diff(needs, found); diff != "" {
			r.Fatal(diff)
		}
		for _, w := range a.names {
			status := must[*picture](r)(a.picture(ctx)).ofSchedules(w)
			of := must[*report.AgentPage](r)(a.page(ctx, report.AgentAsked{Workspace: w}))
			measured := m.Workspaces[slices.IndexFunc(m.Workspaces, func(one report.AgentPageWorkspace) bool { return one.Name == w })]
			for _, p := range []*report.AgentPage{overview, of, {Paused: overview.Paused, Workspaces: []report.AgentPageWorkspace{measured}}} {
				at := slices.IndexFunc(p.Workspaces, func(one report.AgentPageWorkspace) bool { return one.Name == w })
				shown := []report.AgentSchedule{}
				for _, s := range p.Workspaces[at].Schedules {
					if paused := p.Pauses(&p.Workspaces[at], &s); paused != (pausedOf(status, s.Name) != nil) {
						r.Fatalf("%s is paused: %v", s.Name, paused)
					}
					s.Paused = pausedOf(status, s.Name)
					shown = append(shown, s.AgentSchedule)
				}
				if diff := cmp.Diff(status, shown); diff != "" {
					r.Fatal(diff)
				}
			}
		}
	})
}
