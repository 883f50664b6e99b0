package reconcile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/checkout"
	"github.com/gdfctl/gdfctl/internal/doctor"
	"github.com/gdfctl/gdfctl/internal/forge"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/state/gitlog"
	"github.com/gdfctl/gdfctl/internal/words"
)

// ciTime is how long the forge may take to answer all questions.
const ciTime = 2 * time.Minute

// ciJob is a CI job that is examined.
type ciJob struct {
	*workspace
	job    *forge.Job
	client *forge.Client
	dir    string
	branch string // that is reviewed and applied; empty: not known
}

// examineCI tells what reviews rely on: the job that this is, its token, the history,
// and what the forge holds people to. job is nil where there is none.
func (w *workspace) examineCI(ctx context.Context, dir string, job *forge.Job, why error) []doctor.Finding {
	if why != nil {
		return []doctor.Finding{failed(doctor.CIJob, why)}
	}
	ctx, stop := context.WithTimeout(ctx, ciTime)
	defer stop()
	j := &ciJob{
		workspace: w, job: job, client: w.forge(job, w.observe), dir: dir,
		branch: cmp.Or(w.Env("GITHUB_BASE_REF"), w.Env("CI_MERGE_REQUEST_TARGET_BRANCH_NAME"), job.Branch),
	}
	found := []doctor.Finding{j.jobFinding(), j.tokenFinding(ctx), j.historyFinding(ctx), j.branchFinding(ctx), j.stateRuleFinding(ctx), j.environmentFinding(ctx)}
	if f := j.concurrencyFinding(); f != nil {
		found = append(found, *f)
	}
	return found
}

// ofPullRequest reports whether whoever can push a branch decides what the job does.
func ofPullRequest(job *forge.Job) bool { return job != nil && job.PullRequest > 0 }

func (j *ciJob) jobFinding() doctor.Finding {
	f := doctor.Finding{Check: doctor.CIJob, Result: doctor.OK}
	switch {
	case ofPullRequest(j.job) && j.job.Head == "":
		f.Result = doctor.Warning
		f.Found = fmt.Sprintf("%s, pull request %d, whose head is not known", j.job.Forge(), j.job.PullRequest)
		f.Remedy = "A published plan belongs to the head: set GDF_COMMIT to it"
	case ofPullRequest(j.job):
		f.Found = fmt.Sprintf("%s, pull request %d at commit %s", j.job.Forge(), j.job.PullRequest, words.ShortHash(j.job.Head))
	case j.branch == "":
		f.Found = j.job.Forge() + ", for no branch"
	default:
		f.Found = fmt.Sprintf("%s, branch %s", j.job.Forge(), safetext.Line(j.branch))
	}
	return f
}

func (j *ciJob) tokenFinding(ctx context.Context) doctor.Finding {
	access, err := j.client.Access(ctx)
	f := doctor.Finding{Check: doctor.Token, Result: doctor.OK}
	switch {
	case err != nil:
		return failed(doctor.Token, err)
	case access.Comments == forge.No && access.Scopes != "":
		f.Result, f.Found, f.Remedy = doctor.Problem, "the token has the scopes "+access.Scopes+", and can't write comments", "Give it the scope api, and its user the role Developer"
	case access.Comments == forge.No:
		f.Result, f.Found, f.Remedy = doctor.Problem, "the token may not read pull requests", `Add "pull-requests: write" to the permissions of the job`
	case access.Comments == forge.Yes:
		f.Found = "the token is valid and can write comments"
	default:
		f.Found = "the token is valid and reads pull requests"
		f.Remedy = `Whether it may write comments shows with the first one: it needs "pull-requests: write"`
	}
	return f
}

func (j *ciJob) historyFinding(ctx context.Context) doctor.Finding {
	f := doctor.Finding{Check: doctor.History, Result: doctor.OK, Found: "the checkout has the whole history"}
	switch err := checkout.At(j.dir).Whole(ctx); {
	case errors.Is(err, checkout.ErrShallow):
		f.Result, f.Found = doctor.Problem, "the checkout is shallow, so which commits were reviewed can't be found out"
		if ofPullRequest(j.job) {
			f.Result = doctor.Warning
		}
		f.Remedy = `Set fetch-depth: 0 for actions/checkout, or GIT_DEPTH: "0" in GitLab CI`
	case err != nil:
		f.Result, f.Found, f.Remedy = doctor.Problem, err.Error(), "apply --published needs a checkout with git's history"
	}
	return f
}

func (j *ciJob) branchFinding(ctx context.Context) doctor.Finding {
	f := doctor.Finding{Check: doctor.BranchRule}
	if j.branch == "" {
		f.Result, f.Found = doctor.NotKnown, "this job is for no branch"
		return f
	}
	guard, err := j.client.Guard(ctx, j.branch)
	if err != nil {
		return failed(doctor.BranchRule, err)
	}
	var missing, unread []string
	for _, rule := range []struct {
		answer forge.Answer
		what   string
	}{
		{guard.PullRequest, "changes come by pull requests only"},
		{guard.Approval, "at least one approval"},
		{guard.Dismissed, "new commits dismiss approvals"},
		{guard.OtherPerson, "the last push is approved by somebody else"},
	} {
		switch rule.answer {
		case forge.No:
			missing = append(missing, rule.what)
		case forge.Unread:
			unread = append(unread, rule.what)
		}
	}
	name := safetext.Line(j.branch)
	switch {
	case guard.PullRequest == forge.No:
		f.Result, f.Found = doctor.Problem, name+" can be pushed to without a pull request, so nobody needs to review a change"
	case len(missing) > 0:
		f.Result, f.Found = doctor.Warning, name+" does not require: "+strings.Join(missing, "; ")
	case len(unread) > 0:
		f.Result, f.Found = doctor.NotKnown, name+": this token may not read whether these are required: "+strings.Join(unread, "; ")
	default:
		f.Result, f.Found = doctor.OK, name+" changes by pull requests only, which somebody else approved as they are merged"
		return f
	}
	f.Remedy = "Make a ruleset for it, or look at the one that is there (Settings, Rules)"
	if j.job.Forge() == "GitLab" {
		f.Remedy = "Look at Settings, Repository, Protected branches, and at Settings, Merge requests, Approvals"
	}
	f.Remedy += ": a pull request, one approval, dismissed by new commits, by somebody who did not push last"
	return f
}

