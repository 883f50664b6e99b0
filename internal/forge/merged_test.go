package forge_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/acceptance/forges"
	"github.com/gdfctl/gdfctl/internal/forge"
)

func mergedPull(number, minutes int, merge string, commits ...string) *forges.Pull {
	p := &forges.Pull{Number: number, Author: "ann", Merge: merge, Merged: true, MergedAt: at(minutes)}
	for _, c := range commits {
		p.Commits = append(p.Commits, forges.Commit{SHA: c, Author: "ann", Committer: "ann"})
		p.Head = c
	}
	return p
}

func commitsOf(all ...string) []forge.Commit {
	list := make([]forge.Commit, len(all))
	for i, c := range all {
		list[i] = forge.Commit{Hash: c, At: at(-i)}
	}
	return list
}

// Pull requests come in the order in which they were merged, each once, and the commits
// that came with none are named.
func TestMerged(t *testing.T) {
	both(t, func(t *testing.T, w *forges.World, c *forge.Client) {
		rebased := mergedPull(2, 2, "r2", "b1", "b2")
		rebased.Became = []string{"r1"}
		open := mergedPull(4, 4, "", "d1")
		open.Merged = false
		w.Pulls = []*forges.Pull{mergedPull(1, 1, "m1", "a1", "a2"), rebased, mergedPull(3, 3, "m3", "c1"), open}
		// m3 and m1 are merge commits, r1 and r2 what is left of a rebase
		merged, err := c.Merged(t.Context(), commitsOf("d1", "m3", "r2", "r1", "direct", "m1", "a2", "a1"), time.Time{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var numbers []int
		for _, pr := range merged.PullRequests {
			numbers = append(numbers, pr.Number)
		}
		if diff := cmp.Diff([]int{1, 2, 3}, numbers); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"d1", "direct"}, merged.Direct); diff != "" {
			t.Error(diff)
		}
		for _, call := range w.Calls() {
			if strings.Contains(call, "/commits/a1/") || strings.Contains(call, "/commits/a2/") {
				t.Errorf("%s asks what is known", call)
			}
		}
	})
}

// History goes back for years. What was merged too long ago ends the questions, and so does
// a commit that is older and came with nothing; a merge whose commits are older does not.
func TestMergedStopsWhereItIsTooOld(t *testing.T) {
	both(t, func(t *testing.T, w *forges.World, c *forge.Client) {
		w.Pulls = []*forges.Pull{mergedPull(1, -100, "m1", "a1"), mergedPull(2, 50, "m2", "b1"), mergedPull(3, 51, "m3", "c1")}
		history := commitsOf("m3", "m2", "m1")
		for i := range 100 {
			name := fmt.Sprintf("older%d", i)
			w.Pulls = append(w.Pulls, mergedPull(1000+i, -200, name, name))
			history = append(history, forge.Commit{Hash: name})
		}
		for i := range history {
			history[i].At = at(-1000) // as after a fast-forward
		}
		for i := range 500 {
			history = append(history, forge.Commit{Hash: fmt.Sprintf("old%d", i), At: at(-2000)})
		}
		merged, err := c.Merged(t.Context(), history, at(0), nil)
		if err != nil || len(merged.PullRequests) != 2 || len(merged.Direct) != 0 {
			t.Fatalf("%+v, %v", merged, err)
		}
		if _, err := c.Merged(t.Context(), history[103:], at(0), nil); err != nil {
			t.Error(err)
		}
		if n := len(w.Calls()); n > 25 {
			t.Errorf("%d calls", n)
		}
	})
}
