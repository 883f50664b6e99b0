package samples

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// agentAt is when the samples of an agent's page are looked at.
var agentAt = time.Date(2026, 11, 27, 20, 34, 12, 0, time.UTC)

func ago(d time.Duration) *time.Time {
	t := agentAt.Add(-d)
	return &t
}

// agentCommands are those of an agent with one directory.
func agentCommands() report.AgentCommands {
	return report.AgentCommands{
		Agent: func(words ...string) string { return "gdfctl agent " + strings.Join(words, " ") },
		In:    func(_ string, words ...string) string { return "gdfctl " + strings.Join(words, " ") },
		Start: "systemctl restart gdfctl-agent",
	}
}

// AgentWell is the page of one workspace in which all is well.
func AgentWell() *report.AgentPage {
	return report.NewAgentPage(agentPage(1), agentCommands())
}

// AgentEmpty is the page of an agent that has nothing to do yet.
func AgentEmpty() *report.AgentPage {
	p := agentPage(1)
	p.Workspaces[0] = report.AgentPageWorkspace{AgentWorkspace: report.AgentWorkspace{Name: "shop"}}
	p.Runs = nil
	return report.NewAgentPage(p, agentCommands())
}

// AgentAway is the page of an agent whose database does not answer.
func AgentAway() *report.AgentPage {
	p := agentPage(0)
	p.Away = &report.AgentAway{LastWorked: *ago(3*time.Minute + 10*time.Second)}
	p.Agents, p.Runs = nil, nil
	return report.NewAgentPage(p, agentCommands())
}

// AgentMany is the page of 200 workspaces, of which some have trouble.
func AgentMany() *report.AgentPage {
	p := agentPage(200)
	for i, trouble := range []int{17, 42, 99, 150} {
		troubled(&p.Workspaces[trouble], i)
	}
	return report.NewAgentPage(p, agentCommands())
}

// AgentTrouble is the page of a workspace in which everything is wrong, with texts that
// nobody should trust.
func AgentTrouble(texts ...string) *report.AgentPage {
	p := agentPage(max(len(texts), 1))
	p.Agents[0].LastSeenAt, p.Agents[0].Running = *ago(12 * time.Minute), false
	p.Paused = &report.AgentPause{Reason: "the marketplace is down", Who: "ann", At: *ago(40 * time.Minute)}
	for i := range p.Workspaces {
		w := &p.Workspaces[i]
		for kind := range 4 {
			troubled(w, kind)
		}
		if i >= len(texts) {
			continue
		}
		text := texts[i]
		w.Name, w.Refused.Why, w.Refused.Commit = text, text, text
		for j := range w.Schedules {
			s := &w.Schedules[j]
			s.Name, s.Rule, s.LastRun.Message, s.LastRun.State = text, text, text, text
		}
		for j := range w.Feeds {
			w.Feeds[j].Name, w.Feeds[j].Account, w.Feeds[j].State = text, text, watch.FeedState(text)
		}
		w.Unacknowledged[0].Source, p.Paused.Reason, p.Paused.Who = text, text, text
		p.Runs[i].Workspace, p.Runs[i].Schedule, p.Runs[i].Message, p.Runs[i].Who = text, text, text, text
		p.Agents[0].Host, p.Agents[0].Version, p.Database = text, text, text
	}
	return report.NewAgentPage(p, agentCommands())
}

// AgentWorkspace is the page of one of many workspaces.
func AgentWorkspace() *report.AgentPage {
	p := agentPage(1)
	p.Asked.Workspace, p.All = p.Workspaces[0].Name, 200
	troubled(&p.Workspaces[0], 0)
	return report.NewAgentPage(p, agentCommands())
}

// troubled gives a workspace trouble of some kind.
func troubled(w *report.AgentPageWorkspace, kind int) {
	s := &w.Schedules[0]
	switch kind {
	case 0:
		s.Failures, s.LastSuccessAt, s.LastRun.State = 4, ago(75*time.Minute), "failed"
		s.LastRun.Message = "the plan has 3 orders to ship, and an agent may only acknowledge. Nothing was sent: run gdfctl apply to do that"
		s.Days[29].Failed, s.Days[12].Missed, s.Days[13].Missed, s.Days[20].Incomplete = 12, 80, 144, 3
		s.Missed = 224
	case 1:
		w.Refused = &report.AgentRefused{Commit: "9f8e7d6c5b4a39281706f5e4d3c2b1a098765432", Why: "schedules.hcl:14:3: Unsupported argument: an argument named \"evry\" is not expected here", At: *ago(26 * time.Minute)}
		w.FetchedAt = ago(90 * time.Minute)
	case 2:
		s.Left.Unknown, s.Left.Held, s.LastRun.State = 2, 7, "incomplete"
		s.LastRun.Message = "12 applied, 0 failed, 2 unknown, 7 held back"
		w.Unacknowledged = []report.AgentUnacknowledged{{Schedule: s.Name, Source: "Walmart", Oldest: *ago(3*time.Hour + 20*time.Minute), Orders: 9}}
	default:
		w.Schedules[1].Paused = &report.AgentPause{Schedule: w.Schedules[1].Name, Reason: "holds are not in the table yet", Who: "bob", At: *ago(26 * time.Hour)}
		w.Feeds[1].State = watch.FeedFailing
	}
}

