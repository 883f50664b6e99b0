package reconcile

import (
	"context"
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// Event is something that happens while a use case runs. The interface is
// sealed: the types below are all there are. Views, logs and metrics subscribe
// to the same ones.
type Event interface{ event() }

// Observer is called for each event, one at a time. It may be nil.
type Observer func(Event)

type (
	// Diagnosed is what was noticed in a configuration that can be used.
	Diagnosed struct {
		Diagnostics diag.List
		Files       map[string]*diag.Source
	}

	// Warned is what people should know though the use case goes on.
	Warned struct{ Text string }

	// Waited is a read that waits for the API.
	Waited struct {
		Account string
		Wait    godatafeed.Wait
	}

	// Planned is a plan that an apply made, before it is approved.
	Planned struct{ *PlanReport }

	// PlanOpened is a saved plan that an apply takes up.
	PlanOpened struct {
		File, Hash string
		Made       time.Time // in the zone of the configuration's only account, or in UTC
	}

	// WaitingForLease is a run that waits because another one holds the state. It
	// comes again whenever that changes.
	WaitingForLease struct{ backend.Waiting }

	// WaitedForLease is the end of that: the run has the state.
	WaitedForLease struct{}

	// Progressed is an event of the engine.
	Progressed struct{ apply.Event }

	// Stopping is an interrupt while the state is locked: no more calls are
	// sent, and those under way have some seconds to end.
	Stopping struct{}

	// Applied is the end of an apply: everything is saved. Err is what the use
	// case will return.
	Applied struct {
		*ApplyReport
		Err error
	}

	// Downloading is a feed's file that is about to be downloaded, the N-th of
	// so many.
	Downloading struct {
		Feed  string
		N, Of int
	}

	// FeedsRead is the end of reading feeds.
	FeedsRead struct{}

	// CheckedTooSoon is a check of feeds so soon after the one before that it
	// can't show anything new. It is done all the same: somebody may have a reason.
	CheckedTooSoon struct{ Since time.Duration }

	// FeedsChecked is the result of a check of feeds, before webhooks are called.
	FeedsChecked struct{ *FeedsReport }
)

func (Diagnosed) event()       {}
func (Warned) event()          {}
func (Waited) event()          {}
func (WaitingForLease) event() {}
func (WaitedForLease) event()  {}
func (Planned) event()         {}
func (PlanOpened) event()      {}
func (Progressed) event()      {}
func (Stopping) event()        {}
func (Applied) event()         {}
func (Downloading) event()     {}
func (FeedsRead) event()       {}
func (CheckedTooSoon) event()  {}
func (FeedsChecked) event()    {}

// inTurn is an observer that is called one at a time: accounts are read side
// by side, and an interrupt comes at any moment.
func (o Observer) inTurn() Observer {
	var mu sync.Mutex // one event at a time
	return func(e Event) {
		if o == nil {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		o(e)
	}
}

// withWaits makes reads that wait for the API tell the observer: silence for a
// minute looks like a program that hangs.
func (o Observer) withWaits(ctx context.Context) context.Context {
	return godatafeed.OnWait(ctx, func(w godatafeed.Wait) { o(Waited{Account: w.Account, Wait: w}) })
}
