package reconcile

import (
	"maps"

	"github.com/gdfctl/gdfctl/internal/config"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// policies are the configuration's own and those of the directories. A plan
// must stay within each: what one team allows itself, another may forbid.
func (w *workspace) policies(dirs []string) ([]spec.Policy, error) {
	policies := []spec.Policy{w.cfg.Policy}
	for _, dir := range dirs {
		// Not through a Source: without a directory, it is the current one, and a
		// policy whose name is empty would be left out.
		cfg, diags := config.Load(dir, config.Options{Env: w.configEnv, Now: w.Now, Version: w.Version})
		_, more := homeOf(dir, cfg.Backend)
		diags = append(diags, more...)
		if diags.HasErrors() {
			return nil, unusable(cfg, diags)
		}
		if len(diags) > 0 {
			w.observe(Diagnosed{Diagnostics: diags, Files: cfg.Files})
		}
		cfg.Close() // a policy has no tables
		policies = append(policies, cfg.Policy)
	}
	return policies, nil
}

func allRules(policies []spec.Policy) []*spec.PolicyRule {
	var all []*spec.PolicyRule
	for _, p := range policies {
		all = append(all, p.Rules...)
	}
	return all
}

// allRaised are the rules that any policy makes errors.
func allRaised(policies []spec.Policy) rules.Raised {
	raised := rules.Raised{}
	for _, p := range policies {
		maps.Copy(raised, p.Raised)
	}
	return raised
}

// checkPolicies compares a plan with the limits of every policy.
func checkPolicies(p *plan.Plan, policies []spec.Policy) []plan.Violation {
	var violations []plan.Violation
	for _, policy := range policies {
		violations = append(violations, plan.CheckPolicy(p, policy)...)
	}
	return violations
}
