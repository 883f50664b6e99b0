package report_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// pageAt is when the pages of these tests are looked at.
var pageAt = time.Date(2026, 11, 27, 20, 34, 0, 0, time.UTC)

func before(d time.Duration) *time.Time {
	t := pageAt.Add(-d)
	return &t
}

// completed is a page with its needs, one per line.
func completed(p report.AgentPage) (*report.AgentPage, []string) {
	p.At, p.All = pageAt, max(p.All, len(p.Workspaces))
	done := report.NewAgentPage(p, report.AgentCommands{
		Agent: func(words ...string) string { return "agent " + strings.Join(words, " ") },
		In:    func(workspace string, words ...string) string { return strings.Join(words, " ") + " in " + workspace },
		Start: "start it",
	})
	lines := []string{}
	for _, needs := range done.Needs {
		for _, n := range needs.Items {
			since := "never"
			if n.Since != nil {
				since = done.Ago(*n.Since)
			}
			lines = append(lines, fmt.Sprintf("%s: %s", needs.Kind, strings.Join([]string{n.Workspace, n.Name, n.What, n.Why, since, n.Command}, "|")))
		}
	}
	return done, lines
}

// What needs a person is what its rule says, to the second, and has the command that helps.
func TestWhatNeedsAPerson(t *testing.T) {
	alive := []report.AgentProcess{{Host: "h", LastSeenAt: *before(30 * time.Second), Running: true}}
	schedule := func(change func(*report.AgentPageSchedule)) []report.AgentPageWorkspace {
		s := report.AgentPageSchedule{AgentSchedule: report.AgentSchedule{
			Name: "ack", NextDueAt: before(-time.Minute), LastSuccessAt: before(time.Hour), LastRun: &report.AgentRun{Message: "all well", EndedAt: before(time.Minute)}, Left: &report.AgentLeft{At: *before(time.Hour)},
		}, LateAt: pageAt}
		change(&s)
		return []report.AgentPageWorkspace{{AgentWorkspace: report.AgentWorkspace{Name: "w"}, Schedules: []report.AgentPageSchedule{s}}}
	}
	waiting := func(d time.Duration) []report.AgentPageWorkspace {
		return []report.AgentPageWorkspace{{AgentWorkspace: report.AgentWorkspace{Name: "w"}, Unacknowledged: []report.AgentUnacknowledged{{Schedule: "ack", Source: "Walmart", Oldest: *before(d), Orders: 1200}}}}
	}
	pause := &report.AgentPause{Reason: "holds", Who: "ann", At: *before(time.Hour)}
	for _, c := range []struct {
		name string
		page report.AgentPage
		want []string
	}{
		{"all is well", report.AgentPage{Agents: alive, Workspaces: schedule(func(*report.AgentPageSchedule) {})}, []string{}},
		{"one agent of two", report.AgentPage{Agents: append([]report.AgentProcess{{LastSeenAt: *before(time.Hour)}}, alive...)}, []string{}},
		{"no agent yet", report.AgentPage{}, []string{"no_agent: ||none has been seen||never|start it"}},
		{"agents that died", report.AgentPage{Agents: []report.AgentProcess{{Host: "a", LastSeenAt: *before(time.Hour)}, {Host: "b", LastSeenAt: *before(31 * time.Second)}}}, []string{
			"no_agent: |b|was seen last||31 s ago|start it",
		}},
		{"late to the second", report.AgentPage{Agents: alive, Workspaces: schedule(func(s *report.AgentPageSchedule) { s.LateAt = pageAt.Add(-time.Second) })}, []string{
			"schedule: w|ack|late||1 h ago|agent run ack",
		}},
		{"never late", report.AgentPage{Agents: alive, Workspaces: schedule(func(s *report.AgentPageSchedule) { s.LateAt = time.Time{} })}, []string{}},
		{"new, and due", report.AgentPage{Agents: alive, Workspaces: schedule(func(s *report.AgentPageSchedule) {
			s.LastSuccessAt, s.LastRun, s.NextDueAt = nil, nil, before(10*time.Minute)
		})}, []string{}},
		{"new, and nothing runs it", report.AgentPage{Agents: alive, Workspaces: schedule(func(s *report.AgentPageSchedule) {
			s.LastSuccessAt, s.LastRun, s.NextDueAt, s.LateAt = nil, nil, before(11*time.Minute), *before(time.Minute)
		})}, []string{"schedule: w|ack|has not run, and was due||11 min ago|agent run ack"}},
		{"new, and no run of it succeeds", report.AgentPage{Agents: alive, Workspaces: schedule(func(s *report.AgentPageSchedule) {
			s.LastSuccessAt, s.LateAt = nil, *before(time.Minute)
		})}, []string{"schedule: w|ack|has never succeeded|all well|never|agent run ack"}},
		{"new, and its first run goes on", report.AgentPage{Agents: alive, Workspaces: schedule(func(s *report.AgentPageSchedule) {
			s.LastSuccessAt, s.NextDueAt = nil, before(time.Hour)
		})}, []string{}},
		{"failing", report.AgentPage{Agents: alive, Workspaces: schedule(func(s *report.AgentPageSchedule) {
			s.Failures, s.LastRun.Message = 1, "account main: 503"
		})}, []string{"schedule: w|ack|1 due time in a row failed|account main: 503|1 h ago|agent run ack"}},
		{"failing, and paused", report.AgentPage{Agents: alive, Workspaces: schedule(func(s *report.AgentPageSchedule) {
			s.Failures, s.Paused, s.LateAt = 3, pause, pageAt.Add(-time.Hour)
		})}, []string{"paused: w|ack|by ann|holds|1 h ago|agent resume ack"}},
		{"everything paused", report.AgentPage{Agents: alive, Paused: &report.AgentPause{Reason: "down"}, Workspaces: schedule(func(s *report.AgentPageSchedule) {
			s.LateAt = pageAt.Add(-time.Hour)
		})}, []string{"paused: ||every schedule|down|never|agent resume --all"}},
		{"a workspace paused", report.AgentPage{Agents: alive, All: 2, Workspaces: func() []report.AgentPageWorkspace {
			all := schedule(func(s *report.AgentPageSchedule) { s.LateAt = pageAt.Add(-time.Hour) })
			all[0].Paused = pause
			return all
		}()}, []string{"paused: w||all of its schedules by ann|holds|1 h ago|agent resume w"}},
		{"left by the last run", report.AgentPage{Agents: alive, All: 2, Workspaces: schedule(func(s *report.AgentPageSchedule) { s.Left.Unknown, s.Left.Held = 1, 2 })}, []string{
			"unknown: w|ack|1 change||1 h ago|agent run w/ack", "held: w|ack|2 orders||1 h ago|plan in w",
		}},
		{"almost near", report.AgentPage{Agents: alive, Workspaces: waiting(3 * time.Hour)}, []string{}},
		{"near", report.AgentPage{Agents: alive, Workspaces: waiting(3*time.Hour + time.Second)}, []string{"acknowledge_near: w|Walmart 1,200|||3 h ago|apply in w"}},
		{"near in two marketplaces of three", report.AgentPage{Agents: alive, Workspaces: []report.AgentPageWorkspace{{AgentWorkspace: report.AgentWorkspace{Name: "w"}, Unacknowledged: []report.AgentUnacknowledged{
			{Source: "Amazon", Oldest: *before(4 * time.Hour), Orders: 1}, {Source: "Etsy", Oldest: *before(time.Hour), Orders: 2}, {Source: "Shop", Orders: 9}, {Source: "Walmart", Oldest: *before(5 * time.Hour), Orders: 3},
		}}}}, []string{"acknowledge_near: w|Amazon 1, Walmart 3|||5 h ago|apply in w"}},
		{"near, as a check of feeds saw", report.AgentPage{Agents: alive, Workspaces: func() []report.AgentPageWorkspace {
			all := waiting(4 * time.Hour)
			all[0].Schedules = []report.AgentPageSchedule{{AgentSchedule: report.AgentSchedule{Name: "ack", Run: "verify"}}, {AgentSchedule: report.AgentSchedule{Name: "other", Run: "apply"}}}
			return all
		}()}, []string{"acknowledge_near: w|Walmart 1,200|||4 h ago|agent run other"}},
		{"fetched an hour ago", report.AgentPage{Agents: alive, Workspaces: []report.AgentPageWorkspace{{AgentWorkspace: report.AgentWorkspace{Name: "w", Commit: "abc", FetchedAt: before(time.Hour)}}}}, []string{}},
		{"fetched too long ago", report.AgentPage{Agents: alive, Workspaces: []report.AgentPageWorkspace{{AgentWorkspace: report.AgentWorkspace{Name: "w", Commit: "abc", FetchedAt: before(time.Hour + time.Second)}}}}, []string{
			"config_stale: w||commit abc is in force||1 h ago|agent --check",
		}},
		{"refused", report.AgentPage{Agents: alive, Workspaces: []report.AgentPageWorkspace{
			{AgentWorkspace: report.AgentWorkspace{Name: "w", FetchedAt: before(0), Refused: &report.AgentRefused{Commit: "0123456789abcdef0123456789abcdef01234567", Why: "unsigned", At: *before(time.Minute)}}},
			{AgentWorkspace: report.AgentWorkspace{Name: "v", FetchedAt: before(0), Refused: &report.AgentRefused{Commit: "--output=x", Why: "no hash"}}},
			{AgentWorkspace: report.AgentWorkspace{Name: "x", Refused: &report.AgentRefused{Why: "main.hcl:3"}}},
		}}, []string{"config_refused: w||commit 0123456789ab|unsigned|1 min ago|git show 0123456789ab", "config_refused: v||commit --output=x|no hash|never|", "config_refused: x||what is in force can't be read|main.hcl:3|never|validate in x"}},
		{"feeds", report.AgentPage{Agents: alive, Workspaces: []report.AgentPageWorkspace{{AgentWorkspace: report.AgentWorkspace{Name: "w"}, Feeds: []report.AgentPageFeed{
			{Account: "main", Name: "a", State: watch.FeedOK}, {Account: "main", Name: "b", State: watch.FeedFailing, SeenAt: before(time.Hour)}, {Account: "main", Name: "c", State: watch.FeedUnknown},
		}}}}, []string{"feed: w|b|main||1 h ago|feeds check in w"}},
		{"calls refused", report.AgentPage{Agents: alive, Workspaces: []report.AgentPageWorkspace{{AgentWorkspace: report.AgentWorkspace{Name: "w"}, Refusals: []report.AgentRefusals{
			{Account: "main", Calls: 1200, Last: *before(time.Minute), Hosts: []string{"h", "i"}}, {Account: "second", Calls: 1, Last: *before(time.Hour), Hosts: []string{"h"}},
		}}}}, []string{"call_limit: w|main|1,200 calls within an hour, of h, i||1 min ago|doctor in w", "call_limit: w|second|1 call within an hour, of h||1 h ago|doctor in w"}},
		{"no database", report.AgentPage{Away: &report.AgentAway{}}, []string{}},
	} {
		p, got := completed(c.page)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if p.Things() != len(c.want) {
			t.Errorf("%s: %d things", c.name, p.Things())
		}
	}
}

