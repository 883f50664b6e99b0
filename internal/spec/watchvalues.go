package spec

import (
	"time"

	"github.com/zclconf/go-cty/cty"
)

// Observed is what the rules of a watch are about.
type Observed struct {
	Feed     FeedValues
	Previous *FeedValues    // what an earlier look showed; nil: this is the first one
	Content  *ContentValues // nil: the file could not be looked at
	Now      time.Time
}

// FeedValues are a feed's values as a rule sees them. Times are zero and counts
// nil where they are not known.
type FeedValues struct {
	ID, Name, Status, FileName        string
	CompiledAt, SubmittedAt, PulledAt time.Time
	Total, Valid, Warnings, Errors    *int
	Score                             float64 // 0 where it is not known
}

// ContentValues are counts of a feed's file. Those that are not asked for in
// the content block are nil.
type ContentValues struct {
	Rows, Columns, Ragged                          int
	Duplicates, Blank, BadGTIN, BadPrice, NotHTTPS *int
}

// sampleObserved has every value, so that trying a rule on it fails only where
// the rule itself is wrong.
var sampleObserved = func() Observed {
	one := 1
	feed := FeedValues{
		ID: "id", Name: "Amazon US", Status: "Completed", FileName: "feed.txt", CompiledAt: time.Unix(0, 0), SubmittedAt: time.Unix(0, 0), PulledAt: time.Unix(0, 0),
		Total: &one, Valid: &one, Warnings: &one, Errors: &one, Score: 80,
	}
	return Observed{
		Feed: feed, Previous: &feed, Now: time.Unix(0, 0),
		Content: &ContentValues{Rows: 1, Columns: 1, Duplicates: &one, Blank: &one, BadGTIN: &one, BadPrice: &one, NotHTTPS: &one},
	}
}()

func (o Observed) values() map[string]cty.Value {
	previous := cty.NullVal(o.Feed.value().Type())
	if o.Previous != nil {
		previous = o.Previous.value()
	}
	content := cty.NullVal((&ContentValues{}).value().Type())
	if o.Content != nil {
		content = o.Content.value()
	}
	return map[string]cty.Value{"feed": o.Feed.value(), "previous": previous, "content": content, "now": timeOrNull(o.Now)}
}

func (f FeedValues) value() cty.Value {
	return cty.ObjectVal(map[string]cty.Value{
		"id": cty.StringVal(f.ID), "name": cty.StringVal(f.Name), "status": cty.StringVal(f.Status), "file_name": orNull(f.FileName),
		"compiled_at": timeOrNull(f.CompiledAt), "submitted_at": timeOrNull(f.SubmittedAt), "pulled_at": timeOrNull(f.PulledAt),
		"total": countOrNull(f.Total), "valid": countOrNull(f.Valid), "warnings": countOrNull(f.Warnings), "errors": countOrNull(f.Errors),
		"score": cty.NumberFloatVal(f.Score),
	})
}

func (c *ContentValues) value() cty.Value {
	return cty.ObjectVal(map[string]cty.Value{
		"rows": cty.NumberIntVal(int64(c.Rows)), "columns": cty.NumberIntVal(int64(c.Columns)), "ragged": cty.NumberIntVal(int64(c.Ragged)),
		"duplicates": countOrNull(c.Duplicates), "blank": countOrNull(c.Blank), "bad_gtin": countOrNull(c.BadGTIN),
		"bad_price": countOrNull(c.BadPrice), "not_https": countOrNull(c.NotHTTPS),
	})
}

func countOrNull(n *int) cty.Value {
	if n == nil {
		return cty.NullVal(cty.Number)
	}
	return cty.NumberIntVal(int64(*n))
}

func timeOrNull(t time.Time) cty.Value {
	if t.IsZero() {
		return cty.NullVal(cty.String)
	}
	return cty.StringVal(t.UTC().Format(time.RFC3339))
}
