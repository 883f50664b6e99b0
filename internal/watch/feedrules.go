package watch

import (
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/compilation"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/words"
)

// readyMade are the rules of spec.FeedRules by name. The second result of each
// says whether the watch asks for it.
var readyMade = map[string]func(*subject) (finding, bool){
	"status":           always((*subject).status),
	"max_age":          always((*subject).maxAge),
	"max_submit_age":   (*subject).maxSubmitAge,
	"empty":            always((*subject).empty),
	"max_drop":         always((*subject).maxDrop),
	"max_rise":         always((*subject).maxRise),
	"max_error_ratio":  always((*subject).maxErrorRatio),
	"max_warning_rise": always((*subject).maxWarningRise),
	"item_allotment":   (*subject).itemAllotment,
	"gone":             always(func(*subject) finding { return passes("no").with(Error) }),

	"content.file":             inFile(Error, wantsContent, (*contentSubject).file),
	"content.required_columns": inTable(Error, func(c *spec.WatchContent) bool { return len(c.RequiredColumns) > 0 }, (*contentSubject).requiredColumns),
	"content.header":           inTable(Warn, wantsContent, (*contentSubject).header),
	"content.match_count":      inTable(Warn, func(c *spec.WatchContent) bool { return c.MatchCount }, (*contentSubject).matchCount),
	"content.unique":           inTable(Error, func(c *spec.WatchContent) bool { return len(c.Unique) > 0 }, (*contentSubject).unique),
	"content.required_values":  inTable(Warn, func(c *spec.WatchContent) bool { return len(c.RequiredValues) > 0 }, (*contentSubject).requiredValues),
	"content.gtin":             inTable(Warn, func(c *spec.WatchContent) bool { return len(c.GTIN) > 0 }, (*contentSubject).gtin),
	"content.price":            inTable(Warn, func(c *spec.WatchContent) bool { return len(c.Price) > 0 }, (*contentSubject).price),
	"content.https":            inTable(Warn, func(c *spec.WatchContent) bool { return len(c.HTTPS) > 0 }, (*contentSubject).https),
}

func always(judge func(*subject) finding) func(*subject) (finding, bool) {
	return func(s *subject) (finding, bool) { return judge(s), true }
}

const (
	firstLook = "this is the first check; there is nothing to compare with yet"
	noCounts  = "the API gives no counts"
	noErrors  = "the API doesn't say how many items have errors"
)

// status is FD01: a feed that is being compiled at one look is no reason to
// wake anybody; one that still is at the next look is.
func (s *subject) status() finding {
	value := word(s.feed.Status)
	switch since, before := s.seen.notCompletedSince(); {
	case s.feed.Status == "":
		return unknown("the API gives no status").with(Warn)
	case completed(s.feed.Status):
		return passes(value).with(Warn)
	case before:
		return fails(value, "no check since %s has seen it Completed: look into the feed's compilation in GoDataFeed", since.UTC().Format("2006-01-02 15:04Z")).with(Error)
	default:
		return fails(value, "it is not Completed; the next check shows whether that lasts").with(Warn)
	}
}

// age judges how long ago something was. A date that lies a little ahead is that
// of a clock that runs a little fast.
func (s *subject) age(of time.Time, most time.Duration, what, none, remedy string) finding {
	age := s.at.Sub(of)
	switch {
	case of.IsZero():
		return unknown(none)
	case age < -TooSoon:
		return unknown(fmt.Sprintf("it was %s %s ahead of this machine's time: one of the clocks is wrong", what, words.Duration(-age)))
	case age > most:
		return fails(words.Duration(age), "it was %s at %s; it may be at most %s old. %s", what, of.UTC().Format("2006-01-02 15:04Z"), words.Duration(most), remedy)
	}
	return passes(words.Duration(max(age, 0)))
}

// maxAge is FD02.
func (s *subject) maxAge() finding {
	return s.age(s.feed.LastCompiled, s.watch.MaxAge, "last compiled", "the API gives no date of its compilation", "Look for what keeps GoDataFeed from compiling it").with(Error)
}

// maxSubmitAge is FD03: marketplaces are sent a feed, or pull it.
func (s *subject) maxSubmitAge() (finding, bool) {
	last := s.feed.LastSubmitted
	if s.feed.LastPulled.After(last) {
		last = s.feed.LastPulled
	}
	f := s.age(last, s.watch.MaxSubmitAge, "last submitted or pulled", "the API gives no date of a submission, and none of a pull", "Look into the feed's schedule, and whether the marketplace still pulls it")
	return f.with(Error), s.watch.MaxSubmitAge > 0
}

