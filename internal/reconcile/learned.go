package reconcile

import (
	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// known is what was learned of the API by earlier runs.
func (w *workspace) known() plan.Learned {
	known := plan.Learned{}
	for _, a := range w.cfg.Accounts {
		known[a.Name], _ = w.learned.Account(a.Endpoint, a.Name)
	}
	return known
}

// learn keeps what a reading found out about pages.
func (w *workspace) learn(caps map[string]int) {
	found := map[*spec.Account]memory.LearnedAccount{}
	for _, a := range w.cfg.Accounts {
		known, _ := w.learned.Account(a.Endpoint, a.Name)
		if seen := caps[a.Name]; seen > 0 && seen != known.PageCap {
			known.PageCap, known.At = seen, w.Now()
			found[a] = known
		}
	}
	w.keep(found)
}

// keep replaces what is known of the API as some accounts see it. What other
// runs found out meanwhile about others stays. That nothing can be kept is no
// reason to stop: it only saves calls.
func (w *workspace) keep(found map[*spec.Account]memory.LearnedAccount) {
	if len(found) == 0 {
		return
	}
	set := func(l *memory.Learned) {
		for a, known := range found {
			l.SetAccount(a.Endpoint, a.Name, known)
		}
	}
	set(w.learned) // the rest of this run goes by it even if it can't be kept
	if err := w.memory.UpdateLearned(set); err != nil {
		w.warnf("what was learned of the API could not be kept: %s", err)
	}
}
