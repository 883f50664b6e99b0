package html

import (
	"encoding/json"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/provenance"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/samples"
)

var (
	ourTag     = regexp.MustCompile(`^</?(?:html|head|meta|title|style|body|header|main|footer|section|div|p|h1|h2|h3|ul|li|dl|dt|dd|table|thead|tbody|tr|th|td|a|bdi|span|strong|code|del|ins|br|svg|rect|noscript|form|label|input|select|option|optgroup|output|button|script)(?: [a-zA-Z-]+="[^"]*")*>$`)
	agentTag   = regexp.MustCompile(`^</?(?:html|head|meta|title|style|body|header|main|footer|section|div|p|h1|h2|h3|ul|li|dl|dt|dd|table|thead|tbody|tr|th|td|a|bdi|span|strong|code|time|svg|rect|polyline|details|summary)(?: [a-zA-Z-]+="[^"]*")*>$`)
	agentWay   = regexp.MustCompile(`^(?:\./|\.\./|(?:\.\./)?workspace/[^/?#]*)?(?:\?[a-z0-9=&;A-Z%+._-]*)?…?$`)
	handler    = regexp.MustCompile(` (?:on[a-z]+|style|src|srcdoc|action|formaction)="`)
	hrefOfPage = regexp.MustCompile(` href="([^"]*)"`)
	unseen     = func(c rune) bool { return (c < ' ' || c > '~') && !unicode.IsPrint(c) }
)

// between is what stands between two texts, of which each is there once, and the page
// without it.
func between(r *rapid.T, page, begin, end string) (inner, rest string) {
	before, after, found := strings.Cut(page, begin)
	inner, after, ends := strings.Cut(after, end)
	if !found || !ends {
		r.Fatalf("no %s in the page", begin)
	}
	return inner, before + begin + end + after
}

// tagsOf are the different tags of a page.
func tagsOf(r *rapid.T, page string) map[string]bool {
	tags := map[string]bool{}
	for i, part := range strings.Split(page, "<") {
		tag, text, ends := strings.Cut(part, ">")
		if i > 0 {
			tags["<"+tag+">"] = true
		}
		if i == 0 && part != "" || i > 0 && (!ends || strings.Contains(text, ">")) {
			r.Fatalf("no tag: %.200q", part)
		}
	}
	return tags
}

// harmlessPage checks that a page has no markup but ours, and data that is only data.
func harmlessPage(r *rapid.T, page string) *columns {
	ourStyle, page := between(r, page, "<style>", "</style>")
	data, page := between(r, page, `<script type="application/json" id="data">`, "</script>")
	ourScript, page := between(r, page, "<script>", "</script>")
	if ourStyle != style || ourScript != script {
		r.Fatal("the script or the style is not ours")
	}
	page = strings.TrimSuffix(strings.TrimPrefix(page, "<!doctype html>\n"), "\n")
	for tag := range tagsOf(r, page) {
		if !ourTag.MatchString(tag) || handler.MatchString(tag) {
			r.Fatalf("the tag %q", tag)
		}
		if m := hrefOfPage.FindStringSubmatch(tag); m != nil && m[1] != "#orders" && !strings.HasPrefix(m[1], "https://example.test/") {
			r.Fatalf("a link leads to %q", m[1])
		}
	}
	if strings.Count(page, "<script") != 2 || strings.Count(page, "<style") != 1 {
		r.Fatal("there is a script or a style that is not ours")
	}
	if strings.ContainsFunc(page, unseen) || strings.ContainsFunc(data, unseen) {
		r.Fatal("there is what nobody sees")
	}
	if strings.ContainsAny(data, "<>&\u2028\u2029") {
		r.Fatalf("the data can be markup: %q", data)
	}
	var c columns
	if err := json.Unmarshal([]byte(data), &c); err != nil {
		r.Fatal(err)
	}
	return &c
}

func printed(r *rapid.T, v func(w io.Writer) error) string {
	var out strings.Builder
	if err := v(&out); err != nil {
		r.Fatal(err)
	}
	return out.String()
}

// Whatever names, messages and places hold, a page has no element, no attribute, no
// address and no script but its own, and its rows are those of the report.
func TestPagesOfHostileTexts(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := samples.Nasty(samples.Hostile(r, "one"), samples.Hostile(r, "two"), "fine", samples.Hostile(r, "three"))
		c := harmlessPage(r, printed(r, func(w io.Writer) error { return Plan(w, d) }))
		rows := d.Orders().Rows
		for i := range rows {
			row := &rows[i]
			got := []string{c.Number[i], c.Parcel[i], c.Texts[c.Source[i]], c.Texts[c.Kind[i]], c.Texts[c.Carrier[i]], c.Texts[c.Was[i]], c.Texts[c.Note[i]], c.Texts[c.Block[i]], c.Texts[c.File[i]]}
			want := []string{row.Number, row.Parcel.Is, row.Source, string(row.Kind), row.Carrier, row.Parcel.Was, row.Note, row.Block, row.At.File}
			for j := range want {
				want[j] = shown(want[j])
			}
			if !slices.Equal(got, want) || c.Line[i] != row.At.Line || len(c.Sets[c.Found[i]]) != len(row.Found) {
				r.Fatalf("row %d is %q, want %q", i, got, want)
			}
			if page := c.Pages[c.File[i]]; page != "" && !strings.HasPrefix(page, "https://example.test/") {
				r.Fatalf("a row leads to %q", page)
			}
		}

		text := samples.Hostile(r, "of the apply")
		var items []apply.Item
		for i, result := range []apply.ItemResult{apply.Unknown, apply.Failed, apply.HeldBack, apply.NotReviewed, apply.Skipped} {
			change := &d.Changes[i]
			items = append(items, apply.Item{Address: change.Address, Account: change.Account, Order: change.Order, Action: change.Actions[0], Result: result, Message: text, DefinedAt: change.DefinedAt},
				apply.Item{Address: text, Order: order.Ref{Source: text, SourceNumber: text}, Action: order.Ship, Result: result, Message: text + ": PULL PARCEL " + text})
		}
		a := report.NewApply(report.Applied{
			RunID: text, Reviewed: []report.ReviewedPlan{{PlanHash: text, Name: "#17", Review: provenance.Review{Approvers: []string{text}}}}, NextStep: text, Missing: d.Missing, Doubles: []report.PossibleDouble{{Address: text, Action: order.Ship, RunID: text}}, AuditHash: text,
			Carried: &report.Carried{Plan: d, Outcomes: report.Outcomes{}},
			Result:  &apply.Result{Items: items, Stopped: text, Unrecorded: items[:1], Counts: map[apply.ItemResult]int{apply.Unknown: 1}},
		})
		a.Review = d.Review
		harmlessPage(r, printed(r, func(w io.Writer) error { return Apply(w, a) }))
	})
}
