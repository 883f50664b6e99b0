package watch

import (
	"strings"

	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// own is the result of a rule that the configuration wrote; false means that
// its `when` is not met.
func (s *subject) own(r *spec.WatchRule) (Result, bool) {
	out := r.Check(s.observed())
	if !out.Applies {
		return Result{}, false
	}
	outcome := Fail
	switch {
	case !out.Known:
		outcome = Unknown
	case out.Met:
		outcome = Pass
	}
	return Result{
		Watch: s.watch.Name, Account: s.watch.Account.Name, Rule: "rule " + r.Name, Outcome: outcome,
		Severity: severityOf(r.Severity), Value: word(out.Value), Message: word(out.Message), DefinedAt: r.Place,
	}, true
}

// observed is what the own rules see.
func (s *subject) observed() spec.Observed {
	o := spec.Observed{Feed: valuesOf(s.feed.Name, s.seen.observation(s.at)), Now: s.at}
	o.Feed.ID, o.Feed.FileName = s.feed.ID, s.feed.FileName
	if n := len(s.earlier); n > 0 {
		previous := valuesOf(s.seen.past.Name, s.earlier[n-1])
		previous.ID = s.feed.ID
		o.Previous = &previous
	}
	if c := s.seen.content; s.watch.Content != nil && c != nil && c.Table() && !s.otherShape() {
		o.Content = &spec.ContentValues{
			Rows: c.Rows, Columns: c.Columns, Ragged: c.Ragged,
			Duplicates: s.sum("unique", s.watch.Content.Unique), Blank: s.sum("required_values", s.watch.Content.RequiredValues),
			BadGTIN: s.sum("gtin", s.watch.Content.GTIN), BadPrice: s.sum("price", s.watch.Content.Price), NotHTTPS: s.sum("https", s.watch.Content.HTTPS),
		}
	}
	return o
}

func valuesOf(name string, o memory.FeedObservation) spec.FeedValues {
	v := spec.FeedValues{
		Name: name, Status: strings.TrimSpace(o.Status), CompiledAt: o.CompiledAt, SubmittedAt: o.SubmittedAt, PulledAt: o.PulledAt, Score: o.Score,
	}
	v.Total, v.Valid, v.Warnings, v.Errors = o.Counts.Known()
	return v
}

// sum is what a check found in all of the columns that this watch names, or nil
// if it names none or one is missing.
func (s *subject) sum(check string, columns []string) *int {
	if len(columns) == 0 {
		return nil
	}
	total := 0
	for _, c := range (&contentSubject{s, s.seen.content}).cells(check, columns) {
		if c.Missing {
			return nil
		}
		total += c.Count
	}
	return &total
}
