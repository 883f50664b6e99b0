package reconcile

import (
	"context"
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/config"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/words"
)

// policies are the configuration's own, those of the directories, and that of the
// other commit. A plan must stay within each: what one team allows itself, another may
// forbid. diff is nil without another commit.
func (w *workspace) policies(ctx context.Context, scope Scope) (policies []spec.Policy, diff *spec.PolicyDiff, err error) {
	policies = []spec.Policy{w.cfg.Policy}
	base, err := w.basePolicy(ctx, scope.Source, scope.PolicyRef, &w.cfg.Config)
	if err != nil {
		return nil, nil, err
	}
	if base != nil {
		policies, diff = append(policies, base.policies...), base.diff
	}
	if scope.Limits != nil {
		policies = append(policies, *scope.Limits)
	}
	for _, dir := range scope.Policies {
		// Not through a Source: without a directory, it is the current one, and a
		// policy whose name is empty would be left out.
		cfg, diags := config.Load(dir, config.Options{Env: w.configEnv, Now: w.Now, Version: w.Version, Source: spec.Source{Dir: dir}})
		_, more := w.homeOf(dir, cfg.Backend)
		diags = append(diags, more...)
		if diags.HasErrors() {
			return nil, nil, unusable(cfg, diags)
		}
		if len(diags) > 0 {
			w.observe(Diagnosed{Diagnostics: diags, Files: cfg.Files})
		}
		cfg.Close() // a policy has no tables
		policies = append(policies, cfg.Policy)
	}
	return policies, diff, nil
}

// checkPolicies compares a plan with the limits of every policy. The same limit in
// several of them is told once.
func checkPolicies(p *plan.Plan, policies []spec.Policy) []plan.Violation {
	type told struct {
		limit string
		n, of int
	}
	seen := map[told]bool{}
	var violations []plan.Violation
	for _, policy := range policies {
		found := plan.CheckPolicy(p, policy)
		for _, v := range found { // two accounts can be beyond one limit alike
			if !seen[told{v.Limit, v.Value, v.Most}] {
				violations = append(violations, v)
			}
		}
		for _, v := range found {
			seen[told{v.Limit, v.Value, v.Most}] = true
		}
	}
	return violations
}

// ageLimit is how old something may be that a plan is taken from, by the strictest of
// some policies.
type ageLimit struct {
	name   string
	most   time.Duration
	policy *spec.Policy
}

func maxPlanAge(policies []spec.Policy) ageLimit {
	return strictestAge("max_plan_age", policies, func(p *spec.Policy) time.Duration { return p.MaxPlanAge })
}

func maxReviewAge(policies []spec.Policy) ageLimit {
	return strictestAge("max_review_age", policies, func(p *spec.Policy) time.Duration { return p.MaxReviewAge })
}

func strictestAge(name string, policies []spec.Policy, of func(*spec.Policy) time.Duration) ageLimit {
	l := ageLimit{name, of(&policies[0]), &policies[0]}
	for i := range policies {
		if most := of(&policies[i]); most < l.most {
			l.most, l.policy = most, &policies[i]
		}
	}
	return l
}

// raise says who may raise the limit.
func (l ageLimit) raise() string { return l.policy.Raise(l.name) }

// exceeded says that something is too old, or nothing.
func (l ageLimit) exceeded(age time.Duration) string {
	if age <= l.most {
		return ""
	}
	return fmt.Sprintf("%s old, and the policy's %s is %s (%s)", words.Duration(age), l.name, words.Duration(l.most), l.policy.Where(l.name))
}
