package reconcile

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/notify"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// failingFrom is how many due times fail in a row before people get a message: the next one
// mends what was short.
const failingFrom = 3

// ScheduleEnd is the end of a run of a schedule.
type ScheduleEnd struct {
	Source
	Schedule string
	RunID    string
	Before   int  // due times that had failed in a row before it
	Failures int  // and have now
	Good     bool // everything holds that it was to do
	Message  string
}

// ScheduleEnded sends messages about a schedule that keeps failing to the
// configuration's notify blocks, and calls their heartbeats after a good run. What goes wrong makes warnings.
func ScheduleEnded(ctx context.Context, end ScheduleEnd, d Deps, o Observer) {
	failing, wasFailing := end.Failures >= failingFrom, end.Before >= failingFrom
	if !failing && !wasFailing && !end.Good {
		return
	}
	o = o.inTurn()
	w, err := d.strict(ctx, end.Source, o, d.Now)
	if err != nil {
		if failing {
			o.warnf("no message was sent about the schedule %s, which keeps failing, because the configuration can't be used", end.Schedule)
		}
		return
	}
	defer w.close()
	sight := notify.Sight{Subject: fmt.Sprintf("%q", []string{end.Schedule}), State: notify.Right}
	if failing {
		sight.State = notify.Wrong
		sight.Event = notify.Event{
			Type: notify.ScheduleFailing, At: w.Now().UTC().Truncate(time.Second), RunID: end.RunID, Schedule: end.Schedule,
			Message: fmt.Sprintf("%d due times failed in a row: %s", end.Failures, end.Message),
		}
	}
	if failing || wasFailing {
		w.tell(ctx, notify.Look{Scope: "schedules", Sights: []notify.Sight{sight}})
	}
	if end.Good {
		w.heartbeats(ctx)
	}
}

// heartbeats calls the addresses that wait for a sign of life.
func (w *workspace) heartbeats(ctx context.Context) {
	for _, n := range w.cfg.Notify {
		if n.Heartbeat == "" && n.HeartbeatFrom == "" {
			continue
		}
		if err := w.heartbeat(ctx, n); err != nil {
			w.warnf("notify %q: the heartbeat could not be called: %s", n.Name, err)
		}
	}
}

func (w *workspace) heartbeat(ctx context.Context, n *spec.Notify) error {
	if n.Heartbeat == "" {
		return fmt.Errorf("%s is not set in the environment", n.HeartbeatFrom)
	}
	to, err := godatafeed.Destination(n.Heartbeat, w.Env)
	if err != nil {
		return fmt.Errorf("%s: %w", cmp.Or(n.HeartbeatFrom, "heartbeat"), err)
	}
	transport, release := w.toOthers()
	defer release()
	sender := notify.Sender{Transport: transport, Now: w.Now, Version: w.Version}
	return sender.Heartbeat(ctx, to)
}
