package html

import (
	_ "embed" // for the style
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/words"
)

// agentStyle is what the page of an agent has beside the style of reports.
//
//go:embed assets/agent.css
var agentStyle string

func agentFrame() frame { return frame{style: style + agentStyle} }

// AgentPolicy is the Content-Security-Policy that the page of an agent is sent with: it has
// no script, loads nothing, and is in nobody's frame.
func AgentPolicy() string {
	f := agentFrame()
	return f.policy() + "; frame-ancestors 'none'"
}

// reload is after how many seconds a page loads itself again.
const reload = "30"

// Agent prints the status page of an agent: what needs a person first. It has no script.
func Agent(out io.Writer, p *report.AgentPage) error {
	v := &agentView{sections{writer: &writer{}}, p}
	f := agentFrame()
	f.title = v.heading() + ": " + strings.TrimSuffix(v.needed(), ".")
	if !p.Asked.Still {
		f.head = func(w *writer) { w.void("meta", attr("http-equiv", "refresh"), attr("content", reload)) }
	}
	return f.write(out, func(w *writer) {
		v.writer = w
		w.in("header", v.header)
		w.in("main", v.content)
		w.in("footer", v.footer)
	})
}

type agentView struct {
	sections
	p *report.AgentPage
}

func (v *agentView) heading() string {
	switch {
	case v.p.Asked.Workspace != "":
		return v.p.Asked.Workspace
	case v.p.Many():
		return words.Count(v.p.All, "workspace", "workspaces")
	case len(v.p.Workspaces) == 1:
		return v.p.Workspaces[0].Name
	}
	return "Agent"
}

// needed says how much needs a person.
func (v *agentView) needed() string {
	switch n := v.p.Things(); {
	case v.p.Away != nil:
		return "The database does not answer."
	case n == 0:
		return "Nothing needs you."
	default:
		return words.Count(n, "thing needs", "things need") + " you."
	}
}

func (v *agentView) header() {
	v.in("p", func() {
		v.text(strings.TrimSpace("gdfctl "+v.p.Version) + " · agent")
		if v.p.Asked.Workspace != "" {
			v.text(" · ")
			v.el("a", "Overview", attr("href", "../"+v.query(report.AgentAsked{Still: v.p.Asked.Still})))
		}
	}, class("brand"))
	v.in("h1", func() { v.foreign(v.heading()) })
	things := v.p.Things()
	if v.p.Away != nil {
		things = 1
	}
	writeCheck(v.writer, v.needed(), things)
	v.in("p", func() {
		v.text("As of ")
		v.el("time", v.p.At.UTC().Format("15:04:05 UTC, Jan 2 2006"), attr("datetime", v.p.At.UTC().Format(time.RFC3339)))
		asked := v.p.Asked
		asked.Still = !asked.Still
		if v.p.Asked.Still {
			v.text(". ")
			v.el("a", "Load again every "+reload+" s", attr("href", v.self(asked)))
		} else {
			v.text(". Loads again every " + reload + " s. ")
			v.el("a", "Stop that", attr("href", v.self(asked)))
		}
	}, class("muted asof"))
}

// query is how a page is asked for.
func (v *agentView) query(asked report.AgentAsked) string {
	values := url.Values{}
	if asked.Day != "" {
		values.Set("day", asked.Day)
	}
	if asked.Open {
		values.Set("open", "1")
	}
	if asked.Still {
		values.Set("refresh", "0")
	}
	if len(values) == 0 {
		return ""
	}
	return "?" + values.Encode()
}

// self is the way to this page, asked for in another way. Ways are relative: a proxy may
// have the page anywhere.
func (v *agentView) self(asked report.AgentAsked) string {
	if q := v.query(asked); q != "" {
		return q
	}
	if asked.Workspace != "" {
		return "../workspace/" + url.PathEscape(asked.Workspace)
	}
	return "./"
}

// workspace writes the name of a workspace, with the way to its page.
func (v *agentView) workspace(name string) {
	if v.p.Asked.Workspace != "" {
		v.foreign(name)
		return
	}
	v.way(name, name)
}

// way leads from the overview to the page of a workspace.
func (v *agentView) way(name, text string) {
	v.in("a", func() { v.foreign(text) }, attr("href", "workspace/"+url.PathEscape(name)+v.query(report.AgentAsked{Still: v.p.Asked.Still})))
}

// when writes a time, and how far away it is.
func (v *agentView) when(t *time.Time) {
	if t == nil || t.IsZero() {
		v.el("span", "never", class("muted"))
		return
	}
	v.in("time", func() {
		v.text(v.p.When(*t) + " ")
		v.el("span", v.clock(*t), class("muted"))
	}, attr("datetime", t.UTC().Format(time.RFC3339)))
}

