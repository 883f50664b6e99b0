package reconcile_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

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
	"before the plan, by a runner whose clock is behind": {let: func(s *pulls, p *forges.Pull) {
		s.says(p, "carol", approved)
		now := s.deps.Now
		s.deps.Now = func() time.Time { return now().Add(-time.Hour) }
		s.publishFor(p)
		s.deps.Now = now
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
	"a plan that is too old":   {let: reviewedBy("carol", approved), after: func(s *pulls, _ *forges.Pull) { s.passDays(7) }, why: "no reviewed plan changes this order"},
	"merged too long ago":      {let: reviewedBy("carol", approved), after: func(s *pulls, _ *forges.Pull) { s.passDays(9) }, why: "no reviewed plan changes this order"},
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
		p.Commits = append(slices.Repeat([]forges.Commit{{SHA: "0", Author: p.Author, Committer: p.Author}}, 249), p.Commits...)
		reviewedBy("carol", approved)(s, p)
	}, by: "carol"},
	"commits that are not listed": {let: func(s *pulls, p *forges.Pull) {
		p.MoreCommits = 1
		reviewedBy("carol", approved)(s, p)
	}, err: true, why: "#17 don't count: the forge lists 1 of its 2 commits, so who wrote them is not known. Apply again later"},
	"403: pull requests": {let: reviewedBy("carol", approved), after: denied("/pulls"), err: true, why: "pull-requests: read"},
	"403: reviews":       {let: reviewedBy("carol", approved), after: denied("/reviews"), err: true, why: "who reviewed it can't be read"},
	"403: commits":       {let: reviewedBy("carol", approved), after: denied("/17/commits"), err: true, why: "who wrote its commits can't be read"},
	"403: permissions":   {let: reviewedBy("carol", approved), after: denied("/collaborators/"), err: true, why: "the permission of a person who approved can't be read (the forge: it answered 403 Forbidden: the token lacks a permission): give the token that permission, or remove min_approvals"},
	"no token":           {let: reviewedBy("carol", approved), after: func(s *pulls, _ *forges.Pull) { s.env["GITHUB_TOKEN"] = "" }, err: true, why: "the policy asks for 1 approval of each pull request (min_approvals, main.hcl:7), and the forge can't be asked who approved: there is no token for the forge: pass GITHUB_TOKEN"},
	"a job for a tag":    {let: reviewedBy("carol", approved), after: func(s *pulls, _ *forges.Pull) { s.env["GITHUB_REF_TYPE"] = "tag" }, err: true, why: "and this job is not for a branch"},
	"no forge":           {let: reviewedBy("carol", approved), after: func(s *pulls, _ *forges.Pull) { s.env["GITHUB_API_URL"] = "" }, err: true, why: "and the forge can't be asked who approved: this is not a job of GitHub Actions or GitLab CI"},
}

// A row for each rule of what counts as an approval, from the push to the calls.
func TestApprovalsOfPullRequests(t *testing.T) {
	for name, c := range casesOfPulls {
		t.Run(name, func(t *testing.T) {
			onGitHub(t, max(c.least, 1), func(t *testing.T, s *pulls) { s.playPull(c) })
		})
	}
}

// playPull plays one case, from the push to the calls.
func (s *pulls) playPull(c caseOfPull) {
	s.Helper()
	s.processing("112-1")
	p := s.open(17, shipments("112-1"))
	c.let(s, p)
	s.merge(p)
	if c.after != nil {
		c.after(s, p)
	}
	s.checkPull(c)
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
	if c.by != "" && len(done.Reviewed) == 0 {
		s.Fatal("no plan counted")
	}
	if c.by != "" {
		expect(s.T, "sent", []string{"Shipped 112-1"}, s.sent())
		if by := strings.Join(done.Reviewed[0].Review.Approvers, " "); by != c.by || !strings.HasSuffix(done.Reviewed[0].Name, "17") || !done.Complete() {
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
