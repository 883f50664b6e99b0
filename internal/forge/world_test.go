package forge_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/forges"
	"github.com/gdfctl/gdfctl/internal/forge"
)

const token = "tOk-canary+/5Rt3v~Zz"

func newWorld(pulls ...*forges.Pull) *forges.World {
	return &forges.World{
		Now: func() time.Time { return at(60) }, Pulls: pulls,
		Tokens: map[string]forges.Login{token: {Name: "gdf-bot"}, "read-only": {Name: "gdf-bot", ReadOnly: true}},
	}
}

var onGitHub = map[string]string{"GITHUB_API_URL": "http://127.0.0.1:1" + forges.GitHubPath, "GITHUB_REPOSITORY": "shop/orders", "GITHUB_TOKEN": token, "GITHUB_EVENT_PATH": "event"}

var onGitLab = map[string]string{"CI_API_V4_URL": "http://127.0.0.1:1" + forges.GitLabPath, "CI_PROJECT_ID": "7", "GITLAB_TOKEN": token, "CI_MERGE_REQUEST_IID": "5"}

// environment is one of a job, with changes; an empty value removes a variable.
func environment(base map[string]string, changes ...string) forge.World {
	env := map[string]string{}
	maps.Copy(env, base)
	for _, change := range changes {
		name, value, _ := strings.Cut(change, "=")
		env[name] = value
	}
	return forge.World{
		Env: func(name string) string { return env[name] },
		ReadFile: func(string, int64) ([]byte, error) {
			return []byte(`{"pull_request": {"number": 5, "head": {"sha": "0123456789012345678901234567890123456789"}}}`), nil
		},
	}
}

func clientOf(t *testing.T, world forge.World, transport http.RoundTripper) *forge.Client {
	t.Helper()
	job, err := forge.Detect(world)
	if err != nil {
		t.Fatal(err)
	}
	return forge.New(job, forge.Options{Transport: transport, Now: time.Now, UserAgent: "gdfctl/test"})
}

func gitHubJob(t *testing.T, h http.Handler, changes ...string) *forge.Client {
	return clientOf(t, environment(onGitHub, changes...), forges.Transport{Handler: h})
}

func gitLabJob(t *testing.T, h http.Handler, changes ...string) *forge.Client {
	return clientOf(t, environment(onGitLab, changes...), forges.Transport{Handler: h})
}