// Workspaces with trouble come first. All of them are shown in full if they are few, and
// otherwise the first of those with trouble.
func TestWorkspacesWithTroubleComeFirst(t *testing.T) {
	for _, c := range []struct{ all, trouble, full int }{{0, 0, 0}, {3, 1, 3}, {10, 0, 10}, {11, 0, 0}, {11, 2, 2}, {200, 24, 24}, {200, 200, 25}} {
		p := report.AgentPage{Agents: []report.AgentProcess{{LastSeenAt: pageAt, Running: true}}}
		for i := range c.all {
			w := report.AgentPageWorkspace{AgentWorkspace: report.AgentWorkspace{Name: fmt.Sprintf("w%03d", i)}}
			if i >= c.all-c.trouble {
				w.Refused = &report.AgentRefused{}
			}
			p.Workspaces = append(p.Workspaces, w)
		}
		done, _ := completed(p)
		full, others := done.InFull()
		if len(full) != c.full || len(full)+len(others) != c.all {
			t.Errorf("%d of %d have trouble: %d are shown in full, %d are not", c.trouble, c.all, len(full), len(others))
		}
		for i := range done.Workspaces {
			if w := &done.Workspaces[i]; w.Trouble() != (i < c.trouble) || i > 0 && i != c.trouble && w.Name <= done.Workspaces[i-1].Name {
				t.Errorf("of %d, %s is number %d", c.all, w.Name, i)
			}
		}
	}
}

