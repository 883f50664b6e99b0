package agent

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/webfile"
)

// Options say what an agent is for, and what it does beside its runs.
type Options struct {
	Workspaces Workspaces
	Directory  string         // of the file that pauses all, and of the database if it is one
	Database   string         // the url of PostgreSQL, which agents share; empty: a file
	Deps       reconcile.Deps // of the process; runs have those of their workspaces
	Log        *slog.Logger
	Observe    reconcile.Observer // called for what runs report; nil: that is logged
	Parallel   int                // runs that work at once
	Listen     string             // the address of metrics and health; empty: there is none
	// Metrics writes what an agent knows in the format that is scraped.
	Metrics func(io.Writer, *report.AgentMetrics) error
	Guard   *webfile.File // of that address; nil: nothing guards it
	UI      UI            // the status page
	Version string
}

// agent is one process's.
type agent struct {
	Options
	log     *slog.Logger
	db      *agentdb.DB
	queue   *river.Client[*sql.Tx]
	places  *places
	timing  timing
	names   []string // of its workspaces
	id      string
	drain   context.Context // ended: no further call is sent
	counted counters
	found   reconcile.Found
	scrapes chan struct{}  // held by who makes metrics
	telling sync.WaitGroup // of the ends of runs, beside the looks

	// What tests replace.
	configured func(*Workspace) (*reconcile.Scheduling, error)
	execute    func(context.Context, reconcile.ScheduledRequest, reconcile.Deps, reconcile.Observer) (*reconcile.ScheduledReport, error)

	// Of the goroutine that looks.
	loaded   map[string]*loaded
	forgot   time.Time       // when old runs were last forgotten
	failing  map[string]bool // why looks failed since the last good one
	reached  time.Time       // the last look that reached the database
	unbroken time.Time       // since when none was late
	mended   time.Time       // when schedules were last looked for that would not run

	pasts map[string]*past // of workspaces, for the one page that is made at a time

	mu     sync.Mutex // guards what is below
	slices map[*slice]bool
	looked time.Time
	tooOld bool              // this program, for the database
	faulty map[string]string // why the configuration of a workspace can't be used; empty: it can
}

// open opens the database.
func open(ctx context.Context, o Options) (*agent, error) {
	var id [6]byte
	rand.Read(id[:])
	a := &agent{
		Options: o, log: o.Log, timing: newTiming(), names: o.Workspaces.Names(), id: hex.EncodeToString(id[:]),
		drain: ctx, slices: map[*slice]bool{}, loaded: map[string]*loaded{}, faulty: map[string]string{}, pasts: map[string]*past{}, failing: map[string]bool{}, counted: newCounters(), scrapes: make(chan struct{}, 1), execute: reconcile.RunScheduled,
	}
	a.configured = func(w *Workspace) (*reconcile.Scheduling, error) {
		return reconcile.Schedules(w.Source, w.Deps, a.observer(a.log.With("workspace", w.Name)))
	}
	var err error
	if a.db, err = agentdb.Open(ctx, o.database()); err != nil {
		return nil, err
	}
	return a, nil
}

func (o *Options) database() agentdb.Options {
	return agentdb.Options{URL: o.Database, Directory: o.Directory, Now: o.Deps.Now}
}

// now is the time that counts: machines that share a database have that of the database.
func (a *agent) now() time.Time { return a.db.Now() }

func (a *agent) close() {
	a.telling.Wait()
	_ = a.db.Close() // all that counts was committed
}

// has reports whether a workspace is one of this agent's.
func (a *agent) has(workspace string) bool { return slices.Contains(a.names, workspace) }

// row is what others see of this agent.
func (a *agent) row() *agentdb.Agent {
	return &agentdb.Agent{ID: a.id, Host: a.Deps.Provenance.Host, PID: os.Getpid(), Version: a.Version}
}

// Run runs schedules until ctx ends.
func Run(ctx context.Context, o Options) error {
	a, err := open(ctx, o)
	if err != nil {
		return err
	}
	defer a.close()
	return a.run(ctx)
}