// empty is FD05.
func (s *subject) empty() finding {
	switch {
	case s.feed.Counts == nil:
		return unknown(noCounts).with(Error)
	case s.feed.Total == 0:
		return fails("0 items", "the last compilation has no items: the marketplace may take all listings down").with(Error)
	}
	return passes(items(s.feed.Total)).with(Error)
}

func items(n int) string { return words.Count(n, "item", "items") }

// moved judges the change of the items against the median of earlier
// compilations: downwards if sign is -1, upwards if it is +1.
func (s *subject) moved(sign, most float64, verb, remedy string) finding {
	median, of := medianTotal(s.earlier)
	switch {
	case s.feed.Counts == nil:
		return unknown(noCounts)
	case of == 0:
		return unknown(firstLook)
	case median == 0:
		return unknown("there were no items before")
	}
	by := float64(s.feed.Total)/median - 1
	if !above(sign*by, most) {
		return passes(change(by))
	}
	before := " before"
	if of > 1 {
		before = fmt.Sprintf(", the median of the last %d", of)
	}
	return fails(change(by), "%s, against %s%s; it may %s by %s. %s", items(s.feed.Total), words.Number(int(median)), before, verb, limit(most), remedy)
}

// maxDrop and maxRise are FD06.
func (s *subject) maxDrop() finding {
	return s.moved(-1, s.watch.MaxDrop, "drop", "Look for products that are missing at the source, or filtered out").with(Error)
}

func (s *subject) maxRise() finding {
	return s.moved(+1, s.watch.MaxRise, "rise", "Look for products that came in twice, or a filter that is gone").with(Warn)
}

// maxErrorRatio is FD07.
func (s *subject) maxErrorRatio() finding {
	if f, ok := s.divisible(); !ok {
		return f.with(Error)
	}
	if s.feed.NoErrors {
		return unknown(noErrors).with(Error)
	}
	share := float64(s.feed.Errors) / float64(s.feed.Total)
	if above(share, s.watch.MaxErrorRatio) {
		return fails(percent(share), "%s of %s have errors; %s may. GoDataFeed leaves them out of the file", words.Number(s.feed.Errors), items(s.feed.Total), limit(s.watch.MaxErrorRatio)).with(Error)
	}
	return passes(percent(share)).with(Error)
}

func (s *subject) divisible() (finding, bool) {
	switch {
	case s.feed.Counts == nil:
		return unknown(noCounts), false
	case s.feed.Total == 0:
		return unknown("there are no items"), false
	}
	return finding{}, true
}

// maxWarningRise is FD08: points against the compilation before.
func (s *subject) maxWarningRise() finding {
	if f, ok := s.divisible(); !ok {
		return f.with(Warn)
	}
	before := s.latestWarned()
	switch {
	case s.feed.NoWarnings:
		return unknown("the API doesn't say how many items have warnings").with(Warn)
	case before == nil:
		return unknown(firstLook).with(Warn)
	}
	share, was := float64(s.feed.Warnings)/float64(s.feed.Total), float64(before.Warnings)/float64(before.Total)
	value := fmt.Sprintf("%+.1f points", (share-was)*100)
	if above(share-was, s.watch.MaxWarningRise) {
		return fails(value, "%s of the items have warnings, and %s had before; it may rise by %s points", percent(share), percent(was), trimmed(s.watch.MaxWarningRise*100)).with(Warn)
	}
	return passes(value).with(Warn)
}

// latestWarned are the counts of the latest earlier compilation that had items,
// and of which it is known how many had warnings.
func (s *subject) latestWarned() *compilation.Counts {
	for i := len(s.earlier) - 1; i >= 0; i-- {
		if c := s.earlier[i].Counts; c != nil && c.Total > 0 && !c.NoWarnings {
			return c
		}
	}
	return nil
}

// itemAllotment is FD09.
func (s *subject) itemAllotment() (finding, bool) {
	asked := s.watch.ItemAllotment > 0
	switch {
	case s.feed.Counts == nil:
		return unknown(noCounts).with(Warn), asked
	case s.feed.Total == s.watch.ItemAllotment:
		return fails(items(s.feed.Total), "that is all that the plan of the account allows: more rows are being cut off").with(Warn), asked
	}
	return passes(items(s.feed.Total)).with(Warn), asked
}
