package agent

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// Agents of many machines run each due time once, by the clock of the database: also one
// whose own clock is an hour ahead, and one whose is an hour behind.
func TestAgentsShareTheWork(t *testing.T) {
	t.Parallel()
	f := newFleet(t, stores.Postgres(t).URL)
	f.schedules = []*spec.Schedule{f.every("a", time.Second), f.every("b", time.Second)}
	atOnce := map[string]int{}
	var mu sync.Mutex
	f.work = func(_ context.Context, req reconcile.ScheduledRequest) (*reconcile.ScheduledReport, error) {
		mu.Lock()
		atOnce[req.Schedule]++
		n := atOnce[req.Schedule]
		mu.Unlock()
		time.Sleep(20 * time.Millisecond)
		mu.Lock()
		atOnce[req.Schedule]--
		mu.Unlock()
		if n > 1 {
			t.Errorf("%d runs of %s at once", n, req.Schedule)
		}
		return &reconcile.ScheduledReport{Left: time.Now().UnixNano()%3 == 0}, nil // some have another slice
	}
	began := time.Now()
	var stops []func()
	for _, wrong := range []time.Duration{0, time.Hour, -time.Hour} {
		stops = append(stops, f.runsOn(f.onMachine(wrong, "w")))
	}
	db := f.db()
	f.until("each has had several due times", func() bool { return len(f.runsOf(db, "w", "a")) > 4 && len(f.runsOf(db, "w", "b")) > 4 })
	for _, stop := range stops {
		stop()
	}
	for _, name := range []string{"a", "b"} {
		dues := map[time.Time]bool{}
		for _, r := range f.runsOf(db, "w", name) {
			if dues[r.Due] {
				t.Errorf("%s was run twice at %s", name, r.Due)
			}
			dues[r.Due] = true
			if r.Due.Before(began.Add(-2*time.Second)) || r.Due.After(time.Now()) {
				t.Errorf("%s was due at %s, and it is %s", name, r.Due, time.Now())
			}
		}
	}
	if all, err := db.Agents(context.Background()); err != nil || len(all) != 0 {
		t.Errorf("%d agents are left, %v", len(all), err)
	}
}

// A run whose agent died goes on at another one when its agent was not seen for a while, or when
// its slice should have ended long ago. No due time is blocked after that.
func TestARunIsTakenUpFromADeadMachine(t *testing.T) {
	t.Parallel()
	// The agent that goes on must not lose the run for that, so it is more than a busy machine keeps one waiting.
	const few = 5 * time.Second
	for name, change := range map[string]func(*timing){
		"silent": func(t *timing) { t.dead, t.rescue = few, time.Hour },
		"late":   func(t *timing) { t.dead, t.rescue = time.Hour, few },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			isTakenUp(t, change)
		})
	}
}

func isTakenUp(t *testing.T, change func(*timing)) {
	t.Helper()
	f := newFleet(t, stores.Postgres(t).URL)
	f.schedules = []*spec.Schedule{f.every("a", 24*time.Hour)}
	hangs := make(chan struct{})
	f.work = func(context.Context, reconcile.ScheduledRequest) (*reconcile.ScheduledReport, error) {
		<-hangs
		return nil, errors.New("it was dead all the time")
	}
	dead := f.onMachine(0, "w")
	dead.timing.look, dead.Parallel = 10*time.Minute, 1 // it looks once, and does nothing else
	stopDead := f.runsOn(dead)
	f.until("the run began", func() bool { return f.count() == 1 })
	f.mu.Lock()
	f.work = nil
	f.mu.Unlock()
	db := f.db()
	lives := f.onMachine(0, "w")
	change(&lives.timing)
	stop := f.runsOn(lives)
	defer stop()
	f.until("the run has ended", func() bool {
		runs := f.runsOf(db, "w", "a")
		return len(runs) == 1 && runs[0].State == agentdb.Done
	})
	r := f.runsOf(db, "w", "a")[0]
	// Each agent reckons the time of the database, and on a busy machine not to the millisecond.
	if waited := r.SliceAt.Sub(r.BeganAt); r.Take != 2 || r.Slices != 2 || waited < time.Second {
		t.Errorf("after %s: %+v", waited, r)
	}
	close(hangs) // it comes back, and has nothing to say any more
	stopDead()
	if r := f.runsOf(db, "w", "a")[0]; r.State != agentdb.Done {
		t.Errorf("%+v", r)
	}
}

