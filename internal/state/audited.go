package state

import (
	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/provenance"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// recordOutcome is the record of the outcome of a call. It is the same whether
// the run that learned it writes it, or the one that finds its journal.
func recordOutcome(by string, who provenance.Provenance, in Intent, out Outcome) audit.Entry {
	before, after := in.Before, in.After
	r := audit.Entry{
		At: out.At, RunID: in.RunID, Seq: in.Seq, Provenance: who.ReviewedIn(in.Review), PlanHash: in.PlanHash,
		Endpoint: in.Endpoint, Account: in.Account, Address: safetext.Line(in.Address),
		Order:  auditOrder(in.Ref, after, before),
		Action: string(in.Action), Reason: in.Reason, Before: &before, After: &after,
		Content: in.Content, Resent: in.Resent,
		Result: out.Result, Status: out.Status, Message: out.Message, Repeated: in.Repeated, ReadBack: out.ReadBack,
	}
	if by != in.RunID {
		r.SettledBy = by
	}
	r.ErrorBefore = in.ErrorBefore
	if in.Attempt > 1 {
		r.Attempt = in.Attempt
	}
	return r
}

func recordRemoval(head *journalHead, removal *storedRemoval) audit.Entry {
	return audit.Entry{
		At: removal.At, RunID: head.RunID, Seq: removal.Seq, Provenance: head.Provenance,
		Endpoint: removal.Endpoint, Account: removal.Account,
		Order:  &audit.Order{Ref: refOf(removal.key(), removal.Source, removal.SourceNumber)},
		Action: audit.StateRm, Reason: removal.Reason, Result: order.Done,
	}
}

func auditOrder(ref order.Ref, values ...order.Values) *audit.Order {
	o := &audit.Order{Ref: ref}
	for _, v := range values {
		if o.OrderNumber == "" {
			o.OrderNumber = v.OrderNumber
		}
		if o.Tracking == "" {
			o.Tracking = v.Tracking
		}
	}
	return o
}
