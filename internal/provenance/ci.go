package provenance

import (
	"cmp"
	"net/url"
	"strings"
)

// system is one CI system: the variable that it sets in every job, and what its
// other variables mean. Names are those of the systems' own documentation.
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
	{"jenkins", "JENKINS_URL", readJenkins},
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
	return Provenance{
		Who:         get("GITLAB_USER_LOGIN"),
		Commit:      get("CI_COMMIT_SHA"),
		Author:      get("CI_COMMIT_AUTHOR"),
		PullRequest: join(project, "-/merge_requests", get("CI_MERGE_REQUEST_IID")),
		RunURL:      cmp.Or(get("CI_JOB_URL"), get("CI_PIPELINE_URL")),
	}
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
	return p
}

func readCircleCI(get func(string) string) Provenance {
	return Provenance{
		Who:         get("CIRCLE_USERNAME"),
		Commit:      get("CIRCLE_SHA1"),
		Author:      get("CIRCLE_PR_USERNAME"),
		PullRequest: get("CIRCLE_PULL_REQUEST"),
		RunURL:      get("CIRCLE_BUILD_URL"),
	}
}

func readAzure(get func(string) string) Provenance {
	p := Provenance{
		Who:         get("BUILD_REQUESTEDFOR"),
		Commit:      get("BUILD_SOURCEVERSION"),
		Author:      get("BUILD_SOURCEVERSIONAUTHOR"),
		PullRequest: cmp.Or(get("SYSTEM_PULLREQUEST_PULLREQUESTNUMBER"), get("SYSTEM_PULLREQUEST_PULLREQUESTID")),
	}
	project := join(get("SYSTEM_TEAMFOUNDATIONCOLLECTIONURI"), url.PathEscape(get("SYSTEM_TEAMPROJECT")))
	if id := get("BUILD_BUILDID"); id != "" && project != "" {
		p.RunURL = project + "/_build/results?buildId=" + url.QueryEscape(id)
	}
	return p
}

func readJenkins(get func(string) string) Provenance {
	return Provenance{
		Who:         cmp.Or(get("BUILD_USER_ID"), get("BUILD_USER"), get("CHANGE_AUTHOR")),
		Commit:      get("GIT_COMMIT"),
		Author:      cmp.Or(get("CHANGE_AUTHOR"), get("GIT_AUTHOR_NAME")),
		PullRequest: cmp.Or(get("CHANGE_URL"), get("CHANGE_ID")),
		RunURL:      get("BUILD_URL"),
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
