package agent

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// A mistake that was made since keeps nobody from seeing how the schedules are that stay in
// force, nor from pausing them.
func TestAMistakeMadeSinceHidesNothing(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.schedules = []*spec.Schedule{s.every("a", 24*time.Hour)}
	stop := s.start()
	s.until("its schedules are read", func() bool { return s.count() > 0 })
	stop()
	a := s.open()
	t.Cleanup(a.close)
	a.configured = func(*Workspace) (*reconcile.Scheduling, error) { return nil, errors.New("main.hcl:3: a mistake") }
	ok(t, a.know(t.Context()))
	if found, err := a.named(t.Context(), "a"); err != nil || found.schedule != "a" {
		t.Errorf("%+v, %v", found, err)
	}
	status, err := a.status(t.Context(), must[*picture](t)(a.picture(t.Context())))
	if err != nil || len(status.Schedules) != 1 {
		t.Fatalf("%+v, %v", status, err)
	}
	if all := status.Workspaces; len(all) != 1 || all[0].Refused == nil || !strings.Contains(all[0].Refused.Why, "a mistake") || all[0].Refused.At.IsZero() {
		t.Errorf("%+v", all)
	}
	// Whoever never started an agent sees mistakes at once.
	s.change(a, "DELETE FROM gdfctl_schedules")
	if err := a.know(t.Context()); err == nil {
		t.Error("no mistake")
	}
}

// Who is woken because calls were refused for the limit sees of which account, how many in the
// last hour, when last and by whom.
func TestTheStatusSaysWhoseCallsWereRefused(t *testing.T) {
	t.Parallel()
	a := newShop(t).pages("a", "b")
	ok(t, a.db.Works(t.Context(), &agentdb.Agent{ID: "1", Host: "fulfilment-1"}, pageTime))
	for _, run := range []struct {
		workspace string
		ago       time.Duration
		calls     string
	}{
		{"a", 2 * time.Hour, `{"main":{"429":900}}`}, // too long ago
		{"a", 50 * time.Minute, `{"main":{"200":3,"429":2},"second":{"200":9}}`},
		{"a", 10 * time.Minute, `{"main":{"429":1}}`},
		{"a", 5 * time.Minute, `{"main":{"200":3}}`},
		{"b", 5 * time.Minute, `{"429":{"200":3}}`}, // the name of an account
		{"of another machine", 5 * time.Minute, `{"main":{"429":1}}`},
	} {
		a.ran(t, run.workspace, "s", pageTime.Add(-run.ago), agentdb.Done, agentdb.Result{Facts: []byte(`{"calls":` + run.calls + `}`)})
	}
	status, err := a.status(t.Context(), must[*picture](t)(a.picture(t.Context())))
	ok(t, err)
	last := pageTime.Add(7*time.Second - 10*time.Minute)
	want := []report.AgentNeed{{Workspace: "a", Name: "main", What: "3 calls within an hour, of fulfilment-1", Since: &last, Command: "a: doctor"}}
	for _, needs := range status.Needs {
		if needs.Kind == report.NeedLimit {
			if diff := cmp.Diff(want, needs.Items); diff != "" {
				t.Error(diff)
			}
			return
		}
	}
	t.Errorf("%+v", status.Needs)
}
