package agent

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/gdfctl/gdfctl/internal/report"
)

// longestScrape is how long the database may take for metrics.
const longestScrape = 10 * time.Second

// metrics answers who scrapes. What this process did is known also while the database is
// away; what is in the database is then absent, and no older word of it.
func (a *agent) metrics(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), longestScrape)
	defer cancel()
	select {
	case a.scrapes <- struct{}{}: // one at a time: however many scrape, the database is asked for one
		defer func() { <-a.scrapes }()
	case <-ctx.Done():
		http.Error(w, "others are scraping", http.StatusServiceUnavailable)
		return
	}
	var out bytes.Buffer
	if err := a.Metrics(&out, a.measured(ctx)); err != nil {
		http.Error(w, "the metrics can't be written", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	_, _ = w.Write(out.Bytes())
}

// measured is what this agent knows.
func (a *agent) measured(ctx context.Context) *report.AgentMetrics {
	m := &report.AgentMetrics{Version: a.Version, AgentCounters: a.counted.now()}
	if err := a.measureKnown(ctx, m); err != nil {
		a.log.Error("the database does not answer for metrics", "error", oneLine(err))
		return &report.AgentMetrics{Version: a.Version, AgentCounters: m.AgentCounters, Away: true}
	}
	return m
}

// measureKnown reads what is in the database.
func (a *agent) measureKnown(ctx context.Context, m *report.AgentMetrics) error {
	k, err := a.picture(ctx)
	if err != nil {
		return err
	}
	m.Paused, m.Agents, m.Workspaces = k.pauses.of("", "") != nil, k.agents, k.workspaces("")
	if len(m.Workspaces) == 1 {
		w := &m.Workspaces[0]
		w.Commit = cmp.Or(w.Commit, a.Deps.Provenance.Commit) // of a CI system
	}
	m.Levels, m.Oldest = map[report.AgentAccount]float64{}, map[report.AgentSource]time.Time{}
	for _, f := range k.seen {
		for account, level := range f.Levels {
			m.Levels[report.AgentAccount{Workspace: f.Workspace, Account: account}] = level
		}
	}
	for source, u := range unacknowledged(k.seen) {
		if !u.Oldest.IsZero() { // the marketplace says when
			m.Oldest[source] = u.Oldest
		}
	}
	return nil
}
