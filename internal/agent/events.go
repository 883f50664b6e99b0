package agent

import (
	"context"
	"log/slog"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// observer logs what use cases report of a workspace. Changes of single orders are in the
// audit log.
func (a *agent) observer(log *slog.Logger) reconcile.Observer {
	if a.Observe != nil {
		return a.Observe
	}
	return func(e reconcile.Event) {
		switch e := e.(type) {
		case reconcile.Warned:
			log.Warn(safetext.Line(e.Text))
		case reconcile.WaitingForLease:
			log.Info("waiting for another run to end", "holder", safetext.Line(e.Holder.String()))
		case reconcile.Stopping:
			log.Info("no more calls are sent, and those under way have a few seconds to end")
		}
	}
}

// observed makes a slice give its place back while it waits for a state, and notes when it begins to send.
func (one *place) observed(o reconcile.Observer) reconcile.Observer {
	return func(e reconcile.Event) {
		switch e.(type) {
		case reconcile.WaitingForLease:
			one.wait()
		case reconcile.WaitedForLease:
			one.goOn()
		case reconcile.Progressed:
			one.sends()
		case reconcile.Applied:
			one.gives(nil)
		}
		o(e)
	}
}

// logOf is the log of a run: each line says which.
func (a *agent) logOf(r *agentdb.Run) *slog.Logger {
	return a.log.With("workspace", r.Workspace, "schedule", r.Schedule, "run", r.ID, "slice", r.Slices)
}

// tell reports the end of a run to the configuration's notify blocks. It stops with the
// agent: what was not sent then goes with the next message.
func (a *agent) tell(e *end) {
	r := e.run
	ctx, cancel := context.WithCancel(context.WithoutCancel(a.drain))
	defer cancel()
	defer context.AfterFunc(a.drain, cancel)()
	w, err := a.Workspaces.At(ctx, r.Workspace, r.Commit)
	if err != nil {
		return // the run has failed for that, and the log says so
	}
	reconcile.ScheduleEnded(ctx, reconcile.ScheduleEnd{
		Source: w.Source, Schedule: r.Schedule, RunID: r.ID, Before: e.before, Failures: e.after, Good: e.outcome == agentdb.Done, Message: e.message,
	}, w.Deps, a.observer(a.logOf(r)))
}
