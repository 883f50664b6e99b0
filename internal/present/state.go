package present

import (
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// Recovered is what was lost of a shared state, and whether that was accepted.
func Recovered(r *reconcile.RecoverReport) *report.Recovered {
	shown := report.NewRecovered(r.Place)
	b := r.Rollback
	if b == nil {
		return shown
	}
	found := report.FoundLog{Record: b.End.String(), Kind: string(b.Kind)}
	if b.Found.N == b.Seen.N {
		instead := b.Found.String()
		found.Instead = &instead
	}
	if b.By.Who != "" {
		found.By = LockHolder(b.By)
	}
	shown.Lost(b.Seen.String(), b.SeenAt, found, b.At)
	if r.Quiet > 0 {
		shown.Accepted(r.Quiet, r.AuditHead.String(), r.SignedHead)
	}
	return shown
}

// Migrated is a move of a state, with one of the results of [report].
func Migrated(r *reconcile.MigrateReport, result string) *report.Migrated {
	head := ""
	if r.AuditHead.Lines > 0 {
		head = r.AuditHead.String()
	}
	return report.NewMigrated(r.From, r.To, r.State, result, head, r.Orders, r.Open)
}

// LockHolder is whoever holds the state.
func LockHolder(h backend.Holder) *report.LockHolder {
	return &report.LockHolder{ID: h.ID, Who: h.Who, Host: h.Host, PID: h.PID, Operation: h.Operation, Since: &h.Since}
}
