package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/watch"
	"github.com/gdfctl/gdfctl/internal/words"
)

// AgentPage is what the status page of an agent shows.
type AgentPage struct {
	At       time.Time // what is said is as of then
	Version  string
	Database string // which kind
	Asked    AgentAsked

	Away       *AgentAway  // the database does not answer; only Paused is known of what is below
	Paused     *AgentPause // everything; nil: it is not
	Agents     []AgentProcess
	Workspaces []AgentPageWorkspace // those with trouble first
	All        int                  // workspaces, also those that were not asked for
	Runs       []AgentPageRun       // the newest first
	MoreRuns   bool                 // there are older ones
	Needs      []AgentNeeds         // what needs a person, the most urgent first
}

// AgentAsked is which page a reader asked for.
type AgentAsked struct {
	Workspace string // empty: all of them
	Day       string // 2006-01-02, of the runs of a workspace; empty: the latest ones
	Still     bool   // it does not load itself again
	Open      bool   // what is folded is not
}

// AgentAway says that a database does not answer.
type AgentAway struct {
	LastWorked time.Time // zero: not since this agent was started
}

// AgentPageWorkspace is what is known of a workspace.
type AgentPageWorkspace struct {
	AgentWorkspace
	Schedules      []AgentPageSchedule
	Unacknowledged []AgentUnacknowledged
	Feeds          []AgentPageFeed // those that fail first
	Refusals       []AgentRefusals // lately, by account

	trouble bool
}

// Trouble reports whether something of a workspace needs a person.
func (w *AgentPageWorkspace) Trouble() bool { return w.trouble }

// AgentUnacknowledged are the orders of a marketplace that wait to be acknowledged.
type AgentUnacknowledged struct {
	Schedule string // whose run read them
	Source   string
	Oldest   time.Time
	Orders   int
}

// AgentRefusals are calls of an account that were refused for the call limit, though agents
// keep to it: something else uses its key.
type AgentRefusals struct {
	Account string
	Calls   int
	Last    time.Time // when the slice ended that made the last ones
	Hosts   []string  // of the agents that made them
}

// AgentPageSchedule is a schedule with its days.
type AgentPageSchedule struct {
	AgentSchedule
	LateAt time.Time  // from then on it is late; zero: never
	Days   []AgentDay // the oldest first, without a gap; nil: they were not asked for
}

// AgentDay is how the runs of a schedule ended that began on one day, in UTC.
type AgentDay struct {
	Day                                      time.Time // its midnight
	Good, Incomplete, Failed, Paused, Missed int
}

// The kinds of days, by the worst of them.
const (
	DayNothing    = "nothing"
	DayGood       = "good"
	DayIncomplete = "incomplete"
	DayFailed     = "failed"
	DayMissed     = "missed"
)

// Kind says how a day was: a run that failed is worse than due times without one, which are
// worse than a run that did not do everything.
func (d *AgentDay) Kind() string {
	switch {
	case d.Failed > 0:
		return DayFailed
	case d.Missed > 0:
		return DayMissed
	case d.Incomplete > 0:
		return DayIncomplete
	case d.Good > 0:
		return DayGood
	}
	return DayNothing
}

// AgentPageFeed is a feed, as the last run saw it that checked it.
type AgentPageFeed struct {
	Schedule          string // whose run saw it
	Account, Name, ID string
	State             watch.FeedState
	Items             *int // nil: not known
	CompiledAt        *time.Time
	SeenAt            *time.Time
	History           []float64 // items by day, the oldest first; NaN where nothing is known
}

// AgentPageRun is a run of a workspace.
type AgentPageRun struct {
	Workspace string
	AgentRun
}

// Took is for how long a run went on, waits between its slices included; 0 while it does.
func (r *AgentPageRun) Took() time.Duration {
	if r.BeganAt == nil || r.EndedAt == nil {
		return 0
	}
	return r.EndedAt.Sub(*r.BeganAt)
}

// AgentCommands are command lines to copy.
type AgentCommands struct {
	Agent func(words ...string) string                   // gdfctl agent …, for this agent
	In    func(workspace string, words ...string) string // gdfctl …, in a workspace
	Start string                                         // starts an agent
}