// stateRuleFinding tells whether the forge keeps the branch of the state from those
// who can push any other.
func (j *ciJob) stateRuleFinding(ctx context.Context) doctor.Finding {
	f := doctor.Finding{Check: doctor.StateRule, Result: doctor.OK}
	if !j.home.shared() {
		f.Result, f.Found = doctor.Warning, "the state is in files of this machine, which are gone after the job"
		f.Remedy = "Add a backend block to the configuration, unless the files are kept for the next job"
		return f
	}
	branch := gitlog.BranchAtOrigin(j.home.block.Attributes)
	if j.home.label != "git" || branch == "" {
		f.Found = "the state is not on a branch of this repository"
		return f
	}
	restricted, err := j.client.Restricted(ctx, branch)
	switch {
	case err != nil:
		return failed(doctor.StateRule, err)
	case restricted == forge.Yes:
		f.Found = branch + " is for those that a rule names"
		return f
	case restricted == forge.No:
		f.Result, f.Found = doctor.Warning, "whoever can push a branch can write the state: no rule restricts updates of "+branch
	default:
		f.Result, f.Found = doctor.NotKnown, "this token may not read who can push to "+branch
	}
	f.Remedy = "Make a ruleset for gdfctl-state/** that restricts creations, updates and deletions, with deploy keys on its bypass list"
	if j.job.Forge() == "GitLab" {
		f.Remedy = "Protect the branches gdfctl-state/*, and let only the user of GDF_STATE_TOKEN push"
	}
	return f
}

// applyEnvironment is what the pipelines call the environment of the apply's key.
const applyEnvironment = "gdf-apply"

func (j *ciJob) environmentFinding(ctx context.Context) doctor.Finding {
	f := doctor.Finding{Check: doctor.Environment, Result: doctor.OK}
	if j.job.Forge() == "GitLab" {
		switch {
		case j.Env("CI_COMMIT_REF_PROTECTED") == "true" && ofPullRequest(j.job):
			f.Result, f.Found = doctor.Warning, "this job of a merge request gets protected variables"
			f.Remedy = "Whoever can push to a protected branch can read them"
		case ofPullRequest(j.job), j.Env("CI_COMMIT_REF_PROTECTED") == "true":
			f.Found = "the job gets protected variables only if its branch is protected"
		default:
			f.Result, f.Found, f.Remedy = doctor.Problem, "the branch is not protected, so this job gets no protected variables", "Protect the branch in Settings, Repository"
		}
		return f
	}
	one, err := j.client.OneBranch(ctx, applyEnvironment)
	switch {
	case err != nil:
		return failed(doctor.Environment, err)
	case one == forge.Yes:
		f.Found = "the environment " + applyEnvironment + " can be used from some branches only"
	case one == forge.No:
		f.Result, f.Found = doctor.Problem, "every branch can use the environment "+applyEnvironment+", so whoever can push one gets its key"
		f.Remedy = "Choose its deployment branches in Settings, Environments"
	default:
		f.Result, f.Found = doctor.NotKnown, "there is no environment "+applyEnvironment+", or this token may not see it"
		f.Remedy = `Add "actions: read" to the permissions of the job, to have it checked`
	}
	return f
}

var (
	concurrencyKey = regexp.MustCompile(`(?m)^\s*concurrency:`)
	cancels        = regexp.MustCompile(`(?m)^\s*cancel-in-progress:\s*['"]?true\b`)
	queues         = regexp.MustCompile(`(?m)^\s*queue:\s*['"]?max\b`)
)

// concurrencyFinding reads the workflow of an apply, as its text: a hint, and nothing
// that anything relies on.
func (j *ciJob) concurrencyFinding() *doctor.Finding {
	// OWNER/NAME/.github/workflows/FILE@REF
	name, _, _ := strings.Cut(j.Env("GITHUB_WORKFLOW_REF"), "@")
	_, name, _ = strings.Cut(name, "/")
	_, name, _ = strings.Cut(name, "/")
	root := j.Env("GITHUB_WORKSPACE")
	if ofPullRequest(j.job) || root == "" || !filepath.IsLocal(filepath.FromSlash(name)) {
		return nil
	}
	text, err := readBounded(filepath.Join(root, filepath.FromSlash(name)), 1<<20)
	if err != nil {
		return nil
	}
	f := doctor.Finding{Check: doctor.Concurrency, Result: doctor.OK, Found: "every merge gets its run, one after the other"}
	switch {
	case cancels.Match(text):
		f.Result, f.Found, f.Remedy = doctor.Warning, "a new run cancels the one in progress", "Set cancel-in-progress: false for jobs that apply"
	case !concurrencyKey.Match(text):
		f.Result, f.Found = doctor.Warning, "runs start at the same time and wait for each other, each on a runner"
		f.Remedy = "Add a concurrency group, with cancel-in-progress: false and queue: max"
	case !queues.Match(text):
		f.Result, f.Found = doctor.Warning, "of several runs that wait, GitHub drops all but the newest"
		f.Remedy = "Add queue: max to the concurrency. Without it nothing is lost: the next apply --published makes what a dropped run should have made"
	}
	return &f
}