func (a *agent) run(ctx context.Context) (err error) {
	defer func() {
		if ctx.Err() != nil && errors.Is(err, context.Canceled) { // it was asked to stop while it began
			a.log.Info("stopped before any run began")
			err = nil
		}
	}()
	lock, err := a.db.Alone()
	if err != nil {
		return err
	}
	if lock != nil {
		defer func() { err = errors.Join(err, lock.Release()) }()
	}
	if err := a.begin(ctx); err != nil {
		return err
	}
	defer a.watch(ctx)()
	serving, err := a.serve(ctx)
	if err != nil {
		return err
	}
	defer serving()
	paging, err := a.servePage(ctx)
	if err != nil {
		return err
	}
	defer paging()
	a.places = newPlaces(a.Parallel, len(a.names), a.timing.turn)
	if a.queue, err = a.newQueue(true); err != nil {
		return err
	}
	if lock != nil {
		if err := a.arrive(ctx); err != nil {
			return err
		}
	}
	if err := a.takesRuns(ctx); err != nil {
		return err
	}
	beaten := a.beat(ctx)
	a.log.Info("started", "workspaces", len(a.names), "schedules", a.scheduled(), "version", a.Version)
	for ctx.Err() == nil {
		if err := a.look(ctx); ctx.Err() == nil {
			a.looks(err)
			a.ages(ctx, err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(a.timing.look):
		}
	}
	beaten()
	return a.stop()
}

// takesRuns begins with the runs that wait for an agent. Before that, others see it: they would take up
// the runs of one that they don't see.
func (a *agent) takesRuns(ctx context.Context) error {
	if err := a.db.Works(ctx, a.row(), a.now()); err != nil {
		return err
	}
	return a.queue.Start(context.WithoutCancel(ctx))
}

// watch lets workspaces fetch beside the looks, until what it returns is called.
func (a *agent) watch(ctx context.Context) (end func()) {
	w, is := a.Workspaces.(watching)
	if !is {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.Watch(ctx, a.db)
	}()
	return func() {
		cancel()
		<-ended
	}
}

// looks says how looks go, when that changes: a database can be away for long.
func (a *agent) looks(err error) {
	switch {
	case err == nil && len(a.failing) > 0:
		clear(a.failing)
		a.log.Info("the schedules are looked at again")
	case err != nil && !a.failing[oneLine(err)]:
		a.failing[oneLine(err)] = true
		a.log.Error("the schedules can't be looked at, and it is tried again", "error", oneLine(err))
	}
}

// begin reads the schedules. If there is one workspace, whoever starts the agent sees
// its mistakes; of many, the others run.
func (a *agent) begin(ctx context.Context) error {
	if len(a.names) != 1 || a.db.Shared() {
		return a.reload(ctx)
	}
	versions, err := a.Workspaces.Refresh(ctx, a.db, a.now())
	version, there := versions[a.names[0]]
	if err != nil || !there {
		return err
	}
	mistakes, err := a.load(ctx, a.names[0], version)
	return errors.Join(mistakes, err)
}

// know reads the schedules for a command about them. Of many workspaces, an agent has done
// that, unless none was ever started. What was read once stays in force, so a mistake that
// was made since keeps nobody from seeing how things are, or from pausing them.
func (a *agent) know(ctx context.Context) error {
	if a.db.Shared() {
		return nil
	}
	rows, err := a.db.Schedules(ctx)
	switch {
	case err != nil:
		return err
	case len(rows) == 0:
		return a.begin(ctx)
	case len(a.names) == 1:
		return a.reload(ctx)
	}
	return nil
}

// scheduled is how many schedules this agent has read.
func (a *agent) scheduled() (n int) {
	for _, l := range a.loaded {
		n += len(l.schedules)
	}
	return n
}

// stop ends the agent. No call is sent any more, since ctx has ended: River alone would
// let runs go on for as long as they may.
func (a *agent) stop() error {
	a.log.Info("stopping")
	ctx, cancel := context.WithTimeout(context.Background(), a.timing.soft+3*time.Second)
	defer cancel()
	if err := a.queue.Stop(ctx); err != nil {
		return fmt.Errorf("runs did not end in time, and the next agent continues them: %w", err)
	}
	if !a.isTooOld() {
		if err := a.db.Gone(ctx, a.id); err != nil {
			return err
		}
	}
	a.log.Info("stopped")
	return nil
}

// Migrate brings the database to this program's schema.
func Migrate(ctx context.Context, o Options) (name string, err error) {
	return agentdb.Migrate(ctx, o.database())
}
