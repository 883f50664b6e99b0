package provenance

import (
	"cmp"
	"net/url"
	"strings"
)

// system is one CI system: a variable that it sets in every job, and what its
// other variables mean. Names are those of the systems' own documentation.
//
// Few systems tell a job who approved it. Where none does, as with the
// environments of GitHub and Azure or the approval jobs of CircleCI, Approver
// stays empty, and GDF_APPROVER is for who knows it.
type system struct {
	name   string
	marker string
	read   func(get func(string) string) Provenance
}

var systems = []system{
	{"github", "GITHUB_ACTIONS", readGitHub},
	{"gitlab", "GITLAB_CI", readGitLab},
	{"buildkite", "BUILDKITE", readBuildkite},
	{"circleci", "CIRCLECI", readCircleCI},
	{"azure", "TF_BUILD", readAzure},
	// JENKINS_URL is there only if the administrator has set the address.
	{"jenkins", "JENKINS_URL", readJenkins},
	{"jenkins", "JENKINS_HOME", readJenkins},
}

// detectCI reads the variables of the first system that says it is there.
func detectCI(get func(string) string) Provenance {
	for _, s := range systems {
		if get(s.marker) != "" {
			p := s.read(get)
			p.CI = s.name
			return p
		}
	}
	return Provenance{}
}

// readGitHub: the actor began the run, the triggering actor the present attempt
// at it. A workflow hears of no other author of a commit.
func readGitHub(get func(string) string) Provenance {
	repository := join(get("GITHUB_SERVER_URL"), get("GITHUB_REPOSITORY"))
	p := Provenance{
		Who:    cmp.Or(get("GITHUB_TRIGGERING_ACTOR"), get("GITHUB_ACTOR")),
		Commit: get("GITHUB_SHA"),
		Author: get("GITHUB_ACTOR"),
		RunURL: join(repository, "actions/runs", get("GITHUB_RUN_ID")),
	}
	// A pull request's ref is refs/pull/NUMBER/merge.
	if number, ok := strings.CutPrefix(get("GITHUB_REF"), "refs/pull/"); ok {
		number, _, _ = strings.Cut(number, "/")
		p.PullRequest = join(repository, "pull", number)
	}
	return p
}

func readGitLab(get func(string) string) Provenance {
	project := cmp.Or(get("CI_MERGE_REQUEST_PROJECT_URL"), get("CI_PROJECT_URL"))
	p := Provenance{
		Who:    get("GITLAB_USER_LOGIN"),
		Commit: get("CI_COMMIT_SHA"),
		Author: get("CI_COMMIT_AUTHOR"),
		// The second is for pipelines of a repository that lies on GitHub.
		PullRequest: cmp.Or(join(project, "-/merge_requests", get("CI_MERGE_REQUEST_IID")), get("CI_EXTERNAL_PULL_REQUEST_IID")),
		RunURL:      cmp.Or(get("CI_JOB_URL"), get("CI_PIPELINE_URL")),
	}
	// In a manual job the user is who let it go ahead, not who began the
	// pipeline.
	if get("CI_JOB_MANUAL") == "true" {
		p.Approver = p.Who
	}
	return p
}

func readBuildkite(get func(string) string) Provenance {
	p := Provenance{
		Who:      get("BUILDKITE_BUILD_CREATOR"),
		Commit:   get("BUILDKITE_COMMIT"),
		Author:   get("BUILDKITE_BUILD_AUTHOR"),
		Approver: get("BUILDKITE_UNBLOCKER"),
		RunURL:   get("BUILDKITE_BUILD_URL"),
	}
	if number := get("BUILDKITE_PULL_REQUEST"); number != "false" {
		p.PullRequest = number
	}
	if p.Commit == "HEAD" { // of a build that was begun by hand: no name of a commit
		p.Commit = ""
	}
	return p
}

func readCircleCI(get func(string) string) Provenance {
	return Provenance{
		Who:         get("CIRCLE_USERNAME"),
		Commit:      get("CIRCLE_SHA1"),
		Author:      get("CIRCLE_PR_USERNAME"),
		PullRequest: cmp.Or(get("CIRCLE_PULL_REQUEST"), get("CIRCLE_PR_NUMBER")),
		RunURL:      get("CIRCLE_BUILD_URL"),
	}
}

func readAzure(get func(string) string) Provenance {
	p := Provenance{
		Who:         get("BUILD_REQUESTEDFOR"),
		Commit:      get("BUILD_SOURCEVERSION"),
		Author:      get("BUILD_SOURCEVERSIONAUTHOR"),
		PullRequest: azurePullRequest(get),
	}
	collection := cmp.Or(get("SYSTEM_COLLECTIONURI"), get("SYSTEM_TEAMFOUNDATIONCOLLECTIONURI"))
	project := join(collection, url.PathEscape(get("SYSTEM_TEAMPROJECT")))
	if id := get("BUILD_BUILDID"); id != "" && project != "" {
		p.RunURL = project + "/_build/results?buildId=" + url.QueryEscape(id)
	}
	return p
}

// azurePullRequest is the page of a pull request where the repository's address
// tells it, and its number elsewhere. Those on GitHub have a number besides
// Azure's own id.
func azurePullRequest(get func(string) string) string {
	repository := strings.TrimSuffix(get("BUILD_REPOSITORY_URI"), ".git")
	number := cmp.Or(get("SYSTEM_PULLREQUEST_PULLREQUESTNUMBER"), get("SYSTEM_PULLREQUEST_PULLREQUESTID"))
	switch get("BUILD_REPOSITORY_PROVIDER") {
	case "TfsGit":
		return cmp.Or(join(repository, "pullrequest", number), number)
	case "GitHub":
		return cmp.Or(join(repository, "pull", number), number)
	}
	return number
}

// readJenkins: BUILD_USER_ID and BUILD_USER come from the plugin "build user
// vars", GIT_COMMIT and the git author from that of Git, and what begins with
// CHANGE from multibranch projects.
func readJenkins(get func(string) string) Provenance {
	return Provenance{
		Who:         cmp.Or(get("BUILD_USER_ID"), get("BUILD_USER"), get("CHANGE_AUTHOR")),
		Commit:      get("GIT_COMMIT"),
		Author:      cmp.Or(get("CHANGE_AUTHOR"), get("CHANGE_AUTHOR_DISPLAY_NAME"), get("GIT_AUTHOR_NAME")),
		PullRequest: cmp.Or(get("CHANGE_URL"), get("CHANGE_ID")),
		RunURL:      cmp.Or(get("BUILD_URL"), get("RUN_DISPLAY_URL")),
	}
}

// join puts the parts of a URL together; it is empty if one of them is.
func join(parts ...string) string {
	for i, part := range parts {
		if part == "" {
			return ""
		}
		parts[i] = strings.Trim(part, "/")
	}
	return strings.Join(parts, "/")
}
