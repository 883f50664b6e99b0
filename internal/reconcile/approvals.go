package reconcile

import (
	"fmt"

	"github.com/gdfctl/gdfctl/internal/forge"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/words"
)

// approvalRule is what the policies ask of every pull request, the strictest of all.
type approvalRule struct {
	least       int    // approvals of one plan
	where       string // that stands
	environment bool   // those of the run count too
}

func approvalsOf(policies []spec.Policy) (r approvalRule) {
	reviewsOnly := false
	for i := range policies {
		p := &policies[i]
		if p.MinApprovals > r.least {
			r.least, r.where = p.MinApprovals, p.Where("min_approvals")
		}
		r.environment = r.environment || p.EnvironmentApproves
		reviewsOnly = reviewsOnly || p.MinApprovals > 0 && !p.EnvironmentApproves
	}
	r.environment = r.environment && !reviewsOnly
	return r
}

func (r approvalRule) String() string {
	return "the policy asks for " + words.Count(r.least, "approval", "approvals") + " of each pull request (min_approvals, " + r.where + ")"
}

// onlyReviewed refuses to apply what nobody can have approved.
func (r approvalRule) onlyReviewed(req *ApplyRequest, d Deps) error {
	if r.least == 0 || req.Reviewed != nil {
		return nil
	}
	if req.Resend != nil {
		return fmt.Errorf("nothing was sent: %s, and nobody can have approved what is sent again by hand\n"+
			"A changed number, carrier or ship date in the configuration is planned as a correction, for review", r)
	}
	return fmt.Errorf("nothing was sent: %s, and only `%s` finds out who approved what", r, d.command("apply", "--published"))
}

// forgeOf is a client for the forge of this job. It is nil where there is none to ask
// and no approval is needed.
func (d Deps) forgeOf(r approvalRule, o Observer) (*forge.Client, error) {
	job, err := d.job()
	switch {
	case err == nil && job.Branch == "" && r.least > 0:
		return nil, fmt.Errorf("nothing was sent, because %s, and this job is not for a branch, as one for a tag: a pull request that was merged anywhere would count\nRun `%s` in a job for the protected branch", r, d.command("apply", "--published"))
	case err == nil:
		return d.forge(job, o), nil
	case !noForge(err):
		return nil, fmt.Errorf("nothing was sent, because the forge can't be asked what was reviewed: %w", err)
	case r.least > 0:
		return nil, fmt.Errorf("nothing was sent, because %s, and the forge can't be asked who approved: %w", r, err)
	}
	return nil, nil
}
