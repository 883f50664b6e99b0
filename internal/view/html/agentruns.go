package html

import (
	"math"
	"strconv"
	"strings"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/watch"
	"github.com/gdfctl/gdfctl/internal/words"
)

// feeds are those of all workspaces, those that fail first.
func (v *agentView) feeds() {
	type line struct {
		workspace string
		feed      *report.AgentPageFeed
	}
	var failing, others []line
	for i := range v.p.Workspaces {
		w := &v.p.Workspaces[i]
		for j := range w.Feeds {
			if l := (line{w.Name, &w.Feeds[j]}); l.feed.State == watch.FeedFailing {
				failing = append(failing, l)
			} else {
				others = append(others, l)
			}
		}
	}
	many, all := v.p.Many() && v.p.Asked.Workspace == "", len(failing)+len(others)
	if all == 0 {
		return
	}
	lines := failing
	if !many {
		lines = append(lines, others...)
	}
	v.section(note, "", "Feeds "+words.Number(all), func() {
		if many {
			v.el("p", words.Number(len(failing))+" failing. The page of a workspace has the others.", class("muted"))
		}
		if len(lines) == 0 {
			return
		}
		v.list(listing{label: "Feeds", all: !many, columns: []column{{"Feed", "first"}, {"State", "call"}, {"Items", "count"}, {"30 days", "spark"}, {"Compiled", "when"}}, n: len(lines), cell: func(row, column int) {
			l := lines[row]
			switch f := l.feed; column {
			case 0:
				v.in("span", func() { v.foreign(f.Name) }, class("what"))
				v.in("p", func() {
					if many {
						v.workspace(l.workspace)
						v.text(", ")
					}
					v.text("account ")
					v.foreign(f.Account)
				}, class("why"))
			case 1:
				t := odd
				switch f.State {
				case watch.FeedOK:
					t = good
				case watch.FeedFailing:
					t = bad
				}
				v.in("span", func() { v.foreign(string(f.State)) }, class("chip "+string(t)))
			case 2:
				if f.Items == nil {
					v.el("span", "not known", class("muted"))
					return
				}
				v.text(words.Number(*f.Items))
			case 3:
				v.sparkline(f.History)
			default:
				v.when(f.CompiledAt)
			}
		}})
	})
}

// sparkline draws numbers as a line, from their lowest to their highest. What is not known
// is a gap.
func (v *agentView) sparkline(numbers []float64) {
	const width, height, margin = 100.0, 20.0, 2.0
	least, most, known := math.Inf(1), math.Inf(-1), 0
	for _, n := range numbers {
		if !math.IsNaN(n) {
			least, most, known = min(least, n), max(most, n), known+1
		}
	}
	if known == 0 {
		v.el("span", "nothing known", class("muted"))
		return
	}
	at := func(i int) string {
		x, y := width/2, height/2
		if len(numbers) > 1 {
			x = margin + float64(i)*(width-2*margin)/float64(len(numbers)-1)
		}
		if most > least {
			y = height - margin - (numbers[i]-least)/(most-least)*(height-2*margin)
		}
		return strconv.FormatFloat(x, 'f', 1, 64) + "," + strconv.FormatFloat(y, 'f', 1, 64)
	}
	v.in("svg", func() {
		for i := 0; i < len(numbers); i++ {
			var points []string
			for ; i < len(numbers) && !math.IsNaN(numbers[i]); i++ {
				points = append(points, at(i))
			}
			kind := "line"
			if len(points) == 1 {
				kind, points = "dot", append(points, points[0]) // by its round ends
			}
			if len(points) > 0 {
				v.in("polyline", func() {}, class(kind), attr("points", strings.Join(points, " ")), attr("vector-effect", "non-scaling-stroke"))
			}
		}
	}, class("sparkline"), attr("viewBox", "0 0 100 20"), attr("preserveAspectRatio", "none"), attr("role", "img"),
		attr("aria-label", "Items of 30 days: from "+words.Number(int64(least))+" to "+words.Number(int64(most))))
}

// runs are the latest ones, or those of a day.
func (v *agentView) runs() {
	title := "Latest runs"
	if v.p.Asked.Day != "" {
		title = "Runs of " + v.p.Asked.Day
	}
	v.byDay()
	v.section(note, "", title, func() {
		runs := v.p.Runs
		if len(runs) == 0 {
			text := "No run has begun yet."
			if v.p.Asked.Day != "" {
				text = "No run began on that day."
			}
			v.el("p", text, class("muted"))
			return
		}
		v.list(listing{label: title, all: true, columns: []column{{"Schedule", "name"}, {"State", "state"}, {"Result", "result"}, {"Took", "took"}, {"Asked by", "who"}}, n: len(runs), cell: func(row, column int) {
			v.run(&runs[row], column)
		}})
		switch {
		case !v.p.MoreRuns || len(v.p.Workspaces) == 0:
		case v.p.Asked.Workspace != "":
			v.el("p", "There are more runs. Choose a day above.", class("muted"))
		case v.p.Many():
			v.el("p", "There are more runs. The page of a workspace has those of each day.", class("muted"))
		default:
			v.in("p", func() {
				v.text("There are more runs: ")
				v.way(v.p.Workspaces[0].Name, "those of each day")
			}, class("muted"))
		}
	})
}

func (v *agentView) run(r *report.AgentPageRun, column int) {
	switch column {
	case 0:
		if v.p.Many() && v.p.Asked.Workspace == "" {
			v.workspace(r.Workspace)
			v.text(" / ")
		}
		v.foreign(r.Schedule)
	case 1:
		v.state(&r.AgentRun)
	case 2:
		v.foreign(r.Message)
		if r.Slices > 1 {
			v.el("span", " in "+words.Number(r.Slices)+" slices", class("muted"))
		}
		v.counts(&r.AgentRun)
	case 3:
		if took := r.Took(); took > 0 {
			v.text(words.Duration(took))
		}
	default:
		if r.Who == "" {
			v.el("span", "schedule", class("muted"))
			return
		}
		v.foreign(r.Who)
	}
}

// counts are what a run left that somebody may want to look at.
func (v *agentView) counts(r *report.AgentRun) {
	for _, c := range []struct {
		n    int
		what string
		tone tone
	}{{r.Failed, "failed", bad}, {r.Unknown, "unknown", odd}, {r.Held, "held back", warn}, {r.Pending, "pending", note}} {
		if c.n > 0 {
			v.text(" ")
			v.el("span", words.Number(c.n)+" "+c.what, class("chip "+string(c.tone)))
		}
	}
}

// byDay is how the runs of each day ended, with the way to them.
func (v *agentView) byDay() {
	if v.p.Asked.Workspace == "" || len(v.p.Workspaces) != 1 {
		return
	}
	days := v.p.Workspaces[0].ByDay()
	if len(days) == 0 {
		return
	}
	var state []attribute
	if v.p.Asked.Day != "" {
		state = append(state, attr("open", ""))
	}
	v.section(note, "", "Days", func() {
		v.in("details", func() {
			v.el("summary", "Runs of "+words.Count(len(days), "day", "days"))
			v.list(listing{label: "Runs by day", all: true, columns: []column{{"Day", "first"}, {"Runs", ""}}, n: len(days), cell: func(row, column int) {
				d := &days[len(days)-1-row]
				if column == 0 {
					asked := v.p.Asked
					asked.Day = d.Day.Format("2006-01-02")
					v.el("a", d.Day.Format("Mon Jan 2"), attr("href", v.query(asked)))
					return
				}
				v.text(d.String())
			}})
		}, state...)
	})
}
