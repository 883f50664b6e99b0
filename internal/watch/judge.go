package watch

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/words"
)

// finding is what a rule says of a feed, before the configuration's severities.
type finding struct {
	outcome  Outcome
	severity Severity // as the rule has it
	value    string
	message  string
}

func passes(value string) finding { return finding{outcome: Pass, value: value} }

func unknown(message string) finding { return finding{outcome: Unknown, message: message} }

// fails is a finding that the caller gives its severity.
func fails(value, format string, args ...any) finding {
	return finding{outcome: Fail, value: value, message: fmt.Sprintf(format, args...)}
}

func (f finding) with(s Severity) finding {
	f.severity = s
	return f
}

// slack keeps a share that is exactly at its limit from being above it by the
// last bit of a float.
const slack = 1e-9

func above(share, limit float64) bool { return share > limit+slack }

// subject is one feed as one watch sees it.
type subject struct {
	watch   *spec.Watch
	feed    godatafeed.Feed
	seen    *seen
	at      time.Time
	earlier []memory.FeedObservation
}

// judge holds what the look found against the watches.
func (al *accountLook) judge() []Result {
	var results []Result
	for _, w := range al.watches {
		results = append(results, al.judgeWatch(w)...)
	}
	return results
}

func (al *accountLook) judgeWatch(w *spec.Watch) []Result {
	var results []Result
	meant := 0
	for _, id := range slices.Sorted(maps.Keys(al.feeds)) {
		if s := al.feeds[id]; w.Matches(id, s.feed.Name) {
			meant++
			results = append(results, al.judgeFeed(w, s)...)
		}
	}
	gone := func(id, name string, f finding) {
		if r, on := result(w, "gone", f.with(Error)); on {
			r.FeedID, r.FeedName = id, name
			results = append(results, r)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(al.past.Feeds)) {
		if past := al.past.Feeds[id]; al.missedBy(w, id, past) {
			meant++
			gone(id, past.Name, al.gone(id))
		}
	}
	switch {
	case meant > 0:
	case w.FeedID != "":
		gone(w.FeedID, "", al.gone(w.FeedID))
	default:
		gone("", "", fails("0 feeds", "no feed's name matches %q; `gdfctl feeds list` shows the names", w.Feeds))
	}
	return results
}

// gone says what became of a feed that a watch misses.
func (al *accountLook) gone(id string) finding {
	now, listed := al.others[id]
	if s := al.feeds[id]; s != nil {
		now, listed = s.feed.Name, true
	}
	past := al.past.Feeds[id]
	if !listed && past != nil && al.filter != "" { // the listing can't show it under such a name
		now, listed = past.Renamed, past.Renamed != ""
	}
	switch {
	case listed:
		return fails("renamed", "it is now called %q, which the watch does not mean", word(now))
	case past == nil:
		return fails("not found", "the API has no feed with this ID; `gdfctl feeds list` shows the IDs")
	}
	what := "it is not listed any more"
	if al.filter != "" {
		what = fmt.Sprintf("it is not listed any more among the feeds whose names hold %q", al.filter)
	}
	return fails("last seen "+words.Age(al.at.Sub(past.SeenAt))+" ago", "%s: deleted, or renamed. If that is as it should be: gdfctl feeds history --forget %q", what, id)
}

func (al *accountLook) judgeFeed(w *spec.Watch, s *seen) []Result {
	sub := &subject{watch: w, feed: s.feed, seen: s, at: al.at, earlier: s.earlier(al.at)}
	var results []Result
	add := func(r Result, on bool) {
		if on {
			r.FeedID, r.FeedName = s.feed.ID, s.feed.Name
			results = append(results, r)
		}
	}
	for _, rule := range spec.FeedRules {
		judge, ok := readyMade[rule.Name]
		if !ok || w.Severity(rule.Name) == "off" {
			continue
		}
		if f, asked := judge(sub); asked {
			add(result(w, rule.Name, f))
		}
	}
	for _, rule := range w.Rules {
		add(sub.own(rule))
	}
	return results
}

// result gives a finding its place and the severity that the configuration
// wants; false means that the rule is off.
func result(w *spec.Watch, rule string, f finding) (Result, bool) {
	severity := f.severity
	switch w.Severity(rule) {
	case "off":
		return Result{}, false
	case "error", "warn", "warning":
		severity = severityOf(w.Severity(rule))
	}
	return Result{
		Watch: w.Name, Account: w.Account.Name, Rule: rule, ID: identifier(rule), Outcome: f.outcome,
		Severity: cmp.Or(severity, Warn), Value: f.value, Message: f.message, DefinedAt: w.PlaceOf(rule),
	}, true
}

func identifier(rule string) string {
	for _, r := range spec.FeedRules {
		if r.Name == rule {
			return r.ID
		}
	}
	return ""
}

// sortResults orders by watch, feed name and feed id. The rules of a feed stay
// as they are.
func sortResults(results []Result) {
	slices.SortStableFunc(results, func(a, b Result) int {
		return cmp.Or(strings.Compare(a.Watch, b.Watch), strings.Compare(a.FeedName, b.FeedName), strings.Compare(a.FeedID, b.FeedID))
	})
}