// The run of an agent that lives is not taken up, however long its slice takes: also not when the
// database was away for all of them, and the others reach it first.
func TestARunOfALivingAgentIsNotTakenUp(t *testing.T) {
	t.Parallel()
	db := stores.Postgres(t)
	f := newFleet(t, db.URL)
	f.schedules = []*spec.Schedule{f.every("a", 24*time.Hour)}
	goOn := make(chan struct{})
	f.work = func(context.Context, reconcile.ScheduledRequest) (*reconcile.ScheduledReport, error) {
		<-goOn
		return &reconcile.ScheduledReport{}, nil
	}
	const dead = 5 * time.Second // more than a busy machine keeps one waiting
	var proxies []*stores.Proxy
	for range 2 {
		proxy := stores.NewProxy(t, db.Address)
		proxies = append(proxies, proxy)
		f.url = db.Through(proxy.Address)
		a := f.onMachine(0, "w")
		a.timing.dead, a.timing.rescue, a.timing.job = dead, time.Hour, time.Hour
		defer f.runsOn(a)()
		f.until("the first one does the run", func() bool { return f.count() == 1 })
	}
	time.Sleep(dead + time.Second)
	for _, proxy := range proxies {
		gone := func(io.Reader, io.Writer) error { return io.ErrUnexpectedEOF }
		proxy.Filter(func() (up, down stores.Filter) { return gone, gone })
		proxy.Cut()
	}
	time.Sleep(dead + time.Second)
	proxies[1].Filter(nil)
	time.Sleep(500 * time.Millisecond)
	proxies[0].Filter(nil)
	time.Sleep(dead + time.Second)
	close(goOn)
	f.url = db.URL
	beside := f.db()
	f.until("the run has ended", func() bool { return f.runsOf(beside, "w", "a")[0].State == agentdb.Done })
	if r := f.runsOf(beside, "w", "a")[0]; r.Take != 1 || r.Slices != 1 {
		t.Errorf("%+v", r)
	}
}

// A job of a workspace that a machine doesn't have waits for one that has it.
func TestAWorkspaceOfAnotherMachine(t *testing.T) {
	t.Parallel()
	f := newFleet(t, stores.Postgres(t).URL)
	f.schedules = []*spec.Schedule{f.every("a", 24*time.Hour)}
	reader := f.onMachine(0, "w")
	defer reader.close()
	if err := reader.begin(context.Background()); err != nil {
		t.Fatal(err)
	}
	var err error
	if reader.queue, err = reader.newQueue(false); err != nil {
		t.Fatal(err)
	}
	if err := reader.look(context.Background()); err != nil { // which makes the run
		t.Fatal(err)
	}
	db := f.db()
	stop := f.runsOn(f.onMachine(0, "another"))
	defer stop()
	time.Sleep(500 * time.Millisecond)
	for _, r := range f.runsOf(db, "w", "a") {
		if r.State != agentdb.Queued || r.Slices != 0 {
			t.Errorf("%+v", r)
		}
	}
	defer f.runsOn(f.onMachine(0, "w"))()
	f.until("it was run", func() bool {
		runs := f.runsOf(db, "w", "a")
		return len(runs) == 1 && runs[0].State == agentdb.Done && runs[0].Slices == 1
	})
}

