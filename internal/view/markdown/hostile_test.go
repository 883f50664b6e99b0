package markdown

import (
	"errors"
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/provenance"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/view/samples"
	"github.com/gdfctl/gdfctl/internal/watch"
)

const mark = "<!-- gdfctl:plan shop -->"

var (
	// ours are the words with which our lines begin.
	ours = regexp.MustCompile(`^(?:$|#### |\| |\|---\||\*\*[\d,]+ (?:to|×) |\*\*No changes\*\*|\*\*PULL PARCEL |\*\*Apply |\*\*Feeds: |\*\*[\d,]+ held back\*\*|[\d,]+ (?:to|feed|feeds|rows?|calls?|with)[ :]|` +
		`> This plan is partial: |> \*\*(?:Unusual|Policy|Schedule|State)\*\*: |>$|About |Of their |More orders |Orders?: |Shipped |Oldest |Not changed: |The |<details><summary>All |</details>$|As of |This does |Plan |Nothing |There is |` + "`apply" +
		`|… and |Links and |Counts are |Why: |Their |Another |These |No plan |Applied: |Next: |Rules: |Checked )`)
	tag      = regexp.MustCompile(`<[^>]*>?`)
	ourTags  = regexp.MustCompile(`^</?(?:code|br|details|summary|h3|h4|p|strong|blockquote|table|thead|tbody|tr|th|td|a)(?: /)?>$|^<t[hd] style="text-align:right">$|^<a href="https://example\.test/[!-~]*">$`)
	inertTag = regexp.MustCompile(`(?s)<code>.*?</code>|<a [^>]*>.*?</a>`)
	// ourReference is what a forge is to read.
	ourReference = regexp.MustCompile(`, (?:reviewed|shown) in #17\b`)
	reads        = regexp.MustCompile(`@[\p{L}\d]|#\d|(?i:www\.|gh-\d)|://|:[a-z]+:|![\d\[]|%\d`)
)

// harmlessReport checks what a report may be, as text and as it is shown.
func harmlessReport(r *rapid.T, name, text string) {
	if len(text) > limit {
		r.Fatalf("%s: %d bytes", name, len(text))
	}
	lines := strings.Split(text, "\n")
	if lines[0] != mark || !strings.HasPrefix(lines[1], "### ") || strings.Count(text, "<!--") != 1 || strings.Count(text, "-->") != 1 {
		r.Fatalf("%s begins with %q, %q", name, lines[0], lines[1])
	}
	for _, line := range lines[2:] {
		if !ours.MatchString(line) {
			r.Fatalf("%s: foreign text begins the line %.200q", name, line)
		}
		if strings.HasPrefix(line, "| ") && strings.Count(line, "|") != 3 {
			r.Fatalf("%s: not two columns: %.300q", name, line)
		}
	}
	if strings.ContainsAny(text, "@\x1b\r\t\u202e") || strings.Count(text, "<details>") != strings.Count(text, "</details>") {
		r.Fatalf("%s: %q", name, text)
	}
	shown := rendered(r, strings.TrimPrefix(text, mark+"\n"))
	for _, t := range tag.FindAllString(shown, -1) {
		if !ourTags.MatchString(t) {
			r.Fatalf("%s: the tag %.200q is shown", name, t)
		}
	}
	rows := 0
	for _, line := range lines {
		if strings.HasPrefix(line, "| ") {
			rows++
		}
	}
	if n := strings.Count(shown, "<tr>"); n != rows || strings.Count(shown, "<h3>") != 1 || strings.Count(shown, "<h4>") != strings.Count(text, "\n#### ") {
		r.Fatalf("%s: %d rows of %d are rows:\n%s", name, n, rows, shown)
	}
	seen := html.UnescapeString(tag.ReplaceAllString(inertTag.ReplaceAllString(shown, "·"), "\n"))
	if seen = ourReference.ReplaceAllString(seen, "·"); reads.MatchString(seen) {
		r.Fatalf("%s: a forge reads %q", name, reads.FindString(seen))
	}
}

