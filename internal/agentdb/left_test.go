package agentdb

import (
	"context"
	"fmt"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
)

// What a run left and saw is what is known until another run knows better: one that goes on,
// that was paused or that failed before it looked does not.
func TestWhatIsLeftUntilARunKnowsBetter(t *testing.T) {
	onBoth(t, func(t *testing.T, d *DB) {
		ctx := context.Background()
		must(t, d.Adopt(ctx, &Schedule{Workspace: "w", Name: "s", Rule: "every 10m", Run: "apply", NextDue: noon}, true))
		n := 0
		var r *Run
		begin := func() {
			n++
			at := noon.Add(time.Duration(n) * time.Minute)
			id := fmt.Sprint(n)
			must(t, d.Insert(ctx, &Run{ID: id, Workspace: "w", Schedule: "s", Due: at, Cause: BySchedule, State: Queued, Take: 1, QueuedAt: at}))
			r = got(d.Claim(ctx, id, 1, at, at))(t)
		}
		slice := func(res Result) {
			res.EndedAt = r.QueuedAt.Add(time.Second)
			must(t, d.Keep(ctx, r, &res))
			switch res.Outcome {
			case Queued, Retrying:
				got(d.Waits(ctx, r, res.Outcome))(t)
				r = got(d.Claim(ctx, r.ID, 1, res.EndedAt, res.EndedAt))(t)
			default:
				got(d.End(ctx, r, res.Outcome, res.EndedAt))(t)
			}
		}
		// unknown, held and pending, and the facts that count.
		check := func(after string, unknown, held, pending int, facts ...string) {
			t.Helper()
			var saw []string
			for _, f := range got(d.LatestFacts(ctx, `"listed":[`))(t) {
				saw = append(saw, string(f.JSON))
			}
			left := got(d.Left(ctx))(t)
			if len(left) != 1 || left[0].Unknown != unknown || left[0].Held != held || left[0].Pending != pending {
				t.Errorf("%s: %+v", after, left)
			}
			if diff := gocmp.Diff(facts, saw); diff != "" {
				t.Errorf("%s: %s", after, diff)
			}
		}
		begin()
		if left := got(d.Left(ctx))(t); len(left) != 0 {
			t.Errorf("%+v", left)
		}
		first, listed, bare := `{"listed":["a"],"n":1}`, `{"listed":["a"],"n":2}`, `{"calls":{"a":{"500":3}}}`
		slice(Result{Outcome: Incomplete, Applied: 3, Unknown: 2, Held: 4, Pending: 5, Facts: []byte(first)})
		check("a run that looked", 2, 4, 5, first)
		begin()
		check("while another one goes on", 2, 4, 5, first)
		slice(Result{Outcome: Retrying, Facts: []byte(bare)})
		check("it is to be tried again", 2, 4, 5, first)
		slice(Result{Outcome: Retrying, Facts: []byte(listed)})
		check("it listed the orders", 2, 4, 5, first, listed)
		slice(Result{Outcome: Failed, Facts: []byte(bare)})
		check("it failed", 2, 4, 5, first, listed)
		begin()
		slice(Result{Outcome: Paused})
		check("it was paused", 2, 4, 5, first, listed)
		begin()
		slice(Result{Outcome: Queued, Applied: 150, Unknown: 1, Facts: []byte(listed)})
		check("its first slice is over", 1, 0, 0, first, listed)
		slice(Result{Outcome: Done, Facts: []byte(bare)})
		check("it ended well", 0, 0, 0, bare)
		begin()
		slice(Result{Outcome: Failed, Unknown: 7, Facts: []byte(bare)})
		check("it failed with changes that nobody knows", 7, 0, 0, bare)
		must(t, d.Forget(ctx, noon.AddDate(0, 2, 0)))
		check("a month without runs", 7, 0, 0, bare)
		if all := got(d.Recent(ctx, "w", 100))(t); len(all) != 2 {
			t.Errorf("%d runs are kept", len(all))
		}
		must(t, d.Retire(ctx, "w"))
		must(t, d.Forget(ctx, noon.AddDate(0, 2, 0)))
		if all := got(d.Recent(ctx, "w", 100))(t); len(all) != 0 || len(got(d.Left(ctx))(t)) != 0 {
			t.Errorf("%d runs are kept", len(all))
		}
	})
}

// A schedule that no configuration has any more is forgotten with its last run. Names that come and go would
// fill the database otherwise.
func TestFormerSchedulesAreForgotten(t *testing.T) {
	onBoth(t, func(t *testing.T, d *DB) {
		ctx := context.Background()
		for i, name := range []string{"former", "just-former", "remembered", "in-force"} {
			due := noon
			if name == "just-former" {
				due = noon.Add(48 * time.Hour)
			}
			must(t, d.Adopt(ctx, &Schedule{Workspace: "w", Name: name, Rule: "every 10m", Run: "apply", NextDue: due}, true))
			if name == "remembered" {
				must(t, d.Insert(ctx, &Run{ID: fmt.Sprint(i), Workspace: "w", Schedule: name, Due: noon, Cause: BySchedule, State: Queued, Take: 1, QueuedAt: noon}))
			}
		}
		must(t, d.Retire(ctx, "w"))
		must(t, d.Adopt(ctx, &Schedule{Workspace: "w", Name: "in-force", Rule: "every 10m", Run: "apply", NextDue: noon}, false))
		must(t, d.Forget(ctx, noon.Add(24*time.Hour)))
		var names []string
		for _, s := range got(d.Known(ctx, "w"))(t) {
			names = append(names, s.Name)
		}
		if diff := gocmp.Diff([]string{"in-force", "just-former", "remembered"}, names); diff != "" {
			t.Error(diff)
		}
	})
}

// A run whose job an agent has just fetched is not abandoned, though nobody has claimed it: the agent
// may have no place yet. One whose agent died with the job in hand is, after a while.
func TestARunInTheHandsOfAnAgent(t *testing.T) {
	onBoth(t, func(t *testing.T, d *DB) {
		ctx := t.Context()
		hour := map[bool][2]string{true: {`now()`, `now() - interval '1 hour'`}, false: {`datetime('now', 'subsec')`, `datetime('now', 'subsec', '-1 hour')`}}[d.Shared()]
		now := time.Now()
		r := &Run{ID: "1", Workspace: "w", Schedule: "a", Due: now.Add(-time.Hour), Cause: BySchedule, State: Queued, Take: 1, QueuedAt: now.Add(-time.Hour)}
		must(t, d.Insert(ctx, r))
		must(t, d.RemindedBy(ctx, r, 7))
		got(d.exec(ctx, `INSERT INTO river_job (id, kind, args, max_attempts, state, attempted_at) VALUES (7, 'gdfctl_run', '{}', 3, 'running', `+hour[0]+`)`))(t)
		limit := now.Add(-8 * time.Minute)
		if all := got(d.Abandoned(ctx, limit, time.Time{}))(t); len(all) != 0 {
			t.Errorf("fetched just now: %+v", all[0])
		}
		got(d.exec(ctx, `UPDATE river_job SET attempted_at = `+hour[1]))(t)
		if all := got(d.Abandoned(ctx, limit, time.Time{}))(t); len(all) != 1 {
			t.Error("fetched an hour ago")
		}
	})
}
