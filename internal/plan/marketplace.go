package plan

import (
	"fmt"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// uptake is what is known of the last change of an order; empty where gdfctl changed
// nothing.
func (b *builder) uptake(r *resolvedWish, entry *state.Entry) uptake.Result {
	account := r.Origin.Account
	result, _ := UptakeNow(entry, *r.live, b.in.Snapshot.Accounts[account.Name].ReadAt, UptakeSettings(account, r.live.Source, b.in.Learned[account.Name]))
	return result
}

// marketplace notes what an order's marketplace says of it, beside its status.
func (b *builder) marketplace(r *resolvedWish, entry *state.Entry, result uptake.Result, d *decision) {
	l := r.live
	changes := len(d.actions) > 0
	if changes || entry != nil && entry.Applied != nil {
		b.oldErrors.hears(l)
	}
	switch {
	case result.Word == uptake.RefusedLater:
		message := RefusedMessage(entry.Applied, l.SyncError)
		if d.refused == "" {
			message += "; " + afterRefusal(entry.Applied.Action)
		}
		b.findings.add(Finding{Rule: RefusedLater, Severity: rules.Error, Address: r.Address(), Order: &l.Ref, Message: message, Count: 1, DefinedAt: r.Place})
	case l.SyncError == "" || changes: // before a change, it is a finding of the change
	case entry != nil && !entry.ErrorSince(uptake.ErrorHash(l.SyncError), b.in.Now).IsZero():
		b.finding(r.Wish, r.Address(), rules.Finding{Rule: "SHIP16", Severity: rules.Warn, Message: "the marketplace reports an error: " + Words(l.SyncError)})
	default:
		b.oldErrors.add(l)
	}
}

// afterRefusal is what helps where a marketplace refused a change. Of a shipment, another
// number, carrier or date can be wanted.
func afterRefusal(action order.Action) string {
	switch action {
	case order.Cancel:
		return "it may be shipped by now: look at its marketplace before you send it again with: gdfctl resend"
	case order.Acknowledge:
		return "send it again with: gdfctl resend"
	}
	return "change its number, carrier or date, or send it again with: gdfctl resend"
}

// refusedLast is 0 for what was refused, which people see first.
func refusedLast(f *Finding) int {
	if f.Rule == RefusedLater {
		return 0
	}
	return 1
}

// leftOpen warns of an order for which nothing is sent, and whose last change needs a
// person all the same.
func (b *builder) leftOpen(r *resolvedWish, entry *state.Entry, word uptake.Word, d decision) {
	rule := string(word)
	var then string
	switch word {
	case uptake.NotTaken:
		then = fmt.Sprintf("; only gdfctl resend or attempt = %d sends it again", attemptOf(entry)+1)
	case uptake.Drifted:
		then = "; gdfctl does not change it back"
	default:
		return
	}
	if !slices.ContainsFunc(d.notes, func(f rules.Finding) bool { return f.Rule == rule }) {
		b.finding(r.Wish, r.Address(), rules.Finding{Rule: rule, Severity: rules.Warn, Message: uptakeMessage(word, entry.Applied, r.live.Values, r.live.SyncError) + then})
	}
}

// accepted notes that the API accepted a change that it does not show yet.
func (b *builder) accepted(w *spec.Wish, ref order.Ref, entry *state.Entry, notTaken bool, by uptake.Witness) {
	b.plan.Pending = append(b.plan.Pending, Pending{
		Address: w.Address(), Account: w.Origin.Account.Name, Order: ref, Action: entry.Applied.Action,
		AppliedAt: entry.Applied.At.UTC().Truncate(time.Second), NotTaken: notTaken, VerifiedBy: by, DefinedAt: w.Place,
	})
}
