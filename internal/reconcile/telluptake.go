package reconcile

import (
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/notify"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/state"
)

// uptakeLook is what became known of accepted changes, as it is told: what needs a
// person. It looks at all that the state knows, whichever of it was read just now, so
// that each is told once. said are the marketplaces' words, as reads showed them.
func (w *workspace) uptakeLook(st *state.State, said map[state.Key]string, runID string) notify.Look {
	look := notify.Look{Scope: "uptake", Whole: true}
	now := w.Now()
	for _, a := range plan.Uptake(st, w.cfg.Accounts, w.known(), now) {
		if a.Unknown { // what was told of it stands until the call is settled
			look.Whole = look.Whole && a.Entry.Applied == nil
			continue
		}
		if !a.Result.Word.NeedsPerson() || w.settledByPeople(&a) {
			continue
		}
		ref := a.Entry.Ref
		e := notify.Event{
			Type: kindOf(string(a.Result.Word)), At: now.UTC().Truncate(time.Second), RunID: runID, Account: a.Account.Name, Order: &ref,
			Action: string(a.Action()), Message: plan.UptakeMessage(&a, said[a.Entry.Key]),
		}
		refusal := "" // another change is another trouble, and another refusal is
		if string(a.Result.Word) == plan.RefusedLater {
			refusal = a.Entry.ErrorHash()
		}
		name := fmt.Sprintf("%s %s", a.Entry.LastChange(), refusal)
		look.Sights = append(look.Sights, notify.Sight{Subject: subject(w, e.Account, orderKey(&ref), string(a.Result.Word), name), State: notify.Wrong, Event: e})
	}
	return look
}

// kindOf is the kind of event that tells of what needs a person. An order that is there
// twice is held back by every plan that names it.
func kindOf(word string) notify.Kind {
	if word == string(plan.InsertTwice) {
		return notify.Held
	}
	return notify.Kind(word)
}
