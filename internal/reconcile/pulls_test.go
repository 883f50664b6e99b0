package reconcile_test

import (
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/forges"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/reconcile"
)

// GitLab's approvals name no commit, so that two settings of the project are needed, and
// the time of each approval.
func TestApprovalsOfMergeRequests(t *testing.T) {
	for name, c := range map[string]caseOfPull{
		"approved":                 {let: reviewedBy("carol", approved), by: "carol"},
		"nobody looked":            {let: reviewedBy("carol"), why: "nobody reviewed it"},
		"the author":               {let: reviewedBy("ann", approved), why: "ann wrote the pull request"},
		"a user who may only read": {let: reviewedBy("rita", approved), why: "rita has no write permission"},
		"before the plan":          {let: func(s *pulls, p *forges.Pull) { s.says(p, "carol", approved); s.publishFor(p) }, why: "carol approved before a plan was published for that commit"},
		"an older version": {let: func(s *pulls, p *forges.Pull) {
			reviewedBy("carol", approved)(s, p)
			s.push(p, shipments("112-1", "112-2"))
			s.publishFor(p)
		}, why: "carol approved an earlier commit"},
		"approvals stay on a push": {let: reviewedBy("carol", approved), after: func(s *pulls, _ *forges.Pull) { s.world.KeepsApprovalsOnPush = true }, err: true, why: "choose to remove all approvals when commits are added"},
		"committers approve":       {let: reviewedBy("carol", approved), after: func(s *pulls, _ *forges.Pull) { s.world.CommittersApprove = true }, err: true, why: "prevent approvals by users who add commits"},
		"without times":            {let: reviewedBy("carol", approved), after: func(s *pulls, _ *forges.Pull) { s.world.NoApprovalTimes = true }, err: true, why: "approved_at"},
		"403: the settings":        {let: reviewedBy("carol", approved), after: denied("/projects/7/approvals"), err: true, why: "the approval settings of the project can't be read"},
		"403: the merge request":   {let: reviewedBy("carol", approved), after: denied("/merge_requests"), err: true, why: "read_api"},
		"no token":                 {let: reviewedBy("carol", approved), after: func(s *pulls, _ *forges.Pull) { s.env["GITLAB_TOKEN"] = "" }, err: true, why: "there is no token for the forge"},
	} {
		t.Run(name, func(t *testing.T) {
			onGitLab(t, 1, func(t *testing.T, s *pulls) { s.playPull(c) })
		})
	}
	onGitLab(t, 0, func(t *testing.T, s *pulls) { // what can't be counted is not needed
		s.processing("112-1")
		p := s.open(17, shipments("112-1"))
		reviewedBy("carol", approved)(s, p)
		s.merge(p)
		s.world.KeepsApprovalsOnPush = true
		done := s.mustReview()
		expect(t, "sent", []string{"Shipped 112-1"}, s.sent())
		if name := done.Reviewed[0].Name; name != "!17" || len(done.Reviewed[0].Review.Approvers) != 0 {
			t.Errorf("%s, %v", name, done.Reviewed[0].Review)
		}
		s.warned("choose to remove all approvals when commits are added")
	})
	onGitLab(t, 1, func(t *testing.T, s *pulls) {
		s.head = strings.Replace(s.head, "min_approvals = 1", "min_approvals = 1\n  approvals = \"environment\"", 1)
		s.playPull(caseOfPull{let: reviewedBy("carol", approved), err: true, why: "approvals = \"environment\" is for GitHub"})
	})
}

// What came with no pull request is not sent, with the approved rest around it; it is
// not in the way of later pull requests, whose plans show it.
func TestADirectPush(t *testing.T) {
	onGitHub(t, 1, func(t *testing.T, s *pulls) {
		s.processing("112-1", "112-2", "112-3")
		p := s.open(17, shipments("112-1"))
		reviewedBy("carol", approved)(s, p)
		s.merge(p)
		direct := s.commit(s.head, shipments("112-1", "112-2"))
		s.publish() // by the job of the branch: nobody was shown it
		done := s.mustReview()
		expect(t, "sent", []string{"Shipped 112-1"}, s.sent())
		expect(t, "not reviewed", []string{"ship 112-2"}, notReviewed(done))
		s.warned("1 commit came with no pull request (" + direct[:12] + ")")
		next := s.open(18, shipments("112-1", "112-2", "112-3"))
		reviewedBy("bob", approved)(s, next)
		s.merge(next)
		if done := s.mustReview(); !done.Complete() {
			t.Errorf("%+v", done.Result)
		}
		expect(t, "sent", []string{"Shipped 112-1", "Shipped 112-2", "Shipped 112-3"}, s.sent())
	})
}

