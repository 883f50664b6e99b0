package provenance

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// In the job of a pull request, its own last commit is known, and not only the merge that
// is made for the test.
func TestTheHeadOfAPullRequest(t *testing.T) {
	env := environ(map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_SHA": "testmerge", "GITHUB_EVENT_PATH": "event", "GITHUB_ACTOR": "carl"})
	env.ReadFile = func(path string) ([]byte, error) {
		if path != "event" {
			return nil, errors.New("no such file")
		}
		return []byte(`{"pull_request": {"head": {"sha": "h1"}, "base": {"sha": "b\u001b[2J"}}}`), nil
	}
	if diff := cmp.Diff(Provenance{Who: "carl", Host: "build-7", CI: "github", Commit: "testmerge", Author: "carl", Head: "h1", Base: `b\x1b[2J`}, Detect(env)); diff != "" {
		t.Error(diff)
	}
	env = environ(map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_SHA": "c1", "GITHUB_ACTOR": "carl"})
	env.ReadFile = func(string) ([]byte, error) { return nil, errors.New("no such file") }
	if p := Detect(env); p.Commit != "c1" || p.Head != "" || p.Base != "" {
		t.Errorf("%+v", p)
	}
}

func TestReviewedIn(t *testing.T) {
	job := Provenance{Who: "merger", Commit: "m1", Author: "merger", RunURL: "https://example.com/runs/1"}
	if got := job.ReviewedIn(nil); got.Review() != nil {
		t.Errorf("%+v", got)
	}
	review := Review{PullRequest: "https://example.com/pull/17", Author: "ann", Approvers: []string{"carol"}, Merger: "bob", Head: "h1", Base: "b1", Merge: "m1"}
	got := job.ReviewedIn(&review)
	if diff := cmp.Diff(Provenance{
		Who: "merger", Commit: "m1", Author: "ann", PullRequest: "https://example.com/pull/17", RunURL: "https://example.com/runs/1",
		Approvers: []string{"carol"}, Merger: "bob", Head: "h1", Base: "b1", Merge: "m1",
	}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(&review, got.Review()); diff != "" {
		t.Error(diff)
	}
}

// What a forge says is kept without what acts on a terminal, and within bounds.
func TestAReviewAsItIsKept(t *testing.T) {
	hostile := Review{PullRequest: "https://bob:secret@example.com/pull/1", Author: "a\x1b[2Jb", Merger: strings.Repeat("m", 10_000)}
	for i := range 500 {
		hostile.Approvers = append(hostile.Approvers, fmt.Sprintf("p%d\n", i))
	}
	got := hostile.Kept()
	if got.PullRequest != "https://example.com/pull/1" || strings.ContainsAny(got.Author, "\x1b") || len(got.Merger) > 1000 || len(got.Approvers) != mostApprovers || strings.Contains(got.Approvers[0], "\n") {
		t.Errorf("%+v", got)
	}
	if len(hostile.Approvers) != 500 {
		t.Error("the caller's list was changed")
	}
}
