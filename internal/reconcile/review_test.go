package reconcile_test

import (
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/reconcile"
)

func expect(t *testing.T, what string, want, got []string) {
	t.Helper()
	want, got = slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(got)) // calls run side by side
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: %s", what, diff)
	}
}

func inBubble(t *testing.T, test func(t *testing.T, s *team)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, newTeam(t)) })
}

// What reviewers were shown is sent, and nothing else. The rest is listed, and keeps
// the run from being complete.
func TestOnlyWhatWasReviewedIsSent(t *testing.T) {
	inBubble(t, func(t *testing.T, s *team) {
		s.processing("112-1", "112-2")
		s.commit(s.head, shipments("112-1"))
		s.publish()
		s.commit(s.head, shipments("112-1", "112-2")) // pushed past the review
		done := s.mustReview()
		expect(t, "sent", []string{"Shipped 112-1"}, s.sent())
		expect(t, "not reviewed", []string{"ship 112-2"}, notReviewed(done))
		if done.Complete() || len(done.Reviewed) != 1 {
			t.Errorf("complete %v, plans %v", done.Complete(), done.Reviewed)
		}
		s.publish()
		if done := s.mustReview(); !done.Complete() {
			t.Errorf("%+v", done.Result)
		}
		expect(t, "sent", []string{"Shipped 112-1", "Shipped 112-2"}, s.sent())
	})
}

// A published plan was altered, and its checksum made again: with another tracking
// number, and with a cancel that nobody asked for. Neither is sent, both are listed.
func TestAForgedPlan(t *testing.T) {
	inBubble(t, func(t *testing.T, s *team) {
		s.processing("112-1", "112-2", "112-3")
		s.commit(s.head, shipments("112-1", "112-2"))
		made := s.publish()
		s.forge(made, func(p *plan.Plan) {
			p.Changes[0].After.Tracking = "1Z999AA10123456700"
			cancel := p.Changes[0]
			cancel.Address, cancel.Order = `order["x"]`, order.Ref{ID: "forged", Source: "Amazon", SourceNumber: "112-3"}
			cancel.Actions, cancel.After, cancel.Reason = []order.Action{order.Cancel}, order.Values{Status: order.Cancelled}, "mine"
			p.Changes = append(p.Changes, cancel)
		})
		done := s.mustReview()
		expect(t, "sent", []string{"Shipped 112-2"}, s.sent())
		expect(t, "not reviewed", []string{"cancel 112-3", "ship 112-1"}, notReviewed(done))
		if done.Complete() {
			t.Error("the run calls itself complete")
		}
	})
}

// Three pull requests were merged, and the runs of two never came: the third sends
// what reviewers were shown of all of them, once each.
func TestDroppedRuns(t *testing.T) {
	inBubble(t, func(t *testing.T, s *team) {
		s.processing("112-1", "112-2", "112-3")
		for i, number := range []string{"112-1", "112-2", "112-3"} {
			// each pull request shows what it adds
			s.commit(s.head, shipments([]string{"112-1", "112-2", "112-3"}[:i+1]...))
			s.forge(s.publish(), func(p *plan.Plan) { // only its own change
				var own []plan.Change
				for _, c := range p.Changes {
					if c.Order.SourceNumber == number {
						own = append(own, c)
					}
				}
				p.Changes = own
			})
		}
		if done := s.mustReview(); !done.Complete() || len(done.Reviewed) != 3 {
			t.Errorf("%d plans, %+v", len(done.Reviewed), done.Result)
		}
		expect(t, "sent", []string{"Shipped 112-1", "Shipped 112-2", "Shipped 112-3"}, s.sent())
		if done := s.mustReview(); done.Sent || !done.Complete() {
			t.Errorf("a second run did something: %+v", done.Result)
		}
	})
}

// After a squash merge no commit of the pull request is in the history: the plan of
// the same configuration counts.
func TestASquashMerge(t *testing.T) {
	inBubble(t, func(t *testing.T, s *team) {
		s.processing("112-1")
		s.git("checkout", "-q", "-b", "pr")
		s.commit(s.head, shipments("112-1"))
		s.publish()
		s.git("checkout", "-q", "main")
		s.commit("# squashed\n"+s.head, shipments("112-1"))
		if done := s.mustReview(); !done.Complete() {
			t.Errorf("%+v", done.Result)
		}
		expect(t, "sent", []string{"Shipped 112-1"}, s.sent())
	})
}

