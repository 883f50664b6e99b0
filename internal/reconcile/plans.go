package reconcile

import (
	"context"
	"strings"

	"github.com/gdfctl/gdfctl/internal/published"
)

// PublishedPlan is a published plan, as the state knows it.
type PublishedPlan struct {
	published.Entry
	DoneBy string // the run that carried it out; empty: none did, or that is not known
}

// ListPlans lists the published plans, oldest first.
func ListPlans(ctx context.Context, s Source, d Deps, o Observer) ([]PublishedPlan, error) {
	w, store, err := d.openPlans(s, o)
	if err != nil {
		return nil, err
	}
	defer w.close()
	defer w.observe.closing(store.Close)
	entries, err := store.List(ctx)
	if err != nil {
		return nil, err
	}
	plans := make([]PublishedPlan, len(entries))
	for i, e := range entries {
		plans[i].Entry = e
	}
	st, err := w.readState(ctx)
	if err != nil { // whoever publishes need not be able to read the state
		w.warnf("which plans were carried out is not known: %s", err)
		return plans, nil
	}
	for i := range plans {
		plans[i].DoneBy, _ = st.PlanDone(plans[i].Hash)
	}
	return plans, nil
}

func (d Deps) openPlans(s Source, o Observer) (*workspace, *published.Store, error) {
	w, err := d.forRecords(s, o.inTurn())
	if err != nil {
		return nil, nil, err
	}
	store, err := w.plans(w.home)
	if err != nil {
		w.close()
		return nil, nil, err
	}
	return w, store, nil
}

// ShowPublished opens the published plan whose hash begins like this.
func ShowPublished(ctx context.Context, s Source, hash string, d Deps, o Observer) (*PlanReport, error) {
	w, store, err := d.openPlans(s, o)
	if err != nil {
		return nil, err
	}
	defer w.close()
	defer w.observe.closing(store.Close)
	e, err := store.Find(ctx, hash)
	if err != nil {
		return nil, err
	}
	p, err := openPublished(ctx, store, e)
	if err != nil {
		return nil, err
	}
	return &PlanReport{Plan: p, Hash: e.Hash, Zones: zonesOf(w.cfg)}, nil
}

// DiscardPlan takes a published plan away, and returns what it was.
func DiscardPlan(ctx context.Context, s Source, hash, reason string, d Deps, o Observer) (*published.Entry, error) {
	if strings.TrimSpace(reason) == "" {
		return nil, requestf("reason", "is required: say why, for whoever looks for the plan")
	}
	w, store, err := d.openPlans(s, o)
	if err != nil {
		return nil, err
	}
	defer w.close()
	defer w.observe.closing(store.Close)
	e, err := store.Find(ctx, hash)
	if err != nil {
		return nil, err
	}
	_, err = store.Discard(ctx, e.Hash, w.Provenance.Who, reason)
	return &e, err
}
