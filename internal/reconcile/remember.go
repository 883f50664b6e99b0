package reconcile

import (
	"cmp"

	"github.com/gdfctl/gdfctl/internal/plan"
)

// remember records what a read showed.
func (a *applying) remember(seen plan.Observation) {
	if account, ok := a.cfg.Account(seen.Key.Account); ok {
		entry, _ := a.session.State().Entry(seen.Key)
		a.confirming.Add(account, entry, seen.Live, seen.At)
	}
	if seen.Live.SyncError != "" {
		a.said[seen.Key] = seen.Live.SyncError
	}
	a.session.Observe(seen.State())
}

// save keeps what happened, and signs the end of the record of it.
func (a *applying) save() error {
	if err := a.commit(); err != nil {
		return a.notSaved(err)
	}
	a.learnConfirms(&a.confirming)
	look := a.uptakeLook(a.session.State(), a.said, a.report.RunID)
	a.look = &look
	if a.report.Sent {
		a.report.AuditHead = a.session.AuditHead()
	}
	signed, err := a.signHead(a.session)
	a.report.SignedHead = cmp.Or(signed, a.report.SignedHead)
	return err
}
