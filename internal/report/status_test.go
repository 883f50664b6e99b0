package report

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/uptake"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// What needs a person comes first, and each line has the command that helps.
func TestStatusOf(t *testing.T) {
	now := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	account := &spec.Account{Name: "main"}
	change := func(word uptake.Word, done bool, age time.Duration) plan.Accepted {
		return plan.Accepted{Account: account, Result: uptake.Result{Word: word, Done: done}, Entry: &state.Entry{
			Ref: order.Ref{Source: "Amazon", SourceNumber: string(word)}, Applied: &state.Applied{Action: order.Ship, At: now.Add(-age)},
		}}
	}
	unknown := func(age time.Duration) plan.Accepted {
		return plan.Accepted{Account: account, Unknown: true, Entry: &state.Entry{Intents: []state.Intent{{Action: order.Cancel, At: now.Add(-age)}}}}
	}
	walmart := func(age time.Duration) plan.Unacknowledged {
		return plan.Unacknowledged{Order: order.Ref{Source: "Walmart"}, Created: now.Add(-age), Due: now.Add(4*time.Hour - age), Urgent: age > 4*time.Hour}
	}
	fails := watch.Result{FeedID: "f1", Outcome: watch.Fail, Severity: watch.Error}
	found := &StatusFound{
		At: now, Calls: 4, Command: func(words ...string) string { return strings.Join(words, " ") },
		Open: []plan.Accepted{
			change(uptake.Pending, false, 25*time.Minute), change(uptake.RefusedLater, false, 2*time.Hour), change(uptake.Verified, true, time.Hour),
			change(uptake.NotTaken, false, 3*time.Hour), change(uptake.Drifted, false, 9*time.Hour), change(uptake.Shown, false, time.Hour), change(uptake.Shown, true, time.Hour), unknown(14 * time.Hour),
		},
		InProgress: []plan.Accepted{unknown(time.Minute)},
		Parcels: []*state.Entry{
			{Ref: order.Ref{Source: "Amazon", SourceNumber: "112-1"}, Pull: &state.Pull{Parcel: order.Parcel{Tracking: "1Z1"}, Since: now}},
			{Ref: order.Ref{Source: "eBay", SourceNumber: "07-1"}, Pull: &state.Pull{Since: now}},
		},
		Feeds:          watch.Report{At: now.Add(-3 * time.Hour), Results: []watch.Result{fails, fails, {FeedID: "f2", Outcome: watch.Fail, Severity: watch.Warn}}},
		Unacknowledged: []plan.Unacknowledged{walmart(5 * time.Hour), walmart(190 * time.Minute), walmart(150 * time.Minute)},
		Unclaimed:      plan.UnclaimedNow{Unclaimed: plan.Unclaimed{Count: 37, Oldest: now.Add(-76 * time.Hour)}, Known: true, NewOnly: true, AtLeast: true},
		Problems:       []FeedsProblem{{Account: "eu", Message: "no answer"}},
	}
	doc := StatusOf(found)
	var got []string
	for i := range doc.Items {
		item := &doc.Items[i]
		got = append(got, strings.Join([]string{string(item.Group), item.Number() + " " + item.Words(), item.Age(doc.At), item.Command}, " | "))
	}
	want := []string{
		"needs_you | 1 refused by the marketplace | oldest 2 h | verify",
		"needs_you | 1 PULL PARCEL 1Z1 | Amazon 112-1 | status --pull-list",
		"needs_you | 1 PULL PARCEL (no number) | eBay 07-1 | status --pull-list",
		"needs_you | 1 changed by somebody else | oldest 9 h | verify",
		"needs_you | 1 accepted, never shown | oldest 3 h | verify",
		"needs_you | 1 outcome unknown | oldest 14 h | apply",
		"needs_you | 1 Walmart, not acknowledged | oldest 5 h of 4 h | orders list --status new --source Walmart",
		"needs_you | 1 feed fails | checked 3 h ago | feeds check",
		"waiting | 1 accepted, not shown yet | oldest 25 min | verify",
		"waiting | 1 shown, not confirmed yet | oldest 1 h | ",
		"waiting | 1 call in progress | oldest 1 min | ",
		"waiting | 2 Walmart, not acknowledged | oldest 3 h 10 min of 4 h | orders list --status new --source Walmart",
		"not_in_a_table | 37+ new orders | oldest 3 d 4 h | orders list --unclaimed --status new",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if doc.Result != NeedsPerson || doc.Things() != 8 || len(doc.Problems) != 1 {
		t.Errorf("%s, %d things, %+v", doc.Result, doc.Things(), doc.Problems)
	}
	found.Open, found.Parcels, found.Feeds, found.Unacknowledged = found.Open[:1], nil, watch.Report{}, nil
	if doc := StatusOf(found); doc.Result != OnlyWaits {
		t.Error(doc.Result)
	}
	found.Open, found.InProgress = nil, nil
	if doc := StatusOf(found); doc.Result != NothingOpen || len(doc.Items) != 1 {
		t.Errorf("%s, %+v", doc.Result, doc.Items)
	}
}
