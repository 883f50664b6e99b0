package forge

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const pageCommit = "9f8e7d6c9f8e7d6c9f8e7d6c9f8e7d6c9f8e7d6c"

func TestFilePage(t *testing.T) {
	github := map[string]string{"GITHUB_SERVER_URL": "https://github.test/", "GITHUB_REPOSITORY": "shop/orders"}
	gitlab := map[string]string{"CI_PROJECT_URL": "https://gitlab.test/a/b"}
	fork := map[string]string{"CI_PROJECT_URL": "https://gitlab.test/a/b", "CI_MERGE_REQUEST_SOURCE_PROJECT_URL": "https://gitlab.test/me/b"}
	for _, c := range []struct {
		env                map[string]string
		commit, path, want string
	}{
		{github, pageCommit, "a/t 1.csv", "https://github.test/shop/orders/blob/" + pageCommit + "/a/t%201.csv#L7"},
		{gitlab, pageCommit, "t.csv", "https://gitlab.test/a/b/-/blob/" + pageCommit + "/t.csv#L7"},
		{fork, pageCommit, "t.csv", "https://gitlab.test/me/b/-/blob/" + pageCommit + "/t.csv#L7"},
		{github, "main", "t.csv", ""},
		{github, pageCommit, "../t.csv", ""},
		{github, pageCommit, "/t.csv", ""},
		{github, pageCommit, strings.Repeat("t", mostPage), ""},
		{map[string]string{"GITHUB_SERVER_URL": "javascript://x", "GITHUB_REPOSITORY": "shop/orders"}, pageCommit, "t.csv", ""},
		{map[string]string{"GITHUB_SERVER_URL": "https://me:key@github.test", "GITHUB_REPOSITORY": "shop/orders"}, pageCommit, "t.csv", ""},
		{map[string]string{"GITHUB_SERVER_URL": "https://github.test", "GITHUB_REPOSITORY": "../.."}, pageCommit, "t.csv", ""},
		{nil, pageCommit, "t.csv", ""},
	} {
		if got := FilePage(func(name string) string { return c.env[name] }, c.commit, c.path, 7); got != c.want {
			t.Errorf("%v %s %s: %q, want %q", c.env, c.commit, c.path, got, c.want)
		}
	}
}

// Whatever a file is called, its page ends no link, and mentions nobody.
func TestPagesOfHostileFiles(t *testing.T) {
	inert := regexp.MustCompile(`^(?:|https://github\.test/[A-Za-z0-9/%._~+:=,;?#-]*)$`)
	rapid.Check(t, func(r *rapid.T) {
		path := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("|`*_[](){}<>&#@!~\\\"'=+-.:/%$\n\x00 ax1")))).Draw(r, "path")
		env := map[string]string{"GITHUB_SERVER_URL": "https://github.test", "GITHUB_REPOSITORY": "shop/orders"}
		page := FilePage(func(name string) string { return env[name] }, pageCommit, path, 1)
		if !inert.MatchString(page) || strings.Count(page, "#") > 1 {
			r.Errorf("%q is at %q", path, page)
		}
	})
}
