package provenance

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDetectPlanned(t *testing.T) {
	const event = `{"pull_request": {"head": {"sha": "h1", "ref": "x"}, "base": {"sha": "b1"}}}`
	for name, test := range map[string]struct {
		vars map[string]string
		want Planned
	}{
		"a person's machine": {nil, Planned{}},
		"a pull request on github: not the merge that is made for the test": {
			map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_SHA": "testmerge", "GITHUB_EVENT_PATH": "event"}, Planned{"h1", "b1", ""},
		},
		"github, to a branch":        {map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": "event", "GITHUB_BASE_REF": "main"}, Planned{"h1", "b1", "main"}},
		"gitlab, to a branch":        {map[string]string{"GITLAB_CI": "true", "CI_COMMIT_SHA": "h1", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_MERGE_REQUEST_DIFF_BASE_SHA": "b1"}, Planned{"h1", "b1", "main"}},
		"github, pushed":             {map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_SHA": "c1", "GITHUB_EVENT_PATH": "push"}, Planned{"c1", "", ""}},
		"github without an event":    {map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_SHA": "c1"}, Planned{"c1", "", ""}},
		"gitlab, merged results":     {map[string]string{"GITLAB_CI": "true", "CI_COMMIT_SHA": "m", "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "h1", "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": "b1"}, Planned{"h1", "b1", ""}},
		"gitlab, detached":           {map[string]string{"GITLAB_CI": "true", "CI_COMMIT_SHA": "h1", "CI_MERGE_REQUEST_DIFF_BASE_SHA": "b1"}, Planned{"h1", "b1", ""}},
		"what people say goes first": {map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": "event", "GDF_COMMIT": "mine"}, Planned{"mine", "b1", ""}},
		"another system":             {map[string]string{"CIRCLECI": "true", "CIRCLE_SHA1": "c2"}, Planned{"c2", "", ""}},
	} {
		read := func(path string) ([]byte, error) {
			text, ok := map[string]string{"event": event, "push": `{"ref": "refs/heads/main"}`}[path]
			if !ok {
				return nil, errors.New("no such file")
			}
			return []byte(text), nil
		}
		if diff := cmp.Diff(test.want, DetectPlanned(func(n string) string { return test.vars[n] }, read)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
