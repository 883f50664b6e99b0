package html

import (
	"strconv"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/words"
)

// schedules are those of each workspace, those with trouble first.
func (v *agentView) schedules() {
	v.section(note, "", "Schedules", func() {
		full, rest := v.p.InFull()
		for i := range full {
			v.ofWorkspace(&full[i])
		}
		if len(v.p.Workspaces) == 0 {
			v.el("p", "There is no workspace.", class("muted"))
		}
		v.folded(rest)
	})
}

// ofWorkspace are the schedules of one workspace, with the commit that is in force.
func (v *agentView) ofWorkspace(w *report.AgentPageWorkspace) {
	v.in("div", func() {
		if v.p.Many() && v.p.Asked.Workspace == "" {
			v.in("h3", func() { v.workspace(w.Name) })
		}
		v.configuration(w)
		if len(w.Schedules) == 0 {
			v.el("p", "No schedules: an agent does only what schedule blocks say.", class("muted"))
			return
		}
		v.list(listing{label: "Schedules of " + w.Name, all: true, columns: []column{{"Schedule", "name"}, {"Last run", "last"}, {"Next due", "next"}, {"30 days", "days"}}, n: len(w.Schedules), cell: func(row, column int) {
			v.schedule(w, &w.Schedules[row], column)
		}})
	}, class("group"))
}

func (v *agentView) configuration(w *report.AgentPageWorkspace) {
	if w.Commit == "" && w.FetchedAt == nil {
		return
	}
	v.in("p", func() {
		if w.Commit == "" {
			v.text("No commit in force")
		} else {
			v.text("Commit ")
			v.el("code", words.ShortHash(w.Commit))
		}
		if w.FetchedAt != nil {
			v.text(", fetched ")
			v.when(w.FetchedAt)
		}
	}, class("muted"))
}

func (v *agentView) schedule(w *report.AgentPageWorkspace, s *report.AgentPageSchedule, column int) {
	switch column {
	case 0:
		v.in("span", func() { v.foreign(s.Name) }, class("what"))
		v.in("p", func() {
			if s.Run != "" {
				v.text(s.Run + ", ")
			}
			v.foreign(s.Rule)
		}, class("why"))
	case 1:
		r := s.LastRun
		if r == nil {
			v.el("span", "no run yet", class("muted"))
			return
		}
		v.state(r)
		if r.Message != "" {
			v.in("p", func() { v.foreign(r.Message) }, class("why"))
		}
	case 2:
		switch {
		case v.p.Pauses(w, s):
			v.el("span", "paused", class("chip"))
		case s.NextDueAt == nil:
			v.el("span", "never", class("muted"))
		default:
			v.when(s.NextDueAt)
		}
		if s.Missed > 0 {
			v.el("p", words.Number(s.Missed)+" missed", class("why"))
		}
	default:
		v.days(s.Days)
	}
}

// state says how a run ended, and when, or since when it goes on.
func (v *agentView) state(r *report.AgentRun) {
	v.chipOf(r.State)
	v.text(" ")
	switch {
	case r.EndedAt != nil:
		v.when(r.EndedAt)
	case r.BeganAt != nil:
		v.text("since ")
		v.when(r.BeganAt)
	default:
		v.when(&r.DueAt)
	}
}

// chipOf is the state of a run in its color.
func (v *agentView) chipOf(state string) {
	tones := map[string]tone{"done": good, "incomplete": warn, "failed": bad, "lost": bad, "retrying": warn}
	kind := "chip"
	if t, known := tones[state]; known {
		kind += " " + string(t)
	}
	v.in("span", func() { v.foreign(state) }, class(kind))
}

// folded are the workspaces that are not shown in full, one per line.
func (v *agentView) folded(rest []report.AgentPageWorkspace) {
	if len(rest) == 0 {
		return
	}
	trouble := 0
	for trouble < len(rest) && rest[trouble].Trouble() {
		trouble++
	}
	if trouble > 0 {
		v.el("p", words.Number(trouble)+" more with trouble:")
		v.lineEach(rest[:trouble])
	}
	if rest = rest[trouble:]; len(rest) == 0 {
		return
	}
	open := v.p.Asked
	open.Open = !open.Open
	var state []attribute
	if v.p.Asked.Open {
		state = append(state, attr("open", ""))
	}
	v.in("details", func() {
		v.el("summary", words.Count(len(rest), "workspace", "workspaces")+" without trouble")
		v.in("p", func() {
			text := "Keep this list open"
			if v.p.Asked.Open {
				text = "Fold this list"
			}
			v.el("a", text, attr("href", v.self(open)))
		})
		v.lineEach(rest)
	}, state...)
}

// lineEach is a line per workspace.
func (v *agentView) lineEach(list []report.AgentPageWorkspace) {
	v.list(listing{label: "Workspaces", all: true, columns: []column{{"Workspace", "first"}, {"Schedules", ""}, {"Last run", ""}, {"Next due", "next"}}, n: len(list), cell: func(row, column int) {
		w := &list[row]
		last, next := w.LastRun(), w.NextDue()
		switch column {
		case 0:
			v.workspace(w.Name)
		case 1:
			v.text(words.Count(len(w.Schedules), "schedule", "schedules"))
		case 2:
			if last == nil {
				v.el("span", "no run yet", class("muted"))
				return
			}
			v.state(last)
		default:
			if next != nil {
				v.when(next)
			}
		}
	}})
}

// Of a day a mark is as wide as dayWidth, and dayStep from that before.
const (
	dayStep, dayWidth = 8, 6
	dayHeight         = 18
)

// marks are how days look: the worse, the taller, and days without a run are hollow, for
// those who see no colors.
var marks = map[string]struct{ y, height int }{
	report.DayNothing: {16, 2}, report.DayGood: {7, 11}, report.DayIncomplete: {4, 14}, report.DayMissed: {1, 16}, report.DayFailed: {0, 18},
}

// days is a strip with a mark per day, and what it says in words.
func (v *agentView) days(days []report.AgentDay) {
	if len(days) == 0 {
		return
	}
	all := report.Sum(days)
	said := all.String()
	v.in("svg", func() {
		for i := range days {
			d := &days[i]
			mark := marks[d.Kind()]
			x, y, width, height := i*dayStep, mark.y, dayWidth, mark.height
			attrs := []attribute{class(d.Kind()), attr("x", strconv.Itoa(x)), attr("y", strconv.Itoa(y)), attr("width", strconv.Itoa(width)), attr("height", strconv.Itoa(height))}
			v.in("rect", func() { v.el("title", d.Day.Format("Jan 2")+": "+d.String()) }, attrs...)
		}
	}, class("strip"), attr("viewBox", "-1 0 "+strconv.Itoa(len(days)*dayStep)+" "+strconv.Itoa(dayHeight)), attr("role", "img"),
		attr("aria-label", words.Count(len(days), "day", "days")+" to "+days[len(days)-1].Day.Format("Jan 2")+": "+said))
	v.el("p", said, class("why"))
}