// NewAgentPage completes a page: it is sorted, and what needs a person is found.
func NewAgentPage(p AgentPage, commands AgentCommands) *AgentPage {
	p.needs(&commands)
	for i := range p.Workspaces {
		w := &p.Workspaces[i]
		slices.SortStableFunc(w.Feeds, func(a, b AgentPageFeed) int {
			return cmp.Or(rankOfFeed(a.State)-rankOfFeed(b.State), strings.Compare(a.Account, b.Account), strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
		})
	}
	slices.SortStableFunc(p.Workspaces, func(a, b AgentPageWorkspace) int {
		switch {
		case a.trouble && !b.trouble:
			return -1
		case b.trouble && !a.trouble:
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	return &p
}

// rankOfFeed puts first what needs a look.
func rankOfFeed(state watch.FeedState) int {
	switch state {
	case watch.FeedFailing:
		return 0
	case watch.FeedOK:
		return 2
	}
	return 1
}

// How many workspaces a page shows with all of their schedules: those with trouble, or all
// of them if they are few.
const (
	fewWorkspaces = 10
	mostInFull    = 25
)

// InFull are the workspaces that are shown with all of their schedules, and the others,
// which have a line each.
func (p *AgentPage) InFull() (full, others []AgentPageWorkspace) {
	all := p.Workspaces
	if len(all) <= fewWorkspaces {
		return all, nil
	}
	n := 0
	for n < min(len(all), mostInFull) && all[n].trouble {
		n++
	}
	return all[:n], all[n:]
}

// Many reports whether there is more than one workspace, so that names need theirs.
func (p *AgentPage) Many() bool { return p.All > 1 }

// Things is how many things need a person.
func (p *AgentPage) Things() (n int) {
	for i := range p.Needs {
		n += len(p.Needs[i].Items)
	}
	return n
}

// Ago is how long before the page a time was: "4 min ago".
func (p *AgentPage) Ago(t time.Time) string { return minutes(p.At.Sub(t)) + " ago" }

// When is how far from the page a time is, before or after it.
func (p *AgentPage) When(t time.Time) string {
	if t.After(p.At) {
		return "in " + minutes(t.Sub(p.At))
	}
	return p.Ago(t)
}

// Pauses reports whether something keeps a schedule from running.
func (p *AgentPage) Pauses(w *AgentPageWorkspace, s *AgentPageSchedule) bool {
	return p.Paused != nil || w.Paused != nil || s.Paused != nil
}

// Sum adds up days.
func Sum(days []AgentDay) (all AgentDay) {
	for i := range days {
		all.Good += days[i].Good
		all.Incomplete += days[i].Incomplete
		all.Failed += days[i].Failed
		all.Paused += days[i].Paused
		all.Missed += days[i].Missed
	}
	return all
}

// String says how runs ended.
func (d *AgentDay) String() string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{d.Good, "good"}, {d.Incomplete, "incomplete"}, {d.Failed, "failed"}, {d.Paused, "paused"}, {d.Missed, "missed"}} {
		if p.n > 0 {
			parts = append(parts, words.Number(p.n)+" "+p.what)
		}
	}
	if len(parts) == 0 {
		return "no runs"
	}
	return strings.Join(parts, ", ")
}

// ByDay adds up the days of all schedules of a workspace.
func (w *AgentPageWorkspace) ByDay() []AgentDay {
	var days []AgentDay
	for i := range w.Schedules {
		for j := range w.Schedules[i].Days {
			if j == len(days) {
				days = append(days, AgentDay{Day: w.Schedules[i].Days[j].Day})
			}
			day := days[j].Day
			days[j] = Sum([]AgentDay{days[j], w.Schedules[i].Days[j]})
			days[j].Day = day
		}
	}
	return days
}

// LastRun is the latest run of a workspace; nil: there is none.
func (w *AgentPageWorkspace) LastRun() (last *AgentRun) {
	for i := range w.Schedules {
		if r := w.Schedules[i].LastRun; r != nil && (last == nil || r.DueAt.After(last.DueAt)) {
			last = r
		}
	}
	return last
}

// NextDue is the first due time of a workspace; nil: there is none.
func (w *AgentPageWorkspace) NextDue() (next *time.Time) {
	for i := range w.Schedules {
		if due := w.Schedules[i].NextDueAt; due != nil && w.Schedules[i].Paused == nil && (next == nil || due.Before(*next)) {
			next = due
		}
	}
	return next
}
