package agent

import (
	"context"
	"database/sql"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/gdfctl/gdfctl/internal/agentdb"
)

// job reminds an agent of a run. There is one kind, forever, and what it says only grows:
// an agent discards kinds that it does not know.
type job struct {
	Workspace string `json:"workspace" river:"unique"`
	Schedule  string `json:"schedule"  river:"unique"`
	Due       int64  `json:"due"       river:"unique"` // milliseconds since 1970
	Take      int    `json:"take"      river:"unique"` // 1, or more where an agent died
	Run       string `json:"run"`
	Commit    string `json:"commit,omitempty"` // empty: what the workspace's directory has
}

// Kind implements river.JobArgs.
func (job) Kind() string { return "gdfctl_run" }

// oneJob makes one job of a due time, whatever became of it.
var oneJob = &river.InsertOpts{MaxAttempts: attempts, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStateCancelled, rivertype.JobStateCompleted, rivertype.JobStateDiscarded,
	rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
}}}

// worker executes what River hands it.
type worker struct {
	river.WorkerDefaults[job]
	agent *agent
}

// Work implements river.Worker.
func (w *worker) Work(ctx context.Context, j *river.Job[job]) error {
	return w.agent.work(ctx, j, j.Attempt >= attempts)
}

// retries implements river.ClientRetryPolicy.
type retries struct {
	after [2]time.Duration
	now   func() time.Time
}

// NextRetry implements river.ClientRetryPolicy.
func (r retries) NextRetry(j *rivertype.JobRow) time.Time {
	after := r.after[0]
	if len(j.Errors) > 0 { // that of now comes on top
		after = r.after[1]
	}
	return r.now().Add(after)
}

// queueTime is the time by which River queues: jobs that a machine with a wrong clock puts
// back would wait for that clock.
type queueTime struct{ db *agentdb.DB }

// Now implements rivertype.TimeGenerator.
func (t queueTime) Now() time.Time { return t.db.QueueNow() }

// NowOrNil implements rivertype.TimeGenerator. The database knows the time by itself.
func (t queueTime) NowOrNil() *time.Time { return nil }

// rescued is when River makes a job that stands as running available again. It goes by the
// clock of a machine, which may be wrong, so the look takes up runs of agents that died: see
// takeUp. Of the jobs that these leave, nothing is expected any more.
const rescued = 24 * time.Hour

// newQueue is River's client. One that only inserts needs no workers.
func (a *agent) newQueue(works bool) (*river.Client[*sql.Tx], error) {
	config := &river.Config{
		Logger: slog.New(&warnings{Handler: a.log.Handler(), said: &sync.Map{}}), RetryPolicy: retries{a.timing.retries, a.db.QueueNow},
		JobTimeout: a.timing.job, RescueStuckJobsAfter: rescued, SoftStopTimeout: a.timing.soft,
		CompletedJobRetentionPeriod: 48 * time.Hour,
		FetchPollInterval:           a.timing.poll, FetchCooldown: min(a.timing.poll, river.FetchCooldownDefault),
		Test: river.TestConfig{Time: queueTime{a.db}},
	}
	if a.db.Shared() {
		config.Schema = agentdb.Schema
	}
	if works {
		config.Workers = river.NewWorkers()
		river.AddWorker(config.Workers, &worker{agent: a})
		config.Queues = map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: a.places.most + a.places.room}}
	}
	driver, err := a.db.Driver()
	if err != nil {
		return nil, err
	}
	return river.NewClient(driver, config)
}

// warnings passes on what is a warning at least, and the same one after ten minutes again:
// River says much of what it does, and each second that the database is away. Errors are
// left out, since they have its address.
type warnings struct {
	slog.Handler
	said *sync.Map // messages, with when they may be said again
}

// Enabled implements slog.Handler.
func (w *warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && w.Handler.Enabled(ctx, level)
}

// Handle implements slog.Handler.
func (w *warnings) Handle(ctx context.Context, r slog.Record) error {
	if again, ok := w.said.Load(r.Message); ok && r.Time.Before(again.(time.Time)) {
		return nil
	}
	w.said.Store(r.Message, r.Time.Add(10*time.Minute))
	return w.Handler.Handle(ctx, slog.NewRecord(r.Time, r.Level, "queue: "+r.Message, r.PC))
}

// WithAttrs implements slog.Handler.
func (w *warnings) WithAttrs([]slog.Attr) slog.Handler { return w }

// WithGroup implements slog.Handler.
func (w *warnings) WithGroup(string) slog.Handler { return w }
