package agent

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/schedule"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// speed is by how much the time of these tests is faster than that of the machine.
const speed = 50

// shop is a directory with schedules, whose runs are recorded and not made.
type shop struct {
	t     *testing.T
	dir   string
	began time.Time

	mu        sync.Mutex // guards what is below
	schedules []*spec.Schedule
	accounts  []string // nil: nobody says which
	runs      []reconcile.ScheduledRequest
	work      func(context.Context, reconcile.ScheduledRequest) (*reconcile.ScheduledReport, error)
	log       strings.Builder
}

func newShop(t *testing.T, schedules ...*spec.Schedule) *shop {
	t.Helper()
	if strconv.IntSize < 64 {
		t.Skip("an agent needs a 64-bit system")
	}
	s := &shop{t: t, dir: t.TempDir(), began: time.Now(), schedules: schedules}
	s.write("main.hcl", "# the schedules of a test\n")
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(s.log.String())
		}
	})
	return s
}

func (s *shop) write(name, text string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// now runs speed times faster than the machine's clock.
func (s *shop) now() time.Time {
	return time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC).Add(speed * time.Since(s.began))
}

// Write takes the log.
func (s *shop) Write(line []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(line)
}

func (s *shop) options() Options {
	deps := reconcile.Deps{Env: func(string) string { return "" }, Now: s.now, Version: "0.0.0", Command: func(words ...string) string { return strings.Join(words, " ") }}
	deps.Provenance.Who = "ann"
	commands := report.AgentCommands{
		Agent: func(words ...string) string { return "agent " + strings.Join(words, " ") },
		In:    func(workspace string, words ...string) string { return workspace + ": " + strings.Join(words, " ") },
		Start: "start",
	}
	return Options{
		UI:         UI{Commands: commands},
		Workspaces: NewDirectories(&Workspace{Name: "shop", Source: reconcile.Source{Dir: s.dir}, Deps: deps}), Directory: s.dir, Deps: deps, Log: slog.New(slog.NewTextHandler(s, nil)), Parallel: 4,
	}
}

// logged is what was logged so far.
func (s *shop) logged() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

func (s *shop) open() *agent {
	s.t.Helper()
	a := s.with(s.options())
	a.timing = timing{
		look: 5 * time.Second / speed, slice: 5 * time.Minute / speed, job: 2 * time.Minute, rescue: time.Hour, dead: time.Hour, lock: time.Minute, place: 2 * time.Second / speed, turn: 2 * time.Minute / speed, aside: 10 * time.Second / speed,
		late: time.Minute, retries: [2]time.Duration{30 * time.Second / speed, 2 * time.Minute / speed}, soft: 30 * time.Second, poll: time.Second / speed,
	}
	return a
}

// with is an agent whose runs are recorded.
func (s *shop) with(o Options) *agent {
	s.t.Helper()
	a := answered(s.t, func() (*agent, error) { return open(context.Background(), o) })
	a.configured = func(*Workspace) (*reconcile.Scheduling, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		return &reconcile.Scheduling{Schedules: s.schedules, Accounts: s.accounts}, nil
	}
	a.execute = func(ctx context.Context, req reconcile.ScheduledRequest, _ reconcile.Deps, _ reconcile.Observer) (*reconcile.ScheduledReport, error) {
		s.mu.Lock()
		s.runs = append(s.runs, req)
		work := s.work
		s.mu.Unlock()
		if work == nil {
			return &reconcile.ScheduledReport{Message: "done"}, nil
		}
		return work(ctx, req)
	}
	return a
}

// change changes the database, as nothing of the program does.
func (s *shop) change(a *agent, statement string) {
	s.t.Helper()
	err := a.db.In(context.Background(), func(tx *agentdb.Tx) error {
		_, err := tx.SQL.Exec(statement)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// start runs an agent. What it returns stops it, and waits until it has stopped.
func (s *shop) start() (stop func()) {
	s.t.Helper()
	return s.begin(s.open())
}

func (s *shop) begin(a *agent) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	a.drain = ctx
	ended := make(chan error)
	go func() { ended <- a.run(ctx) }()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			s.t.Error(err)
		}
		a.close()
	})
}

func (s *shop) every(name string, interval time.Duration) *spec.Schedule {
	return &spec.Schedule{Name: name, Times: schedule.Every(name, interval), Run: spec.RunFeeds, Limits: spec.Unlimited(), CatchUp: true}
}

// until waits for a condition, in the machine's time: however busy that is.
func (s *shop) until(what string, holds func() bool) {
	s.t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if holds() {
			return
		}
	}
	s.t.Fatalf("it does not come about that %s", what)
}

func (s *shop) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.runs)
}

// recorded are the runs of a schedule, the first one first.
func (s *shop) recorded(name string) []*agentdb.Run {
	s.t.Helper()
	a := s.open()
	defer a.close()
	runs, err := a.db.Runs(context.Background(), "shop", name)
	if err != nil {
		s.t.Fatal(err)
	}
	return runs
}

func (s *shop) states(name string) (states []string) {
	for _, r := range s.recorded(name) {
		states = append(states, r.State)
	}
	return states
}

func (s *shop) status() *report.AgentSchedule {
	s.t.Helper()
	a := s.open()
	defer a.close()
	all := must[*picture](s.t)(a.picture(context.Background())).ofSchedules("shop")
	if len(all) == 0 {
		s.t.Fatal("no schedule")
	}
	return &all[0]
}

func (s *shop) statusOf(name string) report.AgentSchedule {
	s.t.Helper()
	a := s.open()
	defer a.close()
	for _, c := range must[*picture](s.t)(a.picture(context.Background())).ofSchedules("shop") {
		if c.Name == name {
			return c
		}
	}
	s.t.Fatalf("no schedule %s", name)
	return report.AgentSchedule{}
}
