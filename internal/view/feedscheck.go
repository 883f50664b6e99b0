package view

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// firstPassing is how many feeds that pass are shown with their values, unless
// all are asked for.
const firstPassing = 5

// FeedsCheck prints what a look at the feeds found, for people: for each watch
// the feeds that fail or warn with all that was measured, then what is not
// known, then what passes, and the counts. full shows every feed like one that
// fails.
func FeedsCheck(w io.Writer, s Style, r watch.Report, full bool) error {
	v := &feedsView{w: bufio.NewWriter(w), s: s, full: full}
	for _, group := range watchesOf(r.Results) {
		v.watch(group)
	}
	v.summary(r)
	return v.w.Flush()
}

type feedsView struct {
	w    *bufio.Writer
	s    Style
	full bool
}

func (v *feedsView) printf(format string, args ...any) { fmt.Fprintf(v.w, format, args...) }

// sign begins the line of a feed or of a rule.
func (v *feedsView) sign(st standing) string {
	switch st {
	case failing:
		return v.s.red("✗")
	case warning:
		return v.s.yellow("!")
	case notKnown:
		return v.s.yellow("?")
	}
	return v.s.green("✓")
}

func (v *feedsView) watch(g watchGroup) {
	v.printf("%s: %s\n", v.s.bold("watch "+g.name), plural(len(g.feeds), "feed", "feeds"))
	for _, f := range g.in(failing, warning) {
		v.feed(f)
	}
	if v.full {
		for _, f := range g.in(notKnown, passing) {
			v.feed(f)
		}
	} else {
		v.unknowns(g.in(notKnown))
		v.passing(g.in(passing))
	}
	v.printf("\n")
}

// feed prints a feed with all its rules: what is wrong first.
func (v *feedsView) feed(f watchedFeed) {
	v.printf("%s\n", v.headed(f.state, f.name))
	longest := 0
	for i := range f.results {
		if !v.full && standingOf(&f.results[i]) == passing {
			continue
		}
		longest = max(longest, cells.StringWidth(safetext.Line(f.results[i].Rule)))
	}
	last := passing
	if !v.full {
		last = notKnown
	}
	for st := failing; st >= last; st-- {
		v.rules(f.in(st), longest)
	}
	if passed := f.in(passing); !v.full && len(passed) > 0 {
		v.printf("      %s %s\n", v.sign(passing), v.s.faint(strings.TrimLeft(v.values("        ", passed), " ")))
	}
}

// rules prints one rule a line, what was measured below each other. Rules with
// one message share it.
func (v *feedsView) rules(results []watch.Result, longest int) {
	for i := range results {
		r := &results[i]
		rule := safetext.Line(r.Rule)
		pad := strings.Repeat(" ", longest-cells.StringWidth(rule))
		v.printf("      %s %s%s  %s\n", v.sign(standingOf(r)), rule, pad, absent(r.Value))
		shared := i+1 < len(results) && results[i+1].Message == r.Message
		if r.Message != "" && !shared {
			v.printf("%s\n", v.s.wrapped("          ", safetext.Line(r.Message)))
		}
	}
}

// values puts what was measured side by side.
func (v *feedsView) values(indent string, results []watch.Result) string {
	parts := make([]string, len(results))
	for i := range results {
		parts[i] = safetext.Line(results[i].Rule) + " " + absent(results[i].Value)
		if i+1 < len(results) {
			parts[i] += " ·"
		}
	}
	return v.s.wrappedParts(indent, parts)
}

// headed is the line of a feed.
func (v *feedsView) headed(st standing, name string) string {
	lines := v.s.wrapped("    ", name)
	return "  " + v.sign(st) + " " + v.s.bold(strings.TrimPrefix(lines, "    "))
}

// unknowns puts feeds together about which the same is not known: at a first
// look that is all of them.
func (v *feedsView) unknowns(feeds []watchedFeed) {
	type kind struct {
		key   string
		whys  []string // "rules not known: message"
		feeds []watchedFeed
	}
	var kinds []*kind
	byKey := map[string]*kind{}
	for _, f := range feeds {
		whys := reasons(f)
		key := strings.Join(whys, "\n")
		if byKey[key] == nil {
			byKey[key] = &kind{key: key, whys: whys}
			kinds = append(kinds, byKey[key])
		}
		byKey[key].feeds = append(byKey[key].feeds, f)
	}
	for _, k := range kinds {
		v.printf("%s\n", v.headed(notKnown, v.names(k.feeds)))
		for _, why := range k.whys {
			v.printf("%s\n", v.s.wrapped("      ", why))
		}
	}
}

// reasons says which rules are not known, those for the same reason together.
func reasons(f watchedFeed) []string {
	var messages []string
	rules := map[string][]string{}
	for i := range f.results {
		r := &f.results[i]
		if r.Verdict != watch.Unknown {
			continue
		}
		message := safetext.Line(r.Message)
		if rules[message] == nil {
			messages = append(messages, message)
		}
		rules[message] = append(rules[message], safetext.Line(r.Rule))
	}
	whys := make([]string, len(messages))
	for i, message := range messages {
		whys[i] = strings.Join(rules[message], ", ") + " not known: " + message
	}
	return whys
}

// mostNames is how many feeds of a group are named.
const mostNames = 3

func (v *feedsView) names(feeds []watchedFeed) string {
	var names []string
	for i, f := range feeds {
		if i == mostNames {
			names = append(names, fmt.Sprintf("and %s more", number(len(feeds)-i)))
			break
		}
		names = append(names, f.name)
	}
	return strings.Join(names, "; ")
}

func (v *feedsView) passing(feeds []watchedFeed) {
	for i, f := range feeds {
		if i == firstPassing {
			v.printf("%s\n", v.s.faint(v.s.wrapped("    ", fmt.Sprintf("… and %s; --full shows all, with what was measured", plural(len(feeds)-i, "more passes", "more pass")))))
			return
		}
		v.printf("%s\n", v.headed(passing, f.name))
		v.printf("%s\n", v.s.faint(v.values("      ", f.results)))
	}
}

// summary ends the output with the counts.
func (v *feedsView) summary(r watch.Report) {
	var rules tally
	for i := range r.Results {
		rules[standingOf(&r.Results[i])]++
	}
	paint := v.s.green
	switch {
	case rules[failing] > 0:
		paint = v.s.red
	case rules[warning]+rules[notKnown] > 0:
		paint = v.s.yellow
	}
	v.printf("%s\n", paint(v.s.wrapped("", "Feeds: "+countFeeds(r.Results).words()+".")))
	v.printf("%s\n", v.s.wrapped("", fmt.Sprintf("Rules: %s failed, %s, %s not known, %s passed. Calls: %s.",
		number(rules[failing]), plural(rules[warning], "warning", "warnings"), number(rules[notKnown]), number(rules[passing]), number(r.Calls))))
}

// Downloading says which feed's file is being read: a large one takes its time.
func Downloading(w io.Writer, s Style, feed string, n, of int) {
	fmt.Fprintf(w, "%s\n", s.faint(s.wrapped("", fmt.Sprintf("Reading file %s of %s: %s", number(n), number(of), safetext.Line(feed)))))
}
