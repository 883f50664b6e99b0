package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
)

func TestPolicy(t *testing.T) {
	for source, want := range map[string]spec.Policy{
		"":            spec.DefaultPolicy,
		"policy {}\n": spec.DefaultPolicy,
		"policy {\n  max_changes = null\n  max_held = null\n  max_plan_age = null\n  max_cancellation_ratio = null\n  max_cancellations = null\n  max_corrections = null\n  max_inserts = null\n  severity = null\n  min_approvals = null\n  approvals = null\n  max_ships = null\n  max_acknowledgements = null\n  confirm_cancellations = null\n}\n": spec.DefaultPolicy,
		"policy {\n  max_changes = 1\n  max_cancellations = 0\n  max_cancellation_ratio = 0.5\n  max_held = 3\n  max_plan_age = \"1h\"\n  max_review_age = \"2d\"\n  max_corrections = 7\n  max_inserts = 6\n  min_approvals = 2\n  approvals = \"environment\"\n  max_ships = 8\n  max_acknowledgements = 9\n  confirm_cancellations = true\n  severity = { SHIP08 = \"error\", SHIP12 = \"warn\", SHIP06 = \"warning\" }\n}\n": {
			MaxChanges: 1, MaxCancellations: 0, MaxCancellationRatio: 0.5, MaxHeld: 3, MaxPlanAge: time.Hour, MaxReviewAge: 48 * time.Hour, MaxCorrections: 7, MaxInserts: 6, MinApprovals: 2, EnvironmentApproves: true, MaxShips: 8, MaxAcknowledgements: 9, ConfirmCancellations: true, Raised: rules.Raised{"SHIP08": true},
		},
	} {
		cfg := mustLoad(t, files{"main.hcl": source + anOrder}, world{})
		if diff := cmp.Diff(want, cfg.Policy, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(spec.Policy{}, "Places")); diff != "" {
			t.Errorf("%s: %s", source, diff)
		}
	}
}

// A limit says where it stands and who may raise it, wherever it was read from.
func TestWhereALimitStands(t *testing.T) {
	f := files{"main.hcl": "policy {\n  max_held = 3\n}\nbatch \"a\" {\n  rows = csv(\"a.csv\")\n  find = { id = row.id }\n  status = \"shipped\"\n  max_changes = 300\n}\n", "a.csv": "id\n"}
	for source, want := range map[spec.Source][4]string{
		{}:                   {"main.hcl:2", "Whoever may change main.hcl can raise it, in review.", "the default", "Whoever may change the configuration can set max_ships in its policy block, in review."},
		{Dir: "../limits"}:   {"../limits/main.hcl:2", "Whoever keeps ../limits can raise it.", "the default in ../limits", "Whoever keeps ../limits can raise it."},
		{Ref: "origin/main"}: {"main.hcl:2 at origin/main", "It counts until another one is merged into origin/main: whoever may merge there can raise it, in a change of its own.", "the default at origin/main", "It counts until another one is merged into origin/main: whoever may merge there can raise it, in a change of its own."},
	} {
		cfg := mustLoad(t, f, world{source: source})
		p := cfg.Policy
		if got := [4]string{p.Where("max_held"), p.Raise("max_held"), p.Where("max_ships"), p.Raise("max_ships")}; got != want {
			t.Error(cmp.Diff(want, got))
		}
		batch := p.Batches["batch.a"]
		if l := batch.MaxChanges; batch.MaxHeld != nil || l == nil || l.Most != 300 || l.Where != strings.Replace(want[0], ":2", ":8", 1) || l.Raise != want[1] {
			t.Errorf("%+v", l)
		}
	}
}

var ship = spec.Change{
	Address: `order["a"]`, Account: "main", Order: order.Ref{ID: "a", Source: "Amazon"}, Actions: []order.Action{order.Acknowledge, order.Ship},
	Before:    order.Values{Status: order.New},
	After:     order.Values{Status: order.Shipped, Carrier: "UPS", Tracking: "1Z", ShippedAt: noon},
	DefinedAt: spec.Place{File: "t.csv", Line: 3},
}

func TestRules(t *testing.T) {
	for name, c := range map[string]struct{ rule, want, err string }{
		"met":                {`condition = change.after.carrier == "UPS"`, "", ""},
		"not met":            {`condition = change.after.carrier == "USPS"`, "carrier UPS of a", ""},
		"not when":           {"when = contains(change.actions, \"cancel\")\n  condition = false", "", ""},
		"when":               {"when = contains(change.actions, \"ship\")\n  condition = false", "carrier UPS of a", ""},
		"where it stands":    {`condition = change.defined_at.file == "t.csv" && change.defined_at.line == 3 && change.account == "main" && change.address == "order[\"a\"]"`, "", ""},
		"a time":             {`condition = change.after.shipped_at == "2026-11-22T12:00:00Z"`, "", ""},
		"what is absent":     {`condition = change.before.carrier == null && change.order.source_order_number == null`, "", ""},
		"text of a bool":     {`condition = "true"`, "", ""},
		"a local":            {`condition = contains(local.carriers, change.after.carrier)`, "carrier UPS of a", ""},
		"fails for some":     {`condition = upper(change.before.carrier) == "UPS"`, "", "condition: main.hcl:6:15"},
		"neither true nor":   {`condition = change.before.carrier == null ? null : true`, "", "neither true nor false"},
		"no number for some": {`condition = change.before.order_number > 0`, "", "condition: main.hcl:6:15"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := mustLoad(t, files{"main.hcl": "locals {\n  carriers = [\"USPS\"]\n}\npolicy {\n  rule \"r\" {\n  " + c.rule +
				"\n  message = \"carrier ${change.after.carrier} of ${change.order.id}\"\n}\n}\n" + anOrder}, world{})
			got, err := cfg.Policy.Rules[0].Check(ship)
			if got != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("got %q and %v", got, err)
			}
		})
	}
}

// A message may name what an order lacks.
func TestAMessageNamesWhatIsAbsent(t *testing.T) {
	cfg := mustLoad(t, files{"main.hcl": "policy {\n  rule \"r\" {\n    condition = change.before.carrier != null\n    message = \"carrier ${change.before.carrier}\"\n  }\n}\n" + anOrder}, world{})
	if got, err := cfg.Policy.Rules[0].Check(ship); got != "carrier none" || err != nil {
		t.Errorf("got %q and %v", got, err)
	}
}

// A message that can't be made for an order does not save the change.
func TestAMessageThatFails(t *testing.T) {
	cfg := mustLoad(t, files{"main.hcl": "policy {\n  rule \"r\" {\n    condition = change.before.carrier != null\n    message = regex(\"^[A-Z]+$\", change.before.carrier)\n  }\n}\n" + anOrder}, world{})
	if got, err := cfg.Policy.Rules[0].Check(ship); got != `the rule "r" is not met` || err != nil {
		t.Errorf("got %q and %v", got, err)
	}
}

// A message is text of others where it quotes an order.
func TestAMessageIsEscaped(t *testing.T) {
	cfg := mustLoad(t, files{"main.hcl": "policy {\n  rule \"r\" {\n    condition = change.before.carrier != null\n    message = change.after.carrier\n  }\n}\n" + anOrder}, world{})
	c := ship
	c.After.Carrier = "UPS\n::error::\x1b[31m" + strings.Repeat("x", 300)
	if got, _ := cfg.Policy.Rules[0].Check(c); strings.ContainsAny(got, "\n\x1b") || len(got) > 250 {
		t.Errorf("got %q", got)
	}
}
