package markdown

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/samples"
)

var update = flag.Bool("update", false, "write the golden files anew")

func planText(t testing.TB, d *report.Plan) string {
	t.Helper()
	var out strings.Builder
	if err := Plan(&out, d); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// A day's plan is what reviewers are used to, to the letter.
func TestTheDrawnPlan(t *testing.T) {
	golden(t, "plan", planText(t, samples.Day()))
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := "testdata/" + name + ".golden.md"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
