package main

import (
	"fmt"
	"time"
)

// takePlan opens a saved plan and refuses one that doesn't belong here.
func (a *applying) takePlan(file string) error {
	pl, hash, err := a.p.openPlan(file)
	if err != nil {
		return err
	}
	a.plan, a.hash, a.saved = pl, hash, file
	st := a.session.State()
	switch age := a.p.now().Sub(pl.CreatedAt); {
	case pl.Lineage != "" && pl.Lineage != st.Lineage():
		return fmt.Errorf("%s was made against another state (%s, here it is %s): plan again", file, pl.Lineage, orNone(st.Lineage()))
	case st.PlanDone(hash):
		return fmt.Errorf("%s was carried out already: plan again to see what is left", file)
	case age > a.maxPlanAge():
		return fmt.Errorf("%s is %s old, and the policy's max_plan_age is %s: plan again", file, age.Round(time.Second), a.maxPlanAge())
	}
	for _, planned := range pl.Accounts {
		account, ok := a.w.cfg.Account(planned.Name)
		if !ok || account.Endpoint != planned.Endpoint {
			return fmt.Errorf("%s was made for account %q at %s, which is not this configuration's: plan again", file, planned.Name, planned.Endpoint)
		}
	}
	if !a.o.json {
		fmt.Fprintf(a.p.stdout, "Applying %s, made %s.\n", file, pl.CreatedAt.Format(time.RFC3339))
	}
	a.withoutReleased()
	return a.p.violated(checkPolicies(pl, a.policies))
}

func (a *applying) maxPlanAge() time.Duration {
	age := a.policies[0].MaxPlanAge
	for _, p := range a.policies {
		age = min(age, p.MaxPlanAge)
	}
	return age
}
