package main

import (
	"fmt"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/view"
)

// release closes the open calls of orders that people settled: a release block
// says so, with the reason.
func (a *applying) release() {
	for in := range a.session.State().OpenIntents() {
		for _, r := range a.w.cfg.Released() {
			if r.Account.Name != in.Account || r.Account.Endpoint != in.Endpoint || !plan.Means(r.Find, in.Ref) {
				continue
			}
			if err := a.session.Settle(in.Ident(), state.Outcome{Result: state.Released, Message: r.Reason}); err != nil {
				view.Warning(a.p.stderr, a.p.styleErr, fmt.Sprintf("the release of %s could not be recorded: %s", in.Ref, err))
			}
		}
	}
}

// openCalls reports whether earlier runs left calls without a known outcome.
func (a *applying) openCalls() bool {
	for range a.session.State().OpenIntents() {
		return true
	}
	return false
}
