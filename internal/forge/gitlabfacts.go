package forge

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

func (g *gitLab) pullRequestsOf(ctx context.Context, commit, branch string) ([]int, error) {
	type request struct {
		IID          int    `json:"iid"`
		State        string `json:"state"`
		TargetBranch string `json:"target_branch"`
	}
	requests, complete, err := list[request](ctx, g.c, g.c.job.path("repository", "commits", commit, "merge_requests"), nil, mostPages)
	if err != nil {
		return nil, err
	}
	var numbers []int
	for _, r := range requests {
		if r.State == "merged" && (branch == "" || r.TargetBranch == branch) {
			numbers = append(numbers, r.IID)
		}
	}
	return numbers, whole(complete, "merge requests of a commit")
}

// facts relies on two settings of the project. An approval names no commit, so
// it must vanish with a push; and a commit names no user, so GitLab itself must
// refuse approvals of those who added one.
func (g *gitLab) facts(ctx context.Context, number int) (*PullRequest, error) {
	var request struct {
		URL    string `json:"web_url"`
		Author struct {
			Username string `json:"username"`
		} `json:"author"`
		MergeUser *struct {
			Username string `json:"username"`
		} `json:"merge_user"`
		MergedAt time.Time `json:"merged_at"`
		Merge    string    `json:"merge_commit_sha"`
		Squash   string    `json:"squash_commit_sha"`
		Head     string    `json:"sha"`
		Refs     struct {
			Base string `json:"base_sha"`
		} `json:"diff_refs"`
	}
	if err := g.c.call(ctx, http.MethodGet, g.request(number), nil, nil, &request); err != nil {
		return nil, err
	}
	pr := &PullRequest{
		Number: number, URL: request.URL, Author: request.Author.Username, MergedAt: request.MergedAt, Head: request.Head, Base: request.Refs.Base,
		Merge: request.Merge, People: map[string]Person{},
	}
	if pr.Merge == "" {
		pr.Merge = request.Squash
	}
	if request.MergeUser != nil {
		pr.Merger = request.MergeUser.Username
	}
	if err := g.settings(ctx, number); err != nil {
		return nil, err
	}
	approvals, err := g.approvals(ctx, number)
	if err != nil {
		return nil, unreadable(number, "who approved it", err)
	}
	versions, err := g.versions(ctx, number)
	if err != nil {
		return nil, err
	}
	for _, a := range approvals {
		if a.At == nil {
			return nil, refusef(number, "this GitLab does not say when somebody approved: use a version whose approvals have approved_at, or remove min_approvals")
		}
		person, bot, err := g.person(ctx, number, a.User.ID)
		if err != nil {
			return nil, err
		}
		pr.People[fold(a.User.Username)] = person
		pr.Reviews = append(pr.Reviews, Review{Login: a.User.Username, Bot: bot, State: Approves, At: *a.At, Commit: versionAt(versions, *a.At)})
	}
	return pr, nil
}

func (g *gitLab) settings(ctx context.Context, number int) error {
	var project struct {
		ResetOnPush  bool `json:"reset_approvals_on_push"`
		NoCommitters bool `json:"merge_requests_disable_committers_approval"`
	}
	if err := g.c.call(ctx, http.MethodGet, g.c.job.path("approvals"), nil, nil, &project); err != nil {
		return unreadable(number, "the approval settings of the project", err)
	}
	if !project.ResetOnPush {
		return refusef(number, "approvals stay when somebody pushes: in the project's settings for merge request approvals, choose to remove all approvals when commits are added")
	}
	if !project.NoCommitters {
		return refusef(number, "people who add commits can approve: in the project's settings for merge request approvals, prevent approvals by users who add commits")
	}
	return nil
}

type gitLabVersion struct {
	Head      string    `json:"head_commit_sha"`
	CreatedAt time.Time `json:"created_at"`
}

func (g *gitLab) versions(ctx context.Context, number int) ([]gitLabVersion, error) {
	versions, complete, err := list[gitLabVersion](ctx, g.c, g.request(number, "versions"), nil, mostPages)
	if err != nil {
		return nil, unreadable(number, "the versions of the merge request", err)
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

func (g *gitLab) person(ctx context.Context, number int, id int64) (p Person, bot bool, err error) {
	var user struct {
		Bot bool `json:"bot"`
	}
	var member struct {
		AccessLevel int    `json:"access_level"`
		State       string `json:"state"`
	}
	who := strconv.FormatInt(id, 10)
	if err := g.c.call(ctx, http.MethodGet, "/users/"+who, nil, nil, &user); err != nil {
		return p, false, unreadable(number, "a person who approved", err)
	}
	err = g.c.call(ctx, http.MethodGet, g.c.job.path("members", "all", who), nil, nil, &member)
	if err != nil && !isMissing(err) {
		return p, false, unreadable(number, "the permission of a person who approved", err)
	}
	return Person{CanWrite: member.AccessLevel >= developer && member.State == "active"}, user.Bot, nil
}