// A pause holds on all machines, of a schedule, a workspace or all.
func TestPausesOfAllMachines(t *testing.T) {
	t.Parallel()
	f := newFleet(t, stores.Postgres(t).URL)
	f.schedules = []*spec.Schedule{f.every("a", time.Second)}
	o := f.options()
	o.Database, o.Directory, o.Workspaces = f.url, t.TempDir(), NewDirectories(&Workspace{Name: "x"}) // of a third machine
	if _, err := RunNow(context.Background(), o, "w/a"); err == nil || !strings.Contains(err.Error(), "no agent has read any schedule yet: start one with agent") {
		t.Errorf("before there is an agent: %v", err)
	}
	defer f.runsOn(f.onMachine(0, "v", "w"))()
	f.until("both are run", func() bool { return f.count() >= 2 })
	db := f.db()
	other := o // a fourth machine, which ends what that one paused
	other.Directory = t.TempDir()
	for _, name := range []string{"w", "w/a", All} {
		ctx := context.Background()
		p, err := Pause(ctx, o, name, "a test")
		if err != nil || p.Reason != "a test" {
			t.Fatal(p, err)
		}
		f.until("nothing is run", func() bool {
			before := len(f.runsOf(db, "w", "a"))
			time.Sleep(1200 * time.Millisecond)
			return len(f.runsOf(db, "w", "a")) == before
		})
		_, err = RunNow(ctx, o, "w/a")
		if busy, ok := errors.AsType[*BusyError](err); !ok || !strings.Contains(busy.Why, "a test") {
			t.Errorf("%s: %v", name, err)
		}
		status, err := Status(ctx, o)
		if err != nil || len(status.Agents) != 1 || !status.Agents[0].Running || len(status.Schedules) != 2 || len(status.Workspaces) != 3 {
			t.Fatalf("%+v, %v", status, err)
		}
		if got := []bool{status.Paused != nil, status.Workspaces[1].Paused != nil, status.Schedules[1].Paused != nil}; !cmp.Equal(got, map[string][]bool{
			"w": {false, true, true}, "w/a": {false, false, true}, All: {true, false, true},
		}[name]) {
			t.Errorf("%s: %v", name, got)
		}
		if was, still, err := Resume(ctx, other, name); err != nil || !was || still != nil {
			t.Errorf("%s: %v %v %v", name, was, still, err)
		}
		if status, err = Status(ctx, o); err != nil || status.Paused != nil {
			t.Errorf("%s: where it was paused, it still is: %+v, %v", name, status.Paused, err)
		}
		before := len(f.runsOf(db, "w", "a"))
		f.until("it is run again", func() bool { return len(f.runsOf(db, "w", "a")) > before })
	}
	for _, name := range []string{"w", All} {
		if _, err := Pause(context.Background(), o, name, "a test"); err != nil {
			t.Fatal(err)
		}
	}
	if status, err := Status(context.Background(), o); err != nil || status.Paused == nil || status.Workspaces[1].Paused == nil || status.Workspaces[0].Paused != nil {
		t.Errorf("a pause hides another one: %+v, %v", status, err)
	}
	if _, err := Pause(context.Background(), o, "a", "a test"); err == nil || !strings.Contains(err.Error(), "v/a or w/a") {
		t.Errorf("a name of two schedules: %v", err)
	}
	if _, err := RunNow(context.Background(), o, "w"); err == nil || !strings.Contains(err.Error(), "w/SCHEDULE") {
		t.Errorf("a run of a workspace: %v", err)
	}
}