// An old job that is run again sends nothing, unless that is asked for.
func TestAnOlderCommit(t *testing.T) {
	inBubble(t, func(t *testing.T, s *team) {
		s.processing("112-1", "112-2")
		older := s.commit(s.head, shipments("112-1"))
		s.publish()
		s.commit(s.head, shipments("112-2"))
		s.publish()
		s.mustReview()
		expect(t, "sent", []string{"Shipped 112-2"}, s.sent())
		s.git("checkout", "-q", older)
		if _, err := s.reviewed(reconcile.ReviewedRequest{}); err == nil || !strings.Contains(err.Error(), "--older") {
			t.Error(err)
		}
		expect(t, "sent", []string{"Shipped 112-2"}, s.sent())
		if _, err := s.reviewed(reconcile.ReviewedRequest{Older: true}); err != nil {
			t.Error(err)
		}
		expect(t, "sent", []string{"Shipped 112-2", "Shipped 112-1"}, s.sent())
		recorded, err := reconcile.ExportAudit(t.Context(), reconcile.AuditRequest{
			Source: s.source(), Filter: audit.Filter{Action: audit.Older}, To: io.Discard,
			Encode: func(io.Writer) (reconcile.AuditEncoder, error) { return noEncoder{}, nil },
		}, s.deps, s.observe)
		if err != nil || recorded != 1 {
			t.Errorf("%d entries, %v", recorded, err)
		}
	})
}

type noEncoder struct{}

func (noEncoder) Write(*audit.Entry) error { return nil }
func (noEncoder) Flush() error             { return nil }

func TestOnePlanByItsHash(t *testing.T) {
	inBubble(t, func(t *testing.T, s *team) {
		s.processing("112-1", "112-2")
		s.commit(s.head, shipments("112-1"))
		made := s.publish()
		s.commit(s.head, shipments("112-1", "112-2"))
		s.publish()
		first, err := s.reviewed(reconcile.ReviewedRequest{Hash: made.Hash[:12]})
		if err != nil {
			t.Fatal(err)
		}
		expect(t, "sent", []string{"Shipped 112-1"}, s.sent())
		expect(t, "not reviewed", []string{"ship 112-2"}, notReviewed(first))
		again, err := s.reviewed(reconcile.ReviewedRequest{Hash: made.Hash[:12]})
		if err != nil || again.DoneBefore != first.RunID || again.Sent {
			t.Errorf("%v, %+v", err, again)
		}
		if _, err := s.reviewed(reconcile.ReviewedRequest{Hash: "abcdef"}); err == nil || !strings.Contains(err.Error(), "gdfctl plans list") {
			t.Error(err)
		}
	})
}

// Plans that are too old, that were discarded, or that speak of a state which others
// know more of, count as not reviewed.
func TestPlansThatDontCount(t *testing.T) {
	for name, spoil := range map[string]func(s *team, made *reconcile.PlanReport){
		"too old": func(s *team, _ *reconcile.PlanReport) { time.Sleep(8 * 24 * time.Hour) },
		"discarded": func(s *team, made *reconcile.PlanReport) {
			if _, err := reconcile.DiscardPlan(s.Context(), s.source(), made.Hash, "wrong", s.deps, s.observe); err != nil {
				s.Fatal(err)
			}
		},
		"from the future": func(s *team, made *reconcile.PlanReport) {
			s.forge(made, func(p *plan.Plan) { p.CreatedAt = p.CreatedAt.Add(time.Hour) })
		},
		"of another state": func(s *team, made *reconcile.PlanReport) { s.forge(made, func(p *plan.Plan) { p.Lineage = "other" }) },
		"of another account": func(s *team, made *reconcile.PlanReport) {
			s.forge(made, func(p *plan.Plan) { p.Accounts[0].EndpointHash = "x" })
		},
		"of records that are gone": func(s *team, made *reconcile.PlanReport) {
			s.forge(made, func(p *plan.Plan) { position := *p.Position; position.N += 1000; p.Position = &position })
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, s *team) {
				s.processing("112-1")
				s.commit(s.head, shipments("112-1"))
				spoil(s, s.publish())
				done := s.mustReview()
				expect(t, "sent", nil, s.sent())
				expect(t, "not reviewed", []string{"ship 112-1"}, notReviewed(done))
			})
		})
	}
}
