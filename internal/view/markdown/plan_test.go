package markdown

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// What can't be undone stands before what is ordinary, and is never what is left out.
func TestALargePlanFits(t *testing.T) {
	p := &plan.Plan{Changes: []plan.Change{{Address: "x", Order: order.Ref{Source: "Amazon", SourceNumber: "cancelled-one"}, Actions: []order.Action{order.Cancel}}}}
	for i := range 50_000 {
		p.Changes = append(p.Changes, plan.Change{Order: order.Ref{Source: "eBay", SourceNumber: fmt.Sprintf("N%d", i)}, Actions: []order.Action{order.Ship}})
	}
	var out strings.Builder
	doc := report.NewPlan(p, "", nil, watch.Report{})
	doc.Mark = "<!-- " + strings.Repeat("m", 500) + " -->"
	if err := Plan(&out, doc); err != nil {
		t.Fatal(err)
	}
	got := out.String()
	if !strings.HasPrefix(got, doc.Mark+"\n## Plan\n") {
		t.Errorf("the report begins with %.600q", got)
	}
	var left int
	if m := regexp.MustCompile(`\n… and ([0-9,]+) more rows are left out\.\n$`).FindStringSubmatch(got); m != nil {
		fmt.Sscan(strings.ReplaceAll(m[1], ",", ""), &left)
	}
	if shown := strings.Count(got, "eBay"); len(got) > limit || shown+left != 50_000 || !strings.Contains(got, "Amazon cancelled-one") {
		t.Errorf("%d bytes, %d rows and %d left out", len(got), shown, left)
	}
}

// Whatever the texts hold, each row is one line, and no line begins with them.
func TestAPlanOfHostileTexts(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := hostile(r, "text")
		p := &plan.Plan{
			Changes: []plan.Change{{Address: "a", Order: order.Ref{Source: text, SourceNumber: text}, Actions: []order.Action{order.Cancel}, Reason: text}},
			Held:    []plan.Held{{Address: text, Code: plan.NotFound, Message: text}},
			Missing: []plan.MissingAccount{{Name: text, Message: text}},
		}
		var out strings.Builder
		if err := Plan(&out, report.NewPlan(p, "", nil, watch.Report{})); err != nil {
			r.Fatal(err)
		}
		if rows := strings.Count(out.String(), "\n| "); rows != 6 { // three headings and three rows
			r.Fatalf("%d rows:\n%s", rows, out.String())
		}
		if strings.ContainsAny(out.String(), "@\x1b\r\t`") {
			r.Fatal(out.String())
		}
	})
}
