package agent

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/report"
)

// shownDays is how many days a page looks back, this one included: as long as runs are kept.
const shownDays = 30

// addSeen adds what the latest runs saw to the workspaces of a page.
func addSeen(p *report.AgentPage, latest []seen) {
	named := map[string]*report.AgentPageWorkspace{}
	for i := range p.Workspaces {
		named[p.Workspaces[i].Name] = &p.Workspaces[i]
	}
	for i := range latest {
		if w := named[latest[i].Workspace]; w != nil && latest[i].well() {
			addFeeds(w, &latest[i])
		}
	}
	waiting := unacknowledged(latest)
	for _, source := range slices.SortedFunc(maps.Keys(waiting), func(a, b report.AgentSource) int { return cmp.Compare(a.Source, b.Source) }) {
		if w := named[source.Workspace]; w != nil {
			w.Unacknowledged = append(w.Unacknowledged, waiting[source])
		}
	}
}

// addFeeds adds the feeds that the last run of a schedule saw.
func addFeeds(w *report.AgentPageWorkspace, f *seen) {
	for _, feed := range f.Feeds {
		w.Feeds = append(w.Feeds, report.AgentPageFeed{
			Schedule: f.Schedule, Account: feed.Account, Name: feed.Name, ID: feed.FeedID, State: feed.State, Items: feed.Items,
			CompiledAt: report.AgentTime(feed.CompiledAt), SeenAt: report.AgentTime(f.EndedAt),
		})
	}
}

// past is what is known of the days of a workspace before the one that it was read on: they
// don't change any more, and are many rows.
type past struct {
	readAt  time.Time
	days    []agentdb.Day
	history map[feedOf][]float64 // items by day, as the last run of each day saw them
}

// feedOf is a feed that a schedule checks.
type feedOf struct{ schedule, account, id string }

// keptPast is how long what is known of the past is kept: a run that began yesterday may
// still end.
const keptPast = 10 * time.Minute

// month adds the days up to now to what a page shows in full.
func (a *agent) month(ctx context.Context, p *report.AgentPage) error {
	today := p.At.Truncate(24 * time.Hour)
	first := today.AddDate(0, 0, 1-shownDays)
	full, _ := p.InFull()
	for i := range full {
		w := &full[i]
		before, err := a.pastOf(ctx, w, first, p.At)
		if err != nil {
			return err
		}
		now, err := a.db.Days(ctx, w.Name, today)
		if err != nil {
			return err
		}
		days := map[string][]report.AgentDay{}
		for j := range w.Schedules {
			w.Schedules[j].Days = emptyDays(first)
			days[w.Schedules[j].Name] = w.Schedules[j].Days
		}
		for _, d := range slices.Concat(before.days, now) {
			if all, at := days[d.Schedule], dayOf(first, d.At); all != nil && at < shownDays { // clocks may differ
				count(&all[at], d)
			}
		}
		for j := range w.Feeds {
			f := &w.Feeds[j]
			f.History = slices.Clone(before.history[feedOf{f.Schedule, f.Account, f.ID}])
			if f.History == nil {
				f.History = unknownDays()
			}
			if f.Items != nil && f.SeenAt != nil && !f.SeenAt.Before(today) {
				f.History[shownDays-1] = float64(*f.Items)
			}
		}
	}
	return nil
}

// pastOf is the past of a workspace. One page is made at a time.
func (a *agent) pastOf(ctx context.Context, w *report.AgentPageWorkspace, first, now time.Time) (*past, error) {
	today := now.Truncate(24 * time.Hour)
	if known := a.pasts[w.Name]; known != nil && now.Sub(known.readAt) < keptPast && !known.readAt.Before(today) {
		return known, nil
	}
	before := &past{readAt: now, history: map[feedOf][]float64{}}
	days, err := a.db.Days(ctx, w.Name, first)
	if err != nil {
		return nil, err
	}
	for _, d := range days {
		if d.At.Before(today) {
			before.days = append(before.days, d)
		}
	}
	asked := map[string]bool{}
	for i := range w.Feeds {
		name := w.Feeds[i].Schedule
		if asked[name] {
			continue
		}
		asked[name] = true
		daily, err := a.db.DailyFacts(ctx, w.Name, name, first)
		if err != nil {
			return nil, err
		}
		for _, f := range decoded(daily) {
			before.add(&f, first)
		}
	}
	a.pasts[w.Name] = before
	return before, nil
}

// add adds what a run saw of feeds.
func (b *past) add(f *seen, first time.Time) {
	at := dayOf(first, f.BeganAt)
	if at < 0 || at >= shownDays {
		return
	}
	for _, feed := range f.Feeds {
		of := feedOf{f.Schedule, feed.Account, feed.FeedID}
		if b.history[of] == nil {
			b.history[of] = unknownDays()
		}
		if feed.Items != nil {
			b.history[of][at] = float64(*feed.Items)
		}
	}
}

// unknownDays are days of which nothing is known.
func unknownDays() []float64 {
	days := make([]float64, shownDays)
	for i := range days {
		days[i] = math.NaN()
	}
	return days
}

func emptyDays(first time.Time) []report.AgentDay {
	days := make([]report.AgentDay, shownDays)
	for i := range days {
		days[i].Day = first.AddDate(0, 0, i)
	}
	return days
}

// dayOf is how many days after the first one a time is.
func dayOf(first, t time.Time) int { return int(math.Floor(t.Sub(first).Hours() / 24)) }

func count(d *report.AgentDay, c agentdb.Day) {
	switch c.State {
	case "":
		d.Missed += c.Count
	case agentdb.Done:
		d.Good += c.Count
	case agentdb.Incomplete:
		d.Incomplete += c.Count
	case agentdb.Failed, agentdb.Lost:
		d.Failed += c.Count
	case agentdb.Paused:
		d.Paused += c.Count
	}
}
