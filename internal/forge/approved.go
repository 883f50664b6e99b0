package forge

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// MostCommits is how many commits a pull request may have: GitHub lists no more
// of them, so more authors would be unknown.
const MostCommits = 250

// PullRequest is what the forge says about a merged pull request. Logins are as
// the forge writes them; it does not distinguish upper and lower case.
type PullRequest struct {
	Number   int
	Name     string // as the forge calls it: #17 or !17
	URL      string
	Author   string
	Merger   string
	MergedAt time.Time // zero: it was not merged
	Branch   string    // that it is for
	Head     string    // its last commit
	Base     string
	Merge    string // the commit that it became

	Commits    []string // its own, as far as they are known
	Counted    int      // how many there are; 0 where the forge takes care of committers itself
	Committers []string // authors and committers of its commits; empty where an e-mail address belongs to nobody
	Reviews    []Review // in any order
	People     map[string]Person
	Uncounted  error // why nobody's approval can be counted, whoever approved
}

// Person is what a person may do, by the login in lower case.
type Person struct {
	CanWrite bool
}

// ReviewState is what a review decides. Comments decide nothing, and are left
// out.
type ReviewState int

// The states.
const (
	Approves ReviewState = iota
	Rejects
	Dismissed // whatever it was before
)

// Review is one person's decision about a commit, at the forge's time.
type Review struct {
	Login  string
	Bot    bool
	State  ReviewState
	At     time.Time
	Commit string
	OfRun  bool // it is of the run that applies, and so of what was merged
}

// Published is a plan that was published for a commit, at the forge's time.
type Published struct {
	Hash    string
	Commit  string    // the head commit of the pull request
	Config  string    // the hash of its configuration
	Changes string    // the hash of its changes
	At      time.Time // zero: not known, and so no approval came after it
}

// Approval is what the last decision of one person is worth.
type Approval struct {
	Review
	Plan string // the plan that it approves; empty: it doesn't count
	Why  Reason // why it doesn't count; empty: it counts
}

// Reason is why a review does not count as an approval.
type Reason string

// The reasons, in the words of messages.
const (
	NotApproved   Reason = "did not approve"
	WasDismissed  Reason = "the approval was dismissed"
	IsBot         Reason = "is a bot"
	IsAuthor      Reason = "wrote the pull request"
	IsCommitter   Reason = "wrote or committed one of its commits"
	MayNotWrite   Reason = "has no write permission"
	NoPlan        Reason = "approved before a plan was published for that commit"
	NoTime        Reason = "approved a commit whose plan was published without the forge's time: pass the forge's token to the job that plans"
	NotDated      Reason = "approved, and the forge does not say when"
	NotAtMerge    Reason = "approved the run, and no plan was published for the last commit before the merge"
	AnotherCommit Reason = "approved an earlier commit, whose plan was another one"
)

// RefusedError is a pull request, or a commit, whose approvals can't be counted.
type RefusedError struct{ What string }

func (e *RefusedError) Error() string { return e.What }

func (pr *PullRequest) refusef(format string, args ...any) error {
	return &RefusedError{fmt.Sprintf("the approvals of pull request %s don't count: ", pr.Name) + fmt.Sprintf(format, args...)}
}

// Approved says for each person who decided about a pull request whether that
// counts as an approval, and of which plan: the newest one that was published
// for the commit before the review. It is pure.
func (pr *PullRequest) Approved(plans []Published) (*Reviewed, error) {
	if pr.Counted > MostCommits {
		return nil, pr.refusef("it has %d commits, and the authors of at most %d can be read. Split it, or squash its commits", pr.Counted, MostCommits)
	}
	r := &Reviewed{PullRequest: pr, plans: plans}
	for _, review := range pr.decisions() {
		a := Approval{Review: review, Why: pr.excludes(review)}
		if a.Why == "" {
			a.Plan, a.Why = approvedPlan(pr, review, plans)
		}
		r.Approvals = append(r.Approvals, a)
	}
	return r, nil
}