// Whatever names, messages and places hold, nothing of it begins a line, ends a cell
// or a fold, mentions anybody, or is read by a forge; and it fits.
func TestReportsOfHostileTexts(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		one, two := samples.Hostile(r, "one"), samples.Hostile(r, "two")
		texts, next := []string{one, two, "fine", one, one, "", two}, rapid.IntRange(0, 6).Draw(r, "first")
		text := func() string { next++; return texts[next%len(texts)] }
		n := rapid.SampledFrom([]int{1, 3, 30, 120}).Draw(r, "n")
		ref := func() order.Ref { return order.Ref{ID: text(), Source: text(), SourceNumber: text()} }
		p := &plan.Plan{Orders: 7, Partial: []string{text()}, Accounts: []plan.AccountPlan{{Name: "a"}, {Name: text()}}, Batches: []*spec.BatchCount{{Address: text(), Rows: 1, Orders: 1}}}
		var items []apply.Item
		for i := range n {
			at := spec.Place{File: text(), Line: i}
			p.Changes = append(p.Changes,
				plan.Change{Address: text(), Account: text(), Order: ref(), Actions: []order.Action{order.Cancel}, Reason: text(), DefinedAt: at},
				plan.Change{Address: text(), Order: ref(), Actions: []order.Action{order.Correct}, Before: order.Values{Tracking: text(), Carrier: text()}, After: order.Values{Tracking: text(), Carrier: text()}, DefinedAt: at},
				plan.Change{Address: text(), Account: text(), Order: ref(), Actions: []order.Action{order.Acknowledge, order.Ship}, After: order.Values{OrderNumber: text(), Tracking: text(), Carrier: text(), ShippedAt: time.Unix(1, 0)}},
				plan.Change{Address: text(), Order: ref(), Actions: []order.Action{order.Acknowledge}, After: order.Values{OrderNumber: text()}})
			p.Held = append(p.Held, plan.Held{Address: text(), Order: ref(), Code: plan.Code(text()), Message: text(), Suggestion: text(), DefinedAt: at},
				plan.Held{Address: text(), Code: plan.AlreadyCancelled, Message: text() + ": PULL PARCEL " + text(), DefinedAt: at})
			p.Missing = append(p.Missing, plan.MissingAccount{Name: text(), Message: text()})
			p.Stopped = append(p.Stopped, plan.StoppedBatch{Address: text(), Messages: []string{text()}})
			p.Unsettled = append(p.Unsettled, plan.Unsettled{Address: text(), Order: ref(), Action: order.Ship, RunID: text()})
			p.Findings = append(p.Findings, plan.Finding{Rule: text(), Severity: rules.Warn, Address: text(), Message: text(), Count: 1})
			for _, result := range []apply.ItemResult{apply.Unknown, apply.Failed, apply.HeldBack, apply.NotReviewed, apply.Skipped} {
				items = append(items, apply.Item{Address: text(), Order: ref(), Action: order.Ship, Result: result, Message: text(), DefinedAt: at})
			}
		}
		feeds := watch.Report{At: time.Unix(1, 0), Accounts: []watch.AccountRead{{Name: text(), Err: errors.New(text())}}}
		for i := range n {
			feeds.Results = append(feeds.Results, watch.Result{Watch: text(), Account: text(), FeedID: fmt.Sprint(i), FeedName: text(), Rule: text(), Outcome: []watch.Outcome{watch.Fail, watch.Unknown}[i%2], Severity: watch.Error, Value: text(), Message: text()})
		}
		review := report.Review{Workspace: "shop", RunURL: "https://example.test/1", Branch: text(), Commit: "c", Base: "b", Number: 2, Since: "1 more ship", Checked: feeds.At}
		if rapid.Bool().Draw(r, "pages") {
			review.Page = func(spec.Place) string { return "https://example.test/" + strings.Repeat("p", 200) }
		}

		d := report.NewPlan(p, "0123456789abcdef", []plan.Violation{{Limit: "max_held", Message: text()}}, feeds)
		d.Mark, d.Review = mark, review
		d.Compare(report.Compared{Counts: make([]state.PlanCounts, 6), NoState: true, PolicyRef: &spec.PolicyDiff{Ref: text(), MovedFrom: []string{text(), text(), text(), text(), text()}[:rapid.IntRange(0, 5).Draw(r, "moved")], Missing: rapid.Bool().Draw(r, "missing"), Changes: []spec.PolicyChange{
			{Loosens: true, Text: "removes the rule " + text()}, {Loosens: true, Text: "raises max_held of " + text() + " from 3 to 20"}, {}, {}, {}, {}, {},
		}}})
		var out strings.Builder
		if err := Plan(&out, d); err != nil {
			r.Fatal(err)
		}
		harmlessReport(r, "the plan", out.String())
		for title, second := range map[string]string{"#### ✗ Cancel ": "| Reason |", "#### ~ Correct ": "| Old → new |"} {
			_, section, found := strings.Cut(out.String(), title)
			section, _, _ = strings.Cut(section, "\n#### ")
			if rows := strings.Count(section, "\n| "); !found || !strings.Contains(section, second) || rows != 1+min(n, most) || n > most && !strings.Contains(section, fmt.Sprintf("\n… and %d more", n-most)) {
				r.Fatalf("%d rows of %d changes that can't be undone:\n%s", rows, n, section)
			}
		}

		a := report.NewApply(report.Applied{
			RunID: text(), Reviewed: []report.ReviewedPlan{{PlanHash: "abc", Name: "#17", Review: provenance.Review{Approvers: []string{text()}, Merger: text()}}}, NextStep: text(), Missing: p.Missing, Doubles: []report.PossibleDouble{{Address: text(), Order: ref(), Action: order.Ship, RunID: text()}},
			Result: &apply.Result{Items: items, Stopped: text(), Unrecorded: items[:1], Counts: map[apply.ItemResult]int{}},
		})
		a.Mark, a.Review = mark, review
		out.Reset()
		if err := Apply(&out, a); err != nil {
			r.Fatal(err)
		}
		harmlessReport(r, "the result", out.String())

		f := report.NewFeedsCheck(feeds, nil, 4)
		f.Mark, f.Workspace = mark, "shop"
		out.Reset()
		if err := Feeds(&out, f); err != nil {
			r.Fatal(err)
		}
		harmlessReport(r, "the feeds", out.String())

		st := report.NewStatus(feeds.At, false, 3)
		st.Mark, st.Workspace = mark, "shop"
		for range n {
			parcel := order.Parcel{Tracking: text(), Carrier: text()}
			st.Add(report.StatusItem{Kind: report.StatusPull, Group: report.NeedsYou, Count: 1, Command: text(), Orders: []report.StatusOrder{{Account: text(), Order: ref(), Parcel: &parcel}}})
			st.Add(report.StatusItem{Kind: report.StatusOverdue, Group: report.NeedsYou, Count: 1, Source: text(), Oldest: &feeds.At, DueAt: &feeds.At, Command: text(), Orders: []report.StatusOrder{{Account: text(), Order: ref(), Action: order.Ship}}})
			st.Problems = append(st.Problems, report.FeedsProblem{Account: text(), Message: text()})
		}
		out.Reset()
		if err := Status(&out, st); err != nil {
			r.Fatal(err)
		}
		harmlessReport(r, "the status", out.String())
	})
}

