package config_test

import (
	"testing"

	"github.com/gdfctl/gdfctl/internal/spec"
)

// The hash of a configuration covers what it does, beside the wishes: settings,
// limits, rules and what variables make of them. How it is written is no part of it.
func TestConfigHash(t *testing.T) {
	const rule = "rule \"known\" {\n  condition = contains([var.carrier], change.after.carrier)\n  message = \"carrier ${change.after.carrier}\"\n}\n"
	hash := func(account, policy string, w world) string {
		f := files{"main.hcl": "variable \"carrier\" { default = \"UPS\" }\naccount \"main\" {\n  endpoint = \"sandbox\"\n" + account + "}\n" + orderBlocks(2) + policy}
		cfg := mustLoad(t, f, w)
		return spec.ConfigHash(wishesOf(t, cfg), cfg.Accounts, []spec.Policy{cfg.Policy}, cfg.Schedules)
	}
	base := hash("", "policy {\n"+rule+"}\n", world{})
	for name, got := range map[string]string{
		"once more":            hash("", "policy {\n"+rule+"}\n", world{}),
		"a default written":    hash("  settle = \"120s\"\n", "policy {\n  max_held = 20\n"+rule+"}\n", world{}),
		"another layout":       hash("", "# ours\npolicy {\n  rule \"known\" {\n    message   = \"carrier ${change.after.carrier}\" # theirs\n    condition = contains( [var.carrier],\n      change.after.carrier )\n  }\n}\n", world{}),
		"no approvals":         hash("", "policy {\n  min_approvals = 0\n  approvals = \"reviews\"\n"+rule+"}\n", world{}),
		"how fast calls go":    hash("  rate_limit {\n    burst = 7\n  }\n", "policy {\n"+rule+"}\n", world{}),
		"the same value given": hash("", "policy {\n"+rule+"}\n", world{vars: map[string]string{"carrier": "UPS"}}),
	} {
		if got != base {
			t.Errorf("%s: the hash changed", name)
		}
	}
	seen := map[string]string{base: "base"}
	for name, got := range map[string]string{
		"settle":                            hash("  settle = \"60s\"\n", "policy {\n"+rule+"}\n", world{}),
		"take_time":                         hash("  take_time = \"60s\"\n", "policy {\n"+rule+"}\n", world{}),
		"a source that confirms":            hash("  source \"eBay\" {\n    confirms = true\n  }\n", "policy {\n"+rule+"}\n", world{}),
		"a source that does not":            hash("  source \"eBay\" {\n    confirms = false\n  }\n", "policy {\n"+rule+"}\n", world{}),
		"a source's take_time":              hash("  source \"eBay\" {\n    take_time = \"60m\"\n  }\n", "policy {\n"+rule+"}\n", world{}),
		"no policy":                         hash("", "", world{}),
		"a limit":                           hash("", "policy {\n  max_held = 3\n"+rule+"}\n", world{}),
		"the same number, of another limit": hash("", "policy {\n  max_changes = 3\n"+rule+"}\n", world{}),
		"max_ships":                         hash("", "policy {\n  max_ships = 3\n"+rule+"}\n", world{}),
		"max_acknowledgements":              hash("", "policy {\n  max_acknowledgements = 3\n"+rule+"}\n", world{}),
		"confirm_cancellations":             hash("", "policy {\n  confirm_cancellations = true\n"+rule+"}\n", world{}),
		"max_review_age":                    hash("", "policy {\n  max_review_age = \"1d\"\n"+rule+"}\n", world{}),
		"min_approvals":                     hash("", "policy {\n  min_approvals = 1\n"+rule+"}\n", world{}),
		"more approvals":                    hash("", "policy {\n  min_approvals = 2\n"+rule+"}\n", world{}),
		"approvals of environments":         hash("", "policy {\n  min_approvals = 2\n  approvals = \"environment\"\n"+rule+"}\n", world{}),
		"a severity":                        hash("", "policy {\n  severity = { SHIP08 = \"error\" }\n"+rule+"}\n", world{}),
		"a word of a rule":                  hash("", "policy {\n  rule \"known\" {\n    condition = !contains([var.carrier], change.after.carrier)\n    message = \"carrier ${change.after.carrier}\"\n  }\n}\n", world{}),
		"a space that is sent":              hash("", "policy {\n  rule \"known\" {\n    condition = contains([var.carrier], change.after.carrier)\n    message = \"carrier  ${change.after.carrier}\"\n  }\n}\n", world{}),
		"a schedule":                        hash("", "policy {\n"+rule+"}\nschedule \"s\" {\n  every = \"1h\"\n  run = \"feeds\"\n}\n", world{}),
		"another time":                      hash("", "policy {\n"+rule+"}\nschedule \"s\" {\n  every = \"2h\"\n  run = \"feeds\"\n}\n", world{}),
		"what a variable makes of a rule":   hash("", "policy {\n"+rule+"}\n", world{vars: map[string]string{"carrier": "USPS"}}),
	} {
		if other, ok := seen[got]; ok {
			t.Errorf("%s has the hash of %s", name, other)
		}
		seen[got] = name
	}
	other := spec.DefaultPolicy
	other.MaxHeld, other.Source.Ref = 1, "origin/main"
	cfg := mustLoad(t, files{"main.hcl": "account \"main\" {\n  endpoint = \"sandbox\"\n}\n" + orderBlocks(2)}, world{})
	if wishes := wishesOf(t, cfg); spec.ConfigHash(wishes, cfg.Accounts, []spec.Policy{cfg.Policy}, cfg.Schedules) != spec.ConfigHash(wishes, cfg.Accounts, []spec.Policy{cfg.Policy, other}, cfg.Schedules) {
		t.Error("the policy of another commit, which is gone after the merge, is part of the hash")
	}
}
