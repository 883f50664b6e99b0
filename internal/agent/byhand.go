package agent

import (
	"context"
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
)

// BusyError says that a schedule can't be run now.
type BusyError struct{ Why string }

func (e *BusyError) Error() string { return e.Why }

// RunNow runs a schedule once, now, and returns how the run ended. Where an
// agent runs, it is an agent's run, and ctx ends only the waiting.
func RunNow(ctx context.Context, o Options, name string) (*report.AgentRun, error) {
	a, t, err := openFor(ctx, o, name)
	if err != nil {
		return nil, err
	}
	defer a.close()
	if t.schedule == "" {
		return nil, &UnknownScheduleError{name, fmt.Sprintf("%q is a workspace: write which of its schedules, as %s/SCHEDULE", name, t.workspace)}
	}
	return a.runNow(ctx, t)
}

func (a *agent) runNow(ctx context.Context, t target) (*report.AgentRun, error) {
	lock, err := a.db.TryAlone()
	if err != nil {
		return nil, err
	}
	if lock != nil {
		defer func() { _ = lock.Release() }() // it ends with the process at the latest
	}
	if a.queue, err = a.newQueue(false); err != nil {
		return nil, err
	}
	agents, err := a.anybody(ctx, lock == nil)
	if err != nil {
		return nil, err
	}
	if !agents && a.db.Shared() {
		if err := a.instead(t); err != nil {
			return nil, err
		}
	}
	r, err := a.byHand(ctx, t, agents)
	if err != nil {
		return nil, err
	}
	if agents {
		err = a.await(ctx, r.ID)
	} else {
		err = a.foreground(ctx, r)
	}
	if err != nil {
		return nil, err
	}
	total, err := a.db.Total(context.WithoutCancel(ctx), r.ID)
	if err != nil || total == nil {
		return nil, err
	}
	run := shown(total)
	return &run, nil
}

// anybody reports whether an agent is running: one holds the lock of the file, or was seen.
func (a *agent) anybody(ctx context.Context, locked bool) (bool, error) {
	if !a.db.Shared() {
		return locked, nil
	}
	all, err := a.db.Agents(ctx)
	return len(all) > 0 && a.running(all[0]), err
}

// instead says that this process does what no agent does, if it can.
func (a *agent) instead(t target) error {
	if !a.has(t.workspace) {
		return &BusyError{fmt.Sprintf("no agent was seen for %s, and this machine does not have the workspace %s: start an agent that has it", a.timing.away, t.workspace)}
	}
	a.observer(a.log)(reconcile.Warned{Text: fmt.Sprintf("no agent was seen for %s, so the run is made here", a.timing.away)})
	return nil
}

// byHand writes down a run that somebody asks for, and a job for an agent if there is one.
func (a *agent) byHand(ctx context.Context, t target, agent bool) (*agentdb.Run, error) {
	now := a.now()
	commit, err := a.commitOf(ctx, t.workspace)
	if err != nil {
		return nil, err
	}
	r := newRun(t.workspace, t.schedule, commit, now, now)
	r.Cause, r.Who = agentdb.ByHand, a.Deps.Provenance.Who
	pauses, err := a.pauses(ctx)
	if err != nil {
		return nil, err
	}
	if p := pauses.of(t.workspace, t.schedule); p != nil {
		return nil, &BusyError{fmt.Sprintf("%s is paused: %s\n%s ends that pause, of %s", t.schedule, p.Reason, a.Deps.Command(p.Resume()...), p.What())}
	}
	var ended []*end
	err = a.db.In(ctx, func(tx *agentdb.Tx) (err error) {
		if _, err := tx.Hold(ctx, t.workspace, t.schedule); err != nil {
			return err
		}
		var why string
		why, ended, err = a.goingOn(ctx, tx, t.workspace, t.schedule, now)
		switch {
		case err != nil:
			return err
		case why != "" && !agent:
			return &BusyError{fmt.Sprintf("%s: %s as soon as an agent runs: start it with %s", t.schedule, why, a.Deps.Command("agent"))}
		case why != "":
			return &BusyError{t.schedule + ": " + why}
		case !agent:
			return tx.Insert(ctx, r)
		}
		return a.enqueue(ctx, tx, r)
	})
	if err == nil {
		a.over(ended...)
	}
	return r, err
}

// commitOf is the commit of a workspace that is in force; empty for a directory.
func (a *agent) commitOf(ctx context.Context, workspace string) (string, error) {
	all, err := a.db.Workspaces(ctx)
	if err != nil || all[workspace] == nil {
		return "", err
	}
	return all[workspace].Commit, nil
}

// foreground does all slices of a run in this process. What is interrupted does not go on
// by itself: somebody who looks on stopped it.
func (a *agent) foreground(ctx context.Context, r *agentdb.Run) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		for ctx.Err() == nil {
			pauses, _ := a.pauses(ctx) // what is wrong with the database, the slice says
			a.heed(pauses)             // the file counts without it
			select {
			case <-ctx.Done():
			case <-time.After(a.timing.look):
			}
		}
	}()
	for {
		pauses, err := a.pauses(context.WithoutCancel(ctx))
		if err != nil {
			return err
		}
		now := a.now()
		claimed, err := a.db.Claim(context.WithoutCancel(ctx), r.ID, r.Take, now, now.Add(-a.timing.rescue))
		if err != nil || claimed == nil {
			return err
		}
		again := a.slice(ctx, claimed, nil, pauses, true)
		switch {
		case again == nil:
			return nil
		case ctx.Err() != nil:
			return a.db.In(context.WithoutCancel(ctx), func(tx *agentdb.Tx) error {
				_, err := a.ended(context.WithoutCancel(ctx), tx, claimed, agentdb.Paused, "", a.now())
				return err
			})
		}
	}
}

// await waits until an agent has ended a run, which does not end with the waiting.
func (a *agent) await(ctx context.Context, id string) error {
	for said := false; ; {
		r, err := a.db.Run(ctx, id)
		if ctx.Err() != nil {
			return fmt.Errorf("interrupted; run %s goes on without this command: %s shows how it ends", id, a.Deps.Command("agent", "status"))
		}
		if err != nil || r == nil || !r.EndedAt.IsZero() {
			return err
		}
		there, err := a.anybody(ctx, true)
		switch {
		case ctx.Err() != nil:
			continue
		case err != nil:
			return err
		case !there && !said:
			said = true
			a.observer(a.log)(reconcile.Warned{Text: fmt.Sprintf("no agent was seen for %s: the run waits for one", a.timing.away)})
		}
		select {
		case <-ctx.Done():
		case <-time.After(a.timing.poll):
		}
	}
}
