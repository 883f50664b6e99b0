package agent

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
)

// OtherStateError says that this machine has another state than the workspace: nothing is sent
// by it. Another machine may have the one.
type OtherStateError struct{ Place, Why string }

func (e *OtherStateError) Error() string { return e.Why }

// agreeing is how often a run asks which state a workspace has, while others say it.
const agreeing = 10

// whose makes sure that all machines mean one state when they run a workspace. An agent that is alone
// with its database has all states on its machine, so nothing is asked.
func (a *agent) whose(w *Workspace, r *agentdb.Run) func(context.Context, reconcile.StateSeen) error {
	if !a.db.Shared() || !a.db.HasStates() {
		return nil
	}
	return func(ctx context.Context, seen reconcile.StateSeen) error {
		now := &agentdb.State{Workspace: w.Name, Lineage: seen.Lineage, Serial: int64(seen.Serial), Place: seen.Place, At: a.now()}
		if seen.Files() {
			now.Run = r.ID
		}
		for range agreeing {
			known, err := a.db.State(ctx, w.Name)
			switch {
			case err != nil:
				return err
			case known == nil && seen.Lineage == "":
				return nil // it is noted as soon as it has a name
			case known == nil:
				if first, err := a.db.FirstState(ctx, now); err != nil || first {
					return err
				}
				continue
			}
			if why := otherState(known, &seen); why != "" {
				return &OtherStateError{seen.Place, why}
			}
			used, err := a.db.UseState(ctx, known, now)
			if used && known.RefusedPlace == now.Place {
				reconcile.StateRefused(ctx, reconcile.ConfigNews{Source: w.Source, Workspace: w.Name}, w.Deps, a.observer(a.logOf(r)))
			}
			if err != nil || used {
				return err
			}
		}
		return errors.New("other runs say all the time which state the workspace has")
	}
}

// otherState says why the state that a run sees is not the one that is known of the workspace; empty: it is.
func otherState(known *agentdb.State, seen *reconcile.StateSeen) string {
	var why, first string
	switch {
	case seen.Lineage == "":
		why, first = "there is none at "+seen.Place+", and a second one would know nothing of the calls that were made", " begin it with `gdfctl state init`, and"
	case known.Lineage != seen.Lineage && known.Lineage != seen.Block:
		why = "that at " + seen.Place + " is another one, which does not know the calls that were made"
	case seen.Files() && int64(seen.Serial) < known.Serial:
		why = "that at " + seen.Place + " is an older copy of it, which does not know all calls that were made"
	case seen.Files() && known.Run != "" && known.Place != seen.Place: // however often it was used since it was copied
		why = "a run there has not said that it ended: that at " + seen.Place + " may be a copy from before, which does not know all calls that were made"
	case seen.Files() && filepath.IsAbs(known.Place) && known.Place != seen.Place && int64(seen.Serial) != known.Serial: // files that no agent had since
		why = "that at " + seen.Place + " was changed by others than agents: it may be a copy from before, which does not know all calls that were made"
	default:
		return ""
	}
	return fmt.Sprintf("the state of workspace %[1]s was used last at %[2]s, and %[3]s: nothing was sent. "+
		"Keep the state in a backend that machines share, or leave the workspace to the machine that has its state. To go on with the state of this machine on purpose,%[4]s run here: gdfctl agent accept-state %[1]s --config FILE --reason WHY",
		known.Workspace, known.Place, why, first)
}

// stateRefused reports a state that is not that of the workspace.
func (a *agent) stateRefused(ctx context.Context, w *Workspace, r *agentdb.Run, e *OtherStateError) {
	news, err := a.db.RefuseState(ctx, w.Name, e.Place, e.Why, a.now())
	switch {
	case err != nil:
		a.logOf(r).Error("that the state was refused can't be kept", "error", oneLine(err))
	case news:
		reconcile.StateRefused(ctx, reconcile.ConfigNews{Source: w.Source, Workspace: w.Name, Why: e.Why}, w.Deps, a.observer(a.logOf(r)))
	}
}

// stateLeft is what a slice left of the state that it had; nil: nobody asked whose it is.
func stateLeft(r *agentdb.Run, seen *reconcile.StateSeen) *agentdb.State {
	if seen == nil {
		return nil
	}
	return &agentdb.State{Workspace: r.Workspace, Lineage: seen.Lineage, Serial: int64(seen.Serial), Run: r.ID}
}

// refusalLasts is for how long it is shown that a machine has another state. Each of its runs says
// it again; one that does not have the workspace any more says nothing.
const refusalLasts = 24 * time.Hour

// refusedState is what is shown of a state that was refused; nil: none was.
func (a *agent) refusedState(s *agentdb.State) *report.AgentRefused {
	if s == nil || s.RefusedAt.IsZero() || a.now().Sub(s.RefusedAt) > refusalLasts {
		return nil
	}
	return &report.AgentRefused{Why: s.RefusedWhy, At: s.RefusedAt.Truncate(time.Second)}
}

// StatesError says why there is no state to accept.
type StatesError struct{ Why string }

func (e *StatesError) Error() string { return e.Why }

// AcceptState makes the state that this machine has of a workspace the one that agents use.
func AcceptState(ctx context.Context, o Options, name, reason string) (*report.AgentState, error) {
	a, err := open(ctx, o)
	if err != nil {
		return nil, err
	}
	defer a.close()
	switch {
	case !a.db.Shared():
		return nil, &StatesError{"the agent's database is a file, so that this machine has every state: there is nothing to accept"}
	case !a.db.HasStates():
		return nil, &StatesError{"the agent's database is of the version before, and does not know states: run gdfctl agent migrate"}
	}
	commit, err := a.commitOf(ctx, name)
	if err != nil {
		return nil, err
	}
	w, err := a.Workspaces.At(ctx, name, commit)
	if err != nil {
		return nil, err
	}
	before, err := a.db.State(ctx, name)
	if err != nil {
		return nil, err
	}
	done, err := reconcile.Vouch(ctx, reconcile.VouchRequest{Source: w.Source, Reason: reason, LockTimeout: a.timing.lock}, w.Deps, a.observer(a.log))
	if err != nil {
		return nil, err
	}
	s := &report.AgentState{Workspace: name, Lineage: done.State.Lineage, Place: done.State.Place, SignedHead: done.SignedHead}
	if before != nil {
		s.Before = before.Place
	}
	return s, a.db.AcceptState(ctx, &agentdb.State{Workspace: name, Lineage: s.Lineage, Serial: int64(done.State.Serial), Place: s.Place, At: a.now()})
}
