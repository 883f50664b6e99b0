package config_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gdfctl/gdfctl/internal/schedule"
	"github.com/gdfctl/gdfctl/internal/spec"
)

func TestSchedules(t *testing.T) {
	cfg := mustLoad(t, files{"main.hcl": `
variable "most" { default = 7 }
schedule "feeds" {
  cron      = "*/10 6-22 * * *"
  time_zone = "America/New_York"
  run       = "feeds"
  catch_up  = "none"
}
schedule "acknowledge" {
  every  = "10m"
  run    = "apply"
  target = ["order[\"a\"]", "order[\"a\"]"]
  limits {
    max_changes = var.most
  }
}
` + anOrder}, world{})
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	cron, err := schedule.Cron("*/10 6-22 * * *", newYork)
	if err != nil {
		t.Fatal(err)
	}
	limits := spec.Unlimited()
	limits.MaxChanges = 7
	want := []*spec.Schedule{
		{Name: "acknowledge", Times: schedule.Every("acknowledge", 10*time.Minute), Run: spec.RunApply, Targets: []string{`order["a"]`}, Limits: limits, CatchUp: true},
		{Name: "feeds", Times: cron, Run: spec.RunFeeds, Limits: spec.Unlimited()},
	}
	sameTimes := cmp.Comparer(func(a, b schedule.Times) bool { return a.String() == b.String() })
	if diff := cmp.Diff(want, cfg.Schedules, sameTimes, cmpopts.IgnoreFields(spec.Schedule{}, "Place"), cmpopts.IgnoreFields(spec.Policy{}, "Places")); diff != "" {
		t.Error(diff)
	}
	if where := cfg.Schedules[0].Limits.Where("max_changes"); where != "main.hcl:14" {
		t.Errorf("the limit stands at %s", where)
	}
}

// One configuration can't fill the database that all workspaces of an agent share.
func TestSchedulesAreBounded(t *testing.T) {
	many := func(n int) string {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, "schedule \"s%d\" {\n  every = \"1h\"\n  run   = \"feeds\"\n}\n", i)
		}
		return text.String()
	}
	if cfg, diags := load(t, files{"main.hcl": many(200)}, world{}); diags.HasErrors() || len(cfg.Schedules) != 200 {
		t.Errorf("%d schedules: %s", len(cfg.Schedules), said(diags))
	}
	_, diags := load(t, files{"main.hcl": many(20_000)}, world{})
	if len(diags) != 1 || diags[0].Summary != "More than 200 schedules" || diags[0].Range.Start.Line != 801 || !strings.HasPrefix(diags[0].Detail, "There are 20000, ") {
		t.Errorf("%.500s", said(diags))
	}
}

// Nothing that a policy with approvals applies was not published for reviewers.
func TestASchedulesApplyIsNotReviewed(t *testing.T) {
	_, diags := load(t, files{"main.hcl": "policy {\n  min_approvals = 1\n}\nschedule \"s\" {\n  every = \"1h\"\n  run = \"apply\"\n  target = [\"order[\\\"a\\\"]\"]\n  limits {\n    max_changes = 1\n  }\n}\n" + anOrder}, world{})
	if got := said(diags); !diags.HasErrors() {
		t.Errorf("no error: %s", got)
	}
}
