package report_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// Orders that wait for the next run are told apart from those that ship on a later
// day, and by the limit that they are beyond.
func TestWhatWaitsForTheNextRun(t *testing.T) {
	p := &plan.Plan{
		Deferred: []plan.Deferred{
			{Message: plan.WaitsForRun + "max_per_run of standing.a is 2 (main.hcl:4)"},
			{Message: plan.WaitsForRun + "max_per_run of standing.a is 2 (main.hcl:4)"},
			{Until: 20784, Message: "ships later"},
			{Message: plan.WaitsForRun + "max_per_run of standing.b is 9 (main.hcl:14)"},
		},
		Standing: []*plan.StandingCount{{Address: "standing.a", MaxPerRun: 2, New: 9, Selected: 4, Deferred: 2, TooYoung: 1, LeftOut: 1, Named: 1, AgeUnknown: 1, TooOld: 1}},
	}
	r := report.NewPlan(p, "", nil, watch.Report{})
	var texts []string
	for _, w := range r.Waits {
		texts = append(texts, w.Text())
	}
	want := []string{
		"2 orders wait for the next run: max_per_run of standing.a is 2 (main.hcl:4)",
		"1 order waits for the next run: max_per_run of standing.b is 9 (main.hcl:14)",
	}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Error(diff)
	}
	if r.ShipLater() != 1 || r.WaitForRun() != 3 {
		t.Errorf("%d ship later, %d wait", r.ShipLater(), r.WaitForRun())
	}
	const counts = "9 new orders: 4 selected, 1 not old enough, 1 too old, 1 left out by only or except, 1 named by another block, 1 of unknown age; " +
		"2 of the selected wait for the next run (max_per_run = 2)"
	if got := p.Standing[0].String(); got != counts {
		t.Error(got)
	}
	if got := r.Next().Text; strings.Contains(got, "rules") {
		t.Errorf("an apply of this plan sends what it shows: %q", got)
	}
	r.Review.Published = true
	if got := r.Next().Text; !strings.Contains(got, "Standing orders are reviewed as rules") {
		t.Error(got)
	}
}

func TestWhatIsStopped(t *testing.T) {
	batch, standing := plan.StoppedBatch{Code: plan.BatchStopped}, plan.StoppedBatch{Code: plan.StandingStopped}
	for want, stopped := range map[string][]plan.StoppedBatch{
		"2 batches":                    {batch, batch},
		"1 standing order":             {standing},
		"1 batch and 1 standing order": {batch, standing},
	} {
		r := report.NewPlan(&plan.Plan{Stopped: stopped}, "", nil, watch.Report{})
		if title, sentence := r.Stops(); title != want || !strings.HasPrefix(sentence, "Nothing of these is sent") {
			t.Errorf("%q, %q", title, sentence)
		}
	}
}
