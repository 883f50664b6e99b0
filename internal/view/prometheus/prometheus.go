package prometheus

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// Feeds writes a report in Prometheus' text format, for the textfile
// collector of its node exporter. What is not known has no value, and a gauge
// of its own that says so: it is neither 0 nor 1.
func Feeds(w io.Writer, r *report.FeedsCheck) error {
	out := bufio.NewWriter(w)
	failed := gauge{name: "gdfctl_feed_rule_failed", help: "1 if a rule of a watch fails on a feed, 0 if it passes; absent while it is not known."}
	unknown := gauge{name: "gdfctl_feed_rule_unknown", help: "1 if it is not known whether a rule of a watch passes on a feed."}
	for i := range r.Results {
		res := &r.Results[i]
		labels := []label{
			{"account", res.Account},
			{"watch", res.Watch},
			{"feed", res.FeedName},
			{"feed_id", res.FeedID},
			{"rule", res.Rule},
			{"severity", string(res.Severity)},
		}
		unknown.add(truth(res.Outcome == watch.Unknown), labels...)
		if res.Outcome != watch.Unknown {
			failed.add(truth(res.Outcome == watch.Fail), labels...)
		}
	}
	age := gauge{name: "gdfctl_feed_age_seconds", help: "Seconds since a watched feed was compiled; absent where the API gives no date."}
	items := gauge{name: "gdfctl_feed_items", help: "Items of a watched feed's last compilation."}
	errors := gauge{name: "gdfctl_feed_items_with_errors", help: "Items of a watched feed's last compilation that have errors."}
	warnings := gauge{name: "gdfctl_feed_items_with_warnings", help: "Items of a watched feed's last compilation that have warnings."}
	for i := range r.Watched {
		f := &r.Watched[i].Feed
		labels := []label{{"account", r.Watched[i].Account}, {"feed", f.Name}, {"feed_id", f.ID}}
		if !f.LastCompiled.IsZero() {
			age.add(r.At.Sub(f.LastCompiled).Seconds(), labels...)
		}
		total, _, warned, failed := f.Known()
		items.addKnown(total, labels...)
		errors.addKnown(failed, labels...)
		warnings.addKnown(warned, labels...)
	}
	read := gauge{name: "gdfctl_feeds_account_read", help: "1 if the feeds of an account could be read, 0 if not: then nothing is known of them."}
	for _, a := range r.Accounts {
		read.add(truth(a.Err == nil), label{"account", a.Name})
	}
	feeds := gauge{name: "gdfctl_feeds_watched", help: "Feeds that a watch means."}
	feeds.add(float64(r.Feeds))
	calls := gauge{name: "gdfctl_feeds_check_calls", help: "Calls of the API that the check made."}
	calls.add(float64(r.Calls))
	at := gauge{name: "gdfctl_feeds_check_timestamp_seconds", help: "When the feeds were checked, in seconds since 1970."}
	at.add(float64(r.At.Unix()))
	for _, g := range []*gauge{&failed, &unknown, &age, &items, &errors, &warnings, &read, &feeds, &calls, &at} {
		g.write(out)
	}
	return out.Flush()
}

func truth(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// gauge is a metric with its samples. Two samples of the same labels would make
// a file that Prometheus refuses as a whole: the first one stands.
type gauge struct {
	name, help string
	kind       string // empty: a gauge
	lines      []string
	seen       map[string]bool
}

type label struct{ name, value string }

// addKnown adds a count, unless it is unknown: an absent series is no zero.
func (g *gauge) addKnown(n *int, labels ...label) {
	if n != nil {
		g.add(float64(*n), labels...)
	}
}

func (g *gauge) add(value float64, labels ...label) { g.addTo("", value, labels...) }

// addTo adds a sample under the metric's name with something behind it.
func (g *gauge) addTo(suffix string, value float64, labels ...label) {
	series := g.name + suffix
	if len(labels) > 0 {
		pairs := make([]string, len(labels))
		for i, l := range labels {
			pairs[i] = l.name + `="` + labelEscapes.Replace(safetext.Line(l.value)) + `"`
		}
		series += "{" + strings.Join(pairs, ",") + "}"
	}
	if g.seen[series] {
		return
	}
	if g.seen == nil {
		g.seen = map[string]bool{}
	}
	g.seen[series] = true
	g.lines = append(g.lines, series+" "+strconv.FormatFloat(value, 'f', -1, 64))
}

var labelEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

func (g *gauge) write(out *bufio.Writer) {
	if len(g.lines) == 0 {
		return
	}
	fmt.Fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", g.name, g.help, g.name, cmp.Or(g.kind, "gauge"))
	for _, line := range g.lines {
		fmt.Fprintln(out, line)
	}
}
