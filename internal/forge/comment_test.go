package forge_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/acceptance/forges"
	"github.com/gdfctl/gdfctl/internal/forge"
)

// both runs a test against GitHub and GitLab.
func both(t *testing.T, test func(*testing.T, *forges.World, *forge.Client)) {
	for name, start := range map[string]func(*testing.T, *forges.World) *forge.Client{
		"GitHub": func(t *testing.T, w *forges.World) *forge.Client { return gitHubJob(t, forges.GitHub(w)) },
		"GitLab": func(t *testing.T, w *forges.World) *forge.Client { return gitLabJob(t, forges.GitLab(w, nil)) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(&forges.Pull{Number: 5, Author: "ann"})
			clock := noon
			w.Now = func() time.Time { clock = clock.Add(time.Minute); return clock }
			test(t, w, start(t, w))
		})
	}
}

func planMark(number uint64, changes string, ship, cancel int) forge.Mark {
	return forge.Mark{Kind: forge.Plan, Workspace: "shop", Number: number, Hash: "37637a124fb3" + strings.Repeat("0", 52), Shown: forge.Shown{Changes: changes, Ship: ship, Cancel: cancel}}
}

func comment(t *testing.T, c *forge.Client, m forge.Mark, text string) *forge.Commented {
	t.Helper()
	done, err := c.Comment(t.Context(), m, text)
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range done.Problems {
		t.Error(problem)
	}
	return done
}

// texts are the comments of the pull request without their marks.
func texts(w *forges.World) (all []string) {
	for _, c := range w.Shown(5) {
		text := c.Body
		if strings.HasPrefix(text, "<!--") {
			_, text, _ = strings.Cut(text, "\n")
		}
		all = append(all, c.Author+": "+text)
	}
	return all
}

func TestOneCommentIsReplaced(t *testing.T) {
	both(t, func(t *testing.T, w *forges.World, c *forge.Client) {
		w.Say(5, "ann", "please look")
		if done := comment(t, c, planMark(1, "a", 1, 0), "first"); done.Result != forge.Created || done.PullRequest != 5 {
			t.Errorf("%+v", done)
		}
		w.Say(5, "ann", "better?")
		if done := comment(t, c, planMark(2, "b", 2, 0), "second"); done.Result != forge.Updated {
			t.Errorf("%+v", done)
		}
		if done := comment(t, c, planMark(2, "b", 2, 0), "second, again"); done.Result != forge.Updated {
			t.Errorf("%+v", done)
		}
		if diff := cmp.Diff([]string{"ann: please look", "gdf-bot: second, again", "ann: better?"}, texts(w)); diff != "" {
			t.Error(diff)
		}
	})
}

// Each kind has a comment, which is found again and replaced.
func TestEachKindIsReplaced(t *testing.T) {
	both(t, func(t *testing.T, w *forges.World, c *forge.Client) {
		var want []string
		for _, kind := range forge.Kinds {
			m := forge.Mark{Kind: kind, Workspace: "shop", Number: 1}
			if done := comment(t, c, m, "first"); done.Result != forge.Created {
				t.Errorf("%s: %+v", kind, done)
			}
			m.Number = 2
			if done := comment(t, c, m, "second "+string(kind)); done.Result != forge.Updated {
				t.Errorf("%s: %+v", kind, done)
			}
			want = append(want, "gdf-bot: second "+string(kind))
		}
		if diff := cmp.Diff(want, texts(w)); diff != "" {
			t.Error(diff)
		}
	})
}

