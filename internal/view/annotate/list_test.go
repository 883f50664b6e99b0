package annotate

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/watch"
)

func printed(t interface{ Fatal(...any) }, l *List) []string {
	var b strings.Builder
	if err := l.Write(&b); err != nil {
		t.Fatal(err)
	}
	if b.Len() == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
}

func TestReports(t *testing.T) {
	place := spec.Place{File: "shipments/day.csv", Line: 7}
	l := &List{Path: func(file string) string { return "shop/" + file }}
	l.Plan(report.NewPlan(&plan.Plan{
		Missing:  []plan.MissingAccount{{Name: "eu", Message: "no answer"}},
		Stopped:  []plan.StoppedBatch{{Address: "batch.b", Held: 21, MaxHeld: 20, Where: "main.hcl:3", Raise: "Ask ann.", Messages: []string{"bad row", "not found"}}},
		Held:     []plan.Held{{Order: order.Ref{Source: "eBay", SourceNumber: "06-1"}, Code: plan.NotFound, Message: "no live order", DefinedAt: place}, {Address: "order.x", Code: plan.BadRow, Message: "100 %: no"}},
		Findings: []plan.Finding{{Rule: "SHIP09", Severity: rules.Error, Address: "order.y", Message: "wrong", Count: 1}, {Rule: "SHIP01", Severity: rules.Warn, Address: "order.z", Message: "odd", Count: 1, DefinedAt: spec.Place{File: "main.hcl", Line: 3, Column: 5}}, {Rule: "SHIP05", Severity: rules.Info, Message: "nothing", Count: 1}},
	}, "", nil, watch.Report{}))
	want := []string{
		"::error title=account eu could not be read::no answer",
		"::error title=batch.b is stopped::21 orders are held back, 20 allowed (max_held, main.hcl:3). Ask ann.%0Abad row%0Anot found",
		"::error title=SHIP09::order.y: wrong",
		"::warning file=shop/shipments/day.csv,line=7,title=held back%3A not_found::eBay 06-1: no live order",
		"::warning title=held back%3A bad_row::order.x: 100 %25: no",
		"::warning file=shop/main.hcl,line=3,col=5,title=SHIP01::order.z: odd",
	}
	got := printed(t, l)
	for _, line := range want {
		if !strings.Contains("\n"+strings.Join(got, "\n")+"\n", "\n"+line+"\n") {
			t.Errorf("%s is missing in\n%s", line, strings.Join(got, "\n"))
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d annotations, want %d", len(got), len(want))
	}

	l = &List{}
	l.Apply(&report.Apply{
		Stopped:    "the API is down",
		Unrecorded: []apply.Item{{Address: "order.u", Action: order.Ship, Message: "disk full"}},
		Items: []apply.Item{
			{Address: "order.a", Action: order.Cancel, Result: apply.Failed, Message: "refused", DefinedAt: place},
			{Address: "order.b", Action: order.Ship, Result: apply.Unknown, Message: "no answer"},
			{Address: "order.c", Action: order.Ship, Result: apply.HeldBack, Message: "PULL PARCEL 1Z"},
			{Address: "order.d", Action: order.Ship, Result: apply.NotReached},
		},
	})
	l.Feeds(report.NewFeedsCheck(watch.Report{Results: []watch.Result{
		{Watch: "all", FeedName: "Home", FeedID: "1", Rule: "max_age", ID: "FD01", Outcome: watch.Fail, Severity: watch.Error, Message: "31 h", DefinedAt: place},
		{Watch: "all", FeedName: "Toys", FeedID: "2", Rule: "min_items", Outcome: watch.Fail, Severity: watch.Warn, Message: "few"},
		{Watch: "all", FeedName: "Pets", FeedID: "3", Rule: "min_items", Outcome: watch.Pass, Severity: watch.Error},
	}}, []report.FeedsProblem{{Account: "eu", Message: "one\ntwo"}}, 4))
	if diff := cmp.Diff([]string{
		"::error title=apply stopped::the API is down",
		"::error title=ship%3A not recorded::order.u: disk full",
		"::error file=shipments/day.csv,line=7,title=cancel%3A failed::order.a: refused",
		"::error title=ship%3A unknown::order.b: no answer",
		"::error title=account eu could not be read::one%0Atwo",
		"::error file=shipments/day.csv,line=7,title=max_age (FD01)::Home: 31 h",
		"::warning title=ship%3A Held back::order.c: PULL PARCEL 1Z",
		"::warning title=min_items::Toys: few",
	}, printed(t, l)); diff != "" {
		t.Error(diff)
	}
}

// What GitHub would not show is counted; what is found twice is said once.
func TestTheRestIsCounted(t *testing.T) {
	l := &List{}
	for range 2 {
		for i := range Most {
			l.Diagnostics([]report.Diagnostic{{Severity: report.SeverityWarning, Summary: fmt.Sprint("w", i)}})
		}
	}
	if got := printed(t, l); len(got) != Most {
		t.Errorf("%q", got)
	}
	for i := range Most + 1 {
		l.Diagnostics([]report.Diagnostic{
			{Severity: report.SeverityError, Summary: fmt.Sprint("e", i)},
			{Severity: report.SeverityWarning, Summary: fmt.Sprint("w", i, "b")},
			{Severity: report.SeverityInfo, Summary: "i"},
		})
	}
	got := printed(t, l)
	if want := "::notice title=gdfctl::1 more error and 11 more warnings: the log of this step lists them"; len(got) != 2*Most+1 || got[2*Most] != want {
		t.Errorf("%d lines, the last one %q", len(got), got[len(got)-1])
	}
	var none *List
	none.Diagnostics(nil)
	none.Plan(nil)
	none.Apply(nil)
	none.Feeds(nil)
	none.Failure(nil)
}

var annotation = regexp.MustCompile(`^::(error|warning) file=([^:,]*),line=1,title=([^:,]*)::([^\r\n]*)$`)

var unescape = strings.NewReplacer("%0A", "\n", "%0D", "\r", "%3A", ":", "%2C", ",", "%25", "%")

// Whatever the texts hold, each annotation is one line whose parts are theirs.
func TestAnnotationsOfHostileTexts(t *testing.T) {
	text := rapid.OneOf(
		rapid.StringOfN(rapid.Rune(), 0, 150, -1),
		rapid.StringOfN(rapid.RuneFrom([]rune("%:,;=#[]\n\r\t\x00\x1b\u0085\u2028\u202e0123ADnwx")), 0, 150, -1),
		rapid.SampledFrom([]string{"::error::x", "a\n::set-output name=x::y", "##[error]x", "a\r\n::stop-commands::x", "%0A::error::x", "x,line=9::y", "::"}),
	)
	rapid.Check(t, func(r *rapid.T) {
		file, title, message := text.Draw(r, "file"), text.Draw(r, "title"), text.Draw(r, "text")
		if file == "" || message == "" {
			return
		}
		l := &List{}
		l.fail(note{file: file, line: 1, title: title, text: message})
		got := printed(r, l)
		m := annotation.FindStringSubmatch(strings.Join(got, "\n"))
		if m == nil || strings.Contains(got[0], "##[") {
			r.Fatalf("%q", got)
		}
		var lines []string
		for _, line := range strings.Split(strings.TrimRight(message, "\n"), "\n") {
			lines = append(lines, safetext.Line(line))
		}
		for i, want := range []string{safetext.Line(file), safetext.Line(title), strings.Join(lines, "\n")} {
			if unescape.Replace(m[i+2]) != want {
				r.Fatalf("part %d of %q is not %q", i, got, want)
			}
		}
	})
}

func TestLongTextsAreCut(t *testing.T) {
	l := &List{}
	l.fail(note{title: strings.Repeat("x", 10_000), text: strings.Repeat("y", 10_000)})
	if got := printed(t, l); len(got) != 1 || len(got[0]) > 1300 || !strings.HasSuffix(got[0], "…") {
		t.Errorf("%.100q", got)
	}
}