// agentPage is that of some workspaces in which all is well.
func agentPage(workspaces int) report.AgentPage {
	p := report.AgentPage{
		At: agentAt, Version: "1.4.0", Database: "SQLite", All: workspaces,
		Agents: []report.AgentProcess{{ID: "a1", Host: "fulfilment-1", PID: 812, Version: "1.4.0", StartedAt: *ago(50 * time.Hour), LastSeenAt: *ago(3 * time.Second), Running: true}},
	}
	if workspaces > 1 {
		p.Database = "PostgreSQL"
		p.Agents = append(p.Agents, report.AgentProcess{ID: "a2", Host: "fulfilment-2", PID: 1207, Version: "1.3.2", StartedAt: *ago(9 * 24 * time.Hour), LastSeenAt: *ago(4 * time.Second), Running: true})
	}
	for i := range workspaces {
		w := report.AgentPageWorkspace{AgentWorkspace: report.AgentWorkspace{Name: "shop"}, Schedules: []report.AgentPageSchedule{
			agentSchedule("acknowledge-walmart", "apply", "every 10m", 10*time.Minute, 4*time.Minute+time.Duration(i)*time.Second),
			agentSchedule("feeds", "feeds", "cron 0 6,14 * * MON-FRI America/New_York", 12*time.Hour, 94*time.Minute),
		}}
		if workspaces > 1 {
			w.Name, w.Commit, w.FetchedAt = fmt.Sprintf("seller-%03d", i), head, ago(time.Duration(i%50+8)*time.Second)
		}
		for j, name := range []string{"Amazon US", "eBay motors", "Google Shopping, all products"} {
			items := 12_000 + 137*j
			f := report.AgentPageFeed{Account: "main", Name: name, ID: fmt.Sprint("f", j), State: watch.FeedOK, Items: &items, CompiledAt: ago(time.Duration(95+j) * time.Minute), SeenAt: ago(94 * time.Minute)}
			for day := range 30 {
				n := 12_000 + 137*float64(j) + 400*math.Sin(float64(day*(j+2))/5)
				if j == 1 && day > 10 && day < 14 {
					n = math.NaN()
				}
				f.History = append(f.History, math.Round(n))
			}
			w.Feeds = append(w.Feeds, f)
		}
		p.Workspaces = append(p.Workspaces, w)
	}
	for i := range 25 * min(workspaces, 1) {
		w := &p.Workspaces[i%workspaces]
		began := agentAt.Add(-time.Duration(i)*7*time.Minute - 4*time.Minute)
		ended := began.Add(time.Duration(8+i) * time.Second)
		r := report.AgentRun{ID: fmt.Sprint("run", i), Schedule: w.Schedules[0].Name, Cause: "schedule", State: "done", DueAt: began, BeganAt: &began, EndedAt: &ended, Slices: 1, Message: "12 applied, 0 failed, 0 unknown, 0 held back", Applied: 12}
		switch i {
		case 0:
			r.State, r.EndedAt, r.Slices, r.Message = "running", nil, 3, ""
		case 4:
			r.Cause, r.Who = "by_hand", "ann"
		case 6:
			r.State, r.Message, r.Failed, r.Held = "incomplete", "10 applied, 1 failed, 0 unknown, 1 held back", 1, 1
		case 9:
			r.State, r.Message = "failed", "account main: the API answered 503 Service Unavailable, on three attempts"
		}
		p.Runs = append(p.Runs, report.AgentPageRun{Workspace: w.Name, AgentRun: r})
	}
	p.MoreRuns = len(p.Runs) > 0
	return p
}

func agentSchedule(name, run, rule string, interval, since time.Duration) report.AgentPageSchedule {
	next := agentAt.Add(interval - since)
	s := report.AgentPageSchedule{AgentSchedule: report.AgentSchedule{
		Name: name, Run: run, Rule: rule, NextDueAt: &next, LastSuccessAt: ago(since),
		LastRun: &report.AgentRun{ID: "r", Schedule: name, Cause: "schedule", State: "done", DueAt: *ago(since), BeganAt: ago(since), EndedAt: ago(since - 9*time.Second), Slices: 1, Message: "12 applied, 0 failed, 0 unknown, 0 held back", Applied: 12},
		Left:    &report.AgentLeft{At: *ago(since - 9*time.Second)},
	}}
	if run == "feeds" {
		s.LastRun.Message = "3 feeds checked, 0 failing"
	}
	s.LateAt = agentAt.Add(2 * interval)
	for day := range 30 {
		d := report.AgentDay{Day: agentAt.Truncate(24*time.Hour).AddDate(0, 0, day-29)}
		if day > 2 {
			d.Good = int(24 * time.Hour / interval)
		}
		s.Days = append(s.Days, d)
	}
	return s
}
