package main

import (
	"maps"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

// policies are the configuration's own and those of --policy-dir. A plan must
// hold against each: what one team allows itself, another may forbid.
func (w *workspace) policies(f planFlags) ([]spec.Policy, error) {
	policies := []spec.Policy{w.cfg.Policy}
	for _, dir := range f.policies {
		cfg, diags := spec.Load(dir, spec.Options{Env: w.p.configEnv, Now: w.p.now, Version: version})
		cfg.Close() // a policy has no tables
		text.Diagnostics(w.p.stderr, w.p.styleErr, diags, cfg.Files)
		if diags.HasErrors() {
			return nil, &saidError{exitError}
		}
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

// checkPolicies holds a plan against the limits of every policy.
func checkPolicies(p *plan.Plan, policies []spec.Policy) []plan.Violation {
	var violations []plan.Violation
	for _, policy := range policies {
		violations = append(violations, plan.CheckPolicy(p, policy)...)
	}
	return violations
}
