package agentdb

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
)

// onBoth runs a test on a file, and on PostgreSQL.
func onBoth(t *testing.T, test func(t *testing.T, d *DB)) {
	t.Parallel()
	t.Run("file", func(t *testing.T) {
		t.Parallel()
		test(t, opened(t, t.TempDir()))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, sharedDB(t, stores.Postgres(t).URL))
	})
}

// sharedDB opens a database in PostgreSQL, whose tables it makes.
func sharedDB(t *testing.T, url string) *DB {
	t.Helper()
	if strconv.IntSize < 64 {
		t.Skip("an agent needs a 64-bit system")
	}
	o := Options{URL: url, Now: time.Now}
	if _, err := Migrate(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	return another(t, o)
}

// another is another process on a database.
func another(t *testing.T, o Options) *DB {
	t.Helper()
	d, err := Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

var noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func got[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		must(t, err)
		return value
	}
}

func TestSchedules(t *testing.T) {
	onBoth(t, func(t *testing.T, d *DB) {
		ctx := context.Background()
		a := &Schedule{Workspace: "w", Name: "a", Rule: "every 1h", Run: "feeds", NextDue: noon}
		b := &Schedule{Workspace: "w", Name: "b", Rule: "every 2h", Run: "apply", NextDue: noon.Add(time.Hour)}
		must(t, d.Adopt(ctx, a, true))
		must(t, d.Adopt(ctx, b, true))
		if diff := cmp.Diff([]*Schedule{a}, got(d.Due(ctx, noon))(t)); diff != "" {
			t.Error(diff)
		}
		// Of two that move it, one does.
		if !got(d.Move(ctx, a, noon.Add(time.Hour), 2))(t) || got(d.Move(ctx, a, noon.Add(time.Hour), 2))(t) {
			t.Error("the schedule moved twice, or not at all")
		}
		must(t, d.Missed(ctx, "w", "a"))
		must(t, d.Failed(ctx, "w", "a"))
		if n := got(d.Failures(ctx, "w", "a"))(t); n != 1 {
			t.Errorf("%d failures", n)
		}
		must(t, d.Succeeded(ctx, "w", "a", noon))
		a.NextDue, a.Missed, a.LastSuccess = noon.Add(time.Hour), 3, noon
		must(t, d.Retire(ctx, "w"))
		must(t, d.Adopt(ctx, &Schedule{Workspace: "w", Name: "a", Rule: "every 1h", Run: "feeds", NextDue: noon.Add(9 * time.Hour)}, false))
		if diff := cmp.Diff([]*Schedule{a}, got(d.Schedules(ctx))(t)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]*Schedule{a, b}, got(d.Known(ctx, "w"))(t)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestRuns(t *testing.T) {
	onBoth(t, func(t *testing.T, d *DB) {
		ctx := context.Background()
		must(t, d.Adopt(ctx, &Schedule{Workspace: "w", Name: "a", Rule: "every 1h", NextDue: noon}, true))
		r := &Run{ID: "1", Workspace: "w", Schedule: "a", Commit: "c0ffee", Due: noon, Cause: BySchedule, State: Queued, Take: 1, QueuedAt: noon}
		must(t, d.Insert(ctx, r))
		if !got(d.HadRun(ctx, "w", "a", noon))(t) || got(d.HadRun(ctx, "w", "a", noon.Add(time.Hour)))(t) {
			t.Error("which due times had a run is wrong")
		}

		// Of many agents that claim it at once, one has it.
		var claims sync.WaitGroup
		var mu sync.Mutex
		n := 0
		for range 5 {
			claims.Go(func() {
				claimed, err := d.Claim(ctx, "1", 1, noon, noon.Add(-8*time.Minute))
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				if claimed != nil {
					n, r = n+1, claimed
				}
			})
		}
		claims.Wait()
		if n != 1 || r.State != Running || r.Slices != 1 || r.Commit != "c0ffee" {
			t.Fatalf("%d claims, %+v", n, r)
		}

		// The slice reports, and the run goes on.
		must(t, d.Keep(ctx, r, &Result{Outcome: Queued, Message: "more", EndedAt: noon, Applied: 2, Unknown: 1, Facts: []byte(`{"a":1}`)}))
		if !got(d.Waits(ctx, r, Queued))(t) {
			t.Error("it doesn't wait")
		}

		// Its job is nowhere, so it is abandoned as soon as it is old enough.
		if all := got(d.Abandoned(ctx, noon.Add(-time.Second), time.Time{}))(t); len(all) != 0 {
			t.Errorf("%+v", all[0])
		}
		if all := got(d.Abandoned(ctx, noon, time.Time{}))(t); len(all) != 1 {
			t.Errorf("%d abandoned", len(all))
		}
		late := *r
		r = got(d.Claim(ctx, "1", 1, noon.Add(time.Minute), noon))(t)
		if got(d.End(ctx, &late, Done, noon))(t) {
			t.Error("an older slice ended the run")
		}
		if !got(d.TakeUp(ctx, r))(t) || r.Take != 2 {
			t.Errorf("%+v", r)
		}
		if claimed := got(d.Claim(ctx, "1", 1, noon, noon))(t); claimed != nil {
			t.Error("the job of the take before got it")
		}
		r = got(d.Claim(ctx, "1", 2, noon.Add(2*time.Minute), noon))(t)
		must(t, d.Keep(ctx, r, &Result{Outcome: Done, Message: "all", EndedAt: noon.Add(3 * time.Minute), Applied: 3, Pending: 4}))
		must(t, d.Keep(ctx, r, &Result{Outcome: Done, Message: "all", EndedAt: noon.Add(3 * time.Minute), Applied: 3, Pending: 4, Facts: []byte(`{"a":2}`)}))
		if !got(d.End(ctx, r, Done, noon.Add(3*time.Minute)))(t) || got(d.End(ctx, r, Done, noon))(t) {
			t.Error("it did not end once")
		}
		for _, all := range [][]*Total{got(d.Recent(ctx, "w", 5))(t), got(d.Recent(ctx, "", 5))(t), got(d.LastRuns(ctx))(t), {got(d.Total(ctx, "1"))(t)}} {
			if len(all) != 1 || all[0].Message != "all" || all[0].Applied != 5 || all[0].Unknown != 0 || all[0].Pending != 4 || all[0].Slices != 3 || all[0].State != Done {
				t.Errorf("%+v", all)
			}
		}
		facts := got(d.Facts(ctx, `":`, noon))(t)
		latest := got(d.LatestFacts(ctx, "listed"))(t)
		if len(facts) != 2 || len(latest) != 1 || string(latest[0].JSON) != `{"a":2}` || latest[0].Schedule != "a" || facts[0].Outcome != Queued {
			t.Errorf("%+v, %+v", facts, latest)
		}
		must(t, d.Forget(ctx, noon.Add(time.Minute)))
		if r := got(d.Run(ctx, "1"))(t); r == nil {
			t.Error("it was forgotten")
		}
		must(t, d.Forget(ctx, noon.Add(time.Hour)))
		if r, facts := got(d.Run(ctx, "1"))(t), got(d.LatestFacts(ctx, ""))(t); r == nil || len(facts) == 0 {
			t.Error("what is known of a schedule in force was forgotten")
		}
		must(t, d.Retire(ctx, "w"))
		must(t, d.Forget(ctx, noon.Add(time.Hour)))
		if r, facts := got(d.Run(ctx, "1"))(t), got(d.Facts(ctx, "", time.Time{}))(t); r != nil || len(facts) != 0 {
			t.Errorf("%+v, %+v", r, facts)
		}
	})
}

func TestPausesOfAllKinds(t *testing.T) {
	onBoth(t, func(t *testing.T, d *DB) {
		ctx := context.Background()
		for _, p := range []*Pause{
			{Workspace: "w", Schedule: "a", Reason: "first", Who: "ann", At: noon},
			{Workspace: "w", Schedule: "a", Reason: "one", Who: "ann", At: noon},
			{Workspace: "v", Reason: "all of v", Who: "ann", At: noon},
		} {
			must(t, d.Pause(ctx, p))
		}
		reason := func(workspace, schedule string) string {
			if p := got(d.Pauses(ctx))(t).Of(workspace, schedule); p != nil {
				return p.Reason
			}
			return ""
		}
		if reason("w", "a") != "one" || reason("w", "b") != "" || reason("v", "b") != "all of v" || reason("u", "a") != "" {
			t.Error("a pause has another reach")
		}
		must(t, d.Pause(ctx, &Pause{Reason: "everything", Who: "ann", At: noon}))
		if reason("w", "a") != "everything" || reason("u", "a") != "everything" {
			t.Error("a pause of everything has another reach")
		}
		if !got(d.Resume(ctx, "", ""))(t) || got(d.Resume(ctx, "", ""))(t) {
			t.Error("it was not resumed once")
		}
	})
}

func TestAgents(t *testing.T) {
	onBoth(t, func(t *testing.T, d *DB) {
		ctx := context.Background()
		must(t, d.Seen(ctx, &Agent{ID: "1", Host: "h", PID: 7, Version: "1.0.0"}, noon))
		must(t, d.Seen(ctx, &Agent{ID: "2", Host: "i", PID: 8, Version: "1.0.0"}, noon.Add(time.Second)))
		must(t, d.Seen(ctx, &Agent{ID: "1", Host: "h", PID: 7, Version: "1.0.0"}, noon.Add(time.Minute)))
		must(t, d.ForgetAgents(ctx, noon.Add(2*time.Second)))
		want := []*Agent{{ID: "1", Host: "h", PID: 7, Version: "1.0.0", StartedAt: noon, LastSeen: noon.Add(time.Minute)}}
		if diff := cmp.Diff(want, got(d.Agents(ctx))(t)); diff != "" {
			t.Error(diff)
		}
		must(t, d.Gone(ctx, "1"))
		if all := got(d.Agents(ctx))(t); len(all) != 0 {
			t.Errorf("%+v", all)
		}
	})
}

// A commit comes into force once, by who knows the one before.
func TestCommits(t *testing.T) {
	onBoth(t, func(t *testing.T, d *DB) {
		ctx := context.Background()
		if !got(d.Advance(ctx, "w", "", "1", noon))(t) || got(d.Advance(ctx, "w", "", "2", noon))(t) || !got(d.Advance(ctx, "w", "1", "2", noon))(t) {
			t.Error("the commit in force is wrong")
		}
		must(t, d.Fetched(ctx, "w", noon.Add(time.Minute)))
		must(t, d.Fetched(ctx, "w", noon)) // by one that was slower
		if !got(d.Refuse(ctx, "w", "3", "not signed", noon))(t) || got(d.Refuse(ctx, "w", "3", "not signed", noon.Add(time.Hour)))(t) {
			t.Error("that it was refused is no news once")
		}
		want := map[string]*Workspace{"w": {Name: "w", Commit: "2", FetchedAt: noon.Add(time.Minute), RefusedCommit: "3", RefusedWhy: "not signed", RefusedAt: noon}}
		if diff := cmp.Diff(want, got(d.Workspaces(ctx))(t)); diff != "" {
			t.Error(diff)
		}
		must(t, d.Accept(ctx, "w"))
		if w := got(d.Workspaces(ctx))(t)["w"]; w.RefusedWhy != "" || !w.RefusedAt.IsZero() {
			t.Errorf("%+v", w)
		}
		must(t, d.In(ctx, func(tx *Tx) error {
			if got(tx.Behind(ctx, "w", "2"))(t) || !got(tx.Behind(ctx, "w", "1"))(t) || got(tx.Behind(ctx, "directory", ""))(t) {
				t.Error("who is behind is wrong")
			}
			return nil
		}))
	})
}

// The time is that of the database, whatever a machine's clock says.
func TestTheClockOfTheDatabase(t *testing.T) {
	t.Parallel()
	url := stores.Postgres(t).URL
	sharedDB(t, url)
	d := another(t, Options{URL: url, Now: func() time.Time { return time.Now().Add(time.Hour) }})
	if off := time.Until(d.Now()).Abs(); off > 10*time.Second {
		t.Errorf("it is off by %s", off)
	}
	d.clock.said = d.clock.said.Add(-time.Hour)
	must(t, d.Sync(context.Background()))
	if off := time.Until(d.Now()).Abs(); off > 10*time.Second {
		t.Errorf("it is off by %s", off)
	}
}

// What goes wrong with a server is said without its address, its user and its password.
func TestErrorsOfAServer(t *testing.T) {
	t.Parallel()
	db := stores.Postgres(t)
	proxy := stores.NewProxy(t, db.Address)
	url := db.Through(proxy.Address)
	d := sharedDB(t, url)
	proxy.Lead("127.0.0.1:1")
	proxy.Cut()
	err := d.Sync(context.Background())
	_, opening := Open(context.Background(), Options{URL: url, Now: time.Now})
	_, wrong := Open(context.Background(), Options{URL: strings.Replace(db.URL, "canary", "another", 1), Now: time.Now})
	_, none := Open(context.Background(), Options{URL: "postgres://canary:canary@127.0.0.1:99999/x", Now: time.Now})
	for _, err := range []error{err, opening, wrong, none} {
		if err == nil {
			t.Fatal("it works")
		}
		for _, secret := range []string{"canary", "127.0.0.1", "owner", db.Name} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%q has %q", err, secret)
			}
		}
	}
	if want := "the agent's database in PostgreSQL can't be used: the server refused the login"; !strings.HasPrefix(wrong.Error(), want) {
		t.Errorf("got %q", wrong)
	}
}
