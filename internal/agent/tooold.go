package agent

import (
	"context"
	"errors"

	"github.com/gdfctl/gdfctl/internal/agentdb"
)

// ages stops the runs of a program that became too old for its database: what it would read and write there
// means something else by now. Other agents take them up. It lives on and looks further,
// since a restart would change nothing, and goes on if the database is put back from a copy.
func (a *agent) ages(ctx context.Context, look error) {
	is := errors.Is(look, agentdb.ErrNewer) || errors.Is(look, agentdb.ErrOlder)
	if is == a.isTooOld() || look != nil && !is { // that it is away says nothing of its age
		return
	}
	if !is {
		if err := a.takesRunsAgain(ctx); err != nil {
			a.log.Error("runs can't be made yet, and it is tried again", "error", oneLine(err))
		}
		return
	}
	a.log.Error("this program does not fit the database any more, so it makes no runs: others take up what it did. Start the version that the others run", "version", a.Version)
	a.mu.Lock()
	a.tooOld = true
	for s := range a.slices {
		s.stop(errTooOld)
	}
	a.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, a.timing.soft)
	defer cancel()
	if err := a.queue.Stop(ctx); err != nil {
		a.log.Warn("runs did not end in time, and others take them up", "error", oneLine(err))
	}
	_ = a.db.Gone(ctx, a.id) // others see soon that it is silent
}

func (a *agent) takesRunsAgain(ctx context.Context) (err error) {
	if a.queue, err = a.newQueue(true); err != nil {
		return err
	}
	if err := a.takesRuns(ctx); err != nil {
		return err
	}
	a.log.Info("this program fits the database again, and makes runs")
	a.mu.Lock()
	defer a.mu.Unlock()
	a.tooOld = false
	return nil
}

// isTooOld reports whether this program must leave the database alone.
func (a *agent) isTooOld() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.tooOld
}
