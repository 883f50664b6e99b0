package text

import (
	"strings"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// sign begins the line of a feed or of a rule.
func (s Style) sign(st report.Standing) string {
	switch st {
	case report.Failing:
		return s.red("✗")
	case report.Warning:
		return s.yellow("!")
	case report.Unknown:
		return s.yellow("?")
	}
	return s.green("✓")
}

// feed prints a feed: what is wrong first, one rule a line, then what is not
// known, and what passes if passed is set.
func (v *feedsView) feed(f report.WatchedFeed, passed bool) {
	v.printf("%s\n", v.headed(f.Standing, f.Name))
	if v.full {
		v.rules(f.In(report.Failing, report.Warning, report.Unknown, report.Passing))
		return
	}
	v.rules(f.In(report.Failing, report.Warning))
	for _, why := range reasons(f) {
		v.printf("      %s %s\n", v.s.sign(report.Unknown), v.s.hanging("        ", strings.Fields(why)))
	}
	if passes := f.In(report.Passing); passed && len(passes) > 0 {
		v.printf("      %s %s\n", v.s.sign(report.Passing), v.s.faint(v.s.hanging("        ", measurements(passes, " ·"))))
	}
}

// measured prints a feed with the values of the rules that it passes.
func (v *feedsView) measured(f report.WatchedFeed) {
	v.printf("%s\n", v.headed(f.Standing, f.Name))
	if passes := f.In(report.Passing); len(passes) > 0 {
		v.printf("%s\n", v.s.faint(v.s.wrappedParts("      ", measurements(passes, " ·"))))
	}
}

// rules prints one rule a line, what was measured below each other. Rules with
// one message share it.
func (v *feedsView) rules(results []watch.Result) {
	longest := 0
	for i := range results {
		longest = max(longest, cells.StringWidth(safetext.Line(results[i].Rule)))
	}
	for i := range results {
		r := &results[i]
		rule := safetext.Line(r.Rule)
		pad := strings.Repeat(" ", longest-cells.StringWidth(rule))
		v.printf("      %s %s%s  %s\n", v.s.sign(report.StandingOf(r)), rule, pad, absent(r.Value))
		shared := i+1 < len(results) && results[i+1].Message == r.Message
		if r.Message != "" && !shared {
			v.printf("%s\n", v.s.wrapped("          ", safetext.Line(r.Message)))
		}
	}
}

// measurements puts what was measured side by side: rules with their values,
// between separators. A line may
// break between them, and in one that is longer than any line.
func measurements(results []watch.Result, separator string) []string {
	var parts []string
	for i := range results {
		part := strings.TrimSpace(safetext.Line(results[i].Rule) + " " + absent(results[i].Value))
		if i+1 < len(results) {
			part += separator
		}
		if cells.StringWidth(part) > narrowest {
			parts = append(parts, strings.Fields(part)...)
		} else {
			parts = append(parts, part)
		}
	}
	return parts
}

// headed is the line of a feed.
func (v *feedsView) headed(st report.Standing, name string) string {
	return "  " + v.s.sign(st) + " " + v.s.bold(v.s.hanging("    ", strings.Fields(name)))
}

// inBrief is a feed with what is wrong with it, in a line.
func inBrief(s Style, f report.WatchedFeed) string {
	parts := append(strings.Fields(f.Name+":"), measurements(f.In(report.Failing, report.Warning), ",")...)
	return "  " + s.sign(f.Standing) + " " + s.hanging("    ", parts)
}
