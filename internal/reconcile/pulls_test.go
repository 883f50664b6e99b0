package reconcile_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/forges"
	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/reconcile"
)

const approved, requested, commented, dismissed = "APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED"

// caseOfPull is one pull request of ann's, which ships an order.
type caseOfPull struct {
	least int                            // 0: one
	let   func(s *pulls, p *forges.Pull) // from the first push to just before the merge
	after func(s *pulls, p *forges.Pull) // the merge
	by    string                         // who approved what was sent; empty: nothing is sent
	why   string                         // a part of why not
	err   bool                           // nothing at all is done
}

// published, then reviewed.
func reviewedBy(login string, states ...string) func(s *pulls, p *forges.Pull) {
	return func(s *pulls, p *forges.Pull) {
		s.publishFor(p)
		for _, state := range states {
			s.says(p, login, state)
		}
	}
}

func denied(part string) func(s *pulls, p *forges.Pull) {
	return func(s *pulls, _ *forges.Pull) { s.deny(part) }
}

var casesOfPulls = map[string]caseOfPull{
	"approved":                         {let: reviewedBy("carol", approved), by: "carol"},
	"nobody looked":                    {let: reviewedBy("carol"), why: "nobody reviewed it"},
	"a user who may only read":         {let: reviewedBy("rita", approved), why: "rita has no write permission"},
	"somebody from outside":            {let: reviewedBy("otto", approved), why: "otto has no write permission"},
	"a bot":                            {let: reviewedBy("helper[bot]", approved), why: "helper[bot] is a bot"},
	"the author":                       {let: reviewedBy("ann", approved), why: "ann wrote the pull request"},
	"the author in capitals":           {let: reviewedBy("ANN", approved), why: "ANN wrote the pull request"},
	"dismissed":                        {let: reviewedBy("carol", approved, dismissed), why: "carol the approval was dismissed"},
	"changes requested":                {let: reviewedBy("carol", requested), why: "carol did not approve"},
	"approved, then changes requested": {let: reviewedBy("carol", approved, requested), why: "carol did not approve"},
	"changes requested, then approved": {let: reviewedBy("carol", requested, approved), by: "carol"},
	"a comment after the approval":     {let: reviewedBy("carol", approved, commented), by: "carol"},
	"only a comment":                   {let: reviewedBy("carol", commented), why: "nobody reviewed it"},
	"who wrote a commit": {let: func(s *pulls, p *forges.Pull) {
		s.pushBy("carol", "ann", p, shipments("112-1"), "# typo")
		reviewedBy("carol", approved)(s, p)
	}, why: "carol wrote or committed one of its commits"},
	"who committed one": {let: func(s *pulls, p *forges.Pull) {
		s.pushBy("ann", "carol", p, shipments("112-1"), "# typo")
		reviewedBy("carol", approved)(s, p)
	}, why: "carol wrote or committed one of its commits"},
	"an older head with other changes": {let: func(s *pulls, p *forges.Pull) {
		reviewedBy("carol", approved)(s, p)
		s.push(p, shipments("112-1", "112-2"))
		s.publishFor(p)
	}, why: "carol approved an earlier commit, whose plan was another one"},
	"an older head that does the same": {let: func(s *pulls, p *forges.Pull) {
		reviewedBy("carol", approved)(s, p)
		s.push(p, shipments("112-1"), "# a comment alone")
		s.publishFor(p)
	}, by: "carol"},
	"an older head, and no plan since": {let: func(s *pulls, p *forges.Pull) {
		reviewedBy("carol", approved)(s, p)
		s.push(p, shipments("112-1"), "# a comment alone")
	}, why: "carol approved an earlier commit, whose plan was another one"},
	"before the plan": {let: func(s *pulls, p *forges.Pull) {
		s.says(p, "carol", approved)
		s.publishFor(p)
	}, why: "carol approved before a plan was published for that commit"},
	"planned again after the approval": {let: func(s *pulls, p *forges.Pull) {
		reviewedBy("carol", approved)(s, p)
		s.publishFor(p)
	}, by: "carol"},
	"no plan": {let: func(s *pulls, p *forges.Pull) { s.says(p, "carol", approved) }, why: "no reviewed plan changes this order"},
	"a plan without the forge's time": {let: func(s *pulls, p *forges.Pull) {
		s.env["GITHUB_TOKEN"] = ""
		s.publishFor(p)
		s.env["GITHUB_TOKEN"] = forgeToken
		s.says(p, "carol", approved)
	}, why: "carol approved a commit whose plan was published without the forge's time"},
	"two of two": {least: 2, let: func(s *pulls, p *forges.Pull) {
		reviewedBy("carol", approved)(s, p)
		s.says(p, "bob", approved)
	}, by: "bob carol"},
	"one of two":     {least: 2, let: reviewedBy("carol", approved), why: "needs 2 approvals of one plan (min_approvals): carol approved plan "},
	"the same twice": {least: 2, let: reviewedBy("carol", approved, approved), why: "needs 2 approvals"},
	"each of two approved another plan": {least: 2, let: func(s *pulls, p *forges.Pull) {
		made := s.publishFor(p)
		s.says(p, "carol", approved)
		s.forge(made, func(p *plan.Plan) { p.Changes[0].After.Tracking = "1Z999AA10123456700" })
		s.passMinute()
		s.says(p, "bob", approved)
	}, why: "needs 2 approvals"},
	"page 2: approved": {let: func(s *pulls, p *forges.Pull) {
		s.publishFor(p)
		s.chatter(p, 100)
		s.says(p, "carol", approved)
	}, by: "carol"},
	"page 2: changes requested": {let: func(s *pulls, p *forges.Pull) {
		reviewedBy("carol", approved)(s, p)
		s.chatter(p, 100)
		s.says(p, "carol", requested)
	}, why: "carol did not approve"},
	"approved after the merge": {let: reviewedBy("carol"), after: func(s *pulls, p *forges.Pull) { s.says(p, "carol", approved) }, by: "carol"},
	"merged to another branch": {let: func(s *pulls, p *forges.Pull) {
		p.Branch = "dev"
		reviewedBy("carol", approved)(s, p)
	}, why: "no reviewed plan changes this order"},
	"more than 250 commits": {let: func(s *pulls, p *forges.Pull) {
		p.MoreCommits = 250
		reviewedBy("carol", approved)(s, p)
	}, why: "it has 251 commits, and the authors of at most 250 can be read. Split it, or squash its commits"},
	"250 commits": {let: func(s *pulls, p *forges.Pull) {
		p.MoreCommits = 249
		reviewedBy("carol", approved)(s, p)
	}, by: "carol"},
	"403: pull requests": {let: reviewedBy("carol", approved), after: denied("/pulls"), err: true, why: "pull-requests: read"},
	"403: reviews":       {let: reviewedBy("carol", approved), after: denied("/reviews"), err: true, why: "who reviewed it can't be read"},
	"403: commits":       {let: reviewedBy("carol", approved), after: denied("/17/commits"), err: true, why: "who wrote its commits can't be read"},
	"403: permissions":   {let: reviewedBy("carol", approved), after: denied("/collaborators/"), err: true, why: "the permission of a person who approved can't be read (the forge: it answered 403 Forbidden: the token lacks a permission): give the token that permission, or remove min_approvals"},
	"no token": {let: reviewedBy("carol", approved), after: func(s *pulls, _ *forges.Pull) { s.env["GITHUB_TOKEN"] = "" },
		err: true, why: "the policy asks for 1 approval of each pull request (min_approvals, main.hcl:7), and the forge can't be asked who approved: there is no token for the forge: pass GITHUB_TOKEN"},
	"no forge": {let: reviewedBy("carol", approved), after: func(s *pulls, _ *forges.Pull) { s.env["GITHUB_API_URL"] = "" },
		err: true, why: "and the forge can't be asked who approved: this is not a job of GitHub Actions or GitLab CI"},
}

