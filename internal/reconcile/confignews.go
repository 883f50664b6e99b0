package reconcile

import (
	"context"
	"time"

	"github.com/gdfctl/gdfctl/internal/notify"
)

// ConfigNews is what an agent has to say of where a workspace's configuration comes from.
type ConfigNews struct {
	Source    // of the commit that is in force, whose notify blocks get it
	Workspace string

	// Refused is the commit that did not come into force, and why; empty: none is.
	Refused, Why string
	// Stale says since when nothing could be fetched; zero: it can be.
	Stale time.Time
}

// ConfigRefused sends a message about a commit that does not come into force, one for
// each commit. Without one, what was sent before is over. What goes wrong makes warnings.
func ConfigRefused(ctx context.Context, n ConfigNews, d Deps, o Observer) {
	look := notify.Look{Scope: "config_refused", Whole: true}
	if n.Why != "" {
		look.Sights = []notify.Sight{{Subject: n.Workspace + "\n" + n.Refused, State: notify.Wrong, Event: notify.Event{
			Type: notify.ConfigRefused, Workspace: n.Workspace, Commit: n.Refused, Message: n.Why,
		}}}
	}
	configTold(ctx, n, look, d, o)
}

// StateRefused sends a message about a machine whose state is not that of the workspace. Without a reason,
// what was sent before is over.
func StateRefused(ctx context.Context, n ConfigNews, d Deps, o Observer) {
	look := notify.Look{Scope: "state_refused", Whole: true}
	if n.Why != "" {
		look.Sights = []notify.Sight{{Subject: n.Workspace, State: notify.Wrong, Event: notify.Event{
			Type: notify.ConfigRefused, Workspace: n.Workspace, Message: n.Why,
		}}}
	}
	configTold(ctx, n, look, d, o)
}

// ConfigStale sends a message about a configuration that can't be fetched any more, and
// another one when it can.
func ConfigStale(ctx context.Context, n ConfigNews, d Deps, o Observer) {
	event := notify.Event{Type: notify.ConfigStale, Workspace: n.Workspace}
	sight := notify.Sight{Subject: n.Workspace, State: notify.Right, Event: event}
	sight.Event.Message = "the configuration can be fetched again"
	if !n.Stale.IsZero() {
		sight.State = notify.Wrong
		sight.Event.Message = "the configuration could not be fetched since " + n.Stale.UTC().Format(time.RFC3339) + ": what is in force may be old. " + n.Why
	}
	configTold(ctx, n, notify.Look{Scope: "config_stale", Sights: []notify.Sight{sight}}, d, o)
}

func configTold(ctx context.Context, n ConfigNews, look notify.Look, d Deps, o Observer) {
	o = o.inTurn()
	w, err := d.strict(ctx, n.Source, o, d.Now)
	if err != nil {
		o.warnf("no message was sent about the configuration of workspace %s, because the one in force can't be used", n.Workspace)
		return
	}
	defer w.close()
	at, id := w.Now().UTC().Truncate(time.Second), d.runID()
	for i := range look.Sights {
		look.Sights[i].Event.At, look.Sights[i].Event.RunID = at, id
	}
	w.tell(ctx, look)
}
