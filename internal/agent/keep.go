package agent

import (
	"context"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
)

// keeping is how long one try to write down how a slice ended may take, and an agent that
// stops goes on trying.
const keeping = 10 * time.Second

// keep writes down how a slice ended, and tells it. While the database is away, it goes on
// trying: what was done must not be forgotten. If the agent has to stop before, another one
// takes the run up, and the state's journal knows what was sent.
func (a *agent) keep(r *agentdb.Run, result *agentdb.Result) error {
	result.EndedAt = a.now()
	until, cancel := context.WithCancel(context.Background())
	defer cancel()
	defer context.AfterFunc(a.drain, func() { time.AfterFunc(keeping, cancel) })()
	for said := false; ; said = true {
		end, err := a.kept(until, r, result)
		if err == nil {
			if end != nil {
				a.counted.ended(end)
				a.tell(end)
			}
			return nil
		}
		if !said {
			a.logOf(r).Error("how the slice ended can't be kept, and it is tried again", "error", oneLine(err))
		}
		if a.isTooOld() {
			return err
		}
		select {
		case <-until.Done():
			return err
		case <-time.After(a.timing.look):
		}
	}
}

// kept writes all of it, or nothing, and returns how the run ended; nil: it goes on, or is
// another agent's. The result of a slice counts also if another agent has
// taken up the run meanwhile.
func (a *agent) kept(ctx context.Context, r *agentdb.Run, result *agentdb.Result) (e *end, err error) {
	ctx, cancel := context.WithTimeout(ctx, keeping)
	defer cancel()
	err = a.db.In(ctx, func(tx *agentdb.Tx) error {
		if err := tx.Keep(ctx, r, result); err != nil {
			return err
		}
		if result.State != nil {
			if err := tx.StateLeft(ctx, result.State); err != nil {
				return err
			}
		}
		if result.Outcome == agentdb.Queued || result.Outcome == agentdb.Retrying {
			_, err := tx.Waits(ctx, r, result.Outcome)
			return err
		}
		var err error
		e, err = a.ended(ctx, tx, r, result.Outcome, result.Message, result.EndedAt)
		return err
	})
	return e, err
}
