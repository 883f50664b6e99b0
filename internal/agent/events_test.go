package agent

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// What a run reports is one line of the log, which says whose it is.
func TestEachLineOfTheLogSaysOfWhichRunItIs(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	a := s.open()
	t.Cleanup(a.close)
	a.execute = func(_ context.Context, _ reconcile.ScheduledRequest, _ reconcile.Deps, o reconcile.Observer) (*reconcile.ScheduledReport, error) {
		o(reconcile.Warned{Text: "the first\nthe second"})
		o(reconcile.WaitingForLease{Waiting: backend.Waiting{Holder: backend.Holder{Who: "ann\nlevel=ERROR"}}})
		o(reconcile.Stopping{})
		return &reconcile.ScheduledReport{Message: "done"}, nil
	}
	r := newRun("shop", "night", "", s.now(), s.now())
	ok(t, a.db.Insert(t.Context(), r))
	claimed := must[*agentdb.Run](t)(a.db.Claim(t.Context(), r.ID, r.Take, s.now(), s.now()))
	ok(t, a.slice(t.Context(), claimed, nil, &pauses{}, false))
	lines := strings.Split(strings.TrimSpace(s.log.String()), "\n")
	if len(lines) != 5 { // with its beginning and its end
		t.Errorf("%d lines", len(lines))
	}
	for _, line := range lines {
		if !strings.HasPrefix(line, "time=") || !strings.Contains(line, " workspace=shop schedule=night run="+r.ID+" slice=1") {
			t.Error(line)
		}
	}
}

// receiver takes messages for people.
type receiver struct {
	mu   sync.Mutex
	sent []string
}

// RoundTrip implements http.RoundTripper.
func (to *receiver) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	to.mu.Lock()
	defer to.mu.Unlock()
	to.sent = append(to.sent, string(body))
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, err
}

// A schedule that is due again before its runs have been tried three times fails like any
// other: the log, the counts and people get to know.
func TestRunsThatGiveWayToTheNextOneHaveFailed(t *testing.T) {
	t.Parallel()
	s, to := newShop(t), &receiver{}
	s.schedules = []*spec.Schedule{s.every("a", 20*time.Second)}
	s.write("main.hcl", "notify \"ops\" {\n  webhook = env.HOOK\n  secret  = env.SECRET\n}\n")
	s.work = func(context.Context, reconcile.ScheduledRequest) (*reconcile.ScheduledReport, error) {
		return nil, errors.New("the network is down")
	}
	env := map[string]string{"HOOK": "https://hooks.example.com/hook", "SECRET": "s", "GDF_ALLOWED_HOSTS": "hooks.example.com"}
	o := s.options()
	o.Deps.Env, o.Deps.Transport = func(name string) string { return env[name] }, to
	o.Workspaces = NewDirectories(&Workspace{Name: "shop", Source: reconcile.Source{Dir: s.dir}, Deps: o.Deps})
	a := s.open()
	a.Options.Workspaces = o.Workspaces
	stop := s.begin(a)
	s.until("people are told", func() bool {
		to.mu.Lock()
		defer to.mu.Unlock()
		return len(to.sent) > 0
	})
	stop()
	if text := to.sent[0]; !strings.Contains(text, `"schedule_failing"`) || !strings.Contains(text, "3 due times failed in a row: the network is down") {
		t.Error(text)
	}
	failed := 0
	for _, state := range s.states("a") {
		if state == agentdb.Failed {
			failed++
		}
	}
	if n := strings.Count(s.logged(), "msg=ended workspace=shop schedule=a run="); n < failed || strings.Count(s.logged(), "outcome=failed message=\"the network is down\"") != failed {
		t.Errorf("%d runs failed, and the log says:\n%s", failed, s.logged())
	}
	if n := a.counted.now().Runs[report.AgentOutcome{Workspace: "shop", Schedule: "a", Outcome: agentdb.Failed}]; n != failed || failed < 3 {
		t.Errorf("%d runs failed, and %d are counted", failed, n)
	}
}

// A run whose end can't be kept at once is counted once.
func TestAnEndThatIsKeptAtLastIsCountedOnce(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	a := s.open()
	t.Cleanup(a.close)
	ok(t, a.db.Adopt(t.Context(), &agentdb.Schedule{Workspace: "shop", Name: "a", Rule: "every 1h", Run: "feeds", NextDue: s.now()}, true))
	r := newRun("shop", "a", "", s.now(), s.now())
	ok(t, a.db.Insert(t.Context(), r))
	claimed := must[*agentdb.Run](t)(a.db.Claim(t.Context(), r.ID, r.Take, s.now(), s.now()))
	s.change(a, "CREATE TRIGGER away BEFORE UPDATE ON gdfctl_schedules BEGIN SELECT RAISE(ABORT, 'the disk is full'); END")
	kept := make(chan error)
	go func() { kept <- a.keep(claimed, &agentdb.Result{Outcome: agentdb.Done}) }()
	s.until("it can't be kept", func() bool { return strings.Contains(s.logged(), "can't be kept") })
	s.change(a, "DROP TRIGGER away")
	ok(t, <-kept)
	if got := a.counted.now(); got.Durations.Count != 1 || got.Runs[report.AgentOutcome{Workspace: "shop", Schedule: "a", Outcome: agentdb.Done}] != 1 {
		t.Errorf("%+v", got)
	}
}
