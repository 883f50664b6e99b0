package reconcile

import (
	"context"
	"fmt"
	"slices"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// Runnable is what an agent needs to know of a configuration before it brings it into
// force.
type Runnable struct {
	Schedules []*spec.Schedule
	Backend   string // the label of its backend
	Shared    bool   // other machines can reach its state

	// Keyless says which account's key can't be used, and why; empty: none. A commit can
	// come into force without it: the key is the machine's.
	Keyless string

	wishes *spec.Wishes
}

// Permitted is an error if plans of a schedule have actions that its runs may not take, on a
// machine that lets them do so much: nothing of such a plan is sent.
func (r *Runnable) Permitted(allow []order.Action) error {
	may := permitted(allow)
	for _, s := range r.Schedules {
		if s.Run != spec.RunApply {
			continue
		}
		wanted := plan.Selection{Targets: s.Targets}.Actions(r.wishes)
		for _, action := range []order.Action{order.Ship, order.Cancel, order.Insert} {
			if origin := wanted[action]; origin != nil && !slices.Contains(may, action) {
				return &NotAllowedError{fmt.Sprintf("schedule %q: %s has orders to %s, and its runs may %s. Nothing of a plan with one is sent: %s",
					s.Name, origin, action, mayOnly(may), remedies[action])}
			}
		}
	}
	return nil
}

// remedies say how an agent's run gets to do what it may not, or who does it.
var remedies = map[order.Action]string{
	order.Ship:   `add allow = ["ship"] to the machine's file, or leave it out of target`,
	order.Cancel: "leave it out of target, an agent never cancels",
	order.Insert: "leave it out of target, an agent never inserts",
}

// ReadRunnable reads a configuration, its tables and further policies as a run would. It
// needs no network.
func ReadRunnable(ctx context.Context, s Source, policyDirs []string, d Deps, o Observer) (*Runnable, error) {
	w, err := d.strict(ctx, s, o.inTurn(), d.Now)
	if err != nil {
		return nil, err
	}
	defer w.close()
	wishes, err := w.wishes(ctx)
	if err != nil {
		return nil, err
	}
	if _, _, err := w.policies(ctx, Scope{Source: s, Policies: policyDirs}); err != nil {
		return nil, err
	}
	keyless := ""
	for _, a := range w.cfg.Accounts {
		if a.Sandbox() {
			continue
		}
		if err := w.keyUsable(a); err != nil {
			keyless = err.Error()
			break
		}
	}
	return &Runnable{Keyless: keyless, Schedules: w.cfg.Schedules, Backend: w.home.label, Shared: w.home.shared(), wishes: wishes}, nil
}
