package reconcile

import (
	"context"
	"errors"
	"fmt"

	"github.com/gdfctl/gdfctl/internal/state/shared"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// BegunState is a state that was begun.
type BegunState struct {
	Place string
	State string // which one it is, for the backend block; empty for files
}

// InitState begins a state where the configuration says, on purpose. One that is there
// is never replaced.
func InitState(ctx context.Context, s Source, d Deps, o Observer) (*BegunState, error) {
	o = o.inTurn()
	cfg, at, diags := d.loadUnnamed(s, false, d.Now)
	if diags.HasErrors() {
		return nil, unusable(cfg, diags)
	}
	w, err := d.expected(d.workspace(s, o, cfg, at, diags))
	if err != nil {
		return nil, err
	}
	defer w.close()
	if !at.shared() {
		return w.beginFiles(ctx)
	}
	if at.state != "" {
		return nil, fmt.Errorf("the backend block names state %q, so that one was begun before: nothing was changed\nTo begin another state on purpose, remove the line `state = %q` first", at.state, at.state)
	}
	place, err := at.place(sharedlog.State)
	if err != nil {
		return nil, err
	}
	defer o.closing(place.Close)
	lineage, warnings, err := shared.Init(ctx, place, w.store.Holding("state init"), shared.Clock{})
	o.warnAll(warnings)
	if err != nil {
		return nil, err
	}
	w.preparePlans(ctx)
	at.state = lineage
	return &BegunState{Place: place.String(), State: lineage}, w.mark()
}

// preparePlans makes what published plans need. Whoever begins a state may lack the
// right to that, and the state needs no plans.
func (w *workspace) preparePlans(ctx context.Context) {
	place, err := w.home.place(sharedlog.Plans)
	if err == nil {
		err = errors.Join(place.Prepare(ctx), place.Close())
	}
	if err != nil {
		w.warnf("the place of published plans could not be made, so `%s` will not work: %s", w.command("plan", "--publish"), err)
	}
}

// beginFiles begins a state in files of this machine. An apply would do that by
// itself, but not where files may be gone after it.
func (w *workspace) beginFiles(ctx context.Context) (*BegunState, error) {
	notices, err := w.store.Begin(ctx)
	if err != nil {
		return nil, err
	}
	w.notices(notices)
	return &BegunState{Place: w.store.Name()}, nil
}

func (o Observer) warnAll(warnings []string) {
	for _, text := range warnings {
		o.warnf("%s", text)
	}
}
