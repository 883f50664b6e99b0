package reconcile

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/words"
)

// mostAhead is how far a plan may be dated ahead: two machines' clocks differ.
const mostAhead = 5 * time.Minute

// savedPlan is a plan as a file says it. It is not trusted: see takeSaved.
type savedPlan struct {
	file  string
	plan  *plan.Plan
	hash  string
	shown bool // it was made by this run and shown, before there was a lease

	wishes *spec.Wishes // of one that was shown: it was made of them
	seen   []seenAhead  // likewise: what its reads showed

	clock   func() time.Time
	settled atomic.Bool
}

// openSaved reads a saved plan and refuses one whose date can't be true: it
// would never grow too old.
func (d Deps) openSaved(file string) (*savedPlan, error) {
	pl, hash, err := d.openPlan(file)
	if err != nil {
		return nil, err
	}
	if ahead := pl.CreatedAt.Sub(d.Now()); ahead > mostAhead {
		return nil, fmt.Errorf("%s was made %s from now: one of the two clocks is wrong. Set the clock, then plan again", safetext.Line(file), words.Age(ahead))
	}
	return &savedPlan{file: file, plan: pl, hash: hash, clock: d.Now}, nil
}

// now is the time by which the configuration's functions go. The wishes are
// settled as of when the plan was made: an order is not wanted otherwise only
// because age() has grown since. What is asked later, the rules of the policy,
// goes by the present.
func (s *savedPlan) now() time.Time {
	if s.settled.Load() {
		return s.clock()
	}
	return s.plan.CreatedAt
}

// doneBefore reports whether the plan was carried out already, which is the end of
// an apply.
func (a *applying) doneBefore() bool {
	run, done := a.session.State().PlanDone(a.saved.hash)
	if !done {
		return false
	}
	a.report.DoneBefore = run
	a.report.Plan, a.report.Hash = a.saved.plan, a.saved.hash
	a.warnMissing(a.saved.plan)
	return true
}

// takeSaved makes a saved plan the one of this run. Nothing that is sent is
// taken from the file: it only says which of the configuration's wishes were
// reviewed.
func (a *applying) takeSaved(ctx context.Context) error {
	if a.doneBefore() {
		return nil
	}
	pl, file := a.saved.plan, safetext.Line(a.saved.file)
	a.report.Hash = a.saved.hash
	if err := a.belongs(pl, file); err != nil {
		return err
	}
	a.withoutReleased(pl)
	a.passOvertaken(pl, func(state.IntentID) bool { return false })
	wishes := a.saved.wishes
	if wishes == nil {
		var err error
		if wishes, err = a.wishes(ctx); err != nil {
			return err
		}
	}
	policy := spec.Strictest(a.policies)
	asked, unasked := plan.Asked(pl, plan.Asking{Wishes: wishes, Seal: seal, Accounts: a.cfg.Accounts, State: a.session.State(), Policy: policy, Now: a.Now()})
	if len(unasked) > 0 {
		return a.notAsked(unasked, pl.ConfigHash == spec.ConfigHash(wishes, a.cfg.Accounts, a.policies, a.cfg.Schedules))
	}
	a.saved.settled.Store(true)
	a.report.Plan = asked
	if err := a.recount(ctx); err != nil {
		return err
	}
	if a.saved.shown {
		a.rememberShown()
		a.rememberParcels(asked)
	} else {
		a.confirmParcels(ctx, asked, wishes)
		a.observe(PlanOpened{File: a.saved.file, Hash: a.report.Hash, Made: a.inZone(pl.CreatedAt)})
		a.warnMissing(asked)
	}
	return withinPolicy(checkPolicies(asked, a.policies))
}

// inZone is a time in the zone of the configuration's only account, or in UTC.
func (a *applying) inZone(t time.Time) time.Time {
	if accounts := a.cfg.Accounts; len(accounts) == 1 && accounts[0].Timezone != nil {
		return t.In(accounts[0].Timezone)
	}
	return t.UTC()
}