func TestDays(t *testing.T) {
	day := func(kind string, d report.AgentDay) {
		t.Helper()
		if got := d.Kind(); got != kind {
			t.Errorf("%s is %s, want %s", &d, got, kind)
		}
	}
	day(report.DayNothing, report.AgentDay{})
	day(report.DayNothing, report.AgentDay{Paused: 3})
	day(report.DayGood, report.AgentDay{Good: 1, Paused: 1})
	day(report.DayIncomplete, report.AgentDay{Good: 9, Incomplete: 1})
	day(report.DayMissed, report.AgentDay{Good: 9, Incomplete: 1, Missed: 1})
	day(report.DayFailed, report.AgentDay{Good: 9, Incomplete: 1, Missed: 1, Failed: 1})
	one := []report.AgentDay{{Day: pageAt, Good: 1200}, {Day: pageAt.AddDate(0, 0, 1), Failed: 1}}
	w := report.AgentPageWorkspace{Schedules: []report.AgentPageSchedule{{Days: one}, {Days: one}, {}}}
	var got []string
	for _, d := range w.ByDay() {
		got = append(got, d.Day.Format("Jan 2 ")+d.String())
	}
	if diff := cmp.Diff([]string{"Nov 27 2,400 good", "Nov 28 2 failed"}, got); diff != "" || one[0].Good != 1200 {
		t.Error(diff)
	}
}