// decisions are the last reviews of each person, from the oldest to the newest. An
// approval of the run is a decision of its own.
func (pr *PullRequest) decisions() []Review {
	type decision struct {
		login string
		ofRun bool
	}
	last := map[decision]Review{}
	for _, r := range pr.Reviews {
		of := decision{fold(r.Login), r.OfRun}
		if before, ok := last[of]; r.Login != "" && (!ok || !r.At.Before(before.At)) {
			last[of] = r
		}
	}
	all := make([]Review, 0, len(last))
	for _, r := range last {
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b Review) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Login, b.Login)) })
	return all
}

// candidates are the logins, in lower case, whose permission decides.
func (pr *PullRequest) candidates() []string {
	var logins []string
	for _, r := range pr.decisions() {
		if why := pr.excludes(r); why == "" || why == MayNotWrite {
			logins = append(logins, fold(r.Login))
		}
	}
	return logins
}

// excludes says why a review does not count, whatever it is about.
func (pr *PullRequest) excludes(r Review) Reason {
	is := func(login string) bool { return fold(login) == fold(r.Login) }
	switch {
	case r.State == Dismissed:
		return WasDismissed
	case r.State != Approves:
		return NotApproved
	case r.Bot:
		return IsBot
	case is(pr.Author):
		return IsAuthor
	case slices.ContainsFunc(pr.Committers, is):
		return IsCommitter
	case !pr.People[fold(r.Login)].CanWrite:
		return MayNotWrite
	}
	return ""
}

// approvedPlan is the plan that a review approves.
func approvedPlan(pr *PullRequest, r Review, plans []Published) (string, Reason) {
	if r.OfRun {
		if last := pr.atMerge(plans, false); last != nil {
			return last.Hash, ""
		}
		return "", NotAtMerge
	}
	if r.At.IsZero() {
		return "", NotDated
	}
	seen := newestFor(r.Commit, r.At, plans)
	switch {
	case seen == nil && slices.ContainsFunc(plans, func(p Published) bool { return p.Commit == r.Commit && p.At.IsZero() }):
		return "", NoTime
	case seen == nil:
		return "", NoPlan
	case r.Commit == pr.Head:
		return seen.Hash, ""
	}
	// An earlier commit will do if the last one has a plan that does the same.
	if last := newestFor(pr.Head, time.Time{}, plans); !seen.same(last) {
		return "", AnotherCommit
	}
	return seen.Hash, ""
}

// atMerge is the newest plan that was published for the last commit before the merge.
// untimed: also one whose time is not known.
func (pr *PullRequest) atMerge(plans []Published, untimed bool) (newest *Published) {
	for i := range plans {
		p := &plans[i]
		if p.Commit == pr.Head && !p.At.After(pr.MergedAt) && (untimed || !p.At.IsZero()) && (newest == nil || !p.At.Before(newest.At)) {
			newest = p
		}
	}
	return newest
}

// same reports whether another plan is of the same configuration and does the
// same.
func (p *Published) same(other *Published) bool {
	if other == nil || p.Config == "" || p.Changes == "" {
		return other != nil && p.Hash == other.Hash
	}
	return p.Config == other.Config && p.Changes == other.Changes
}

// newestFor is the newest plan that was published for a commit, before a time
// if it is not zero. Times are whole seconds: what was published in the second
// of a review may have come after it. A plan without a time is before none.
func newestFor(commit string, before time.Time, plans []Published) *Published {
	var newest *Published
	for i := range plans {
		p := &plans[i]
		if p.Commit == commit && commit != "" && (before.IsZero() || !p.At.IsZero() && p.At.Before(before)) && (newest == nil || !p.At.Before(newest.At)) {
			newest = p
		}
	}
	return newest
}

func fold(login string) string { return strings.ToLower(login) }
