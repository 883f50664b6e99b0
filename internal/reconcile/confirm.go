package reconcile

import (
	"fmt"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/words"
)

// toConfirm is how many cancels of a plan somebody has to confirm by their number, and
// the policy that wants it; 0: none.
func toConfirm(p *plan.Plan, policies []spec.Policy) (n int, by *spec.Policy) {
	for i := range policies {
		if policies[i].ConfirmCancellations {
			return plan.Cancels(p), &policies[i]
		}
	}
	return 0, nil
}

// confirmed refuses a plan of which nobody said how many orders it cancels, where the
// policy wants that or somebody said another number. A person is asked for it.
func (a *applying) confirmed() error {
	n := plan.Cancels(a.report.Plan)
	wanted, by := toConfirm(a.report.Plan, a.policies)
	said := a.req.Cancellations
	switch would := words.Count(n, "order", "orders") + " would be canceled"; {
	case said != nil && *said != n:
		return fmt.Errorf("%s, and --approve-cancellations says %s. Nothing was changed\nLook at the plan first", would, words.Number(*said))
	case said == nil && wanted > 0 && !a.req.Asks:
		if a.req.Resend != nil {
			return fmt.Errorf("%s, and the policy's confirm_cancellations (%s) wants their number confirmed. Nothing was changed\n"+
				"Use resend at a terminal, where it asks for the number", would, by.Where("confirm_cancellations"))
		}
		return fmt.Errorf("%s, and the policy's confirm_cancellations (%s) wants their number confirmed. Nothing was changed\n"+
			"Look at the plan, then use --approve-cancellations %d, or apply a saved or published plan", would, by.Where("confirm_cancellations"), n)
	}
	return nil
}