// A pull request that nobody approved holds up no other one, and is sent once somebody
// did, though it was merged long before.
func TestAnApprovalThatComesLate(t *testing.T) {
	onGitHub(t, 1, func(t *testing.T, s *pulls) {
		s.processing("112-1", "112-2")
		first := s.open(17, shipments("112-1"))
		s.publishFor(first)
		s.merge(first)
		second := s.open(18, shipments("112-1", "112-2"))
		s.publishFor(second)
		s.says(second, "carol", approved)
		s.merge(second)
		done := s.mustReview()
		expect(t, "sent", []string{"Shipped 112-1", "Shipped 112-2"}, s.sent()) // the second one shows both
		if len(done.Reviewed) != 1 || done.Reviewed[0].Name != "#18" {
			t.Errorf("%+v", done.Reviewed)
		}
		third := s.open(19, shipments("112-1", "112-2", "112-3"))
		s.processing("112-3")
		s.publishFor(third)
		s.merge(third)
		done = s.mustReview()
		expect(t, "not reviewed", []string{"ship 112-3"}, notReviewed(done))
		s.says(third, "dave", approved)
		if done := s.mustReview(); !done.Complete() {
			t.Errorf("%+v", done.Result)
		}
		expect(t, "sent", []string{"Shipped 112-1", "Shipped 112-2", "Shipped 112-3"}, s.sent())
	})
}

// Under min_approvals, no other apply sends anything.
func TestOnlyReviewedChangesWhereApprovalsAreNeeded(t *testing.T) {
	onGitHub(t, 1, func(t *testing.T, s *pulls) {
		s.processing("112-1")
		s.commit(s.head, shipments("112-1"))
		_, err := s.apply(t.Context(), reconcile.ApplyRequest{})
		if err == nil || !strings.Contains(err.Error(), "gdfctl apply --published") {
			t.Error(err)
		}
		expect(t, "sent", nil, s.sent())
	})
}

// One plan by its hash needs the approvals too, of itself or of one that does the same.
func TestOnePlanNeedsItsApprovals(t *testing.T) {
	onGitHub(t, 1, func(t *testing.T, s *pulls) {
		s.processing("112-1")
		p := s.open(17, shipments("112-1"))
		made := s.publishFor(p)
		if _, err := s.reviewed(reconcile.ReviewedRequest{Hash: made.Hash}); err == nil || !strings.Contains(err.Error(), "pull request #17 was not merged into this branch") {
			t.Error(err)
		}
		s.merge(p)
		done, err := s.reviewed(reconcile.ReviewedRequest{Hash: made.Hash})
		if err != nil || len(notReviewed(done)) != 1 {
			t.Errorf("%v, %+v", err, done)
		}
		expect(t, "sent", nil, s.sent())
		s.says(p, "carol", approved)
		s.forge(made, func(p *plan.Plan) { p.CreatedAt = p.CreatedAt.Add(1) })
		if done, err = s.reviewed(reconcile.ReviewedRequest{Hash: made.Hash}); err != nil || !done.Complete() {
			t.Errorf("%v, %+v", err, done)
		}
		expect(t, "sent", []string{"Shipped 112-1"}, s.sent())
	})
}

// A plan that names no pull request, as of a job without a token, can be named by its
// hash where no approval is needed.
func TestAPlanThatNamesNoPullRequest(t *testing.T) {
	for least, sent := range [][]string{0: {"Shipped 112-1"}, 1: nil} {
		onGitHub(t, least, func(t *testing.T, s *pulls) {
			s.processing("112-1")
			s.git("checkout", "-q", "-b", "other")
			s.commit(s.head, shipments("112-1"))
			made := s.publish()
			done, err := s.reviewed(reconcile.ReviewedRequest{Hash: made.Hash})
			expect(t, "sent", sent, s.sent())
			if (err == nil) != (least == 0) || err == nil && done.Reviewed[0].Name != "" || err != nil && !strings.Contains(err.Error(), "it names no pull request") {
				t.Error(err)
			}
		})
	}
}

// Where no approval is needed, what was merged is sent, as it was when it was merged, and
// who approved it is on record.
func TestPullRequestsThatNeedNoApproval(t *testing.T) {
	onGitHub(t, 0, func(t *testing.T, s *pulls) {
		s.processing("112-1", "112-2")
		p := s.open(17, shipments("112-1"))
		made := s.publishFor(p)
		s.merge(p)
		s.processing("112-3")
		late := *p
		late.Head = p.Head
		s.git("checkout", "-q", "main")
		s.commit(s.head, shipments("112-1", "112-3"))
		s.publishFor(&late) // of the same commit, after the merge
		s.git("checkout", "-q", "main")
		done := s.mustReview()
		expect(t, "sent", []string{"Shipped 112-1"}, s.sent())
		if len(done.Reviewed) != 1 || done.Reviewed[0].Hash != made.Hash || len(done.Reviewed[0].Review.Approvers) != 0 || done.Reviewed[0].Review.Merger != "merger" {
			t.Errorf("%+v", done.Reviewed)
		}
	})
}

