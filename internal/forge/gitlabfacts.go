package forge

import (
	"cmp"
	"context"
	"net/http"
	"strconv"
	"time"
)

func (g *gitLab) pullRequestsOf(ctx context.Context, commit, branch string) ([]found, error) {
	type request struct {
		IID          int       `json:"iid"`
		State        string    `json:"state"`
		TargetBranch string    `json:"target_branch"`
		MergedAt     time.Time `json:"merged_at"`
	}
	requests, complete, err := list[request](ctx, g.c, g.c.job.path("repository", "commits", commit, "merge_requests"), nil, mostPages)
	if err != nil {
		return nil, err
	}
	var all []found
	for _, r := range requests {
		if r.State == "merged" && (branch == "" || r.TargetBranch == branch) {
			all = append(all, found{r.IID, r.MergedAt})
		}
	}
	return all, whole(complete, "merge requests of a commit")
}

// gitLabUser is who did something; nil where nobody is known.
type gitLabUser struct {
	ID       int64  `json:"id"`
	Username string `json:"username"`
}

func (u *gitLabUser) username() string {
	if u == nil {
		return ""
	}
	return u.Username
}

func (g *gitLab) facts(ctx context.Context, number int, _ []Review) (*PullRequest, error) {
	var request struct {
		URL       string      `json:"web_url"`
		State     string      `json:"state"`
		Branch    string      `json:"target_branch"`
		Author    *gitLabUser `json:"author"`
		MergeUser *gitLabUser `json:"merge_user"`
		MergedAt  time.Time   `json:"merged_at"`
		Merge     string      `json:"merge_commit_sha"`
		Squash    string      `json:"squash_commit_sha"`
		Head      string      `json:"sha"`
		Refs      struct {
			Base string `json:"base_sha"`
		} `json:"diff_refs"`
	}
	if err := g.c.call(ctx, http.MethodGet, g.request(number), nil, nil, &request); err != nil {
		return nil, err
	}
	pr := &PullRequest{
		Number: number, Name: g.c.job.name(number), URL: request.URL, Author: request.Author.username(), Merger: request.MergeUser.username(),
		Branch: request.Branch, Head: request.Head, Base: request.Refs.Base, Merge: cmp.Or(request.Merge, request.Squash), People: map[string]Person{},
	}
	if request.State == "merged" {
		pr.MergedAt = request.MergedAt
	}
	var err error
	if pr.Commits, err = g.commits(ctx, number); err != nil {
		return nil, err
	}
	pr.Uncounted = g.reviews(ctx, pr)
	return pr, ctx.Err()
}

func (g *gitLab) commits(ctx context.Context, number int) (all []string, err error) {
	type commit struct {
		ID string `json:"id"`
	}
	// Not all of them are needed: each that is missing costs a call.
	commits, _, err := list[commit](ctx, g.c, g.request(number, "commits"), nil, mostPages)
	for _, c := range commits {
		all = append(all, c.ID)
	}
	return all, err
}

// reviews relies on two settings of the project. An approval names no commit, so
// it must vanish with a push; and a commit names no user, so GitLab itself must
// refuse approvals of those who added one.
func (g *gitLab) reviews(ctx context.Context, pr *PullRequest) error {
	if pr.Author == "" { // of a deleted account, it is the ghost user
		return pr.refusef("the forge does not say who wrote it")
	}
	if err := g.settings(ctx, pr); err != nil {
		return err
	}
	approvals, err := g.approvals(ctx, pr.Number)
	if err != nil {
		return pr.unreadable("who approved it", err)
	}
	versions, err := g.versions(ctx, pr)
	if err != nil {
		return err
	}
	for _, a := range approvals {
		if a.At == nil {
			return pr.refusef("this GitLab does not say when somebody approved: use a version whose approvals have approved_at, or remove min_approvals")
		}
		person, bot, err := g.person(ctx, pr, a.User.ID)
		if err != nil {
			return err
		}
		pr.People[fold(a.User.Username)] = person
		pr.Reviews = append(pr.Reviews, Review{Login: a.User.Username, Bot: bot, State: Approves, At: *a.At, Commit: versionAt(versions, *a.At)})
	}
	return nil
}

func (g *gitLab) settings(ctx context.Context, pr *PullRequest) error {
	var project struct {
		ResetOnPush  bool `json:"reset_approvals_on_push"`
		NoCommitters bool `json:"merge_requests_disable_committers_approval"`
	}
	if err := g.c.call(ctx, http.MethodGet, g.c.job.path("approvals"), nil, nil, &project); err != nil {
		return pr.unreadable("the approval settings of the project", err)
	}
	if !project.ResetOnPush {
		return pr.refusef("approvals stay when somebody pushes: in the project's settings for merge request approvals, choose to remove all approvals when commits are added")
	}
	if !project.NoCommitters {
		return pr.refusef("people who add commits can approve: in the project's settings for merge request approvals, prevent approvals by users who add commits")
	}
	return nil
}

type gitLabVersion struct {
	Head      string    `json:"head_commit_sha"`
	CreatedAt time.Time `json:"created_at"`
}

func (g *gitLab) versions(ctx context.Context, pr *PullRequest) ([]gitLabVersion, error) {
	versions, complete, err := list[gitLabVersion](ctx, g.c, g.request(pr.Number, "versions"), nil, mostPages)
	if err != nil {
		return nil, pr.unreadable("the versions of the merge request", err)
	}
	return versions, whole(complete, "versions of a merge request")
}

// versionAt is the head of the version that was the newest one at a time; empty
// if there was none.
func versionAt(versions []gitLabVersion, at time.Time) string {
	var newest gitLabVersion
	for _, v := range versions {
		if v.CreatedAt.Before(at) && v.CreatedAt.After(newest.CreatedAt) {
			newest = v
		}
	}
	return newest.Head
}

// developer is the least access level that can push.
const developer = 30

func (g *gitLab) person(ctx context.Context, pr *PullRequest, id int64) (p Person, bot bool, err error) {
	var user struct {
		Bot *bool `json:"bot"`
	}
	var member struct {
		AccessLevel int    `json:"access_level"`
		State       string `json:"state"`
	}
	who := strconv.FormatInt(id, 10)
	if err := g.c.call(ctx, http.MethodGet, "/users/"+who, nil, nil, &user); err != nil {
		return p, false, pr.unreadable("a person who approved", err)
	}
	err = g.c.call(ctx, http.MethodGet, g.c.job.path("members", "all", who), nil, nil, &member)
	if err != nil && !isMissing(err) {
		return p, false, pr.unreadable("the permission of a person who approved", err)
	}
	return Person{CanWrite: member.AccessLevel >= developer && member.State == "active"}, user.Bot == nil || *user.Bot, nil
}

func (g *gitLab) runApprovals(context.Context, string) ([]Review, error) {
	return nil, &RefusedError{"approvals = \"environment\" is for GitHub: GitLab does not show who approved a job. Remove it from the policy"}
}
