package report

import (
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/watch"
	"github.com/gdfctl/gdfctl/internal/words"
)

// AgentNeeds are things of one kind that need a person.
type AgentNeeds struct {
	Kind   AgentNeedKind `json:"kind"`
	Title  string        `json:"title"`
	Advice string        `json:"advice"`
	Severe bool          `json:"severe"`
	Items  []AgentNeed   `json:"items"`
}

// AgentNeedKind is what a person is needed for.
type AgentNeedKind string

// The kinds, the most urgent first.
const (
	NeedAgent       AgentNeedKind = "no_agent"
	NeedRefused     AgentNeedKind = "config_refused"
	NeedState       AgentNeedKind = "state_refused"
	NeedAcknowledge AgentNeedKind = "acknowledge_near"
	NeedUnknown     AgentNeedKind = "unknown"
	NeedSchedule    AgentNeedKind = "schedule"
	NeedStale       AgentNeedKind = "config_stale"
	NeedLimit       AgentNeedKind = "call_limit"
	NeedHeld        AgentNeedKind = "held"
	NeedFeed        AgentNeedKind = "feed"
	NeedPaused      AgentNeedKind = "paused"
)

// needKinds are what is said of each kind.
var needKinds = []AgentNeeds{
	{Kind: NeedAgent, Severe: true, Title: "No agent is running", Advice: "Nothing runs, and nothing is acknowledged."},
	{Kind: NeedRefused, Severe: true, Title: "Configuration refused", Advice: "The schedules before stay in force until it is fixed."},
	{Kind: NeedState, Severe: true, Title: "Another state", Advice: "A workspace has one state. A machine that has another one sends nothing for it."},
	{Kind: NeedAcknowledge, Severe: true, Title: "Orders not acknowledged", Advice: "The oldest ones have waited for more than 3 hours. Walmart expects it within 4."},
	{Kind: NeedUnknown, Title: "Outcome unknown", Advice: "An order may or may not have been changed. Nothing else is sent for it until that is known: a run finds it out."},
	{Kind: NeedSchedule, Severe: true, Title: "Schedules failing or late"},
	{Kind: NeedStale, Title: "Configuration not fetched", Advice: "Git has not answered for more than an hour. What is in force stays in force."},
	{Kind: NeedLimit, Title: "Calls refused for the limit", Advice: "Something without the shared call limit uses the same key. Agents go on at half their pace."},
	{Kind: NeedHeld, Title: "Orders held back", Advice: "A plan says which orders, and why."},
	{Kind: NeedFeed, Title: "Feeds failing"},
	{Kind: NeedPaused, Title: "Paused", Advice: "Nothing is sent twice when you resume."},
}

// AgentNeed is one thing that needs a person.
type AgentNeed struct {
	Workspace string     `json:"workspace"` // empty: all of them
	Name      string     `json:"name"`      // of the schedule, the marketplace or the feed
	What      string     `json:"what"`
	Why       string     `json:"why"` // in words that may be foreign
	Since     *time.Time `json:"since"`
	Command   string     `json:"command"` // that helps
}

// When a person is needed.
const (
	acknowledgeNear = 3 * time.Hour // since an order came in
	ConfigStale     = time.Hour     // since git last answered
	RefusedLately   = time.Hour     // since a call was refused for the limit
)

// needs finds what needs a person.
func (p *AgentPage) needs(commands *AgentCommands) {
	if p.Away != nil {
		return
	}
	found := needsOf{page: p, commands: commands, items: map[AgentNeedKind][]AgentNeed{}}
	found.agents()
	if pause := p.Paused; pause != nil {
		found.paused(AgentNeed{What: "every schedule"}, pause, "--all")
	}
	for i := range p.Workspaces {
		found.workspace(&p.Workspaces[i])
	}
	for _, kind := range needKinds {
		if kind.Items = found.items[kind.Kind]; len(kind.Items) > 0 {
			p.Needs = append(p.Needs, kind)
		}
	}
}

// needsOf collects what needs a person.
type needsOf struct {
	page     *AgentPage
	commands *AgentCommands
	items    map[AgentNeedKind][]AgentNeed
}

func (f *needsOf) add(kind AgentNeedKind, need AgentNeed) {
	f.items[kind] = append(f.items[kind], need)
}

func (f *needsOf) agents() {
	var last *AgentProcess
	for i := range f.page.Agents {
		a := &f.page.Agents[i]
		if a.Running {
			return
		}
		if last == nil || a.LastSeenAt.After(last.LastSeenAt) {
			last = a
		}
	}
	need := AgentNeed{What: "none has been seen", Command: f.commands.Start}
	if last != nil {
		need.What, need.Name, need.Since = "was seen last", last.Host, &last.LastSeenAt
	}
	f.add(NeedAgent, need)
}

func (f *needsOf) paused(need AgentNeed, pause *AgentPause, name string) {
	if pause.Who != "" {
		need.What = strings.TrimSpace(need.What + " by " + pause.Who)
	}
	need.Why, need.Since, need.Command = pause.Reason, AgentTime(pause.At), f.commands.Agent("resume", name)
	f.add(NeedPaused, need)
}

