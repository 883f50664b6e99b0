package agentdb

import (
	"context"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
)

// A workspace has one state: the first that is noted, and afterwards the one that people accept. A
// database of the version before knows of none.
func TestTheStateOfAWorkspace(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := Options{URL: stores.Postgres(t).URL, Now: time.Now}
	must(t, errOf(migrate(ctx, o, program{steps[:withStates-1]})))
	d := another(t, o)
	use(t, d, "this")
	if all := got(d.States(ctx))(t); d.HasStates() || len(all) != 0 {
		t.Errorf("a database of the version before: %v", all)
	}
	must(t, d.Gone(ctx, "this"))
	must(t, errOf(Migrate(ctx, o)))
	must(t, d.Sync(ctx))
	if !d.HasStates() {
		t.Fatal("the tables were migrated, and the agent does not notice")
	}

	first := &State{Workspace: "w", Lineage: "one", Serial: 3, Place: "here", Run: "r1", At: noon}
	if !got(d.FirstState(ctx, first))(t) || got(d.FirstState(ctx, &State{Workspace: "w", Lineage: "two", At: noon}))(t) {
		t.Error("the first state is not the only one")
	}
	must(t, d.StateLeft(ctx, &State{Workspace: "w", Lineage: "one", Serial: 5, Run: "another"}))
	must(t, d.StateLeft(ctx, &State{Workspace: "w", Lineage: "two", Serial: 9, Run: "r1"}))
	known := got(d.State(ctx, "w"))(t)
	if known.Serial != 5 || known.Run != "r1" {
		t.Errorf("%+v", known)
	}
	must(t, d.StateLeft(ctx, &State{Workspace: "w", Lineage: "one", Serial: 4, Run: "r1"}))
	next := &State{Workspace: "w", Lineage: "one", Serial: 6, Place: "here", Run: "r2", At: noon}
	if got(d.UseState(ctx, known, next))(t) {
		t.Error("what is not so any more is not asked about again")
	}
	if news := got(d.RefuseState(ctx, "w", "here", "why", noon))(t); !news || got(d.RefuseState(ctx, "w", "here", "why", noon))(t) {
		t.Error("a refusal is news once")
	}
	known = got(d.State(ctx, "w"))(t)
	if known.Serial != 5 || known.Run != "" || known.RefusedPlace != "here" || known.RefusedWhy != "why" || !known.RefusedAt.Equal(noon) {
		t.Errorf("%+v", known)
	}
	if !got(d.UseState(ctx, known, next))(t) {
		t.Error("the state is not used")
	}
	if known = got(d.State(ctx, "w"))(t); known.Serial != 6 || known.Run != "r2" || known.RefusedPlace != "" || !known.RefusedAt.IsZero() {
		t.Errorf("%+v", known)
	}
	must(t, errOf("", d.AcceptState(ctx, &State{Workspace: "w", Lineage: "two", Serial: 1, Place: "there", At: noon})))
	if known = got(d.State(ctx, "w"))(t); known.Lineage != "two" || known.Serial != 1 || known.Place != "there" || known.Run != "" {
		t.Errorf("%+v", known)
	}
}
