package reconcile

import (
	"context"
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/notify"
	"github.com/gdfctl/gdfctl/internal/order"
)

// tell tells what an apply held back, what was refused, and what has no known
// outcome. An order that is in the same trouble at every run is told of once.
func (a *applying) tell(ctx context.Context) {
	if a.report.Plan == nil || a.report.DoneBefore != "" {
		return
	}
	// A part of the orders says nothing about the rest.
	all := len(a.req.Targets) == 0 && len(a.req.Excludes) == 0 && len(a.report.Plan.Missing) == 0 && a.req.Resend == nil
	held := notify.Look{Scope: "held", Whole: all}
	for i := range a.report.Plan.Held {
		if a.req.Resend != nil { // whoever asked to send it again was told
			break
		}
		h := &a.report.Plan.Held[i]
		held.Sights = append(held.Sights, a.trouble(notify.Event{
			Type: notify.Held, Account: h.Account, Address: h.Address, Order: &h.Order, Code: string(h.Code), Message: h.Message,
		}))
	}
	looks := []notify.Look{held}
	if a.report.Sent {
		tried := all && a.report.Result.Complete()
		looks = append(looks, notify.Look{Scope: "refused", Whole: tried}, notify.Look{Scope: "unknown", Whole: tried})
		for i := range a.report.Result.Items {
			item := &a.report.Result.Items[i]
			e := notify.Event{Account: item.Account, Address: item.Address, Order: &item.Order, Action: string(item.Action), Message: item.Message}
			look := &looks[0]
			switch item.Result {
			case apply.HeldBack:
				e.Type = notify.Held
			case apply.Failed:
				look, e.Type = &looks[1], notify.Refused
			case apply.Unknown:
				look, e.Type = &looks[2], notify.Unknown
			default:
				continue
			}
			look.Sights = append(look.Sights, a.trouble(e))
		}
	}
	if a.look != nil {
		looks = append(looks, *a.look)
	}
	a.workspace.tell(ctx, looks...)
}

// trouble is an order that is not as it is wanted. Another code, or another
// action, is another trouble.
func (a *applying) trouble(e notify.Event) notify.Sight {
	e.At, e.RunID = a.Now().UTC().Truncate(time.Second), a.report.RunID
	return notify.Sight{Subject: subject(a.workspace, e.Account, e.Address, orderKey(e.Order), e.Action, e.Code), State: notify.Wrong, Event: e}
}

func orderKey(r *order.Ref) string { return fmt.Sprintf("%q %q %q", r.ID, r.Source, r.SourceNumber) }

// subject names a thing of an account so that no two have the same name.
func subject(w *workspace, account string, parts ...string) string {
	endpoint := ""
	if a, ok := w.cfg.Account(account); ok {
		endpoint = a.Endpoint
	}
	return fmt.Sprintf("%q", append([]string{endpoint, account}, parts...))
}
