package provenance

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func environ(vars map[string]string) Environ {
	return Environ{
		Getenv:   func(name string) string { return vars[name] },
		User:     func() string { return "ann" },
		Hostname: func() string { return "build-7" },
	}
}

func TestDetect(t *testing.T) {
	for name, test := range map[string]struct {
		vars map[string]string
		want Provenance
	}{
		"a person's machine": {
			nil,
			Provenance{Who: "ann", Host: "build-7"},
		},
		"github": {
			map[string]string{
				"GITHUB_ACTIONS": "true", "GITHUB_ACTOR": "carl", "GITHUB_TRIGGERING_ACTOR": "dora", "GITHUB_SHA": "c0ffee",
				"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "shop/orders", "GITHUB_RUN_ID": "42",
				"GITHUB_REF": "refs/pull/7/merge",
			},
			Provenance{
				Who: "dora", Host: "build-7", CI: "github", Commit: "c0ffee", Author: "carl",
				PullRequest: "https://github.com/shop/orders/pull/7", RunURL: "https://github.com/shop/orders/actions/runs/42",
			},
		},
		"github on a branch": {
			map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_ACTOR": "carl", "GITHUB_REF": "refs/heads/main"},
			Provenance{Who: "carl", Host: "build-7", CI: "github", Author: "carl"},
		},
		"gitlab": {
			map[string]string{
				"GITLAB_CI": "true", "GITLAB_USER_LOGIN": "carl", "CI_COMMIT_SHA": "c0ffee",
				"CI_COMMIT_AUTHOR": "Dora Lee <dora@example.com>", "CI_MERGE_REQUEST_IID": "7",
				"CI_PROJECT_URL": "https://gitlab.example.com/shop/orders", "CI_JOB_URL": "https://gitlab.example.com/shop/orders/-/jobs/42",
			},
			Provenance{
				Who: "carl", Host: "build-7", CI: "gitlab", Commit: "c0ffee", Author: "Dora Lee",
				PullRequest: "https://gitlab.example.com/shop/orders/-/merge_requests/7",
				RunURL:      "https://gitlab.example.com/shop/orders/-/jobs/42",
			},
		},
		"gitlab, a manual job": {
			map[string]string{
				"GITLAB_CI": "true", "GITLAB_USER_LOGIN": "eve", "CI_JOB_MANUAL": "true", "CI_COMMIT_SHA": "c0ffee",
				"CI_COMMIT_AUTHOR": "Dora Lee <dora@example.com>", "CI_PROJECT_URL": "https://gitlab.example.com/shop/orders",
				"CI_PIPELINE_URL": "https://gitlab.example.com/shop/orders/-/pipelines/41",
			},
			Provenance{
				Who: "eve", Host: "build-7", CI: "gitlab", Commit: "c0ffee", Author: "Dora Lee", Approver: "eve",
				RunURL: "https://gitlab.example.com/shop/orders/-/pipelines/41",
			},
		},
		"gitlab, a merge request from a fork": {
			map[string]string{
				"GITLAB_CI": "true", "GITLAB_USER_LOGIN": "carl", "CI_MERGE_REQUEST_IID": "7", "CI_PROJECT_URL": "https://gitlab.example.com/carl/orders",
				"CI_MERGE_REQUEST_PROJECT_URL": "https://gitlab.example.com/shop/orders",
			},
			Provenance{Who: "carl", Host: "build-7", CI: "gitlab", PullRequest: "https://gitlab.example.com/shop/orders/-/merge_requests/7"},
		},
		"gitlab for a repository on github": {
			map[string]string{"GITLAB_CI": "true", "GITLAB_USER_LOGIN": "carl", "CI_EXTERNAL_PULL_REQUEST_IID": "9", "CI_PROJECT_URL": "https://gitlab.example.com/shop/orders"},
			Provenance{Who: "carl", Host: "build-7", CI: "gitlab", PullRequest: "9"},
		},
		"jenkins without an address": {
			map[string]string{"JENKINS_HOME": "/var/jenkins_home", "BUILD_USER": "Carl Case", "GIT_COMMIT": "c0ffee", "GIT_AUTHOR_NAME": "Dora Lee"},
			Provenance{Who: "Carl Case", Host: "build-7", CI: "jenkins", Commit: "c0ffee", Author: "Dora Lee"},
		},
		"jenkins, a change without a page": {
			map[string]string{
				"JENKINS_URL": "https://ci.example.com/", "CHANGE_ID": "7", "CHANGE_AUTHOR_DISPLAY_NAME": "Dora Lee",
				"RUN_DISPLAY_URL": "https://ci.example.com/job/42/display/redirect",
			},
			Provenance{Who: "ann", Host: "build-7", CI: "jenkins", Author: "Dora Lee", PullRequest: "7", RunURL: "https://ci.example.com/job/42/display/redirect"},
		},
		"jenkins": {
			map[string]string{
				"JENKINS_URL": "https://ci.example.com/", "BUILD_USER_ID": "carl", "GIT_COMMIT": "c0ffee", "CHANGE_AUTHOR": "dora",
				"CHANGE_URL": "https://git.example.com/pull/7", "BUILD_URL": "https://bot:secret@ci.example.com/job/42/",
			},
			Provenance{
				Who: "carl", Host: "build-7", CI: "jenkins", Commit: "c0ffee", Author: "dora",
				PullRequest: "https://git.example.com/pull/7", RunURL: "https://ci.example.com/job/42/",
			},
		},
		"buildkite": {
			map[string]string{
				"BUILDKITE": "true", "BUILDKITE_BUILD_CREATOR": "carl", "BUILDKITE_COMMIT": "c0ffee", "BUILDKITE_BUILD_AUTHOR": "dora",
				"BUILDKITE_UNBLOCKER": "eve", "BUILDKITE_PULL_REQUEST": "7", "BUILDKITE_BUILD_URL": "https://buildkite.com/shop/orders/builds/42",
			},
			Provenance{
				Who: "carl", Host: "build-7", CI: "buildkite", Commit: "c0ffee", Author: "dora", Approver: "eve",
				PullRequest: "7", RunURL: "https://buildkite.com/shop/orders/builds/42",
			},
		},
		"buildkite without a pull request": {
			map[string]string{"BUILDKITE": "true", "BUILDKITE_PULL_REQUEST": "false", "BUILDKITE_COMMIT": "HEAD"},
			Provenance{Who: "ann", Host: "build-7", CI: "buildkite"},
		},
		"circleci": {
			map[string]string{
				"CIRCLECI": "true", "CIRCLE_USERNAME": "carl", "CIRCLE_SHA1": "c0ffee", "CIRCLE_PR_USERNAME": "dora",
				"CIRCLE_PULL_REQUEST": "https://github.com/shop/orders/pull/7", "CIRCLE_BUILD_URL": "https://circleci.com/gh/shop/orders/42",
			},
			Provenance{
				Who: "carl", Host: "build-7", CI: "circleci", Commit: "c0ffee", Author: "dora",
				PullRequest: "https://github.com/shop/orders/pull/7", RunURL: "https://circleci.com/gh/shop/orders/42",
			},
		},
		"circleci, from a fork": {
			map[string]string{"CIRCLECI": "true", "CIRCLE_PR_USERNAME": "dora", "CIRCLE_PR_NUMBER": "7"},
			Provenance{Who: "ann", Host: "build-7", CI: "circleci", Author: "dora", PullRequest: "7"},
		},
		"azure for its own repository": {
			map[string]string{
				"TF_BUILD": "True", "BUILD_REQUESTEDFOR": "Carl Case", "SYSTEM_PULLREQUEST_PULLREQUESTID": "17",
				"BUILD_REPOSITORY_PROVIDER": "TfsGit", "BUILD_REPOSITORY_URI": "https://shop@dev.azure.com/shop/orders/_git/orders",
				"SYSTEM_COLLECTIONURI": "https://dev.azure.com/shop/", "SYSTEM_TEAMPROJECT": "orders", "BUILD_BUILDID": "42",
			},
			Provenance{
				Who: "Carl Case", Host: "build-7", CI: "azure", PullRequest: "https://dev.azure.com/shop/orders/_git/orders/pullrequest/17",
				RunURL: "https://dev.azure.com/shop/orders/_build/results?buildId=42",
			},
		},
		"azure for a repository on github": {
			map[string]string{
				"TF_BUILD": "True", "BUILD_REQUESTEDFOR": "Carl Case", "SYSTEM_PULLREQUEST_PULLREQUESTID": "512", "SYSTEM_PULLREQUEST_PULLREQUESTNUMBER": "7",
				"BUILD_REPOSITORY_PROVIDER": "GitHub", "BUILD_REPOSITORY_URI": "https://github.com/shop/orders.git",
			},
			Provenance{Who: "Carl Case", Host: "build-7", CI: "azure", PullRequest: "https://github.com/shop/orders/pull/7"},
		},
		"azure on a branch": {
			map[string]string{
				"TF_BUILD": "True", "BUILD_REQUESTEDFOR": "Carl Case", "BUILD_REPOSITORY_PROVIDER": "TfsGit",
				"BUILD_REPOSITORY_URI": "https://dev.azure.com/shop/orders/_git/orders",
			},
			Provenance{Who: "Carl Case", Host: "build-7", CI: "azure"},
		},
		"azure": {
			map[string]string{
				"TF_BUILD": "True", "BUILD_REQUESTEDFOR": "Carl Case", "BUILD_SOURCEVERSION": "c0ffee", "BUILD_SOURCEVERSIONAUTHOR": "Dora Lee",
				"SYSTEM_PULLREQUEST_PULLREQUESTID": "7", "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI": "https://dev.azure.com/shop/",
				"SYSTEM_TEAMPROJECT": "our orders", "BUILD_BUILDID": "42",
			},
			Provenance{
				Who: "Carl Case", Host: "build-7", CI: "azure", Commit: "c0ffee", Author: "Dora Lee",
				PullRequest: "7", RunURL: "https://dev.azure.com/shop/our%20orders/_build/results?buildId=42",
			},
		},
		"what people say goes first": {
			map[string]string{
				"CIRCLECI": "true", "CIRCLE_SHA1": "c0ffee", "GDF_COMMIT": "beef", "GDF_AUTHOR": "dora", "GDF_APPROVER": "eve",
				"GDF_PULL_REQUEST": "7", "GDF_RUN_URL": "https://ci.example.com/42",
			},
			Provenance{
				Who: "ann", Host: "build-7", CI: "circleci", Commit: "beef", Author: "dora", Approver: "eve",
				PullRequest: "7", RunURL: "https://ci.example.com/42",
			},
		},
		"hostile": {
			map[string]string{
				"GDF_AUTHOR": "\x1b[2Jmallory@example.com", "GDF_APPROVER": "eve@example.com", "GDF_PULL_REQUEST": "bot:secret@example.com/7",
				"GDF_RUN_URL": "https://ci.example.com/42\u202e#token",
			},
			Provenance{
				Who: "ann", Host: "build-7", Author: `\x1b[[e-mail]`, Approver: "[e-mail]",
				RunURL: "https://ci.example.com/42%E2%80%AE",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, Detect(environ(test.vars))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNobodyIsKnown(t *testing.T) {
	nobody := Environ{
		Getenv:   func(string) string { return "" },
		User:     func() string { return "" },
		Hostname: func() string { return "" },
	}
	if diff := cmp.Diff(Provenance{Who: "unknown"}, Detect(nobody)); diff != "" {
		t.Error(diff)
	}
}

func TestProcess(t *testing.T) {
	if p := Detect(Process()); p.Who == "" {
		t.Errorf("%+v", p)
	}
}
