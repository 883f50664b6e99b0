package reconcile

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/state"
)

// mostCompared is how many of the plans that were carried out last a plan is compared
// with.
const mostCompared = 30

// Before is what a plan is compared with, so that its reviewers hear what is unusual.
type Before struct {
	Counts  []state.PlanCounts // of the plans that were carried out last
	NoState bool               // a job plans, and there is no state
	StateAt time.Time          // the newest thing that the state knows; zero unless a job plans
}

func countsOf(p *plan.Plan) state.PlanCounts {
	s := p.Summary()
	return state.PlanCounts{Acknowledge: s.Acknowledge, Ship: s.Ship, Correct: s.Correct, Cancel: s.Cancel, Insert: s.Insert, Held: s.Held}
}

// before reads from the state what a plan is compared with. Its age is for reviewers
// alone: who plans by hand knows when that was done last.
func (w *workspace) before(st *state.State, forReview bool) Before {
	b := Before{Counts: st.DoneCounts(mostCompared)}
	if forReview || w.Provenance.CI != "" {
		b.NoState, b.StateAt = st.Lineage() == "", st.Newest()
	}
	return b
}
