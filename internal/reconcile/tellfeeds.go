package reconcile

import (
	"cmp"
	"time"

	"github.com/gdfctl/gdfctl/internal/notify"
	"github.com/gdfctl/gdfctl/internal/watch"
	"github.com/gdfctl/gdfctl/internal/words"
)

// The rule that fails where a watch means no feed at all.
const ruleGone, idGone = "gone", "FD10"

// feedLook is what a check of feeds found, as it is told. whole says that it is
// all that the configuration watches: every watch, and every account was read.
func (w *workspace) feedLook(r watch.Report, runID string, whole bool) notify.Look {
	look := notify.Look{Scope: "feeds", Whole: whole}
	at := r.At.UTC().Truncate(time.Second)
	meant := map[string]int{} // feeds, by watch
	for i := range r.Results {
		res := &r.Results[i]
		if res.ID == idGone && res.Outcome == watch.Pass {
			meant[res.Watch]++
		}
		// A failure that only warns is neither told nor the end of one that was.
		sight := notify.Sight{Subject: subject(w, res.Account, res.Watch, cmp.Or(res.FeedID, res.FeedName), res.Rule)}
		switch {
		case res.Outcome == watch.Pass:
			sight.State, sight.Event.Type = notify.Right, notify.FeedRecovered
		case res.Fails():
			sight.State, sight.Event.Type = notify.Wrong, notify.FeedFailed
		}
		e := &sight.Event
		e.At, e.RunID, e.Account, e.Message = at, runID, res.Account, res.Message
		e.Watch, e.FeedID, e.FeedName, e.Rule, e.RuleID = res.Watch, res.FeedID, res.FeedName, res.Rule, res.ID
		e.Result, e.Severity, e.Value = string(res.Outcome), string(res.Severity), res.Value
		look.Sights = append(look.Sights, sight)
	}
	// A watch that means feeds again has no result that says so.
	for _, watched := range w.cfg.Watches {
		n := meant[watched.Name]
		if n == 0 || watched.FeedID != "" {
			continue
		}
		look.Sights = append(look.Sights, notify.Sight{
			Subject: subject(w, watched.Account.Name, watched.Name, "", ruleGone), State: notify.Right,
			Event: notify.Event{
				Type: notify.FeedRecovered, At: at, RunID: runID, Account: watched.Account.Name, Watch: watched.Name,
				Rule: ruleGone, RuleID: idGone, Result: string(watch.Pass), Severity: string(watch.Error),
				Value: words.Count(n, "feed", "feeds"), Message: "the watch means feeds again",
			},
		})
	}
	return look
}