// workspace finds what of a workspace needs a person.
func (f *needsOf) workspace(w *AgentPageWorkspace) {
	before := f.count()
	if r := w.Refused; r != nil {
		need := AgentNeed{Workspace: w.Name, What: "commit " + words.ShortHash(r.Commit), Why: r.Why, Since: AgentTime(r.At)}
		switch {
		case r.Commit == "":
			need.What, need.Command = "what is in force can't be read", f.commands.In(w.Name, "validate")
		case isHash(r.Commit):
			need.Command = "git show " + words.ShortHash(r.Commit)
		}
		f.add(NeedRefused, need)
	}
	if r := w.State; r != nil { // which of the ways out is right, only people know
		f.add(NeedState, AgentNeed{Workspace: w.Name, What: "a machine has another state", Why: r.Why, Since: AgentTime(r.At)})
	}
	if w.Stale(f.page.At) {
		f.add(NeedStale, AgentNeed{Workspace: w.Name, What: inForce(w.Commit), Since: w.FetchedAt, Command: f.commands.Agent("--check")})
	}
	f.unacknowledged(w)
	if w.Paused != nil {
		f.paused(AgentNeed{Workspace: w.Name, What: "all of its schedules"}, w.Paused, w.Name)
	}
	for i := range w.Schedules {
		f.schedule(w, &w.Schedules[i])
	}
	for i := range w.Feeds {
		if feed := &w.Feeds[i]; feed.State == watch.FeedFailing {
			f.add(NeedFeed, AgentNeed{Workspace: w.Name, Name: feed.Name, What: feed.Account, Since: feed.SeenAt, Command: f.commands.In(w.Name, "feeds", "check")})
		}
	}
	for i := range w.Refusals {
		r := &w.Refusals[i]
		f.add(NeedLimit, AgentNeed{
			Workspace: w.Name, Name: r.Account, What: words.Count(r.Calls, "call", "calls") + " within an hour, of " + strings.Join(r.Hosts, ", "),
			Since: AgentTime(r.Last), Command: f.commands.In(w.Name, "doctor"),
		})
	}
	w.trouble = f.count() > before
}

// unacknowledged is one need, of all marketplaces: one run helps.
func (f *needsOf) unacknowledged(w *AgentPageWorkspace) {
	var oldest *AgentUnacknowledged
	var sources []string
	for i := range w.Unacknowledged {
		u := &w.Unacknowledged[i]
		if u.Oldest.IsZero() || f.page.At.Sub(u.Oldest) <= acknowledgeNear {
			continue
		}
		sources = append(sources, u.Source+" "+words.Number(u.Orders))
		if oldest == nil || u.Oldest.Before(oldest.Oldest) {
			oldest = u
		}
	}
	if oldest != nil {
		f.add(NeedAcknowledge, AgentNeed{
			Workspace: w.Name, Name: strings.Join(sources, ", "), Since: AgentTime(oldest.Oldest), Command: f.acknowledges(w, oldest.Schedule),
		})
	}
}

// acknowledges is the command that acknowledges what a schedule saw: another one may have to.
func (f *needsOf) acknowledges(w *AgentPageWorkspace, saw string) string {
	command := ""
	for i := range w.Schedules {
		s := &w.Schedules[i]
		if s.Run == "apply" && (command == "" || s.Name == saw) {
			command = f.commands.Agent("run", f.nameOf(w, s.Name))
		}
	}
	if command == "" {
		return f.commands.In(w.Name, "apply")
	}
	return command
}

func (f *needsOf) count() (n int) {
	for _, items := range f.items {
		n += len(items)
	}
	return n
}

// nameOf is how commands name a schedule.
func (f *needsOf) nameOf(w *AgentPageWorkspace, schedule string) string {
	if !f.page.Many() {
		return schedule
	}
	return w.Name + "/" + schedule
}

func (f *needsOf) schedule(w *AgentPageWorkspace, s *AgentPageSchedule) {
	need, name := AgentNeed{Workspace: w.Name, Name: s.Name}, f.nameOf(w, s.Name)
	if r := s.Left; r != nil {
		need.Since = &r.At
		if r.Unknown > 0 {
			unknown := need
			unknown.What, unknown.Command = words.Count(r.Unknown, "change", "changes"), f.commands.Agent("run", name)
			f.add(NeedUnknown, unknown)
		}
		if r.Held > 0 {
			held := need
			held.What, held.Command = words.Count(r.Held, "order", "orders"), f.commands.In(w.Name, "plan")
			f.add(NeedHeld, held)
		}
	}
	if s.Paused != nil {
		f.paused(need, s.Paused, name)
		return
	}
	need.Since, need.Command = s.LastSuccessAt, f.commands.Agent("run", name)
	switch {
	case s.Failures > 0:
		need.What = words.Count(s.Failures, "due time", "due times") + " in a row failed"
		if s.LastRun != nil {
			need.Why = s.LastRun.Message
		}
	case f.page.Paused == nil && w.Paused == nil && s.Late(f.page.At):
		need.What = "late"
		switch {
		case s.LastSuccessAt != nil:
		case s.LastRun == nil:
			need.What, need.Since = "has not run, and was due", s.NextDueAt
		default:
			need.What, need.Why = "has never succeeded", s.LastRun.Message
		}
	default:
		return
	}
	f.add(NeedSchedule, need)
}

// Late reports whether a schedule should have succeeded by now, as the alert says it.
func (s *AgentPageSchedule) Late(now time.Time) bool {
	return !s.LateAt.IsZero() && now.After(s.LateAt)
}

// Stale reports whether git was not asked for the commit of a workspace for too long.
func (w *AgentPageWorkspace) Stale(now time.Time) bool {
	return w.FetchedAt != nil && now.Sub(*w.FetchedAt) > ConfigStale
}

func inForce(commit string) string {
	if commit == "" {
		return "no commit is in force"
	}
	return "commit " + words.ShortHash(commit) + " is in force"
}

func isHash(commit string) bool {
	return commit != "" && strings.Trim(commit, "0123456789abcdef") == ""
}