// Of a plan that does not fit, what is ordinary is left out and counted, and what
// can't be undone never is.
func TestALargePlanFits(t *testing.T) {
	d := samples.Day()
	first := d.Changes[10]
	for i := range 50_000 {
		c := first
		c.Order.SourceNumber = fmt.Sprint(i)
		d.Changes = append(d.Changes, c)
	}
	got := planText(t, d)
	small, large := strings.Split(planText(t, samples.Day()), "\n#### → "), strings.Split(got, "\n#### → ")
	if rest := strings.Replace(small[0], "**540 to ship", "**50,540 to ship", 1); rest != large[0] {
		t.Errorf("what wants a look is not the same:\n%s", large[0])
	}
	if len(got) > limit || !strings.Contains(got, "\nThe list of all 50,552 orders is left out: it does not fit here.\n") || strings.Contains(got, "<details>") || !strings.Contains(got, "| Amazon | 50,291 |") {
		t.Errorf("%d bytes:\n%s", len(got), large[1])
	}
}

// Without room, links go before orders, and orders before their counts.
func TestManyHeldOrdersFit(t *testing.T) {
	for _, c := range []struct {
		reasons int
		want    string
		not     string
	}{{8, "](https://example.test/", "do not fit here"}, {19, "Links and places are left out: they do not fit here.", "The orders are left out"}, {19 * 4, "… and 56 more reasons, left out here.", "The orders are left out"}} {
		d := samples.Day()
		d.Changes = nil
		var held []plan.Held
		for reason := range c.reasons {
			for i := range 25 {
				held = append(held, plan.Held{Code: plan.Code(fmt.Sprintf("SHIP%02d", reason)), Message: "wrong", Order: order.Ref{Source: "Amazon", SourceNumber: fmt.Sprint(reason*100 + i)}, DefinedAt: spec.Place{File: strings.Repeat("f", 60) + ".csv", Line: i}})
			}
		}
		full := report.NewPlan(&plan.Plan{Held: held}, "", nil, watch.Report{})
		full.Review = d.Review
		got := planText(t, full)
		_, section, _ := strings.Cut(got, "#### ! Held back ")
		if len(got) > limit || !strings.Contains(section, c.want) || strings.Contains(section, c.not) {
			t.Errorf("%d reasons, %d bytes:\n%.3000s", c.reasons, len(got), section)
		}
	}
}
