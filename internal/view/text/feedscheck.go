package text

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/watch"
)

const (
	mostInFull   = 10 // feeds of a watch, or of those that fail or warn, in detail
	mostBrief    = 40 // that fail or warn, in a line each, where there are more
	firstPassing = 5  // with their values, where more pass
	mostNames    = 3  // names of feeds that are told together
)

// FeedsCheck prints what a look at the feeds found, for people: for each watch
// the feeds that fail or warn, then what is not known, then what passes, and the
// counts. Of a watch with a few feeds all that was measured is shown; of many
// feeds that are alike, one is explained. full shows every rule in a line.
func FeedsCheck(w io.Writer, s Style, r *report.FeedsCheck, full bool) error {
	feeds := r.ByFeed
	v := &feedsView{w: bufio.NewWriter(w), s: s, full: full, well: feeds[report.Failing]+feeds[report.Warning] == 0}
	for _, group := range r.Watches {
		v.watch(group)
	}
	v.summary(r)
	return v.w.Flush()
}

type feedsView struct {
	w    *bufio.Writer
	s    Style
	full bool
	well bool // nothing fails or warns, so that there is room for what passes
}

func (v *feedsView) printf(format string, args ...any) { fmt.Fprintf(v.w, format, args...) }

func (v *feedsView) watch(g report.WatchGroup) {
	v.printf("%s: %s\n", v.s.bold("watch "+g.Name), g.Counts())
	if v.full {
		for _, f := range g.In(report.Failing, report.Warning, report.Unknown, report.Passing) {
			v.feed(f, true)
		}
	} else {
		few := len(g.Feeds) <= mostInFull
		v.wrong(g.In(report.Failing, report.Warning))
		v.unknowns(g.In(report.Unknown), few)
		v.passing(g.In(report.Passing), few)
	}
	v.printf("\n")
}

// wrong prints feeds that fail or warn. Of many, those are explained that show
// a rule which none before them showed, and the others have a line each.
func (v *feedsView) wrong(feeds []report.WatchedFeed) {
	if len(feeds) <= mostInFull {
		for _, f := range feeds {
			v.feed(f, true)
		}
		return
	}
	var brief []report.WatchedFeed
	explained := map[string]bool{}
	for _, f := range feeds {
		explains := false
		for _, r := range f.In(report.Failing, report.Warning) {
			explains = explains || !explained[r.Rule]
			explained[r.Rule] = true
		}
		if explains {
			v.feed(f, false)
		} else {
			brief = append(brief, f)
		}
	}
	for i, f := range brief {
		if i == mostBrief {
			v.printf("%s\n", v.s.faint(v.s.wrapped("    ", fmt.Sprintf("… and %s more that fail or warn; --full shows all", number(len(brief)-i)))))
			return
		}
		v.printf("%s\n", inBrief(v.s, f))
	}
}

// unknowns puts feeds together about which the same is unknown: at a first
// look that is all of them. Of a few, what was measured is shown.
func (v *feedsView) unknowns(feeds []report.WatchedFeed, few bool) {
	type kind struct {
		whys  []string // "rules unknown: message"
		feeds []report.WatchedFeed
	}
	var kinds []*kind
	byKey := map[string]*kind{}
	for _, f := range feeds {
		whys := reasons(f)
		key := strings.Join(whys, "\n")
		if byKey[key] == nil {
			byKey[key] = &kind{whys: whys}
			kinds = append(kinds, byKey[key])
		}
		byKey[key].feeds = append(byKey[key].feeds, f)
	}
	for _, k := range kinds {
		indent, of := "      ", ""
		switch {
		case len(k.feeds) == 1:
			v.feed(k.feeds[0], true)
			continue
		case few:
			for _, f := range k.feeds {
				v.measured(f)
			}
			indent, of = "    ", fmt.Sprintf("Of these %d: ", len(k.feeds))
		default:
			v.printf("%s\n", v.headed(report.Unknown, v.names(k.feeds)))
		}
		for _, why := range k.whys {
			v.printf("%s\n", v.s.wrapped(indent, of+why))
		}
	}
}

// reasons says which rules are not known, those for the same reason together.
func reasons(f report.WatchedFeed) []string {
	var messages []string
	rules := map[string][]string{}
	for i := range f.Results {
		r := &f.Results[i]
		if r.Outcome != watch.Unknown {
			continue
		}
		message := safetext.Line(r.Message)
		if rules[message] == nil {
			messages = append(messages, message)
		}
		rules[message] = append(rules[message], strings.TrimSpace(safetext.Line(r.Rule)+" "+safetext.Line(r.Value)))
	}
	whys := make([]string, len(messages))
	for i, message := range messages {
		whys[i] = strings.Join(rules[message], ", ") + " unknown: " + message
	}
	return whys
}

func (v *feedsView) names(feeds []report.WatchedFeed) string {
	var names []string
	for i, f := range feeds {
		if i == mostNames {
			names = append(names, fmt.Sprintf("and %s more", number(len(feeds)-i)))
			break
		}
		names = append(names, f.Name)
	}
	return strings.Join(names, "; ")
}

func (v *feedsView) passing(feeds []report.WatchedFeed, few bool) {
	if !few && !v.well && len(feeds) > 0 {
		v.printf("%s\n%s\n", v.headed(report.Passing, v.names(feeds)), v.s.faint("      pass; --full shows what was measured"))
		return
	}
	for i, f := range feeds {
		if !few && i == firstPassing {
			v.printf("%s\n", v.s.faint(v.s.wrapped("    ", fmt.Sprintf("… and %s; --full shows all, with what was measured", plural(len(feeds)-i, "more passes", "more pass")))))
			return
		}
		v.measured(f)
	}
}

// summary ends the output with the counts.
func (v *feedsView) summary(r *report.FeedsCheck) {
	feeds := r.ByFeed
	rules := r.ByRule.RuleWords(report.Most(r.Results, report.Failing), report.Most(r.Results, report.Warning))
	paint := v.s.green
	switch {
	case feeds[report.Failing] > 0:
		paint = v.s.red
	case feeds[report.Warning]+feeds[report.Unknown] > 0:
		paint = v.s.yellow
	}
	v.printf("%s\n", paint(v.s.wrapped("", "Feeds: "+feeds.Words()+".")))
	v.printf("%s\n", v.s.wrapped("", fmt.Sprintf("Rules: %s. Calls: %s.", rules, number(r.Calls))))
	for _, a := range r.Unread {
		v.printf("%s\n", v.s.red(v.s.wrapped("", "Account "+a.Name+" could not be read: nothing is known of its feeds.")))
	}
}

// NoFeedsWatched says that a check had nothing to compare, and how to change that.
func NoFeedsWatched(w io.Writer) error {
	_, err := fmt.Fprintln(w, "No feeds are watched: the configuration has no watch block. To watch all feeds, add:\n\n  watch \"all\" {\n    feeds = \"*\"\n  }")
	return err
}
