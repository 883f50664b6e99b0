package agent

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// Which state is that of a workspace: the one that is known, wherever it moved with what it knows. A copy
// of its files is not it, as soon as the one went on.
func TestWhichStateIsThatOfAWorkspace(t *testing.T) {
	const here, there, log = "/srv/a/gdfctl.state.json on a", "/srv/a/gdfctl.state.json on b", "schema gdfctl in PostgreSQL"
	ended := agentdb.State{Workspace: "w", Lineage: "one", Serial: 5, Place: here}
	going := ended
	going.Run = "r"
	inLog := agentdb.State{Workspace: "w", Lineage: "one", Serial: 5, Place: log}
	named := agentdb.State{Workspace: "w", Lineage: "block", Serial: 0, Place: log}
	for name, c := range map[string]struct {
		known agentdb.State
		seen  reconcile.StateSeen
		want  string // empty: it is
	}{
		"as it was left":              {ended, reconcile.StateSeen{Lineage: "one", Serial: 5, Place: here}, ""},
		"somebody used it by hand":    {ended, reconcile.StateSeen{Lineage: "one", Serial: 9, Place: here}, ""},
		"none":                        {ended, reconcile.StateSeen{Place: there}, "there is none at " + there},
		"another":                     {ended, reconcile.StateSeen{Lineage: "two", Serial: 9, Place: there}, "is another one"},
		"another at the same place":   {ended, reconcile.StateSeen{Lineage: "two", Serial: 9, Place: here}, "is another one"},
		"it was put back from a copy": {ended, reconcile.StateSeen{Lineage: "one", Serial: 4, Place: here}, "is an older copy"},
		"its files came along":        {ended, reconcile.StateSeen{Lineage: "one", Serial: 5, Place: there}, ""},
		"its files came along, and somebody used them": {ended, reconcile.StateSeen{Lineage: "one", Serial: 6, Place: there}, "was changed by others than agents"},
		"its agent was killed":                         {going, reconcile.StateSeen{Lineage: "one", Serial: 5, Place: here}, ""},
		"its agent was killed, and this a copy":        {going, reconcile.StateSeen{Lineage: "one", Serial: 5, Place: there}, "may be a copy from before"},
		"and somebody used that by hand":               {going, reconcile.StateSeen{Lineage: "one", Serial: 6, Place: there}, "may be a copy from before"},
		"it was migrated to a log":                     {ended, reconcile.StateSeen{Lineage: "one", Block: "block", Serial: 5, Place: log}, ""},
		"and back":                                     {inLog, reconcile.StateSeen{Lineage: "one", Serial: 6, Place: there}, ""},
		"the files that it left":                       {inLog, reconcile.StateSeen{Lineage: "one", Serial: 4, Place: here}, "is an older copy"},
		"a log that was rolled back":                   {inLog, reconcile.StateSeen{Lineage: "one", Block: "block", Serial: 2, Place: log}, ""},
		"it was migrated to files elsewhere":           {ended, reconcile.StateSeen{Lineage: "one", Serial: 7, Place: there}, "was changed by others than agents"},
		"another log":                                  {inLog, reconcile.StateSeen{Lineage: "two", Block: "other", Serial: 9, Place: log}, "is another one"},
		"a log that was saved first":                   {named, reconcile.StateSeen{Lineage: "one", Block: "block", Serial: 1, Place: log}, ""},
	} {
		got := otherState(&c.known, &c.seen)
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
		if strings.Contains(got, "on purpose, begin it") != (c.seen.Lineage == "") {
			t.Errorf("%s, what to do: %s", name, got)
		}
	}
}

// A run asks whose its state is, and what it left of it is kept with its result. Of a machine that has another
// one, the run table, the status and the log say why it sent nothing.
func TestARunAsksWhoseItsStateIs(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	f := newFleet(t, stores.Postgres(t).URL)
	f.schedules = []*spec.Schedule{f.every("a", 24*time.Hour)}
	state := reconcile.StateSeen{Serial: 1, Place: "here"}
	f.work = func(ctx context.Context, req reconcile.ScheduledRequest) (*reconcile.ScheduledReport, error) {
		if err := req.Whose(ctx, state); err != nil {
			return &reconcile.ScheduledReport{}, err
		}
		if state.Lineage == "" { // as a run begins one
			state.Lineage = "one"
			if err := req.Whose(ctx, state); err != nil {
				return &reconcile.ScheduledReport{}, err
			}
		}
		left := state
		left.Serial++
		return &reconcile.ScheduledReport{Applied: 1, State: &left}, nil
	}
	a := f.onMachine(0, "w")
	stop := f.runsOn(a)
	db := f.db()
	f.until("the run ended", func() bool {
		runs := f.runsOf(db, "w", "a")
		return len(runs) == 1 && runs[0].State == agentdb.Done
	})
	stop()
	known, err := db.State(ctx, "w")
	if err != nil || known == nil || known.Lineage != "one" || known.Serial != 2 || known.Run != "" {
		t.Fatalf("%+v, %v", known, err)
	}

	state = reconcile.StateSeen{Place: "there"}
	other := f.onMachine(0, "w")
	defer other.close()
	if _, err := other.runNow(ctx, target{"w", "a"}); err != nil {
		t.Fatal(err)
	}
	runs := f.runsOf(db, "w", "a")
	total, err := db.Total(ctx, runs[len(runs)-1].ID)
	const why = "the state of workspace w was used last at here, and there is none at there"
	if err != nil || total.State != agentdb.Failed || !strings.HasPrefix(total.Message, why) || !strings.Contains(f.logged(), why) {
		t.Errorf("%+v, %v", total, err)
	}
	o := f.options()
	o.Database, o.Directory, o.Workspaces = f.url, t.TempDir(), NewDirectories(&Workspace{Name: "w"})
	status, err := Status(ctx, o)
	if err != nil || status.Workspaces[0].State == nil || !strings.HasPrefix(status.Workspaces[0].State.Why, why) {
		t.Fatalf("%+v, %v", status, err)
	}
	if len(status.Needs) < 2 || status.Needs[1].Kind != "state_refused" || status.Needs[1].Items[0].Workspace != "w" {
		t.Errorf("%+v", status.Needs)
	}
	if known, err = db.State(ctx, "w"); err != nil || known.Lineage != "one" || known.Serial != 2 || known.RefusedPlace != "there" {
		t.Errorf("%+v, %v", known, err)
	}
}