// clock is a time in UTC, as short as it can be.
func (v *agentView) clock(t time.Time) string {
	t, at := t.UTC(), v.p.At.UTC()
	switch {
	case t.Format(time.DateOnly) == at.Format(time.DateOnly):
		return t.Format("15:04")
	case t.Sub(at).Abs() < 300*24*time.Hour:
		return t.Format("Jan 2 15:04")
	}
	return t.Format("2006-01-02 15:04")
}

func (v *agentView) content() {
	v.away()
	v.needs()
	if v.p.Away != nil {
		return
	}
	v.schedules()
	v.feeds()
	v.runs()
	v.agents()
}

func (v *agentView) away() {
	away := v.p.Away
	if away == nil {
		return
	}
	v.section(bad, "✗", "The database does not answer", func() {
		v.in("p", func() {
			if away.LastWorked.IsZero() {
				v.text("It has not since this agent was started.")
				return
			}
			v.text("It last did ")
			v.when(&away.LastWorked)
			v.text(".")
		})
		v.el("p", "The log of the agent says why.")
		v.el("p", "Runs wait until it does. What is under way is safe: it is in the journal, and nothing is sent twice.")
		if pause := v.p.Paused; pause != nil {
			v.in("p", func() {
				v.text("Every schedule is paused: ")
				v.foreign(pause.Reason)
			})
		}
	})
}

// needs are what a person is needed for, each with the command that helps.
func (v *agentView) needs() {
	if len(v.p.Needs) == 0 {
		return
	}
	v.section(warn, "", "Needs you", func() {
		for i := range v.p.Needs {
			v.in("div", func() { v.needsOf(&v.p.Needs[i]) }, class("group"))
		}
	})
}

// needsOf are those of one kind.
func (v *agentView) needsOf(needs *report.AgentNeeds) {
	t, sign := warn, "!"
	switch {
	case needs.Severe:
		t, sign = bad, "✗"
	case needs.Kind == report.NeedUnknown:
		t, sign = odd, "?"
	case needs.Kind == report.NeedPaused:
		t, sign = note, "–"
	}
	v.in("h3", func() {
		v.sign(t, sign)
		v.text(needs.Title)
		if needs.Kind != report.NeedAgent {
			v.text(" " + words.Number(len(needs.Items)))
		}
	})
	if needs.Advice != "" {
		v.el("p", needs.Advice, class("why"))
	}
	v.list(listing{label: needs.Title, class: "needs", columns: []column{{"What", "first"}, {"Since", "since"}, {"Command", "command"}}, n: len(needs.Items), cell: func(row, column int) {
		v.need(&needs.Items[row], column)
	}})
}

func (v *agentView) need(n *report.AgentNeed, column int) {
	switch column {
	case 0:
		named := n.Workspace != "" && v.p.Many() && v.p.Asked.Workspace == ""
		v.in("span", func() {
			if named {
				v.workspace(n.Workspace)
			}
			if named && n.Name != "" {
				v.text(" / ")
			}
			if n.Name != "" {
				v.foreign(n.Name)
			}
		}, class("what"))
		v.text(" ")
		v.foreign(n.What)
		if n.Why != "" {
			v.in("p", func() { v.foreign(n.Why) }, class("why"))
		}
	case 1:
		if n.Since != nil {
			v.when(n.Since)
		}
	default:
		if n.Command != "" {
			v.el("code", n.Command)
		}
	}
}

func (v *agentView) agents() {
	agents := v.p.Agents
	v.section(note, "", "Machines", func() {
		if len(agents) == 0 {
			v.el("p", "No agent has been seen.", class("muted"))
			return
		}
		v.list(listing{label: "Machines", all: true, columns: []column{{"Machine", "first"}, {"Version", ""}, {"Started", "when"}, {"Last seen", "when"}}, n: len(agents), cell: func(row, column int) {
			switch a := &agents[row]; column {
			case 0:
				v.foreign(a.Host)
				v.el("span", " process "+strconv.Itoa(a.PID), class("muted"))
			case 1:
				v.foreign(a.Version)
			case 2:
				v.when(&a.StartedAt)
			default:
				if !a.Running {
					v.el("span", "gone", class("chip bad"))
					v.text(" ")
				}
				v.when(&a.LastSeenAt)
			}
		}})
	})
}

func (v *agentView) footer() {
	writeFactList(v.writer, []fact{{"Database", v.p.Database, ""}, {"Program", strings.TrimSpace("gdfctl " + v.p.Version), ""}, {"Times", "UTC", ""}})
	v.el("p", "This page only shows. What changes something is a command.", class("muted"))
}