// A run by hand is any agent's. Where none is seen, it is made here, or not at all.
func TestARunByHandOnManyMachines(t *testing.T) {
	t.Parallel()
	f := newFleet(t, stores.Postgres(t).URL)
	f.schedules = []*spec.Schedule{f.every("a", 24*time.Hour)}
	f.schedules[0].CatchUp = false
	stop := f.runsOn(f.onMachine(0, "w"))
	db := f.db()
	f.until("the agent is seen", func() bool { all, _ := db.Agents(context.Background()); return len(all) == 1 })
	o := f.options()
	o.Database, o.Directory, o.Workspaces = f.url, t.TempDir(), NewDirectories(&Workspace{Name: "x"})
	r, err := RunNow(context.Background(), o, "a")
	if err != nil || r.State != agentdb.Done || r.Cause != agentdb.ByHand || r.Who != "ann" || r.Workspace != "w" {
		t.Errorf("%+v, %v", r, err)
	}
	stop()
	_, err = RunNow(context.Background(), o, "a")
	if _, ok := errors.AsType[*BusyError](err); !ok {
		t.Errorf("without an agent: %v", err)
	}
	here := f.onMachine(0, "w")
	defer here.close()
	var warned []string
	here.Observe = func(e reconcile.Event) {
		if w, ok := e.(reconcile.Warned); ok {
			warned = append(warned, w.Text)
		}
	}
	r, err = here.runNow(context.Background(), target{"w", "a"})
	if err != nil || r.State != agentdb.Done || !slices.Equal(warned, []string{"no agent was seen for 1s, so the run is made here"}) {
		t.Errorf("%+v, %v, %q", r, err, warned)
	}
}

// While the database is away, a run under way ends, and its result is kept when the
// database is back. It is said once, and what was due is one run.
func TestTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	store := stores.Postgres(t)
	proxy := stores.NewProxy(t, store.Address)
	f := newFleet(t, store.Through(proxy.Address))
	f.schedules = []*spec.Schedule{f.every("a", time.Second)}
	goOn := make(chan struct{})
	f.work = func(context.Context, reconcile.ScheduledRequest) (*reconcile.ScheduledReport, error) {
		<-goOn
		return &reconcile.ScheduledReport{Message: "done while it was away", Applied: 3}, nil
	}
	a := f.onMachine(0, "w")
	a.timing.rescue = time.Minute
	stop := f.runsOn(a)
	defer stop()
	f.until("a run began", func() bool { return f.count() == 1 })
	proxy.Lead("127.0.0.1:1")
	proxy.Cut()
	f.until("it is noticed", func() bool { return strings.Contains(f.logged(), "can't be looked at") })
	close(goOn)
	f.until("the result can't be kept", func() bool { return strings.Contains(f.logged(), "how the slice ended can't be kept") })
	time.Sleep(3 * time.Second)
	said := map[string]int{}
	for line := range strings.Lines(f.logged()) {
		if _, what, _ := strings.Cut(line, " "); strings.Contains(what, "can't be looked at") { // behind the time
			said[what]++
		}
	}
	for what, n := range said { // the database goes in more than one way
		if n > 1 {
			t.Errorf("it was said %d times: %s", n, what)
		}
	}
	if strings.Contains(f.logged(), "127.0.0.1") || strings.Contains(f.logged(), "owner") {
		t.Error("the log has an address or a user")
	}
	proxy.Lead(store.Address)
	f.url = store.URL
	db := f.db()
	f.until("the result was kept", func() bool {
		all, err := db.Recent(context.Background(), "w", 100)
		return err == nil && slices.ContainsFunc(all, func(r *agentdb.Total) bool { return r.Applied == 3 && r.State == agentdb.Done && r.Slices == 1 })
	})
	f.until("runs begin again", func() bool { return f.count() > 1 })
	first := f.runsOf(db, "w", "a")
	for i := 1; i < len(first); i++ {
		if first[i].Due.Equal(first[i-1].Due) {
			t.Errorf("%s was run twice", first[i].Due)
		}
	}
	var status *report.AgentStatus
	o := f.options()
	o.Database, o.Directory, o.Workspaces = f.url, t.TempDir(), NewDirectories(&Workspace{Name: "w"})
	status, err := Status(context.Background(), o)
	if err != nil || status.Schedules[0].Missed < 2 {
		t.Errorf("%+v, %v", status, err)
	}
}
