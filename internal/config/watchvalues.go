package config

import (
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/gdfctl/gdfctl/internal/spec"
)

// sampleObserved has every value, so that trying a rule on it fails only where
// the rule itself is wrong.
var sampleObserved = func() spec.Observed {
	one := 1
	feed := spec.FeedValues{
		ID: "id", Name: "Amazon US", Status: "Completed", FileName: "feed.txt", CompiledAt: time.Unix(0, 0), SubmittedAt: time.Unix(0, 0), PulledAt: time.Unix(0, 0),
		Total: &one, Valid: &one, Warnings: &one, Errors: &one, Score: 80,
	}
	return spec.Observed{
		Feed: feed, Previous: &feed, Now: time.Unix(0, 0),
		Content: &spec.ContentValues{Rows: 1, Columns: 1, Duplicates: &one, Blank: &one, BadGTIN: &one, BadPrice: &one, NotHTTPS: &one},
	}
}()

// observedValues are the names that the rules of a watch use.
func observedValues(o spec.Observed) map[string]cty.Value {
	previous := cty.NullVal(feedValue(o.Feed).Type())
	if o.Previous != nil {
		previous = feedValue(*o.Previous)
	}
	content := cty.NullVal(contentValue(spec.ContentValues{}).Type())
	if o.Content != nil {
		content = contentValue(*o.Content)
	}
	return map[string]cty.Value{"feed": feedValue(o.Feed), "previous": previous, "content": content, "now": timeOrNull(o.Now)}
}

func feedValue(f spec.FeedValues) cty.Value {
	return cty.ObjectVal(map[string]cty.Value{
		"id": cty.StringVal(f.ID), "name": cty.StringVal(f.Name), "status": cty.StringVal(f.Status), "file_name": orNull(f.FileName),
		"compiled_at": timeOrNull(f.CompiledAt), "submitted_at": timeOrNull(f.SubmittedAt), "pulled_at": timeOrNull(f.PulledAt),
		"total": countOrNull(f.Total), "valid": countOrNull(f.Valid), "warnings": countOrNull(f.Warnings), "errors": countOrNull(f.Errors),
		"score": cty.NumberFloatVal(f.Score),
	})
}

func contentValue(c spec.ContentValues) cty.Value {
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
	return cty.StringVal(rfc3339(t))
}

func rfc3339(t time.Time) string { return t.UTC().Format(time.RFC3339) }
