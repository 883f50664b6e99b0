package html

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/samples"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// Of many things the first are shown, and how many others there are. What nothing else
// has is there in full.
func TestManyOfAKind(t *testing.T) {
	const many = 60
	d := samples.Few()
	for i := range many {
		number := fmt.Sprint(i)
		d.Changes = append(d.Changes, plan.Change{Address: number, Order: order.Ref{SourceNumber: number}, Actions: []order.Action{order.Cancel}})
		d.Held = append(d.Held, plan.Held{Code: plan.NotFound, Message: "no live order", Order: order.Ref{SourceNumber: number}},
			plan.Held{Code: plan.AlreadyCancelled, Message: "canceled: PULL PARCEL " + number, Order: order.Ref{SourceNumber: number}})
		d.Missing = append(d.Missing, plan.MissingAccount{Name: number})
		d.Watches = append(d.Watches, watch.Result{FeedID: number, FeedName: number, Outcome: watch.Fail, Severity: watch.Error})
	}
	p := &plan.Plan{CreatedAt: d.CreatedAt, Changes: d.Changes, Held: d.Held, Missing: d.Missing}
	d = report.NewPlan(p, "", nil, watch.Report{Results: d.Watches})
	sectionsOf(t, func(w io.Writer) error { return Plan(w, d) }, map[string]string{
		"Cancel 60":       "25 rows, … and 35 more. Show all 60 in the table",
		"Held back 120":   "85 rows, … and 35 more. Show all 60 in the table",
		"Not read: 60":    "60 rows, ",
		"Feeds: 60 of 60": "25 rows, … and 35 more, left out here.",
	})

	var items []apply.Item
	for i := range many {
		number := fmt.Sprint(i)
		items = append(items, apply.Item{Order: order.Ref{SourceNumber: number}, Action: order.Ship, Result: apply.Failed, Message: "refused"},
			apply.Item{Order: order.Ref{SourceNumber: number}, Action: order.Ship, Result: apply.HeldBack, Message: "canceled: PULL PARCEL " + number})
	}
	a := report.NewApply(report.Applied{Result: &apply.Result{Items: items, Unrecorded: items}, Doubles: make([]report.PossibleDouble, many), Carried: &report.Carried{Plan: d}})
	sectionsOf(t, func(w io.Writer) error { return Apply(w, a) }, map[string]string{
		"Failed 60":              "25 rows, … and 35 more. Show all 60 in the table",
		"Pull 60 parcels":        "60 rows, ",
		"Not recorded 120":       "120 rows, ",
		"Possibly sent twice 60": "60 rows, ",
	})
}

var anyTag = regexp.MustCompile(`<[^>]*>`)

// sectionsOf compares how many rows some sections have, and what is said of others.
func sectionsOf(t *testing.T, v func(w io.Writer) error, want map[string]string) {
	t.Helper()
	var out strings.Builder
	if err := v(&out); err != nil {
		t.Fatal(err)
	}
	for title, want := range want {
		_, section, found := strings.Cut(out.String(), "</span>"+title)
		section, _, _ = strings.Cut(section, "</section>")
		_, more, _ := strings.Cut(section, `<p class="more">`)
		more, _, _ = strings.Cut(more, "</p>")
		if got := fmt.Sprintf("%d rows, %s", strings.Count(section, "<tr><td"), anyTag.ReplaceAllString(more, "")); !found || got != want {
			t.Errorf("%s: %s; want %s", title, got, want)
		}
	}
}