// A row for each rule of what counts as an approval, from the push to the calls.
func TestApprovalsOfPullRequests(t *testing.T) {
	for name, c := range casesOfPulls {
		t.Run(name, func(t *testing.T) {
			onGitHub(t, max(c.least, 1), func(t *testing.T, s *pulls) {
				s.processing("112-1")
				p := s.open(17, shipments("112-1"))
				c.let(s, p)
				s.merge(p)
				if c.after != nil {
					c.after(s, p)
				}
				s.checkPull(c)
			})
		})
	}
}

func (s *pulls) checkPull(c caseOfPull) {
	s.Helper()
	done, err := s.reviewed(reconcile.ReviewedRequest{})
	if (err != nil) != c.err {
		s.Fatal(err)
	}
	if err != nil {
		expect(s.T, "sent", nil, s.sent())
		if !strings.HasPrefix(err.Error(), "nothing was sent") || !strings.Contains(err.Error(), c.why) {
			s.Error(err)
		}
		return
	}
	if c.by != "" {
		expect(s.T, "sent", []string{"Shipped 112-1"}, s.sent())
		if by := strings.Join(done.Reviewed[0].Review.Approvers, " "); by != c.by || done.Reviewed[0].Name != "#17" || !done.Complete() {
			s.Errorf("approved by %q in %s, complete: %v", by, done.Reviewed[0].Name, done.Complete())
		}
		return
	}
	expect(s.T, "sent", nil, s.sent())
	for _, item := range done.Result.Items {
		if item.Order.SourceNumber == "112-1" && (item.Result != apply.NotReviewed || !strings.Contains(item.Message, c.why)) {
			s.Errorf("%s: %s", item.Result, item.Message)
		}
	}
	if done.Complete() || len(done.Result.Items) == 0 {
		s.Errorf("%+v", done.Result)
	}
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

// chatter adds comments.
func (s *pulls) chatter(p *forges.Pull, n int) {
	for range n {
		s.world.Review(p.Number, forges.Review{Login: "carol", State: commented, Commit: p.Head})
	}
}

// warned checks that a warning was given.
func (s *pulls) warned(part string) {
	s.Helper()
	for _, text := range s.warnings {
		if strings.Contains(text, part) {
			return
		}
	}
	s.Errorf("no warning has %q: %q", part, fmt.Sprint(s.warnings))
}
