package forge

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

// gitHubUser is who did something; nil where the account was deleted, or an
// e-mail address belongs to none.
type gitHubUser struct {
	Login string `json:"login"`
	Type  string `json:"type"`
}

func (u *gitHubUser) login() string {
	if u == nil {
		return ""
	}
	return u.Login
}

func (g *gitHub) pullRequestsOf(ctx context.Context, commit, branch string) ([]int, error) {
	type pull struct {
		Number   int        `json:"number"`
		MergedAt *time.Time `json:"merged_at"`
		Base     struct {
			Ref string `json:"ref"`
		} `json:"base"`
	}
	pulls, complete, err := list[pull](ctx, g.c, g.c.job.path("commits", commit, "pulls"), nil, mostPages)
	if err != nil {
		return nil, err
	}
	var numbers []int
	for _, p := range pulls {
		if p.MergedAt != nil && (branch == "" || p.Base.Ref == branch) {
			numbers = append(numbers, p.Number)
		}
	}
	return numbers, whole(complete, "pull requests of a commit")
}

func (g *gitHub) facts(ctx context.Context, number int) (*PullRequest, error) {
	path := func(parts ...string) string {
		return g.c.job.path(append([]string{"pulls", strconv.Itoa(number)}, parts...)...)
	}
	var pull struct {
		URL      string      `json:"html_url"`
		User     *gitHubUser `json:"user"`
		MergedBy *gitHubUser `json:"merged_by"`
		MergedAt time.Time   `json:"merged_at"`
		Merge    string      `json:"merge_commit_sha"`
		Commits  int         `json:"commits"`
		Head     struct {
			SHA string `json:"sha"`
		} `json:"head"`
		Base struct {
			SHA string `json:"sha"`
		} `json:"base"`
	}
	if err := g.c.call(ctx, http.MethodGet, path(), nil, nil, &pull); err != nil {
		return nil, err
	}
	pr := &PullRequest{
		Number: number, URL: pull.URL, Author: pull.User.login(), Merger: pull.MergedBy.login(), MergedAt: pull.MergedAt,
		Head: pull.Head.SHA, Base: pull.Base.SHA, Merge: pull.Merge, Commits: pull.Commits, People: map[string]Person{},
	}
	if pr.Commits > MostCommits {
		return pr, nil // which Approved refuses; more of them are not served
	}
	if err := g.committers(ctx, pr, path("commits")); err != nil {
		return nil, err
	}
	if err := g.reviews(ctx, pr, path("reviews")); err != nil {
		return nil, err
	}
	for _, login := range pr.candidates() {
		var access struct {
			Permission string `json:"permission"`
		}
		err := g.c.call(ctx, http.MethodGet, g.c.job.path("collaborators", login, "permission"), nil, nil, &access)
		if err != nil && !isMissing(err) {
			return nil, unreadable(number, "the permission of a person who approved", err)
		}
		pr.People[login] = Person{CanWrite: access.Permission == "admin" || access.Permission == "write"}
	}
	return pr, nil
}

func (g *gitHub) committers(ctx context.Context, pr *PullRequest, path string) error {
	type commit struct {
		Author    *gitHubUser `json:"author"`
		Committer *gitHubUser `json:"committer"`
	}
	commits, complete, err := list[commit](ctx, g.c, path, nil, mostPages)
	if err != nil {
		return err
	}
	for _, c := range commits {
		pr.Committers = append(pr.Committers, c.Author.login(), c.Committer.login())
	}
	return whole(complete, "commits of a pull request")
}

func (g *gitHub) reviews(ctx context.Context, pr *PullRequest, path string) error {
	type review struct {
		User        *gitHubUser `json:"user"`
		State       string      `json:"state"`
		SubmittedAt time.Time   `json:"submitted_at"`
		Commit      string      `json:"commit_id"`
	}
	reviews, complete, err := list[review](ctx, g.c, path, nil, mostPages)
	if err != nil {
		return err
	}
	states := map[string]ReviewState{"APPROVED": Approves, "CHANGES_REQUESTED": Rejects, "DISMISSED": Dismissed}
	for _, r := range reviews {
		if state, decides := states[r.State]; decides && r.User != nil {
			pr.Reviews = append(pr.Reviews, Review{Login: r.User.Login, Bot: r.User.Type != "User", State: state, At: r.SubmittedAt, Commit: r.Commit})
		}
	}
	return whole(complete, "reviews of a pull request")
}
