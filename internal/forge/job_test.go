package forge_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/forge"
)

func TestDetect(t *testing.T) {
	job, err := forge.Detect(environment(onGitHub, "GITHUB_SHA=abc", "GITHUB_REF_NAME=main"))
	if err != nil || job.PullRequest != 5 || job.Head != "0123456789012345678901234567890123456789" || job.Commit != "abc" || job.Branch != "main" {
		t.Errorf("%+v, %v", job, err)
	}
	job, err = forge.Detect(environment(onGitLab, "CI_COMMIT_SHA=abc", "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA=def"))
	if err != nil || job.PullRequest != 5 || job.Head != "def" || job.Commit != "abc" {
		t.Errorf("%+v, %v", job, err)
	}
	job, err = forge.Detect(environment(onGitHub, "GITHUB_EVENT_PATH="))
	if err != nil || job.PullRequest != 0 {
		t.Errorf("%+v, %v", job, err)
	}
}

func TestDetectRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		world forge.World
		err   string
	}{
		"no forge":                   {environment(nil), "this is not a job of GitHub Actions or GitLab CI"},
		"no token on GitHub":         {environment(onGitHub, "GITHUB_TOKEN="), "there is no token for the forge"},
		"the token of another forge": {environment(onGitHub, "GITHUB_TOKEN=", "GITLAB_TOKEN="+token), "there is no token for the forge"},
		"no token on GitLab":         {environment(onGitLab, "GITLAB_TOKEN="), "there is no token for the forge"},
		"a token of two lines":       {environment(onGitHub, "GITHUB_TOKEN="+token+"\nx"), "characters that no token has"},
		"an address without https":   {environment(onGitHub, "GITHUB_API_URL=http://github.example/"+token), "GITHUB_API_URL must be an address that begins with https://"},
		"an address with a password": {environment(onGitLab, "CI_API_V4_URL=https://x:"+token+"@gitlab.example"), "CI_API_V4_URL must be an address that begins with https://"},
		"no repository":              {environment(onGitHub, "GITHUB_REPOSITORY="), "GITHUB_REPOSITORY must be OWNER/NAME"},
		"a repository that climbs":   {environment(onGitHub, "GITHUB_REPOSITORY=shop/.."), "GITHUB_REPOSITORY must be OWNER/NAME"},
		"a repository in a path":     {environment(onGitHub, "GITHUB_REPOSITORY=shop/orders/../x"), "GITHUB_REPOSITORY must be OWNER/NAME"},
		"a project without a number": {environment(onGitLab, "CI_PROJECT_ID=shop/orders"), "CI_PROJECT_ID must be the number of a project"},
		"no number":                  {environment(onGitLab, "CI_MERGE_REQUEST_IID=x"), "CI_MERGE_REQUEST_IID must be the number"},
		"an event that is not JSON":  {forge.World{Env: environment(onGitHub).Env, ReadFile: func(string, int64) ([]byte, error) { return []byte("{" + token), nil }}, "is not the description of an event"},
		"an event that is missing":   {forge.World{Env: environment(onGitHub).Env, ReadFile: func(string, int64) ([]byte, error) { return nil, errors.New("no such file") }}, "GITHUB_EVENT_PATH names can't be read: no such file"},
	} {
		_, err := forge.Detect(c.world)
		if err == nil || !strings.Contains(err.Error(), c.err) || strings.Contains(err.Error(), token) {
			t.Errorf("%s: %v, want %q", name, err, c.err)
		}
	}
}

func TestMarksAreReadAsTheyAreWritten(t *testing.T) {
	marks := []forge.Mark{
		{Kind: forge.Plan, Workspace: "shops/us.east-1", Number: 18446744073709551615},
		{Kind: forge.Plan, Workspace: "a", Hash: "37637a", Shown: forge.Shown{Changes: "beef", Acknowledge: 12, Ship: 540, Correct: 2, Cancel: 3}, Approved: forge.Shown{Changes: "b0b", Cancel: 1}},
	}
	for _, kind := range forge.Kinds {
		marks = append(marks, forge.Mark{Kind: kind, Workspace: "shop"})
	}
	for _, m := range marks {
		for _, text := range []string{m.String(), m.String() + "\nmore", m.String() + "\r\nmore"} {
			if got, ok := forge.ParseMark(text); !ok || got != m {
				t.Errorf("%q is read as %+v, %v", text, got, ok)
			}
		}
	}
}

func TestWhatIsNoMark(t *testing.T) {
	good := forge.Mark{Kind: forge.Plan, Workspace: "shop", Number: 7}.String()
	for _, text := range []string{
		"", "\n" + good, " " + good, "> " + good, good + " x", strings.ToUpper(good),
		"<!-- gdfctl:plan -->", "<!-- gdfctl:sell shop -->", "<!-- gdfctl:plan shop number=x -->", "<!-- gdfctl:plan shop number=-1 -->",
		"<!-- gdfctl:plan shop changes=a:1/2 -->", "<!-- gdfctl:plan --> <script> -->", "<!-- gdfctl:plan shop number=99999999999999999999 -->",
	} {
		if m, ok := forge.ParseMark(text); ok {
			t.Errorf("%q is read as %+v", text, m)
		}
	}
}

func TestWorkspaces(t *testing.T) {
	for name, want := range map[string]string{"shops/us": "shops/us", "our shop -->": "our-shop", "\u202e": "gdfctl", "": "gdfctl"} {
		got := forge.WorkspaceOf(name)
		if got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
		if _, ok := forge.ParseMark(forge.Mark{Kind: forge.Plan, Workspace: got}.String()); !ok {
			t.Errorf("%q makes no mark", got)
		}
	}
}

func TestRunNumbers(t *testing.T) {
	for name, want := range map[string]uint64{"GITHUB_RUN_ID": 12345678901, "CI_PIPELINE_ID": 12345678901, "OTHER": 0} {
		got := forge.RunNumber(func(asked string) string {
			if asked == name {
				return "12345678901"
			}
			return ""
		})
		if got != want {
			t.Errorf("%s: %d", name, got)
		}
	}
}
