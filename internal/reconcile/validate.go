package reconcile

import (
	"context"

	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// ValidateReport is what was found in a configuration and its tables.
type ValidateReport struct {
	Diagnostics diag.List
	Files       map[string]*diag.Source
	Batches     []*spec.BatchCount
	Orders      int
	Standing    int // standing orders
	Watches     int
	PolicyRef   *spec.PolicyDiff // as in a PlanReport
}

// ValidateRequest asks for a configuration to be checked.
type ValidateRequest struct {
	Source
	PolicyRef string // as in a Scope
}

// Validate checks everything that needs no network. A row that plan would hold
// back is an error here, so that a review finds it. Errors of the configuration
// are in the report.
func Validate(ctx context.Context, req ValidateRequest, d Deps, o Observer) (*ValidateReport, error) {
	cfg, at, diags := d.load(req.Source, false, d.Now)
	defer cfg.Close()
	report := &ValidateReport{Files: cfg.Files, Watches: len(cfg.Watches)}
	policies := []spec.Policy{cfg.Policy}
	if !diags.HasErrors() { // or it is not known what the policy is
		base, err := d.basePolicy(ctx, req.Source, req.PolicyRef, &cfg.Config)
		if err != nil {
			return nil, err
		}
		if base != nil {
			policies, report.PolicyRef = append(policies, base.policies...), base.diff
		}
	}
	if !diags.HasErrors() {
		d.lookForBuyers(ctx, req.Source, cfg, o.inTurn())
	}
	wishes, more := cfg.Wishes(ctx)
	if ctx.Err() != nil {
		return nil, ErrInterrupted
	}
	diags = append(diags, more...)
	diags = append(diags, wishes.Diagnostics()...)
	diags = append(diags, at.tooOften(cfg, wishes)...)
	closed, letGo := d.closedOrders(at, o.inTurn())
	raised := spec.Strictest(policies).Raised
	diags = append(diags, d.buyersTracked(req.Source, wishes.Buyers, raised)...)
	diags = append(diags, wishes.NumberDiagnostics(raised, closed)...)
	letGo()
	report.Diagnostics, report.Batches, report.Orders = diags, wishes.Batches, len(wishes.Orders)+len(wishes.New)
	report.Standing = len(wishes.Standing)
	return report, nil
}

// closedOrders tells which wishes are about orders that the state knows to be
// closed. A state that can't be read is told of, and then all orders are checked; so
// they are where the state is not on this machine. letGo is called after the last one.
func (d Deps) closedOrders(at *home, o Observer) (closed func(*spec.Wish) bool, letGo func()) {
	none := func(*spec.Wish) bool { return false }
	if at == nil || at.shared() {
		return none, func() {}
	}
	st, notices, err := d.storeOf(at.files).Read()
	o.notices(notices)
	if err != nil {
		o.warnf("rows of closed orders are checked too: %s", err)
		return none, func() {}
	}
	return func(w *spec.Wish) bool { return plan.Closed(st, w) }, st.KeepOpen()
}
