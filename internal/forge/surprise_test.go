package forge_test

import (
	"bytes"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/forges"
	"github.com/gdfctl/gdfctl/internal/forge"
)

// rewritten is a forge whose answers to some calls are others.
func rewritten(h http.Handler, path string, change func(body string, header http.Header) string) transport {
	return func(r *http.Request) (*http.Response, error) {
		resp, err := forges.Transport{Handler: h}.RoundTrip(r)
		if err == nil && strings.HasSuffix(r.URL.Path, path) {
			body, _ := io.ReadAll(resp.Body)
			resp.Body = io.NopCloser(bytes.NewBufferString(change(string(body), resp.Header)))
		}
		return resp, err
	}
}

// What an answer leaves out is never to the advantage of an approval.
func TestAnswersThatLeaveSomethingOut(t *testing.T) {
	const submitted, approved = `"submitted_at":"2026-11-27T12:12:00Z"`, `"approved_at":"2026-11-27T12:12:00Z"`
	without := func(text string) func(string, http.Header) string {
		return func(body string, _ http.Header) string {
			changed := strings.ReplaceAll(body, text, `"other":1`)
			if changed == body {
				t.Errorf("%s does not hold %s", body, text)
			}
			return changed
		}
	}
	// The link to the next page stands in any of several headers, in any spelling.
	linked := func(next string) func(string, http.Header) string {
		return func(body string, header http.Header) string {
			if strings.Contains(header.Get("Link"), `rel="next"`) {
				header["Link"] = []string{`<https://elsewhere.example/style>; rel="preload"`, next}
			}
			return body
		}
	}
	late := append(append([]forges.Review{review("bob", "APPROVED", "c2", 12)}, comments(100)...), review("bob", "DISMISSED", "c2", 14))
	for name, test := range map[string]struct {
		gitlab  bool
		path    string
		change  func(string, http.Header) string
		commits []forges.Commit
		reviews []forges.Review
	}{
		"the time of a review":    {path: "/5/reviews", change: without(submitted)},
		"the time of an approval": {gitlab: true, path: "/5/approvals", change: without(approved)},
		"when an approval was, but year 1": {gitlab: true, path: "/5/approvals", change: func(body string, _ http.Header) string {
			return strings.ReplaceAll(body, approved, `"approved_at":"0001-01-01T00:00:00Z"`)
		}},
		"the number of commits":             {path: "/pulls/5", change: without(`"commits":2`)},
		"the commits":                       {path: "/5/commits", change: func(string, http.Header) string { return "[]" }, commits: []forges.Commit{{SHA: "c0", Author: "bob", Committer: "bob"}}},
		"the commits, as null":              {path: "/5/commits", change: func(string, http.Header) string { return "null" }, commits: []forges.Commit{{SHA: "c0", Author: "bob", Committer: "bob"}}},
		"which commit was reviewed":         {path: "/5/reviews", change: without(`"commit_id":"c2"`)},
		"what kind of login it is":          {path: "/5/reviews", change: without(`"type":"User"`)},
		"whether it is a person, on GitLab": {gitlab: true, path: "/users/127508", change: without(`"bot":false`)},
		"the last commit":                   {path: "/pulls/5", change: without(`"head":{"sha":"c2"}`)},
		"the author, on GitLab":             {gitlab: true, path: "/merge_requests/5", change: without(`"author":{"id":126528,"name":"ann","state":"active","username":"ann"}`), reviews: []forges.Review{review("ann", "APPROVED", "c2", 12)}},
		"a link beside another one":         {path: "/5/reviews", change: linked(`<https://elsewhere.example/2>; rel="next"`), reviews: late},
		"the quotes of a link":              {path: "/5/reviews", change: linked(`<https://elsewhere.example/2>; rel=next`), reviews: late},
		"the usual order of a link":         {path: "/5/reviews", change: linked(`<https://elsewhere.example/2>; title="x"; REL="Next"`), reviews: late},
		"all of a merge's own facts":        {path: "/pulls/5", change: func(string, http.Header) string { return "null" }},
	} {
		t.Run(name, func(t *testing.T) {
			c := caseOfApproval{reviews: test.reviews, commits: test.commits}
			if c.reviews == nil {
				c.reviews = []forges.Review{review("bob", "APPROVED", "c2", 12)}
			}
			w := c.world()
			env, h := environment(onGitHub, "GITHUB_REF_NAME=main"), forges.GitHub(w)
			if test.gitlab {
				env, h = environment(onGitLab, "CI_COMMIT_BRANCH=main"), forges.GitLab(w, map[string]time.Time{"c1": at(0), "c2": at(10)})
			}
			plans := []forge.Published{published("p1", "c1", "g1", "h1", 1), published("p2", "c2", "g2", "h2", 11), published("p3", "c2", "g3", "h3", 30)}
			reviewed, err := asked(t.Context(), clientOf(t, env, rewritten(h, test.path, test.change)), "m5", plans)
			if err != nil {
				t.Log(err)
				return
			}
			if plan, by, err := reviewed.Plan(1); err == nil {
				t.Errorf("plan %s is approved by %+v", plan, by)
			} else {
				t.Log(err)
			}
		})
	}
}

// A page that holds more than was asked for is none: it could fill the memory. And what
// is no list has no end that is known.
func TestPagesAreBounded(t *testing.T) {
	for name, body := range map[string]string{
		"more than a page": "[" + strings.Repeat("{},", 100) + "{}]",
		"millions":         "[" + strings.Repeat("{},", 3_000_000) + "{}]",
		"null":             "null",
		"an object":        `{"total": 0}`,
	} {
		var before, after runtime.MemStats
		c := clientOf(t, environment(onGitHub), transport(func(*http.Request) (*http.Response, error) {
			runtime.ReadMemStats(&before)
			return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(body))}, nil
		}))
		_, err := c.Merged(t.Context(), []forge.Commit{{Hash: "c1"}}, time.Time{}, nil)
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), "the answer can't be understood") {
			t.Errorf("%s: %v", name, err)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > uint64(8*len(body)+1<<20) {
			t.Errorf("%s takes %d bytes", name, used)
		}
	}
}
