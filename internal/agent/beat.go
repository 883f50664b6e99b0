package agent

import (
	"context"
	"sync"
	"time"
)

// beat says that the agent is running, and heeds the file that pauses everything. Neither
// waits for a look, which takes its time where much is due: others would take up the
// runs of an agent that lives. And the file counts while the database is away. It ends with ctx, and
// what it returns waits for that.
func (a *agent) beat(ctx context.Context) (ended func()) {
	var all sync.WaitGroup
	for _, do := range []func(){
		func() { a.seen(ctx) },
		func() { a.heed(&pauses{all: a.pausedAll()}) },
	} {
		all.Go(func() {
			for ctx.Err() == nil {
				do()
				select {
				case <-ctx.Done():
				case <-time.After(a.timing.look):
				}
			}
		})
	}
	return all.Wait
}

// seen says that the agent is running. What is wrong with the database, a look says. Of a program that is too old
// by now, if not before, others take up the runs.
func (a *agent) seen(ctx context.Context) {
	if !a.isTooOld() {
		_ = a.db.Seen(ctx, a.row(), a.now())
	}
	if a.isTooOld() {
		_ = a.db.Gone(ctx, a.id)
	}
}