// belongs refuses a plan that was made for another state, or that is too old.
func (a *applying) belongs(pl *plan.Plan, file string) error {
	st := a.session.State()
	if p, here := pl.Position, a.store.Position(); p != nil && p.N > here.N {
		return fmt.Errorf("%s was made from record %d of the state, which ends at record %d here: the state lost records, or is another one. Nothing was sent", file, p.N, here.N)
	}
	if pl.Lineage != "" && pl.Lineage != st.Lineage() {
		return fmt.Errorf("%s was made against another state (%s, here it is %s): plan again", file, safetext.Line(pl.Lineage), orNone(st.Lineage()))
	}
	if len(pl.Changes) == 0 {
		return nil // nothing of it could be done twice, or too late
	}
	if pl.Lineage == "" {
		if err := a.stillWithoutState(st, file); err != nil {
			return err
		}
	}
	limit := maxPlanAge(a.policies)
	if why := limit.exceeded(a.Now().Sub(pl.CreatedAt)); why != "" {
		return fmt.Errorf("%s is %s: plan again\n%s", file, why, limit.raise())
	}
	return nil
}

// stillWithoutState refuses a plan that was made when there was no state, if
// anything but that plan has changed orders since: it was made without knowing
// of that.
func (a *applying) stillWithoutState(st *state.State, file string) error {
	foreign := fmt.Errorf("%s was made when there was no state yet, and something else has changed orders since: plan again", file)
	own := map[string]bool{} // the runs of this plan
	for r, err := range a.store.AuditList(audit.Filter{}) {
		switch {
		case err != nil:
			return a.unreadable(err)
		case r.PlanHash == a.report.Hash:
			own[r.RunID] = true
		case r.Action != audit.Unlock:
			return foreign
		}
	}
	for e := range st.Entries() {
		if e.Applied != nil && !own[e.Applied.RunID] {
			return foreign
		}
		for _, in := range e.Intents {
			if in.PlanHash != a.report.Hash {
				return foreign
			}
		}
	}
	return nil
}

// recount counts the orders of accounts whose cancels the policy compares with
// their number.
func (a *applying) recount(ctx context.Context) error {
	for _, name := range a.report.Plan.NeedsCount() {
		account, _ := a.cfg.Account(name)
		client, err := a.client(account)
		if err != nil {
			return err
		}
		if err := a.report.Plan.Recount(ctx, client, account, a.known(), a.Now); err != nil {
			return err
		}
	}
	return nil
}

// mostUnasked is how many changes that are not asked for are named.
const mostUnasked = 10

// notAsked says which changes the configuration does not ask for, and what to
// do. sameWishes: it wants what it wanted when the plan was made.
func (a *applying) notAsked(unasked []plan.Unasked, sameWishes bool) error {
	var text strings.Builder
	fmt.Fprintf(&text, "%s is not what the configuration asks for; nothing was sent", safetext.Line(a.saved.file))
	for i, u := range unasked {
		if i == mostUnasked {
			fmt.Fprintf(&text, "\n%s more", words.Count(len(unasked)-i, "change", "changes"))
			break
		}
		text.WriteString("\n")
		if u.Change != nil {
			fmt.Fprintf(&text, "%s, %s", safetext.Line(u.Change.Order.String()), safetext.Line(u.Change.Address))
			if u.Place.File != "" {
				fmt.Fprintf(&text, " (%s)", safetext.Line(u.Place.String()))
			}
			text.WriteString(": ")
		}
		text.WriteString(safetext.Line(u.Why))
	}
	why := "The configuration, a table or a variable changed since the plan was made: plan again"
	switch {
	case !slices.ContainsFunc(unasked, func(u plan.Unasked) bool { return !u.Held }):
		why = "A rule of the policy, the configuration or the state changed since the plan was made, or the plan file was altered: plan again"
	case sameWishes:
		why = "The configuration wants what it wanted when the plan was made: the plan file was altered; plan again"
	}
	text.WriteString("\n" + why)
	if given := a.saved.plan.MadeWith; len(given) > 0 {
		fmt.Fprintf(&text, ", or run apply with what plan was run with: %s", safetext.Line(strings.Join(given, ", ")))
	}
	return fmt.Errorf("%s", text.String())
}

// warnMissing says again which accounts the plan was made without.
func (a *applying) warnMissing(pl *plan.Plan) {
	for _, m := range pl.Missing {
		a.warnf("the plan was made without account %s, which could not be read: %s", m.Name, m.Message)
	}
}

func orNone(s string) string {
	if s == "" {
		return "none yet"
	}
	return s
}