// Another kind and another workspace have comments of their own.
func TestCommentsOfOthersStay(t *testing.T) {
	both(t, func(t *testing.T, w *forges.World, c *forge.Client) {
		for _, m := range []forge.Mark{{Kind: forge.Plan, Workspace: "shop"}, {Kind: forge.Plan, Workspace: "shop/eu"}, {Kind: forge.Apply, Workspace: "shop"}, {Kind: forge.Feeds, Workspace: "shop"}} {
			if done := comment(t, c, m, string(m.Kind)+" "+m.Workspace); done.Result != forge.Created {
				t.Errorf("%+v: %+v", m, done)
			}
		}
		mark := planMark(1, "x", 1, 1).String()
		w.Say(5, "gdf-bot", "> "+mark+"\nquoted")
		w.Say(5, "mallory", mark+"\nmine")
		before := texts(w)
		if done := comment(t, c, planMark(2, "x", 1, 1), "plan shop"); done.Result != forge.Updated || done.Deleted != 0 {
			t.Errorf("%+v", done)
		}
		if diff := cmp.Diff(before, texts(w)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestANewerPlanStays(t *testing.T) {
	both(t, func(t *testing.T, w *forges.World, c *forge.Client) {
		comment(t, c, planMark(2, "b", 2, 0), "of run 2")
		if done := comment(t, c, planMark(1, "a", 1, 0), "of run 1"); done.Result != forge.KeptNewer || done.Newer != 2 {
			t.Errorf("%+v", done)
		}
		if done := comment(t, c, planMark(0, "a", 1, 0), "of a machine"); done.Result != forge.KeptNewer {
			t.Errorf("%+v", done)
		}
		if diff := cmp.Diff([]string{"gdf-bot: of run 2"}, texts(w)); diff != "" {
			t.Error(diff)
		}
	})
}

// Two runs at once can both find no comment. The next one keeps the newest.
func TestOfTwoCommentsTheNewestIsKept(t *testing.T) {
	both(t, func(t *testing.T, w *forges.World, c *forge.Client) {
		for _, n := range []uint64{3, 1, 2} {
			w.Say(5, "gdf-bot", planMark(n, "a", 1, 0).String()+fmt.Sprintf("\nof run %d", n))
		}
		if done := comment(t, c, planMark(2, "a", 1, 0), "again"); done.Result != forge.KeptNewer || done.Deleted != 2 {
			t.Errorf("%+v", done)
		}
		if diff := cmp.Diff([]string{"gdf-bot: of run 3"}, texts(w)); diff != "" {
			t.Error(diff)
		}
	})
}

// However long the conversation, a comment costs at most six calls.
func TestALongConversation(t *testing.T) {
	both(t, func(t *testing.T, w *forges.World, c *forge.Client) {
		for i := range 5 {
			w.Say(5, "gdf-bot", planMark(uint64(i+1), "a", 1, 0).String()+"\nearlier")
		}
		for i := range 120 {
			w.Say(5, "ann", fmt.Sprintf("comment %d", i))
		}
		w.Review(5, forges.Review{Login: "bob", State: "APPROVED", At: noon.Add(24 * time.Hour)})
		before := len(w.Calls())
		if done := comment(t, c, planMark(6, "b", 1, 0), "new"); done.Result != forge.Updated || done.Noted == "" {
			t.Errorf("%+v", done)
		}
		if n := len(w.Calls()) - before; n > forge.MostCalls {
			t.Errorf("%d calls: %s", n, w.Calls())
		}
	})
}

// A page of notes is short if some are hidden, and others follow.
func TestNotesThatAreHidden(t *testing.T) {
	w := newWorld(&forges.Pull{Number: 5, Author: "ann"})
	c := gitLabJob(t, forges.GitLab(w, nil))
	comment(t, c, planMark(1, "a", 1, 0), "earlier")
	for range 110 {
		w.Say(5, "ann", forges.HiddenNote)
	}
	if done := comment(t, c, planMark(2, "a", 1, 0), "new"); done.Result != forge.Updated {
		t.Errorf("%+v", done)
	}
}

// Somebody who approved a plan is told, once, that another one has taken its place.
func TestAPlanThatDiffersFromTheApprovedOne(t *testing.T) {
	both(t, func(t *testing.T, w *forges.World, c *forge.Client) {
		comment(t, c, planMark(1, "a", 3, 0), "plan 1")
		w.Review(5, forges.Review{Login: "bob", State: "APPROVED", At: w.Now()})
		if done := comment(t, c, planMark(2, "a", 3, 0), "plan 2"); done.Noted != "" {
			t.Errorf("a plan that does the same: %q", done.Noted)
		}
		done := comment(t, c, planMark(3, "b", 2, 2), "plan 3")
		const want = "Plan `37637a124fb3` differs from the plan that was approved: 2 more cancels, 1 ship fewer.\n"
		if done.Noted != want {
			t.Errorf("%q", done.Noted)
		}
		if done := comment(t, c, planMark(4, "c", 2, 2), "plan 4"); done.Noted != "" {
			t.Errorf("said twice: %q", done.Noted)
		}
		if diff := cmp.Diff([]string{"gdf-bot: plan 4", "gdf-bot: " + want}, texts(w)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAPlanThatNobodyApproved(t *testing.T) {
	both(t, func(t *testing.T, w *forges.World, c *forge.Client) {
		w.Review(5, forges.Review{Login: "bob", State: "APPROVED", At: w.Now()}) // before there was a plan
		comment(t, c, planMark(1, "a", 3, 0), "plan 1")
		if done := comment(t, c, planMark(2, "b", 2, 2), "plan 2"); done.Noted != "" {
			t.Errorf("%q", done.Noted)
		}
	})
}

// What was approved is not forgotten if the comment about it fails.
func TestANoteThatFailsIsMadeNextTime(t *testing.T) {
	w := newWorld(&forges.Pull{Number: 5, Author: "ann"})
	clock := noon
	w.Now = func() time.Time { clock = clock.Add(time.Minute); return clock }
	c := gitLabJob(t, forges.GitLab(w, nil))
	comment(t, c, planMark(1, "a", 3, 0), "plan 1")
	w.Review(5, forges.Review{Login: "bob", State: "APPROVED", At: w.Now()})
	w.Intercept = func(r *http.Request, _ int) (int, http.Header) {
		if r.Method == http.MethodPost {
			return http.StatusBadGateway, nil
		}
		return 0, nil
	}
	done, err := c.Comment(t.Context(), planMark(2, "b", 3, 1), "plan 2")
	if err != nil || done.Result != forge.Updated || len(done.Problems) != 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	w.Intercept = nil
	if done := comment(t, c, planMark(3, "c", 3, 2), "plan 3"); !strings.Contains(done.Noted, "2 more cancels") {
		t.Errorf("%+v", done)
	}
}

func TestATokenThatMayOnlyRead(t *testing.T) {
	w := newWorld(&forges.Pull{Number: 5, Author: "ann"})
	for name, c := range map[string]*forge.Client{
		"GitHub": gitHubJob(t, forges.GitHub(w), "GITHUB_TOKEN=read-only"),
		"GitLab": gitLabJob(t, forges.GitLab(w, nil), "GITLAB_TOKEN=read-only"),
	} {
		if _, err := c.Comment(t.Context(), planMark(1, "a", 1, 0), "x"); !forge.IsDenied(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestACommentThatIsTooLong(t *testing.T) {
	both(t, func(t *testing.T, w *forges.World, c *forge.Client) {
		m := planMark(1, "a", 1, 0)
		room := forge.MostComment - len(m.String()) - 1
		comment(t, c, m, strings.Repeat("x", room))
		if _, err := c.Comment(t.Context(), m, strings.Repeat("x", room+1)); !errors.Is(err, forge.ErrTooLong) {
			t.Error(err)
		}
	})
}

// An apply runs on the branch, and answers in the pull request that was merged.
func TestAnApplyAnswersInTheMergedPullRequest(t *testing.T) {
	w := newWorld(&forges.Pull{Number: 4, Head: "c4", Merge: "m4"}, &forges.Pull{Number: 5, Head: "c5", Merge: "m5", Merged: true}, &forges.Pull{Number: 6, Merge: "m6", Merged: true, Branch: "dev"})
	for name, client := range map[string]func(commit string) *forge.Client{
		"GitHub": func(commit string) *forge.Client {
			return gitHubJob(t, forges.GitHub(w), "GITHUB_EVENT_PATH=", "GITHUB_SHA="+commit, "GITHUB_REF_NAME=main")
		},
		"GitLab": func(commit string) *forge.Client {
			return gitLabJob(t, forges.GitLab(w, nil), "CI_MERGE_REQUEST_IID=", "CI_COMMIT_SHA="+commit, "CI_COMMIT_BRANCH=main")
		},
	} {
		apply, plan := forge.Mark{Kind: forge.Apply, Workspace: name}, forge.Mark{Kind: forge.Plan, Workspace: name}
		if done := comment(t, client("m5"), apply, "applied on "+name); done.Result != forge.Created || done.PullRequest != 5 {
			t.Errorf("%s: %+v", name, done)
		}
		for _, commit := range []string{"m4", "m6", "cccc", ""} { // not merged, merged elsewhere, pushed, not known
			if done := comment(t, client(commit), apply, "x"); done.Result != forge.NoPullRequest {
				t.Errorf("%s, %s: %+v", name, commit, done)
			}
		}
		if done := comment(t, client("m5"), plan, "x"); done.Result != forge.NoPullRequest {
			t.Errorf("%s, a plan: %+v", name, done)
		}
	}
	if got := texts(w); len(got) != 2 {
		t.Errorf("%q", got)
	}
}

// meanwhile lets another run comment just before a call that writes is answered.
func meanwhile(w *forges.World, m forge.Mark, status int, header http.Header) {
	done := false
	w.Intercept = func(r *http.Request, _ int) (int, http.Header) {
		if done || !writes(r) {
			return 0, nil
		}
		done = true
		p := w.Pulls[0]
		if len(p.Comments) == 0 {
			p.Comments = append(p.Comments, forges.Comment{ID: 1000, Author: "gdf-bot", Created: w.Now()})
		}
		p.Comments[0].Body, p.Comments[0].Edited = m.String()+"\nof the other run", w.Now()
		return status, header
	}
}

// writes reports whether a call changes something, and leaves it as it was.
func writes(r *http.Request) bool {
	if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/graphql") {
		return r.Method != http.MethodGet
	}
	text, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(text))
	return bytes.Contains(text, []byte("mutation"))
}

// Two runs find no comment, and both make one: the newer one is left.
func TestTwoRunsThatBothCreateAComment(t *testing.T) {
	both(t, func(t *testing.T, w *forges.World, c *forge.Client) {
		meanwhile(w, planMark(2, "b", 1, 0), 0, nil)
		if done := comment(t, c, planMark(1, "a", 1, 0), "of run 1"); done.Result != forge.KeptNewer || done.Deleted != 1 {
			t.Errorf("%+v", done)
		}
		if diff := cmp.Diff([]string{"gdf-bot: of the other run"}, texts(w)); diff != "" {
			t.Error(diff)
		}
	})
	both(t, func(t *testing.T, w *forges.World, c *forge.Client) {
		meanwhile(w, planMark(2, "b", 1, 0), 0, nil)
		if done := comment(t, c, planMark(3, "a", 1, 0), "of run 3"); done.Result != forge.Created || done.Deleted != 1 {
			t.Errorf("%+v", done)
		}
		if diff := cmp.Diff([]string{"gdf-bot: of run 3"}, texts(w)); diff != "" {
			t.Error(diff)
		}
	})
}

// While a run waits for the forge's limit, a newer one can comment. What was read
// before the wait is not acted on.
func TestANewerPlanThatComesDuringAWait(t *testing.T) {
	both(t, func(t *testing.T, w *forges.World, c *forge.Client) {
		synctest.Test(t, func(t *testing.T) {
			comment(t, c, planMark(1, "a", 1, 0), "of run 1")
			meanwhile(w, planMark(3, "b", 1, 0), 429, http.Header{"Retry-After": {"60"}})
			if done := comment(t, c, planMark(2, "a", 1, 0), "of run 2"); done.Result != forge.KeptNewer {
				t.Errorf("%+v", done)
			}
			if diff := cmp.Diff([]string{"gdf-bot: of the other run"}, texts(w)); diff != "" {
				t.Error(diff)
			}
		})
	})
}
