package state

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/provenance"
)

// Each call is recorded with the review of its own plan, whoever finds out its outcome:
// the run that made it, the one that finds its journal, or one that only finds the state.
func TestAReviewIsRecordedWithEachCall(t *testing.T) {
	reviews := map[string]*provenance.Review{
		"p1": {PullRequest: "https://example.com/pull/17", Author: "ann", Approvers: []string{"carol", "dave"}, Merger: "bob", Head: "h1", Base: "b1", Merge: "m1"},
		"p2": {PullRequest: "https://example.com/pull/18", Author: "eve", Approvers: []string{"carol"}, Merger: "bob", Head: "h2", Base: "b2", Merge: "m2"},
	}
	of := func(n int, plan string) Intent {
		in := shipping(n)
		in.PlanHash = plan
		return in
	}
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	must(t, x.Begin(Run{ID: "run-1", PlanHash: "all", Command: "apply", Reviews: reviews}))
	must(t, x.RecordOutcome(mustIntend(t, x, of(1, "p1")), Outcome{Result: order.Done}))
	must(t, x.RecordOutcome(mustIntend(t, x, of(2, "")), Outcome{Result: order.Done})) // of no reviewed plan
	committed := mustIntend(t, x, of(3, "p2"))
	must(t, x.Commit()) // the state holds the open call
	crashed := mustIntend(t, x, of(4, "p1"))
	must(t, x.Close()) // the journal alone does

	s.who = provenance.Provenance{Who: "zoe", Author: "zoe", PullRequest: "other"}
	x = mustLock(t, s)
	must(t, x.Begin(Run{ID: "run-2", Command: "apply"}))
	must(t, x.RecordOutcome(committed, Outcome{Result: order.Done, ReadBack: true}))
	must(t, x.RecordOutcome(crashed, Outcome{Result: order.NoEffect}))
	must(t, x.Commit())

	got := map[string]provenance.Review{} // of the entry of an outcome
	for r, err := range s.AuditList(audit.Filter{}) {
		must(t, err)
		if r.Result == order.Unknown {
			continue
		}
		got[r.Order.ID] = provenance.Review{PullRequest: r.PullRequest, Author: r.Author, Approvers: r.Approvers, Merger: r.Merger, Head: r.Head, Base: r.Base, Merge: r.Merge}
	}
	want := map[string]provenance.Review{"order1": *reviews["p1"], "order2": {}, "order3": *reviews["p2"], "order4": *reviews["p1"]}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