// Who lets the run go ahead approves what was merged, if the policy says so.
func TestApprovalsOfEnvironments(t *testing.T) {
	for name, c := range map[string]struct {
		run forges.Run
		by  string
		why string
		err bool
	}{
		"approved":                     {run: forges.Run{Approvals: []string{"carol approved"}}, by: "carol"},
		"rejected":                     {run: forges.Run{Approvals: []string{"carol rejected"}}, why: "nobody reviewed it"},
		"by the author":                {run: forges.Run{Approvals: []string{"ann approved"}}, why: "ann wrote the pull request"},
		"by somebody who may not push": {run: forges.Run{Approvals: []string{"rita approved"}}, why: "rita has no write permission"},
		"by a bot":                     {run: forges.Run{Approvals: []string{"helper[bot] approved"}}, why: "is a bot"},
		"of another commit":            {run: forges.Run{Commit: strings.Repeat("cd", 20), Approvals: []string{"carol approved"}}, err: true, why: "this run is for another commit"},
	} {
		t.Run(name, func(t *testing.T) {
			onGitHub(t, 1, func(t *testing.T, s *pulls) {
				s.head = strings.Replace(s.head, "min_approvals = 1", "min_approvals = 1\n  approvals = \"environment\"", 1)
				s.processing("112-1")
				p := s.open(17, shipments("112-1"))
				s.publishFor(p)
				s.merge(p)
				if c.run.Commit == "" {
					c.run.Commit = s.git("rev-parse", "HEAD")
				}
				s.world.Runs["900"] = c.run
				s.checkPull(caseOfPull{by: c.by, why: c.why, err: c.err})
			})
		})
	}
	onGitHub(t, 2, func(t *testing.T, s *pulls) { // once, beside a review
		s.head = strings.Replace(s.head, "min_approvals = 2", "min_approvals = 2\n  approvals = \"environment\"", 1)
		s.processing("112-1")
		p := s.open(17, shipments("112-1"))
		reviewedBy("carol", approved)(s, p)
		s.merge(p)
		s.world.Runs["900"] = forges.Run{Commit: s.git("rev-parse", "HEAD"), Approvals: []string{"Carol approved"}}
		s.checkPull(caseOfPull{why: "needs 2 approvals"})
		s.world.Runs["900"] = forges.Run{Commit: s.git("rev-parse", "HEAD"), Approvals: []string{"Carol approved", "dave approved"}}
		s.checkPull(caseOfPull{by: "Carol dave"})
	})
	onGitHub(t, 1, func(t *testing.T, s *pulls) { // not if it does not say so
		s.processing("112-1")
		p := s.open(17, shipments("112-1"))
		s.publishFor(p)
		s.merge(p)
		s.world.Runs["900"] = forges.Run{Commit: s.git("rev-parse", "HEAD"), Approvals: []string{"carol approved"}}
		s.checkPull(caseOfPull{why: "nobody reviewed it"})
	})
	onGitHub(t, 1, func(t *testing.T, s *pulls) { // and not if the run can't be read
		s.head = strings.Replace(s.head, "min_approvals = 1", "min_approvals = 1\n  approvals = \"environment\"", 1)
		s.processing("112-1")
		p := s.open(17, shipments("112-1"))
		s.publishFor(p)
		s.merge(p)
		s.checkPull(caseOfPull{err: true, why: "give the token the permission actions: read"})
	})
}

// The strictest policy counts, whichever directory it is from.
func TestTheStricterPolicyOfApprovals(t *testing.T) {
	for name, c := range map[string]struct {
		policy string
		sent   []string
	}{
		"more approvals": {"policy {\n  min_approvals = 2\n  approvals = \"environment\"\n}\n", nil},
		"reviews alone":  {"policy {\n  min_approvals = 1\n}\n", nil},
		"no opinion":     {"policy {}\n", []string{"Shipped 112-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			onGitHub(t, 1, func(t *testing.T, s *pulls) {
				s.head = strings.Replace(s.head, "min_approvals = 1", "min_approvals = 1\n  approvals = \"environment\"", 1)
				s.processing("112-1")
				p := s.open(17, shipments("112-1"))
				s.publishFor(p)
				s.merge(p)
				s.world.Runs["900"] = forges.Run{Commit: s.git("rev-parse", "HEAD"), Approvals: []string{"carol approved"}}
				s.policies = []string{s.policyDir(c.policy)}
				s.mustReview()
				expect(t, "sent", c.sent, s.sent())
			})
		})
	}
}
