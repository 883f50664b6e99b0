package provenance

import (
	"cmp"
	"encoding/json"
)

// Planned are the commits that a plan is about, as far as the environment says so.
type Planned struct {
	Head string // what was planned: of a pull request, its own last commit
	Base string // what that is to be merged into
	// Branch is that of Base, of a pull request.
	Branch string
}

// DetectPlanned reads which commits are planned. The commit of a GitHub job for a
// pull request is a merge that was made for the test and vanishes: the event says
// which one people review. GDF_COMMIT goes first. All are empty outside of CI.
func DetectPlanned(getenv func(string) string, readFile func(string) ([]byte, error)) Planned {
	p := Planned{Head: getenv("GDF_COMMIT")}
	switch {
	case getenv("GITHUB_ACTIONS") != "":
		var event struct {
			PullRequest struct {
				Head, Base struct {
					SHA string `json:"sha"`
				}
			} `json:"pull_request"`
		}
		if text, err := readFile(getenv("GITHUB_EVENT_PATH")); err == nil && json.Unmarshal(text, &event) == nil {
			p.Head, p.Base = cmp.Or(p.Head, event.PullRequest.Head.SHA), event.PullRequest.Base.SHA
		}
		p.Branch = getenv("GITHUB_BASE_REF")
	case getenv("GITLAB_CI") != "":
		p.Branch = getenv("CI_MERGE_REQUEST_TARGET_BRANCH_NAME")
		p.Head = cmp.Or(p.Head, getenv("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"))
		p.Base = cmp.Or(getenv("CI_MERGE_REQUEST_TARGET_BRANCH_SHA"), getenv("CI_MERGE_REQUEST_DIFF_BASE_SHA"))
	}
	p.Head = cmp.Or(p.Head, detectCI(getenv).Commit)
	return p
}
