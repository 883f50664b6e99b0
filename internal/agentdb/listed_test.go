package agentdb

import (
	"context"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
)

// The schedules of a workspace that no agent had for a while are not in force any more, and what is known of
// them stays. Of an agent that does not say what it has, nothing follows.
func TestAWorkspaceThatNobodyHasIsNotInForce(t *testing.T) {
	onBoth(t, func(t *testing.T, d *DB) {
		ctx := context.Background()
		const limit = 24 * time.Hour
		for _, name := range []string{"gone", "here", "unsaid"} {
			must(t, d.Adopt(ctx, &Schedule{Workspace: name, Name: "s", Rule: "every 10m", Run: "apply", NextDue: noon, RuledAt: noon}, true))
		}
		must(t, d.Listed(ctx, "gone", []string{"main"}, noon))
		must(t, d.Listed(ctx, "here", []string{"main", "other"}, noon))
		inForce := func(at time.Time, retired []string, want ...string) {
			t.Helper()
			if diff := gocmp.Diff(retired, got(d.RetireUnlisted(ctx, at.Add(-limit), at))(t)); diff != "" {
				t.Errorf("after %s: %s", at.Sub(noon), diff)
			}
			var names []string
			for _, s := range got(d.Schedules(ctx))(t) {
				names = append(names, s.Workspace)
			}
			if diff := gocmp.Diff(want, names); diff != "" {
				t.Errorf("after %s: %s", at.Sub(noon), diff)
			}
		}
		inForce(noon.Add(limit), nil, "gone", "here", "unsaid")
		must(t, d.Listed(ctx, "here", nil, noon.Add(limit)))
		must(t, d.Seen(ctx, &Agent{ID: "former"}, noon))
		change(t, d, d.dialect("UPDATE gdfctl_agents SET program = 2"))
		inForce(noon.Add(limit+time.Hour), nil, "gone", "here", "unsaid")
		must(t, d.Gone(ctx, "former"))
		inForce(noon.Add(limit+time.Hour), []string{"gone"}, "here", "unsaid")
		if known := got(d.Known(ctx, "gone"))(t); len(known) != 1 || known[0].Rule != "every 10m" {
			t.Errorf("%+v", known)
		}
		if diff := gocmp.Diff(map[string][]string{"here": {"main", "other"}}, got(d.Accounts(ctx))(t)); diff != "" {
			t.Error(diff)
		}
		inForce(noon.Add(3*limit), []string{"here", "unsaid"})
	})
}
