package report_test

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/watch"
)

var update = flag.Bool("update", false, "write the golden files anew")

// savedPlan is one of those that the tests of plan keep.
func savedPlan(t testing.TB, name string) (p *plan.Plan, hash string) {
	t.Helper()
	f, err := os.Open("../plan/testdata/" + name + ".golden.plan")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p, hash, err = plan.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return p, hash
}

// What programs read stays as it is, to the letter.
func TestThePlanForPrograms(t *testing.T) {
	for name, saved := range map[string]string{"document": "full", "document_empty": "empty"} {
		var violations []plan.Violation
		if saved == "full" {
			violations = []plan.Violation{{Limit: "max_held", Message: "1 orders are held back, 0 are allowed"}}
		}
		p, hash := savedPlan(t, saved)
		got, err := json.MarshalIndent(report.NewPlan(p, hash, violations, watch.Report{}), "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		golden := "testdata/" + name + ".golden.json"
		if *update {
			if err := os.WriteFile(golden, append(got, '\n'), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if saved == "empty" && strings.Contains(strings.Replace(string(got), `"unclaimed": null,`, "", 1), "null,\n") {
			t.Errorf("a list is null:\n%s", got)
		}
	}
}
