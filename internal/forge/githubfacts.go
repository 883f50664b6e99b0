package forge

import (
	"context"
	"fmt"
	"net/http"
	"slices"
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

func (g *gitHub) pullRequestsOf(ctx context.Context, commit, branch string) ([]found, error) {
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
	var all []found
	for _, p := range pulls {
		if p.MergedAt != nil && (branch == "" || p.Base.Ref == branch) {
			all = append(all, found{p.Number, *p.MergedAt})
		}
	}
	return all, whole(complete, "pull requests of a commit")
}

func (g *gitHub) facts(ctx context.Context, number int, ofRun []Review) (*PullRequest, error) {
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
			Ref string `json:"ref"`
		} `json:"base"`
	}
	if err := g.c.call(ctx, http.MethodGet, g.pull(number), nil, nil, &pull); err != nil {
		return nil, err
	}
	pr := &PullRequest{
		Number: number, Name: g.c.job.name(number), URL: pull.URL, Author: pull.User.login(), Merger: pull.MergedBy.login(), MergedAt: pull.MergedAt,
		Branch: pull.Base.Ref, Head: pull.Head.SHA, Base: pull.Base.SHA, Merge: pull.Merge, Counted: pull.Commits, People: map[string]Person{},
		Reviews: slices.Clone(ofRun),
	}
	if pr.Counted > MostCommits {
		return pr, nil // whose approvals don't count; more of them are not served
	}
	if err := g.commits(ctx, pr); err != nil {
		pr.Uncounted = pr.unreadable("who wrote its commits", err)
	} else if err := g.reviews(ctx, pr); err != nil {
		pr.Uncounted = pr.unreadable("who reviewed it", err)
	} else if err := g.permissions(ctx, pr); err != nil {
		pr.Uncounted = pr.unreadable("the permission of a person who approved", err)
	}
	return pr, ctx.Err()
}

// pull is the path of calls about a pull request.
func (g *gitHub) pull(number int, parts ...string) string {
	return g.c.job.path(append([]string{"pulls", strconv.Itoa(number)}, parts...)...)
}

func (g *gitHub) permissions(ctx context.Context, pr *PullRequest) error {
	for _, login := range pr.candidates() {
		var access struct {
			Permission string `json:"permission"`
		}
		err := g.c.call(ctx, http.MethodGet, g.c.job.path("collaborators", login, "permission"), nil, nil, &access)
		if err != nil && !isMissing(err) {
			return err
		}
		pr.People[login] = Person{CanWrite: access.Permission == "admin" || access.Permission == "write"}
	}
	return nil
}

func (g *gitHub) commits(ctx context.Context, pr *PullRequest) error {
	type commit struct {
		SHA       string      `json:"sha"`
		Author    *gitHubUser `json:"author"`
		Committer *gitHubUser `json:"committer"`
	}
	commits, complete, err := list[commit](ctx, g.c, g.pull(pr.Number, "commits"), nil, mostPages)
	if err != nil {
		return err
	}
	for _, c := range commits {
		pr.Commits = append(pr.Commits, c.SHA)
		pr.Committers = append(pr.Committers, c.Author.login(), c.Committer.login())
	}
	// Whose commits are left out can't be told from other people.
	if complete && len(commits) != pr.Counted {
		return pr.refusef("the forge lists %d of its %d commits, so who wrote them is not known. Apply again later", len(commits), pr.Counted)
	}
	return whole(complete, "commits of a pull request")
}

func (g *gitHub) reviews(ctx context.Context, pr *PullRequest) error {
	type review struct {
		User        *gitHubUser `json:"user"`
		State       string      `json:"state"`
		SubmittedAt time.Time   `json:"submitted_at"`
		Commit      string      `json:"commit_id"`
	}
	reviews, complete, err := list[review](ctx, g.c, g.pull(pr.Number, "reviews"), nil, mostPages)
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

// runApprovals are of the environments that the run needs. The forge doesn't say when
// somebody approved; it was before the job began.
func (g *gitHub) runApprovals(ctx context.Context, commit string) ([]Review, error) {
	if g.c.job.run == "" {
		return nil, &RefusedError{"the approvals of this run can't be read: GITHUB_RUN_ID is not set"}
	}
	var run struct {
		Head string `json:"head_sha"`
	}
	type approval struct {
		State string      `json:"state"`
		User  *gitHubUser `json:"user"`
	}
	var approvals []approval
	err := g.c.call(ctx, http.MethodGet, g.c.job.path("actions", "runs", g.c.job.run), nil, nil, &run)
	if err == nil {
		err = g.c.call(ctx, http.MethodGet, g.c.job.path("actions", "runs", g.c.job.run, "approvals"), nil, nil, &approvals)
	}
	switch {
	case err != nil:
		return nil, &RefusedError{fmt.Sprintf("who approved this run can't be read (%s): give the token the permission actions: read, or remove approvals = \"environment\"", err)}
	case run.Head != commit:
		return nil, &RefusedError{fmt.Sprintf("this run is for another commit than %s, which is checked out, so its approvals don't count. Check out the commit that the run is for", shortHash(commit))}
	}
	var all []Review
	for _, a := range approvals {
		if a.State == "approved" && a.User != nil {
			all = append(all, Review{Login: a.User.Login, Bot: a.User.Type != "User", State: Approves, OfRun: true})
		}
	}
	return all, nil
}
