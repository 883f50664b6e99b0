package reconcile

import (
	"maps"

	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// known is what was learned of the API by earlier runs.
func (w *workspace) known() plan.Learned {
	known := plan.Learned{}
	for _, a := range w.cfg.Accounts {
		known[a.Name] = w.knownOf(a)
	}
	return known
}

// knownOf is what this machine, and those that share the state, learned of the API as
// an account sees it. It saves calls, and nothing else: what can't be read is not known.
func (w *workspace) knownOf(a *spec.Account) memory.LearnedAccount {
	own, _ := w.learned.Account(a.Endpoint, a.Name)
	if !w.home.shared() {
		return own
	}
	others, _ := w.others().Account(a.Endpoint, a.Name)
	return own.With(others)
}

// othersLearned is what is noted in the place that machines share.
func (w *workspace) othersLearned() *memory.Learned {
	l, _ := w.memory.Learned() // the reading of the state says what is wrong with it
	return l
}

// learn keeps what a reading found out about pages.
func (w *workspace) learn(caps map[string]int) {
	found := map[*spec.Account]memory.LearnedAccount{}
	for _, a := range w.cfg.Accounts {
		seen := caps[a.Name]
		if known, _ := w.learned.Account(a.Endpoint, a.Name); seen > 0 && seen != known.PageCap {
			known.PageCap, known.At = seen, w.Now()
			found[a] = known
		}
	}
	w.keep(found)
}

// learnConfirms keeps which marketplaces were found to confirm changes, or not to.
func (w *workspace) learnConfirms(c *plan.Confirming) {
	found := map[*spec.Account]memory.LearnedAccount{}
	for a, sources := range c.Learned(w.known()) {
		known, _ := w.learned.Account(a.Endpoint, a.Name)
		confirms := maps.Clone(known.Confirms)
		if confirms == nil {
			confirms = map[string]bool{}
		}
		maps.Copy(confirms, sources)
		known.Confirms, known.At = confirms, w.Now()
		found[a] = known
	}
	w.keep(found)
}

// keep replaces what this machine knows of the API as some accounts see it. What other
// runs found out meanwhile about others stays. That nothing can be kept is no
// reason to stop: it only saves calls.
func (w *workspace) keep(found map[*spec.Account]memory.LearnedAccount) {
	if len(found) == 0 {
		return
	}
	maps.Copy(w.found, found)
	set := setLearned(found)
	set(w.learned) // the rest of this run goes by it even if it can't be kept
	if err := w.own.UpdateLearned(set); err != nil {
		w.warnf("what was learned of the API could not be kept: %s", err)
	}
}

func setLearned(found map[*spec.Account]memory.LearnedAccount) func(*memory.Learned) {
	return func(l *memory.Learned) {
		for a, known := range found {
			l.SetAccount(a.Endpoint, a.Name, known)
		}
	}
}

// share notes what this command learned for all machines that share the state. A plan
// does not: it needs no right to write there.
func (w *workspace) share() {
	if !w.home.shared() || len(w.found) == 0 {
		return
	}
	all := map[*spec.Account]memory.LearnedAccount{}
	for a, known := range w.found {
		if others, _ := w.others().Account(a.Endpoint, a.Name); !others.SaysAll(known) {
			all[a] = known.OfAll()
		}
	}
	if len(all) == 0 {
		return
	}
	if err := w.memory.UpdateLearned(setLearned(all)); err != nil {
		w.warnf("what was learned of the API could not be kept for others: %s", err)
	}
}
